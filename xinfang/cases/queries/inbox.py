"""What is asked of one person: their own tasks, those of their roles, those of their units."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value

from xinfang.accounts.models import Staff, Unit
from xinfang.cases.models import Petition, Task
from xinfang.cases.queries.due_columns import FIRST, cases_with, late, within
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.core.compiled_queries import compiled_query, compiled_query_for_keys
from xinfang.core.pagination import KeysetPage, first_page, paginate
from xinfang.notifications.models import Notification
from xinfang.procedure import clocks
from xinfang.procedure.addressees import INCLUDED_ROLES, UNIT_ROLES
from xinfang.procedure.facts import NO_UNIT, NOBODY, Actor
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, UnitCode
from xinfang.procedure.words import Role, Source

SOON_DAYS = 7
SORT_KEYS = ("due", "petition_id")
TO_TELL = (clocks.NOTICE, clocks.SIMPLE_ACCEPTANCE)
"""While one of these runs, somebody waits to be told in writing that their matter was received (N23)."""
TABS: dict[str, str] = {
    "all": "全部",
    "sign": "待我签发",
    "check": "待我审核",
    "late": "已超期",
    "soon": f"{SOON_DAYS}日内",
    "notice": "待告知",
    "handed": "转来件",
}

ASKED_BY_TAB: dict[str, tuple[StepCode, ...]] = {
    "sign": (StepCode.SIGN_REPLY, StepCode.SIGN_PAPER),
    "check": (StepCode.REVIEW_REPLY, StepCode.CHECK_PAPER),
}
"""Groups by what is asked: who signs and checks many papers finds them together."""


def tasks_for(actor: Actor) -> QuerySet[Task]:
    """Return this person's tasks, those due first in front; only of cases they may see."""
    return Task.objects.filter(_mine(actor)).filter(_seen(actor)).order_by("due", "id")


def _seen(actor: Actor) -> Exists:
    # Asked of each task found and not of all cases there are: an inbox stays quick in a large archive.
    return Exists(visible_to(actor, each=True).filter(pk=OuterRef("petition_id")))


def _mine(actor: Actor) -> Q:
    return reduce(or_, map(_asked, _addresses(actor)))


@dataclass(frozen=True, slots=True)
class _Address:
    """To whom a task may be addressed: a person, or a role (in a unit)."""

    staff: StaffCode = NOBODY
    role: str = ""
    unit: UnitCode = NO_UNIT


def _addresses(actor: Actor) -> list[_Address]:
    asked = {(r.value, d.unit if d.role in UNIT_ROLES else NO_UNIT) for d in actor.duties for r in _does(d.role)}
    return [_Address(staff=code) for code in actor.codes] + [_Address(role=r, unit=u) for r, u in sorted(asked)]


def _asked(where: _Address) -> Q:
    # People and units by subquery and not by join, so that each address is one stretch of one index, by due date.
    if where.staff:
        return Q(staff=Staff.objects.filter(username=where.staff).values("pk")[:1])
    unit = Unit.objects.filter(code=where.unit).values("pk")[:1] if where.unit else None
    return Q(role=where.role, unit=unit, staff=None)


def _does(role: Role) -> tuple[Role, ...]:
    return INCLUDED_ROLES.get(role, (role,))


def tab_filter(tab: str, day: date, of: str = "petition__") -> Q:
    """Return the condition of one tab: on tasks, or on petitions with `of` empty (not of a tab by what is asked)."""
    due = FIRST if not of else "due"
    if tab in ASKED_BY_TAB:
        return Q(step__in=ASKED_BY_TAB[tab])
    case = OuterRef(f"{of}pk" if not of else "petition_id")
    return {
        "late": late(day, due),
        "soon": within(day, SOON_DAYS, due),
        # Whatever else comes first in the case: who still has to be told is found here.
        "notice": Q(Exists(cases_with(TO_TELL).filter(petition_id=case))),
        "handed": Q(**{f"{of}source__in": [s.value for s in Source if s.handed_down]})
        | (Q(**{f"{of}source": Source.AT_BUREAU.value}) & ~Q(**{f"{of}sender_number": "", f"{of}sender_date": None})),
    }.get(tab, Q())


def inbox_count(actor: Actor, most: int) -> int:
    """Return how many cases wait for this person, counted as far as `most` (1 query)."""
    return len(_cases(actor, most))


@compiled_query
def _cases(actor: Actor, most: int) -> QuerySet[Any, Any]:
    return tasks_for(actor).order_by().values_list("petition_id").distinct()[:most]


def notifications_for(actor: Actor) -> QuerySet[Notification]:
    """Return the notifications of this person.

    What was told of a case is hidden when they may no longer see it: recusal and sealing come later.
    """
    return Notification.objects.filter(
        Q(petition=None) | _seen(actor), staff__in=Staff.objects.filter(username=actor.code).values("pk")
    )


def notification_rows_for(actor: Actor) -> QuerySet[Notification]:
    """Return the same with what a row shows of them, and nothing else read (1 query for a page of them)."""
    found = notifications_for(actor).select_related("petition", "incident")
    return found.only(
        "id", "kind", "text", "created_at", "read_at", "ended_why", "petition__number", "incident__number"
    )


def unread_count(actor: Actor, most: int) -> int:
    """Return how many messages are new, counted as far as `most` (1 query): those whose cause has ended are none."""
    return len(_unread(actor, most))


@compiled_query
def _unread(actor: Actor, most: int) -> QuerySet[Any, Any]:
    return notifications_for(actor).filter(read_at=None, ended_at=None).order_by().values_list("pk")[:most]


def tab_counts(actor: Actor, day: date) -> dict[str, int]:
    """Return how many cases each tab holds (1 query)."""
    found = _counts(actor, day) or [(0,) * len(TABS)]
    return dict(zip(TABS, found[0], strict=True))


@compiled_query
def _counts(actor: Actor, day: date) -> QuerySet[Any, Any]:
    asked = Task.objects.filter(_mine(actor)).order_by().values("petition_id")
    cases = visible_to(actor, each=True).filter(pk__in=asked).order_by()
    # Together, for the group of all that have nothing in common: aggregate() would answer at once.
    together = cases.annotate(nothing=Value(0)).values("nothing")
    fits = {t: _with_asked(actor, t) if t in ASKED_BY_TAB else tab_filter(t, day, of="") for t in TABS}
    return together.annotate(**{t: Count("pk", filter=fits[t] or None) for t in TABS}).values_list(*TABS)


def _with_asked(actor: Actor, tab: str) -> Q:
    mine = Task.objects.filter(_mine(actor), step__in=ASKED_BY_TAB[tab])
    return Q(Exists(mine.filter(petition_id=OuterRef("pk"))))


@dataclass(frozen=True, slots=True)
class TaskWords:
    """What one task asks: the step, and the words for it."""

    step: str
    words: str


@dataclass(frozen=True)
class InboxItem:
    """One case of an inbox: what is asked, and the case itself with what a line shows."""

    petition: Petition
    tasks: tuple[TaskWords, ...]


def inbox_page(
    actor: Actor, tab: str, day: date, *, limit: int, cursor: str = "", direction: str = "after"
) -> tuple[list[InboxItem], KeysetPage]:
    """Return one page of an inbox by due date, with the tasks of each case (a query for each address and 2).

    Raises:
        InvalidCursor: `cursor` isn't a place in an inbox.
    """
    if cursor or direction != "after":
        page = paginate(_tab(actor, tab, day), SORT_KEYS, limit=limit, cursor=cursor, direction=direction)
    else:
        page = first_page(_first(actor, tab, day, limit + 1), SORT_KEYS, limit)
    ids = [pk for _, pk in page.rows]
    # Whose cases they may see is settled; what these ask of them is left.
    asked: dict[int, list[TaskWords]] = {}
    for pk, step, words in _asked_of(ids, actor):
        asked.setdefault(pk, []).append(TaskWords(step, words))
    cases = Petition.objects.select_related("handling_unit").in_bulk(ids)
    return [InboxItem(cases[pk], tuple(asked[pk])) for pk in ids], page


def inbox_keys(actor: Actor, tab: str, day: date, most: int) -> list[int]:
    """Return the keys of the cases of an inbox in its order, at most so many (1 query)."""
    return [pk for _, pk in _tab(actor, tab, day).order_by(*SORT_KEYS)[:most]]


def words_asked(cases: Sequence[int], actor: Actor) -> dict[int, list[str]]:
    """Return what these cases ask of this person, in the order of their inbox (1 query)."""
    found: dict[int, list[str]] = {}
    for pk, _, words in _asked_of(list(cases), actor):
        found.setdefault(pk, []).append(words)
    return found


@compiled_query_for_keys
def _asked_of(cases: Sequence[int], actor: Actor) -> QuerySet[Any, Any]:
    tasks = Task.objects.filter(_mine(actor), petition__pk__in=cases)
    return tasks.order_by("due", "id").values_list("petition_id", "step", "words")


def asked_of_case(petition: Petition, actor: Actor) -> list[TaskWords]:
    """Return what one case asks of this person, in the order of their inbox (1 query)."""
    return [TaskWords(step, words) for _, step, words in _asked_of([petition.pk], actor)]


def _tab(actor: Actor, tab: str, day: date, where: _Address | None = None) -> QuerySet[Any, Any]:
    # The due date of a task is that of its case, so a case has one place however many tasks it has.
    tasks = Task.objects.filter(_asked(where) if where else _mine(actor)).filter(_seen(actor), tab_filter(tab, day))
    return tasks.order_by().values_list(*SORT_KEYS).distinct()


def _first(actor: Actor, tab: str, day: date, most: int) -> list[tuple[Any, ...]]:
    """Return the first rows of a tab: as many of each address, in its own order, then the first of all of them."""
    return sorted({row for a in _addresses(actor) for row in _first_of(a, actor, tab, day, most)})[:most]


@compiled_query
def _first_of(where: _Address, actor: Actor, tab: str, day: date, most: int) -> QuerySet[Any, Any]:
    return _tab(actor, tab, day, where).order_by(*SORT_KEYS)[:most]
