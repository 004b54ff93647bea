"""All that the wording of one paper may be told of its case, gathered once; the fields read from here."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from xinfang.papers.content import chinese_day
from xinfang.procedure import clocks
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.dated_rules import Limit
from xinfang.procedure.facts import CaseEvent, Directory, Facts
from xinfang.procedure.replay import StoredEvent, apply_event
from xinfang.procedure.rounds import sends_back
from xinfang.procedure.words import PaperKind, PersonKind, PersonRole

NOBODY_NAMED = "信访人"
"""How a paper calls somebody whose name isn't known, or isn't to be known."""


@dataclass(frozen=True, slots=True)
class PetitionerData:
    """A petitioner with what their own letter says of them."""

    name: str
    kind: str
    role: str
    phone: str = ""
    address: str = ""
    id_number: str = ""
    language: str = ""
    translate: bool = False


@dataclass(frozen=True, slots=True)
class ListedPiece:
    """A paper or an attachment in a list: what it is and what it is called."""

    what: str
    name: str
    day: date | None = None
    code: str = ""
    number: str = ""
    author: str = ""
    """Who wrote it (责任者); empty where that isn't known."""


@dataclass(frozen=True, kw_only=True)
class WordingData:
    """`facts` are those right after the event that owes the paper; `now` those of today. Days are Asia/Shanghai."""

    kind: PaperKind
    facts: Facts
    now: Facts
    day: date
    calendar: Calendar
    directory: Directory
    department: str
    setting: Callable[[str], str]
    happening: CaseEvent | None = None
    step: Any = None
    """The step that owes the paper, as it was answered; None for a paper that nothing owes yet."""
    second: CaseEvent | None = None
    """Where a second person confirmed it, what they did."""
    private: dict[str, Any] = field(default_factory=dict)
    """The step's personal answers."""
    number: str = ""
    people: tuple[PetitionerData, ...] = ()
    body: str = ""
    anonymous: bool = False
    told_orally: bool = False
    inquiry_code: str = ""
    reception_place: str = ""
    external_number: str = ""
    category: str = ""
    pieces: Callable[[], tuple[ListedPiece, ...]] = tuple
    """The attachments; read only where a paper lists them."""
    papers: Callable[[], tuple[ListedPiece, ...]] = tuple
    """The papers that are owed; read only where a paper lists them."""

    # ---- people

    @property
    def principals(self) -> tuple[PetitionerData, ...]:
        """The petitioners themselves, without people who act for them, nor those who died while others are there.

        Of somebody who died and for whom nobody goes on yet, the relatives are addressed.
        """
        dead = self.now.deceased
        named = [(n, p) for n, p in enumerate(self.people, 1) if p.role != PersonRole.AGENT.value]
        living = tuple(p for n, p in named if n not in (*dead, *self.now.gone))
        if living or not named:
            return living
        return tuple(replace(p, name=f"{p.name}的近亲属（权利承受人）" if p.name else "") for _, p in named)

    @property
    def petitioner(self) -> str:
        """The names as a letter addresses them: 甲、乙等8人; 信访人 where no name is known."""
        names = [p.name for p in self.principals if p.name]
        if not names or self.anonymous:
            return NOBODY_NAMED
        more = self.facts.group_size > len(names)
        return "、".join(names) + (f"等{self.facts.group_size}人" if more else "")

    @property
    def you(self) -> str:
        """您, 你们 or 你单位."""
        if len(self.principals) > 1 or self.facts.group_size > 1:
            return "你们"
        one = self.principals[0] if self.principals else None
        return "你单位" if one and one.kind != PersonKind.NATURAL.value else "您"

    def first(self, what: str) -> str:
        """Return the first petitioner's telephone, address and the like."""
        return next((getattr(p, what) for p in self.principals if getattr(p, what)), "")

    # ---- staff and units

    def staff(self, code: str) -> str:
        """Return the name of a person by code; empty for an empty code."""
        return self.directory.staff_name(code) if code else ""

    def unit(self, code: str) -> str:
        """Return the name of a unit by code; empty for an empty code."""
        return self.directory.unit_name(code) if code else ""

    def units(self, codes: Any) -> str:
        """Return the names of units by their codes, with 、 between."""
        return "、".join(self.unit(c) for c in codes)

    # ---- the step

    def said(self, name: str) -> Any:
        """Return an answer of the step that owes the paper; None where there is none."""
        if name in self.private:
            return self.private[name]
        return getattr(self.step, name, None) if self.step is not None else None

    @property
    def by(self) -> str:
        """The name of the person who took the step; empty where there is none."""
        return self.staff(self.happening.by) if self.happening else ""

    @property
    def happened_on(self) -> date | None:
        """The day of the step (Asia/Shanghai); None where there is none."""
        return self.happening.happened_on if self.happening else None

    def last(self, code: str) -> CaseEvent | None:
        """Return the latest event of this step, as the facts have it."""
        return self.facts.last(code)

    # ---- days

    def day_of(self, code: str) -> date | None:
        """Return the day of the latest step of this code (Asia/Shanghai), None where there is none."""
        event = self.last(code)
        return event.happened_on if event else None

    def due(self, clock: str) -> date | None:
        """Return the day on which this clock runs out, None where it doesn't run."""
        run = clocks.current(clock, self.facts, self.calendar)
        return run.due.due if run else None

    def number_of(self, limit: Limit) -> int:
        """Return a number as it holds in this case: of a clock that runs or ran, that of the day on which it began."""
        run = clocks.current(limit.code, self.facts, self.calendar) if limit.code in clocks.CLOCKS else None
        return limit.on(run.started_on if run else self.day).value

    def handling_due(self, extra: int) -> date | None:
        """Return the day by which this round of handling had to end, with this many days added to the 60."""
        run = clocks.current("handling", self.facts, self.calendar)
        return clocks.HANDLING.compute(run.started_on, self.calendar, extra=extra).due if run else None


def facts_at_event(facts: Facts, seq: int | None) -> Facts:
    """Return the facts right after an event, with what was corrected since.

    A paper of the first round never tells of the second.
    """
    if seq is None or not facts.history or facts.history[-1].seq == seq:
        return facts
    then = Facts(number=facts.number)
    for h in facts.history:
        if h.seq > seq:
            break
        then = apply_event(
            then, h.step, StoredEvent(h.seq, h.code, h.stage, {}, h.happened_on, h.recorded_at, h.by, h.entered_by)
        )
    then = replace(
        then,
        received_on=facts.received_on,
        channel=facts.channel,
        source=facts.source,
        subject=facts.subject,
        category=facts.category,
        sender_number=facts.sender_number,
        complained_units=facts.complained_units,
        complained_staff=facts.complained_staff,
    )
    sent_back = any(h.seq > seq and sends_back(h) for h in facts.history)
    if sent_back:
        return then
    return replace(
        then,
        accepted_on=facts.accepted_on if then.accepted_on else None,
        served_on=facts.served_on if then.served_on else None,
    )


def day_text(day: date | None) -> str:
    """Write a day as papers do; empty for no day."""
    return chinese_day(day)
