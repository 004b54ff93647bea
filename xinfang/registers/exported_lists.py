"""The lists that can be exported. A feature names its own in `exported_lists.LISTS`; here is the list of cases."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from xinfang.cases.queries.petition_filter import SORT_ORDERS, filter_petitions, with_order
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.core.features import modules
from xinfang.procedure.exports import EXPORTS_CASES
from xinfang.procedure.facts import Actor
from xinfang.procedure.visibility import NEVER_IDENTITY, without
from xinfang.procedure.words import Role
from xinfang.registers import columns as case_columns
from xinfang.registers.case_criteria import LABELS, CaseCriteria, FilterChoices, criteria_words, read_criteria
from xinfang.registers.case_rows import read_rows
from xinfang.registers.columns import Cell

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from xinfang.cases.models import Petition

MAX_ROWS = 200_000
"""Rows of one export: more is no list that anybody reads."""
SAME = 2_000
"""Keys that are asked for in one query."""


class ListColumn(Protocol):
    """What an export needs to know of a column."""

    @property
    def code(self) -> str:
        """Its name in an address."""
        ...

    @property
    def label(self) -> str:
        """Its head."""
        ...

    @property
    def width(self) -> int:
        """How wide it is, in characters."""
        ...


@dataclass(frozen=True, slots=True)
class PlainColumn:
    """A column of a list that has all of its columns always."""

    code: str
    label: str
    width: int


@dataclass(frozen=True)
class ExportedList:
    """A list: who may export it, which rows it has for a person, and what these say."""

    code: str
    label: str
    roles: tuple[Role, ...]
    columns: tuple[ListColumn, ...]
    names: tuple[str, ...]
    """What its address may say."""
    keys: Callable[[Actor, Mapping[str, str], date, int], list[int]]
    """The keys of its rows that fit, in order, at most so many (the last argument)."""
    seen: Callable[[Actor, Sequence[int], bool], set[int]]
    """Which of these keys the person may see; the last argument: with personal data."""
    rows: Callable[[Actor, Sequence[int], Sequence[str], date, bool], Iterator[tuple[int, list[Cell]]]]
    """What the rows of these keys say in these columns, as far as the person may see them."""
    words: Callable[[Mapping[str, str], date], list[str]]
    """What narrows it, for people."""
    note: str = "个人信息已隐去"
    """What its mark says of personal data."""


def exported_list(code: str) -> ExportedList | None:
    """Return the list of this code."""
    return next((known for feature in modules("exported_lists") for known in feature.LISTS if known.code == code), None)


def _seen_by(actor: Actor, personal: bool) -> Actor:
    # An adviser reads of a case only what was sent to them; who only decides or keeps needs no telephone (PIPL 6).
    return without(actor, Role.LEGAL_ADVISER, *(NEVER_IDENTITY if personal else ()))


def _case_keys(actor: Actor, criteria: Mapping[str, str], day: date, most: int) -> list[int]:
    """Return the keys of the cases that fit, in the order of the list (4 queries)."""
    read = read_criteria(criteria, FilterChoices.read(), day, [])
    return keys_in_order(visible_to(_seen_by(actor, False)), read, most)


def keys_in_order(petitions: "QuerySet[Petition]", read: CaseCriteria, most: int) -> list[int]:
    """Return the keys of those of these cases that fit, in the order of the list (1 query)."""
    base, down = read.sort.removesuffix("-desc"), read.sort.endswith("-desc")
    order = [f"-{key}" if down else key for key in SORT_ORDERS[base]]
    fitting = with_order(filter_petitions(petitions, read.wanted), base).order_by(*order)
    return list(fitting.values_list("pk", flat=True)[:most])


def _cases_seen(actor: Actor, keys: Sequence[int], personal: bool) -> set[int]:
    seen = visible_to(_seen_by(actor, personal), each=len(keys) <= SAME)
    if personal:
        seen = seen.filter(sealed=False)
    found: set[int] = set()
    for start in range(0, len(keys), SAME):
        found |= set(seen.filter(pk__in=keys[start : start + SAME]).order_by().values_list("pk", flat=True))
    return found


def keys_of_numbers(actor: Actor, numbers: Sequence[str]) -> list[int]:
    """Return the keys of the cases of these numbers that this person may see, in the order given (1 query)."""
    seen = visible_to(_seen_by(actor, False), each=True).filter(number__in=list(numbers))
    known = dict(seen.values_list("number", "pk"))
    return [known[number] for number in dict.fromkeys(numbers) if number in known]


def _case_rows(
    actor: Actor, keys: Sequence[int], codes: Sequence[str], day: date, personal: bool
) -> Iterator[tuple[int, list[Cell]]]:
    columns = case_columns.read_columns(codes, personal=personal)
    seen = visible_to(_seen_by(actor, personal), each=True)
    if personal:
        seen = seen.filter(sealed=False)
    for row in read_rows(seen, keys, [c.needs for c in columns], day, personal=personal):
        yield row.petition.pk, [case_columns.cell_of(c, row) for c in columns]


def extra_cells(actor: Actor, keys: Sequence[int], codes: Sequence[str], day: date) -> dict[int, list[str]]:
    """Return what a page of the list shows in added columns, by case (1 query and one for each table beside it)."""
    return {
        pk: [case_columns.text_of(cell) for cell in cells] for pk, cells in _case_rows(actor, keys, codes, day, False)
    }


def _case_words(criteria: Mapping[str, str], day: date) -> list[str]:
    known = FilterChoices.read()
    return criteria_words(read_criteria(criteria, known, day, []), known)


CASES = ExportedList(
    "cases",
    "信访事项",
    EXPORTS_CASES,
    case_columns.COLUMNS,
    tuple(LABELS),
    _case_keys,
    _cases_seen,
    _case_rows,
    _case_words,
)
LISTS = (CASES,)
