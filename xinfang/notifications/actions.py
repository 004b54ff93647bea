"""Telling people something. A message names the case by its number and never holds personal data or content."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from xinfang.core.prepared_inserts import insert_many
from xinfang.notifications.models import Notification

if TYPE_CHECKING:
    from xinfang.cases.models import Petition
    from xinfang.incidents.models import Incident


def notify(
    staff_ids: Iterable[int],
    petition: "Petition | None",
    *,
    kind: str,
    text: str,
    once: str = "",
    now: datetime,
    incident: "Incident | None" = None,
) -> int:
    """Leave a message for each person; return to how many people it was addressed.

    With `once`, at most one for that occasion, however often it is called.
    """
    return notify_each(dict.fromkeys(staff_ids, text), petition, kind=kind, once=once, now=now, incident=incident)


def notify_each(
    texts: Mapping[int, str],
    petition: "Petition | None",
    *,
    kind: str,
    once: str = "",
    now: datetime,
    incident: "Incident | None" = None,
) -> int:
    """Leave a message of their own for each person, else as `notify`."""
    rows = [
        Notification(
            staff_id=pk,
            petition=petition,
            incident=incident,
            kind=kind,
            text=text[:300],
            created_at=now,
            once=f"{once}:{pk}" if once else None,
        )
        for pk, text in texts.items()
    ]
    if not rows:
        return 0
    # It may have been said before, or by another worker just now: the unique column keeps it to one.
    insert_many(Notification, rows, unless_there=bool(once))
    return len(rows)


def mark_all_read(staff_id: int) -> int:
    """Mark everything told to this person as read; returns how many were new."""
    return Notification.objects.filter(staff_id=staff_id, read_at=None).update(read_at=timezone.now())
