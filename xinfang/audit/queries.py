"""What was written down beside the cases (administrative records) and the seals, as pages and commands list them."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from xinfang.audit.models import AdminRecord, Seal
from xinfang.core.clock import SHANGHAI


def is_within_days(moment: str, since: date | None, until: date | None) -> Q:
    """Return the condition that the moment in this column lies in these days in Asia/Shanghai, both included.

    Either end may be open. It is a range, so that an index serves it.
    """
    fits = Q()
    if since:
        fits &= Q(**{f"{moment}__gte": datetime.combine(since, time(), SHANGHAI)})
    if until:
        fits &= Q(**{f"{moment}__lt": datetime.combine(until, time(), SHANGHAI) + timedelta(days=1)})
    return fits


def admin_records(
    *,
    since: date | None = None,
    until: date | None = None,
    by: int | None = None,
    about: str = "",
    only: Collection[str] = (),
    without: Collection[str] = (),
) -> QuerySet[AdminRecord]:
    """Return administrative records with the people who made them, in no order (1 query for a page of them).

    Narrowed, where asked, to days in Asia/Shanghai; to what the person of key `by` did or what is `about` that target;
    to `only` these matters, or to those `without` these.
    """
    rows = AdminRecord.objects.order_by().select_related("by")
    rows = rows.filter(is_within_days("at", since, until))
    if by is not None:
        rows = rows.filter(by=by) | rows.filter(target=about[:120])
    if only:
        rows = rows.filter(what__in=only)
    if without:
        rows = rows.exclude(what__in=without)
    return rows


def latest_admin_records(what: str, most: int) -> QuerySet[AdminRecord]:
    """Return the last administrative records of one matter, newest first, with who made them (1 query when read)."""
    return AdminRecord.objects.filter(what=what).select_related("by").order_by("-id")[:most]


def all_seals() -> QuerySet[Seal]:
    """Return every seal, in the order in which they were made (1 query when read)."""
    return Seal.objects.order_by("number")


def latest_seal() -> Seal | None:
    """Return the last seal (1 query)."""
    return Seal.objects.order_by("-number").first()
