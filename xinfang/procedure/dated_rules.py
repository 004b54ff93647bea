"""Rules in time: from when to when a number, a condition or the duty to make a paper holds.

A case follows the number of the day on which its clock or its step began (Asia/Shanghai); what began before a change
keeps the number it had, unless the change itself says that it holds for what still runs. A step follows the conditions
of the day on which it is taken; what was decided before is not asked again. A change of the law is one entry in
`limits`, with its day and its article. The department's own numbers are kept outside this package: who keeps them says
how to ask for them, by `ask_for_numbers`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from .articles import Article
from .calendar import SHANGHAI, in_chinese
from .words import Word

DAYS, MONTHS, WORKING, MINUTES = "日", "个月", "个工作日", "分钟"


@dataclass(frozen=True, slots=True)
class InForce:
    """The days on which something holds: from `since` to `until`, both included; None leaves that end open."""

    since: date | None = None
    until: date | None = None

    def on(self, day: date) -> bool:
        """Tell whether it holds on this day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    @property
    def words(self) -> str:
        """When it holds, for print; empty where it always does."""
        since = f"自{in_chinese(self.since)}起" if self.since else ""
        until = f"至{in_chinese(self.until)}止" if self.until else ""
        return since + until


ALWAYS = InForce()


class Basis(Word):
    """Where a number comes from, as it is printed beside the number."""

    LAW = "law", "法定"
    BORROWED = "borrowed", "借用"
    READING = "reading", "本厅理解"
    SETTING = "setting", "本厅设定"


@dataclass(frozen=True, slots=True)
class LimitVersion:
    """A number as it holds from `since` on; None for what held from the beginning.

    `holds_for_running` is the transitional rule: it holds for clocks too that began earlier and have not yet ended on
    that day. They are counted from their own first day, and none ends before the day on which the change takes effect.
    """

    since: date | None
    value: int
    unit: str
    cites: tuple[Article, ...]
    holds_for_running: bool = False

    def __str__(self) -> str:
        return f"{self.value}{self.unit}"


@dataclass(frozen=True)
class Limit:
    """A number that the law or the department sets.

    The value is in `unit`: 日 calendar days, 个月 calendar months, 个工作日 working days, 分钟 minutes, 人 persons, 次 times.
    `setting` is true where the text gives no number and the department chooses one. `basis` says what ground the number
    has, `basis_note` from which text it is borrowed or how a text was read, and what of that is verified.
    """

    code: str
    label: str
    """What it is the number of, in words."""
    first_value: int
    unit: str
    cites: tuple[Article, ...]
    setting: bool = False
    basis: Basis = Basis.LAW
    basis_note: str = ""
    later: tuple[LimitVersion, ...] = ()
    """What a change of the law made of it, the earliest first."""

    @cached_property
    def of_the_law(self) -> tuple[LimitVersion, ...]:
        """The numbers that the program ships with."""
        return (LimitVersion(None, self.first_value, self.unit, self.cites), *self.later)

    @property
    def versions(self) -> tuple[LimitVersion, ...]:
        """Every number it had, has or will have, the earliest first; of two from one day the one entered last."""
        entered = _entered().get(self.code, ())
        if not entered:
            return self.of_the_law
        by_day = {v.since: v for v in (*self.of_the_law, *entered)}
        return tuple(by_day[day] for day in sorted(by_day, key=lambda day: day or date.min))

    def on(self, day: date) -> LimitVersion:
        """Return the number that holds for what begins on this day."""
        return next(v for v in reversed(self.versions) if v.since is None or v.since <= day)

    @property
    def now(self) -> LimitVersion:
        """The number that holds for what begins today."""
        return self.on(_today())

    def when(self, version: LimitVersion) -> str:
        """Return for what begins when one of its numbers holds, in words; empty where it never was another."""
        after = next((v.since for v in self.versions if v.since and v.since > (version.since or date.min)), None)
        until = f"{in_chinese(after)}前" if after else ""
        if version.since is None:
            return f"{until}起算的" if until else ""
        also = "（施行时尚未届满的也适用）" if version.holds_for_running else ""
        return (
            f"自{in_chinese(version.since)}起、{until}起算的{also}"
            if until
            else f"自{in_chinese(version.since)}起起算的{also}"
        )

    def __str__(self) -> str:
        """Return the number in force today, and what it will be if that is known: 60日（2027年1月1日起45日）."""
        coming = [v for v in self.versions if v.since is not None and v.since > _today()]
        told = "，".join(f"{in_chinese(v.since)}起{v}" for v in coming if v.since)
        return f"{self.now}（{told}）" if told else str(self.now)


EnteredNumbers = Mapping[str, Sequence[LimitVersion]]
"""By the code of the limit: what was entered beside the numbers that the program ships with."""


def _none() -> EnteredNumbers:
    return {}


def _day_of_the_machine() -> date:
    return datetime.now(SHANGHAI).date()


_asked: Callable[[], EnteredNumbers] = _none
_today: Callable[[], date] = _day_of_the_machine
_instead: ContextVar[EnteredNumbers | None] = ContextVar("numbers_instead", default=None)


def ask_for_numbers(entered: Callable[[], EnteredNumbers], today: Callable[[], date]) -> None:
    """Say who keeps the department's own numbers and what day it is. Called once, when the program starts."""
    global _asked, _today
    _asked, _today = entered, today


def _entered() -> EnteredNumbers:
    instead = _instead.get()
    return _asked() if instead is None else instead


@contextmanager
def supposing(changes: EnteredNumbers) -> Iterator[None]:
    """Within this block let these numbers hold beside those that were entered: to try out a change, writing nothing."""
    before = _entered()
    merged = {code: (*before.get(code, ()), *changes.get(code, ())) for code in {*before, *changes}}
    token = _instead.set(merged)
    try:
        yield
    finally:
        _instead.reset(token)


_PLACE = re.compile(r"\{(\w+?)(_value)?(?:\*(\d))?\}")


def filled(text: str, day: date | None = None) -> str:
    """Return a sentence of the rules with today's numbers in it, or those of a day: {supervision} becomes 7日.

    {supervision*2} is 14日, {supervision_value} 7.

    Sentences are written when the program starts, and a number of the department may change while it runs.

    Raises:
        KeyError: there is no such limit.
    """
    from . import limits

    def number(found: re.Match[str]) -> str:
        limit = limits.BY_CODE[found[1]]
        version, times = limit.on(day) if day else limit.now, int(found[3] or 1)
        if found[2]:
            return str(version.value * times)
        return f"{version.value * times}{version.unit}" if found[3] or day else str(limit)

    return _PLACE.sub(number, text) if "{" in text else text
