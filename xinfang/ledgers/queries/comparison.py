"""The same ledger beside this system: what is only there, only here, and what differs. Nothing is written.

For the first month, in which an office keeps both: it trusts the change-over once nothing differs any more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import QuerySet

from xinfang.cases.models import Petition, Petitioner
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.ledgers.entries import LedgerEntry
from xinfang.ledgers.values import folded
from xinfang.procedure.facts import Actor
from xinfang.procedure.words import OPEN_STATES, Channel, State

_DAYS_APART = timedelta(days=7)
"""A letter is entered here and there on days so near to each other."""


@dataclass(frozen=True, slots=True)
class CaseBesideLedger:
    """A case of this system, as far as it is compared."""

    pk: int
    number: str
    external_number: str
    received_on: date
    channel: str
    subject: str
    state: str
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class LedgerDifference:
    """A row and the case that it is, and what differs, a sentence."""

    place: str
    number: str
    what: str


@dataclass(frozen=True)
class LedgerComparison:
    """How a ledger and this system compare; every row and every case of its days is in exactly one place."""

    same: int
    differing: tuple[LedgerDifference, ...]
    only_there: tuple[tuple[str, str], ...]
    """Rows without a case: the place, and what it is about."""
    only_here: tuple[CaseBesideLedger, ...]
    """Cases received between the ledger's first and last day that no row names."""
    first: date | None = None
    last: date | None = None

    @property
    def rows(self) -> int:
        """The rows that were compared."""
        return self.same + len(self.differing) + len(self.only_there)


@dataclass
class _Cases:
    """The cases that can be rows of the ledger, by what a row names them with; each is given once."""

    every: Sequence[CaseBesideLedger]
    names: Mapping[int, set[str]]
    taken: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.by_number: dict[str, list[CaseBesideLedger]] = {}
        self.by_name: dict[str, list[CaseBesideLedger]] = {}
        self.by_subject: dict[str, list[CaseBesideLedger]] = {}
        for case in self.every:
            for number in {case.number, case.external_number} - {""}:
                self.by_number.setdefault(number, []).append(case)
            for name in self.names.get(case.pk, ()):
                self.by_name.setdefault(name, []).append(case)
            self.by_subject.setdefault(folded(case.subject), []).append(case)

    def of(self, entry: LedgerEntry) -> CaseBesideLedger | None:
        """Return the case that a row is: of this number; else of this person or subject, within a week."""
        near = [c for c in self.by_number.get(entry.number, ()) if entry.number and c.pk not in self.taken]
        near = [c for c in near if c.received_on.year == entry.received_on.year or c.number == entry.number]
        if not near:
            names = [folded(p["name"]) for p in entry.answers["persons"] if p.get("name")]
            found = [c for name in names for c in self.by_name.get(name, ())]
            found += self.by_subject.get(folded(entry.answers["subject"]), ())
            near = [
                c for c in found if c.pk not in self.taken and abs(c.received_on - entry.received_on) <= _DAYS_APART
            ]
        if not near:
            return None
        best = min(near, key=lambda c: (abs(c.received_on - entry.received_on), c.pk))
        self.taken.add(best.pk)
        return best


def compare(entries: Iterable[LedgerEntry], actor: Actor) -> LedgerComparison:
    """Compare the rows of a ledger with the cases that this person sees (2 queries)."""
    rows = sorted(entries, key=lambda e: e.received_on)
    if not rows:
        return LedgerComparison(0, (), (), ())
    first, last = rows[0].received_on, rows[-1].received_on
    cases = _cases(visible_to(actor), first - _DAYS_APART, last + _DAYS_APART)
    same, differing, only_there = 0, [], []
    for entry in rows:
        case = cases.of(entry)
        if case is None:
            only_there.append((entry.place, f"{entry.number} {entry.received_on} {entry.answers['subject']}".strip()))
        elif words := _differences(entry, case):
            differing.append(LedgerDifference(entry.place, case.number, "；".join(words)))
        else:
            same += 1
    here = tuple(c for c in cases.every if c.pk not in cases.taken and first <= c.received_on <= last)
    return LedgerComparison(same, tuple(differing), tuple(only_there), here, first, last)


def _cases(visible: QuerySet[Petition], since: date, until: date) -> _Cases:
    found = visible.filter(received_on__range=(since, until)).exclude(state=State.UNDONE.value)
    columns = ("pk", "number", "external_number", "received_on", "channel", "subject", "state", "closed_on")
    every = [CaseBesideLedger(*row) for row in found.order_by("received_on", "pk").values_list(*columns)]
    names: dict[int, set[str]] = {}
    people = Petitioner.objects.filter(petition__in=found.order_by().values("pk")).exclude(name="")
    for pk, name in people.values_list("petition_id", "name"):
        names.setdefault(pk, set()).add(folded(name))
    return _Cases(every, names)


def _differences(entry: LedgerEntry, case: CaseBesideLedger) -> list[str]:
    words = []
    if entry.received_on != case.received_on:
        words.append(f"收到日期：台账 {entry.received_on}，本系统 {case.received_on}")
    if entry.answers["channel"] != case.channel:
        there, here = Channel.label_of(entry.answers["channel"]), Channel.label_of(case.channel)
        words.append(f"信访形式：台账{there}，本系统{here}")
    is_open = case.state in {s.value for s in OPEN_STATES}
    if entry.ended and is_open:
        words.append(f"台账已经办结，本系统{State.label_of(case.state)}")
    elif entry.ended is False and not is_open:
        words.append(f"台账还在办理，本系统{State.label_of(case.state)}")
    if case.closed_on and entry.answers["ended"] and entry.answers["ended"] != case.closed_on.isoformat():
        words.append(f"办结日期：台账 {entry.answers['ended']}，本系统 {case.closed_on}")
    return words
