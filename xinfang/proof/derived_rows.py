"""Every row that follows from the events, made again in memory and compared with the one that is stored."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model

from xinfang.accounts.queries.actors import directory
from xinfang.calendars.queries import calendar
from xinfang.cases.history import CaseHistory
from xinfang.cases.models import Event, Petition
from xinfang.cases.projection import Derived, projections
from xinfang.cases.queries.petitions import events_of_all
from xinfang.core.clock import today
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.facts import Directory
from xinfang.vault.keys import KeyMissing
from xinfang.vault.sm_ciphers import Broken

_CASES_AT_ONCE = 100


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


def derived_tables() -> tuple[Derived, ...]:
    """All tables that are made again, in the order of the projections."""
    return tuple(d for projection in projections() for d in projection.derived)


def differences(numbers: Sequence[str] | None = None, day: date | None = None) -> Iterator[RowDifference | int]:
    """Compare every case, or those of these numbers. Yields differences, and after each batch how many cases were compared so far.

    `day` is today (Asia/Shanghai): tasks are addressed to who is there on it. A few queries for each hundred cases and table.
    """
    the_calendar, who = calendar(), directory(day or today())
    done, last = 0, 0
    while True:
        cases = Petition.objects.filter(pk__gt=last).order_by("pk")
        if numbers is not None:
            cases = cases.filter(number__in=numbers)
        batch = list(cases[:_CASES_AT_ONCE])
        if not batch:
            return
        yield from _batch(batch, the_calendar, who)
        done, last = done + len(batch), batch[-1].pk
        yield done


def _batch(batch: list[Petition], the_calendar: Calendar, who: Directory) -> Iterator[RowDifference]:
    keys = [p.pk for p in batch]
    events: dict[int, list[Event]] = defaultdict(list)
    for event in events_of_all(keys):
        events[event.petition_id].append(event)
    tables = derived_tables()
    stored = {d.model: _stored(d.model, keys) for d in tables}
    for petition in batch:
        if not events[petition.pk]:
            continue  # `verify` names a case without events
        try:
            own = {model: rows[petition.pk] for model, rows in stored.items()}
            case = CaseHistory(petition, events[petition.pk], own, the_calendar, who)
            made = derived_rows_of(case)
        except (Broken, KeyMissing) as e:
            label = petition.number
            yield RowDifference(
                label, "cases_event", f"内容不能解密（{type(e).__name__}），无法核对", tables[0], None, None
            )
            continue
        for d in tables:
            yield from _compare(
                petition.number, d, [r for r in made if isinstance(r, d.model)], stored[d.model][petition.pk]
            )


def _stored(model: type[Model], keys: list[int]) -> dict[int, list[Any]]:
    rows: dict[int, list[Any]] = defaultdict(list)
    column = "pk" if model is Petition else "petition_id"
    for row in model._default_manager.filter(**{f"{column}__in": keys}).order_by("pk"):
        rows[row.pk if model is Petition else row.petition_id].append(row)  # type: ignore[attr-defined]
    return rows


def derived_rows_of(case: CaseHistory) -> list[Model]:
    """Every derived row of a case as its events say, unsaved. Raises vault.Broken or KeyMissing."""
    made: list[Model] = []
    for projection in projections():
        made += projection.rows(case)
    for projection in projections():
        projection.revise(case, made)
    for projection in projections():
        made += projection.following(case, tuple(made))
    return made


def _compare(number: str, d: Derived, made: list[Any], stored: list[Any]) -> Iterator[RowDifference]:
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
        wrong = tuple(c for c in d.columns if getattr(row, c) != getattr(fresh, c))
        if wrong:
            yield RowDifference(number, table, f"{'、'.join(wrong)} 与记录不符{_named(key)}", d, fresh, row, wrong)
    for key, missing in wanted.items():
        for row in missing:
            yield RowDifference(number, table, f"缺少一行{_named(key)}", d, row, None)


def _key(d: Derived, row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in d.key)


def _named(key: tuple[Any, ...]) -> str:
    return f"（{'，'.join('—' if k is None else str(k) for k in key)}）" if key else ""
