"""Cases with what stands beside them in other tables, read for many at once: the rows of a register."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from xinfang.cases.models import Deadline, Event, Petition, Petitioner, Request
from xinfang.procedure.steps.reply import IssueReply
from xinfang.web.masking import masked

BATCH = 500
"""Cases read at once: what is held in memory of a register of any length."""
OF_HANDLING = ("handling", "simple_handling", "suggestion")
"""The limits within which a matter is to be ended."""
_LIMITS = (*OF_HANDLING, "notice", "supervision")
_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])1[3-9][0-9]{9}(?![0-9])|(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")
"""A mobile telephone or an ID number within a text."""


@dataclass(slots=True)
class CaseRow:
    """A case with what was read beside it; `day` is the day the register is of."""

    petition: Petition
    day: date
    personal: bool = False
    """Whether names may be shown as they are."""
    people: list[Petitioner] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    assisting: list[str] = field(default_factory=list)
    reply_numbers: list[str] = field(default_factory=list)

    def limits(self, *clocks: str) -> list[Deadline]:
        """Return the runs of these limits."""
        return [d for d in self.deadlines if d.clock in clocks]

    def met(self, clock: str) -> list[Deadline]:
        """Return the runs of a limit that a step stopped, not those that fell away."""
        return [d for d in self.limits(clock) if d.stopped_by is not None]

    @property
    def limits_of_handling(self) -> list[Deadline]:
        """The limits within which the matter was or is to be ended; not those that fell away."""
        return [d for d in self.limits(*OF_HANDLING) if d.stopped_on is None or d.stopped_by is not None]

    def without_names(self, text: str) -> str:
        """Return a text with the petitioners' names and long numbers masked, unless names may be shown."""
        if self.personal:
            return text
        for person in self.people:
            if len(person.name) > 1:
                text = text.replace(person.name, masked(person.name, person.kind))
        return _LONG_NUMBER.sub(lambda found: f"{found[0][:3]}****{found[0][-4:]}", text)


def _people(rows: dict[int, CaseRow]) -> None:
    for person in Petitioner.objects.filter(petition__in=list(rows)).order_by("petition_id", "place"):
        row = rows[person.petition_id]
        # Its key is the case's, which is here already.
        person.petition = row.petition
        row.people.append(person)


def _requests(rows: dict[int, CaseRow]) -> None:
    for request in Request.objects.filter(petition__in=list(rows)).order_by("petition_id", "number"):
        rows[request.petition_id].requests.append(request)


def _limits(rows: dict[int, CaseRow]) -> None:
    for run in Deadline.objects.filter(petition__in=list(rows), clock__in=_LIMITS).order_by("occurrence"):
        rows[run.petition_id].deadlines.append(run)


def _assisting(rows: dict[int, CaseRow]) -> None:
    through = Petition.assisting_units.through.objects.filter(petition__in=list(rows)).order_by("unit_id")
    for petition, name in through.values_list("petition_id", "unit__name"):
        rows[petition].assisting.append(name)


def _replies(rows: dict[int, CaseRow]) -> None:
    issued = Event.objects.filter(petition__in=list(rows), code=IssueReply.rule.code).exclude(stage="refused")
    for petition, number in issued.order_by("petition_id", "seq").values_list("petition_id", "data__document_number"):
        if number:
            rows[petition].reply_numbers.append(number)


BESIDE: dict[str, Callable[[dict[int, CaseRow]], None]] = {
    "people": _people,
    "requests": _requests,
    "limits": _limits,
    "assisting": _assisting,
    "replies": _replies,
}
"""What may be read beside a case, each by 1 query for a batch."""


def read_rows(
    seen: QuerySet[Petition], keys: Sequence[int], needs: Iterable[str], day: date, *, personal: bool = False
) -> Iterator[CaseRow]:
    """Yield the cases of these keys in their order, as far as they are among those that are seen.

    For each batch 1 query and one for each of `needs` (names in `BESIDE`, blanks between several).
    """
    parts = [BESIDE[name] for name in dict.fromkeys(" ".join(needs).split())]
    related = ("category", "handling_unit", "handler", "responsible_leader")
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        found = seen.select_related(*related).defer("body").filter(pk__in=batch)
        rows = {p.pk: CaseRow(p, day, personal and not p.sealed) for p in found}
        open_rows = {pk: row for pk, row in rows.items() if not row.petition.sealed}
        for read in parts:
            if open_rows:
                read(open_rows)
        yield from (rows[pk] for pk in batch if pk in rows)
