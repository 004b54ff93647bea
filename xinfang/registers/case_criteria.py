"""What a list of cases is narrowed to, as an address says it: read in one way by the page, its export and its views."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from xinfang.accounts.queries.staff import all_units, staff_names
from xinfang.cases.queries.petition_filter import OPEN_STATE_CODES, PetitionFilter
from xinfang.categories.queries import category_names
from xinfang.procedure.what_is_due import LISTED
from xinfang.procedure.words import TERMINAL_STATES, Channel, Source, State
from xinfang.web.list_pages import choice_from, day_from

if TYPE_CHECKING:
    from xinfang.accounts.models import Staff, Unit
    from xinfang.categories.models import Category

GROUPS = {"open": "未办结（全部）", "ended": "已有结果（全部）"}
DUE = {"late": "已超期", "3": "3日内到期", "7": "7日内到期", "30": "30日内到期"}
SORT_WORDS = {
    "received-desc": "最近收到在前",
    "received": "最早收到在前",
    "due": "最先到期在前",
    "due-desc": "最晚到期在前",
    "number": "编号从小到大",
    "number-desc": "编号从大到小",
    "unit": "按承办单位",
    "unit-desc": "按承办单位（倒序）",
    "state": "按办理进度",
    "state-desc": "按办理进度（倒序）",
}
DEFAULT_SORT = "received-desc"
BEST_FIT = "fit-desc"
FIT_WORDS = {BEST_FIT: "最相关在前"}
"""An order for cases that were looked for by words, and for no others."""
CLOCKS = {c.code: c.label for c in LISTED}
LABELS = {
    "state": "状态",
    "unit": "承办单位",
    "leader": "包案领导",
    "handler": "承办人",
    "channel": "信访形式",
    "source": "来源",
    "category": "内容分类",
    "clock": "期限种类",
    "since": "收到日期起",
    "until": "收到日期止",
    "due": "到期",
    "supervised": "督办",
    "sort": "排序",
}
"""What an address may say of a list of cases, in the order in which it is told."""


@dataclass(frozen=True)
class FilterChoices:
    """What the filters offer, read once (3 queries; the tables are small)."""

    units: "Sequence[Unit]"
    staff: "Sequence[Staff]"
    categories: "Sequence[Category]"

    @classmethod
    def read(cls) -> "FilterChoices":
        """Read the units, staff and categories that the filters offer."""
        return cls(list(all_units()), staff_names(), category_names())


@dataclass(frozen=True)
class CaseCriteria:
    """Which cases, in which order. `given` is the same as texts, without what can't be, for the next address."""

    wanted: PetitionFilter
    given: dict[str, str]

    @property
    def sort(self) -> str:
        """The order of the list."""
        return self.given["sort"] or DEFAULT_SORT

    @property
    def narrow(self) -> dict[str, str]:
        """What narrows the list, without its order."""
        return {k: v for k, v in self.given.items() if v and k != "sort"}


def read_criteria(
    asked: Mapping[str, str], known: FilterChoices, day: date, notes: list[str], *, by_words: bool = False
) -> CaseCriteria:
    """Return what an address asks for; what can't be asked is said in `notes` and left out.

    `by_words` tells that cases are also looked for by words, so that they can be sorted by how well they fit.
    """
    given = {name: asked.get(name, "").strip()[:60] for name in LABELS}
    if given["sort"] == BEST_FIT and not by_words:
        given["sort"] = ""
    units = {u.code: u.pk for u in known.units}
    people = {s.username: s.pk for s in known.staff}
    offered: Mapping[str, Iterable[str]] = {
        "state": [*GROUPS, *(s.value for s in State)],
        "unit": [*units, "none"],
        "leader": people,
        "handler": people,
        "channel": [c.value for c in Channel],
        "source": [s.value for s in Source],
        "category": [c.code for c in known.categories],
        "clock": CLOCKS,
        "due": DUE,
        "supervised": ["1"],
        "sort": {**SORT_WORDS, **FIT_WORDS},
    }
    clean = {name: choice_from(given[name], LABELS[name], words, notes) for name, words in offered.items()}
    since, until = (day_from(given[k], LABELS[k], notes) for k in ("since", "until"))
    if since and until and since > until:
        notes.append("“收到日期起”晚于“收到日期止”，没有事项能同时符合。")
    clean["since"], clean["until"] = since.isoformat() if since else "", until.isoformat() if until else ""
    state, due = clean["state"], clean["due"]
    in_group = {"open": OPEN_STATE_CODES, "ended": tuple(s.value for s in TERMINAL_STATES)}.get(
        state, (state,) if state else ()
    )
    wanted = PetitionFilter(
        states=in_group,
        unit=units.get(clean["unit"]),
        no_unit=clean["unit"] == "none",
        leader=people.get(clean["leader"]),
        handler=people.get(clean["handler"]),
        channel=clean["channel"],
        source=clean["source"],
        category=clean["category"],
        clock=clean["clock"],
        since=since,
        until=until,
        due_in=(day, int(due)) if due.isdigit() else None,
        supervised=bool(clean["supervised"]),
        overdue_on=day if due == "late" else None,
    )
    return CaseCriteria(wanted, {name: clean[name] for name in LABELS})


def criteria_words(criteria: CaseCriteria, known: FilterChoices) -> list[str]:
    """Return what narrows the list, for people: 状态：未办结, 承办单位：规划处."""
    people = {s.username: s.name for s in known.staff}
    words: Mapping[str, Mapping[str, str]] = {
        "state": {**GROUPS, **{s.value: s.label for s in State}},
        "unit": {**{u.code: u.name for u in known.units}, "none": "尚未确定"},
        "leader": people,
        "handler": people,
        "channel": {c.value: c.label for c in Channel},
        "source": {s.value: s.label for s in Source},
        "category": {c.code: c.name for c in known.categories},
        "clock": CLOCKS,
        "due": DUE,
        "supervised": {"1": "只列已督办"},
    }
    return [f"{LABELS[name]}：{words.get(name, {}).get(value, value)}" for name, value in criteria.narrow.items()]
