"""A case as a line of a list."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NotRequired, TypedDict

from django.db.models import QuerySet

from xinfang.cases.models import Petition, Petitioner
from xinfang.cases.models.case import NO_DUE_DATE
from xinfang.core.addresses import address_of
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.dated_rules import WORKING
from xinfang.procedure.words import Channel, State
from xinfang.web.dates import Chip, due_chip, short_date
from xinfang.web.masking import masked

_FOREVER = date.fromisoformat(NO_DUE_DATE)

_LINE = (
    "number", "subject", "channel", "state", "received_on", "accepted_on", "anonymous", "group_size", "sealed",
    "simple", "supervised", "repeat_of", "next_due", "next_clock", "next_provisional", "handling_unit__name",
)  # fmt: skip


class CaseLine(TypedDict):
    """A case as a line shows it."""

    number: str
    url: str
    subject: str
    channel: str
    day: str
    who: str
    others: bool
    state: str
    state_kind: str
    chip: Chip | None
    clock: str
    due: str
    provisional: bool
    marks: list[str]
    unit: str
    more: NotRequired[list[str]]
    """What the columns say that the reader added."""


def with_list_columns(petitions: QuerySet[Petition]) -> QuerySet[Petition]:
    """Return the same cases with what a row shows of them, and nothing else read.

    Neither what they wrote is read nor what only steps need.
    """
    return petitions.select_related("handling_unit").only(*_LINE)


def list_rows(petitions: Sequence[Petition], day: date, working: Calendar) -> list[CaseLine]:
    """Return the rows of these cases as `with_list_columns` loads them (1 query, for their people)."""
    first_two: dict[int, list[Petitioner]] = {p.pk: [] for p in petitions}
    for person in Petitioner.objects.filter(petition__in=list(first_two), place__lte=2).order_by(
        "petition_id", "place"
    ):
        first_two[person.petition_id].append(person)
    return [_row(p, first_two[p.pk], day, working) for p in petitions]


def _row(p: Petition, people: Sequence[Petitioner], day: date, working: Calendar) -> CaseLine:
    return {
        "number": p.number,
        "url": address_of("petition", p.number),
        # What a sealed report says stays out of lists, also on its officer's own screen (N30).
        "subject": "密封件" if p.sealed else p.subject or "（未写事由）",
        "channel": Channel.label_of(p.channel),
        "day": f"{short_date(p.accepted_on)}受理" if p.accepted_on else f"{short_date(p.received_on)}收到",
        "who": _who(p, people),
        "others": p.group_size > 1 or len(people) > 1,
        "state": State.label_of(p.state),
        "state_kind": "ok" if p.state == State.HANDLING else "plain",
        "chip": due_date_chip(p, day, working),
        "clock": p.next_clock_label if p.next_due < _FOREVER else "",
        "due": short_date(p.next_due) if p.next_due < _FOREVER else "",
        "provisional": p.next_provisional,
        "marks": [words for words, holds in _marks(p) if holds],
        "unit": p.handling_unit.name if p.handling_unit else "",
    }


def due_date_chip(p: Petition, day: date, working: Calendar) -> Chip | None:
    """Return the chip of the due date that comes first, counted in the days its clock counts in."""
    if p.next_due >= _FOREVER:
        return None
    clock = CLOCKS.get(p.next_clock)
    in_working_days = clock is not None and clock.unit == WORKING
    return due_chip(p.next_due, day, working=working if in_working_days else None)


def _who(p: Petition, people: Sequence[Petitioner]) -> str:
    """Return the first petitioner, masked; nobody of a sealed case."""
    if p.sealed:
        return "——"
    if p.anonymous:
        return "匿名"
    return masked(people[0].name, people[0].kind) if people else "姓名不清"


def _marks(p: Petition) -> Iterable[tuple[str, bool]]:
    yield "已督办", p.supervised
    # Not the number of the first: the person who reads this row may not see that case.
    yield "重复件", p.repeat_of_id is not None
    yield "简易办理", p.simple
    yield f"{p.group_size} 人", p.group_size > 1
    yield "密封", p.sealed


# ---- addresses ----
