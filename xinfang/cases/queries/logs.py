"""The logs of all cases for the auditors: who did which step, who looked at what.

Nothing that a case says is read here.
"""

from datetime import date, datetime

from django.db.models import QuerySet

from xinfang.audit.queries import is_within_days
from xinfang.cases.models import AccessLogEntry, Event, Petition


def events_of_all_cases(
    *,
    petition: int | None = None,
    since: date | None = None,
    until: date | None = None,
    person: int | None = None,
) -> QuerySet[Event]:
    """Return the events of every case with their people and the case's number (1 query for a page of them).

    They are in no order. Narrowed, where asked, to one case by key, to days in Asia/Shanghai, and to what the person of
    this key did or typed for somebody else.
    """
    events = Event.objects.order_by().filter(is_within_days("recorded_at", since, until))
    if petition is not None:
        events = events.filter(petition=petition)
    if person is not None:
        # Two indexed searches by key; either the doer or the one who typed a paper decision.
        events = events.filter(by=person) | events.filter(entered_by=person)
    # Only these columns are read: what a step says never leaves the database here.
    return events.select_related("petition", "by", "entered_by", "acting_for").only(
        "id", "code", "stage", "recorded_at", "happened_on", "by_role",
        "petition__number", "by__name", "entered_by__name", "acting_for__name",
    )  # fmt: skip


def access_log_entries(
    *,
    petition: int | None = None,
    since: date | None = None,
    until: date | None = None,
    person: int | None = None,
    what: str = "",
) -> QuerySet[AccessLogEntry]:
    """Return who looked at a case, with the case's number, in no order (1 query for a page of them).

    Narrowed, where asked, to one case and to one person by key, to days in Asia/Shanghai, and to one way of looking.
    """
    rows = AccessLogEntry.objects.order_by().select_related("petition", "by").only(
        "id", "seq", "what", "at", "reason", "detail", "petition__number", "by__name"
    )  # fmt: skip
    if petition is not None:
        rows = rows.filter(petition=petition)
    rows = rows.filter(is_within_days("at", since, until))
    if person is not None:
        rows = rows.filter(by=person)
    if what:
        rows = rows.filter(what=what)
    return rows


def petition_key(number: str) -> int | None:
    """Return the primary key of the case of this number, also of a hidden one (1 query).

    Only for lists that show nothing of what it says.
    """
    return Petition.objects.filter(number=number).values_list("pk", flat=True).first()


def looks_since(what: str, since: datetime) -> int:
    """Return how many entries of the access log are of this kind since a moment (1 query)."""
    return AccessLogEntry.objects.filter(what=what, at__gte=since).count()
