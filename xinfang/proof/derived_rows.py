"""Every row that follows from the events, made again in memory and compared with the one that is stored."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Model

from xinfang.accounts.models import Duty
from xinfang.accounts.queries.actors import directory, duties_with_unknown_roles
from xinfang.calendars.queries import calendar
from xinfang.cases.history import CaseHistory
from xinfang.cases.models import Event, Petition
from xinfang.cases.projection import Derived, projections
from xinfang.cases.queries.petitions import events_of_all
from xinfang.core.clock import today
from xinfang.core.snapshots import read_snapshot
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.facts import Directory
from xinfang.vault.sm_ciphers import DecryptionFailed, VaultError

from .case_chains import compute_range
from .stored_form import columns_in_another_form

_CASES_AT_ONCE = 100
_MAX_ORPHANS_NAMED = 5


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A stored row that isn't what the events say. `what` is a sentence for the auditor and holds no personal data."""

    number: str
    table: str
    what: str
    derived: Derived
    wanted: Model | None
    """The row as the events say; None where there should be none."""
    stored: Model | None
    """None where there is none."""
    columns: tuple[str, ...] = ()
    """Which differ."""
    damaged: bool = False
    """Whether the records themselves aren't what they were, or can't be read: then no row is made again from them."""


@dataclass(frozen=True, slots=True)
class _MadeOn:
    """What rows follow from beside the events."""

    calendar: Calendar
    directory: Directory
    day: date


def derived_tables() -> tuple[Derived, ...]:
    """Return all tables that are made again, in the order of the projections."""
    return tuple(d for projection in projections() for d in projection.derived)


def missing_tables() -> list[str]:
    """Return derived tables that aren't there: of a feature whose migration wasn't made or carried out (1 query)."""
    there = set(connection.introspection.table_names())
    return [d.model._meta.db_table for d in derived_tables() if d.model._meta.db_table not in there]


def unknown_numbers(numbers: Sequence[str]) -> list[str]:
    """Return those of these numbers that no case has, in their order (1 query)."""
    known = set(Petition.objects.filter(number__in=numbers).values_list("number", flat=True))
    return [n for n in numbers if n not in known]


def differences(
    numbers: Sequence[str] | None = None, day: date | None = None, *, chains: bool = True
) -> Iterator[RowDifference | int]:
    """Yield the differences of every case, or of those of these numbers.

    After each batch it yields how many cases were compared so far. The chain of each case is computed again first,
    unless `chains` says that the caller does. What
    is wrong in one case is yielded as its damage, and the others go on. `day` is today (Asia/Shanghai): tasks are
    addressed to who is there on it. A few queries for each hundred cases and table.
    """
    day = day or today()
    made_on = _MadeOn(calendar(), directory(day), day)
    if numbers is None:
        for pk, role in duties_with_unknown_roles():
            yield _damage("", f"任职 #{pk} 的身份“{role}”不存在，不起作用", Duty._meta.db_table)
        yield from _orphans()
    done, last = 0, None
    while True:
        cases = Petition.objects.order_by("pk") if last is None else Petition.objects.filter(pk__gt=last).order_by("pk")
        if numbers is not None:
            cases = cases.filter(number__in=numbers)
        batch = dict(cases.values_list("pk", "number")[:_CASES_AT_ONCE])
        if not batch:
            return
        yield from _each_named(batch, made_on, chains=chains)
        done, last = done + len(batch), max(batch)
        yield done


def _each_named(batch: dict[int, str], made_on: _MadeOn, *, chains: bool) -> list[RowDifference]:
    """Return the differences of some cases, by primary key and number.

    Where they can't be compared together, each is compared by itself.
    """
    try:
        with read_snapshot():
            return [*(_chains(batch) if chains else ()), *_batch(list(batch), made_on)]
    except Exception as e:  # A value that no version ever wrote can fail anywhere.
        if len(batch) > 1:
            return [d for pk, number in batch.items() for d in _each_named({pk: number}, made_on, chains=chains)]
        return [_damage(number, f"数据无法读出（{type(e).__name__}），无法核对") for number in batch.values()]


def _orphans() -> Iterator[RowDifference]:
    """Yield the rows of cases that aren't there (1 query for each table).

    They are named, not removed: the case may be what was lost.
    """
    for d in derived_tables():
        if d.model is not Petition:
            rows = d.model._default_manager.exclude(petition_id__in=Petition.objects.values("pk")).order_by()
            cases = sorted(set(rows.values_list("petition_id", flat=True)))
            if cases:
                named = "、".join(f"#{pk}" for pk in cases[:_MAX_ORPHANS_NAMED])
                more = "等" if len(cases) > _MAX_ORPHANS_NAMED else ""
                yield _damage("", f"有属于不存在的事项的行（{named}{more}）", d.model._meta.db_table)


def _damage(number: str, what: str, table: str = Event._meta.db_table) -> RowDifference:
    return RowDifference(number, table, what, derived_tables()[0], None, None, damaged=True)


def _chains(batch: dict[int, str]) -> Iterator[RowDifference]:
    """Yield where the records of these cases don't prove themselves."""
    if compute_range(min(batch), max(batch) + 1).whole:
        return
    for pk, number in batch.items():
        for broken in compute_range(pk, pk + 1).broken:
            yield _damage(number, f"{broken.place.removeprefix(number).strip()} {broken.what}".strip())


def _batch(keys: list[int], made_on: _MadeOn) -> Iterator[RowDifference]:
    batch = Petition.objects.filter(pk__in=keys).order_by("pk")
    events: dict[int, list[Event]] = defaultdict(list)
    for event in events_of_all(keys):
        events[event.petition_id].append(event)
    tables = derived_tables()
    stored = {d.model: _stored(d.model, keys) for d in tables}
    odd = {d: columns_in_another_form(d.model, d.fields or d.columns, _case_column(d.model), keys) for d in tables}
    for petition in batch:
        if not events[petition.pk]:
            continue  # `verify` names a case without events
        try:
            own = {model: rows[petition.pk] for model, rows in stored.items()}
            case = CaseHistory(petition, events[petition.pk], own, made_on.calendar, made_on.directory, made_on.day)
            made = derived_rows_of(case)
            damage = [
                _damage(petition.number, what, projection.derived[0].model._meta.db_table)
                for projection in projections()
                for what in projection.damage(case)
            ]
        except VaultError as e:
            yield _damage(petition.number, f"内容不能解密（{type(e).__name__}），无法核对")
            continue
        yield from damage
        for d in tables:
            yield from _compare(
                petition.number,
                d,
                [r for r in made if isinstance(r, d.model)],
                stored[d.model][petition.pk],
                odd[d],
            )


def _stored(model: type[Model], keys: list[int]) -> dict[int, list[Any]]:
    rows: dict[int, list[Any]] = defaultdict(list)
    column = _case_column(model)
    for row in model._default_manager.filter(**{f"{column}__in": keys}).order_by("pk"):
        rows[getattr(row, column)].append(row)
    return rows


def _case_column(model: type[Model]) -> str:
    """Return the column that says whose row it is: of a case itself its own key."""
    return "id" if model is Petition else "petition_id"


def derived_rows_of(case: CaseHistory) -> list[Model]:
    """Return every derived row of a case as its events say, unsaved.

    Raises:
        DecryptionFailed: what is encrypted in the case was altered.
        KeyMissing: its key can't be used.
    """
    made: list[Model] = []
    for projection in projections():
        made += projection.rows(case)
    for projection in projections():
        projection.revise(case, made)
    for projection in projections():
        made += projection.following(case, tuple(made))
    return made


def _compare(
    number: str, d: Derived, made: list[Any], stored: list[Any], odd: Mapping[int, set[str]]
) -> Iterator[RowDifference]:
    table = d.model._meta.db_table
    wanted: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in made:
        wanted[_key(d, row)].append(row)
    for row in stored:
        key = _key(d, row)
        if not wanted[key]:
            yield RowDifference(number, table, f"多出一行{_named(key)}", d, None, row)
            continue
        fresh = wanted[key].pop()
        in_another_form = odd.get(row.pk, set())
        differ = {c for c in d.fields if (getattr(row, c) is None) != (getattr(fresh, c) is None)}
        differ |= {c for c in d.columns if not _same(row, fresh, c)} | in_another_form
        wrong = tuple(c for c in (*d.columns, *d.fields) if c in differ)
        if wrong:
            yield RowDifference(number, table, f"{'、'.join(wrong)} 与记录不符{_named(key)}", d, fresh, row, wrong)
    for key, missing in wanted.items():
        for row in missing:
            yield RowDifference(number, table, f"缺少一行{_named(key)}", d, row, None)


def _same(stored: Any, fresh: Any, column: str) -> bool:
    """Tell whether a column holds what the events say; one that can't be opened doesn't."""
    try:
        return bool(getattr(stored, column) == getattr(fresh, column))
    except DecryptionFailed:
        return False


def _key(d: Derived, row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in d.key)


def _named(key: tuple[Any, ...]) -> str:
    return f"（{'，'.join('—' if k is None else str(k) for k in key)}）" if key else ""
