"""The night's seal over a registration, with all that it covers as hashes; and the seals that everybody may compare."""

from dataclasses import dataclass

from xinfang.audit.canonical import seal_fields
from xinfang.audit.models import Seal
from xinfang.audit.seals import hash_lines, positions_covered
from xinfang.cases.models import Event
from xinfang.vault.hash_chain import FIRST_PREVIOUS_HASH, hashed_line

MOST_RECORDS = 20_000
"""A seal over more is not put into a receipt's file: 65 bytes each. An auditor's bundle proves it."""
PUBLISHED = 10


@dataclass(frozen=True, slots=True)
class NightSeal:
    """A seal: the line that was hashed, its hash, and the hashes of all that it covers."""

    number: int
    day: str
    line: str
    hash: str
    covers: str


def seal_over(number: str, event: str) -> NightSeal | None:
    """Return the seal over a case's event with this hash (6 queries); None while there is none, or it is too long."""
    place = Event.objects.filter(petition__number=number, hash=event).values_list("pk", flat=True).first()
    seal = Seal.objects.filter(last_event__gte=place).order_by("number").first() if place is not None else None
    if seal is None or seal.records > MOST_RECORDS:
        return None
    before = Seal.objects.filter(number=seal.number - 1).first()
    marks = (*positions_covered(seal), seal.records)
    fields = seal_fields(seal.number, seal.day, seal.made_at, marks, seal.digest)
    line = hashed_line(before.hash if before else FIRST_PREVIOUS_HASH, fields)
    return NightSeal(seal.number, seal.day.isoformat(), line, seal.hash, hash_lines(before, seal))


def latest_seals() -> list[Seal]:
    """Return the seals that the public page tells, the latest first (1 query)."""
    return list(Seal.objects.order_by("-number")[:PUBLISHED])
