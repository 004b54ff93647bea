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
    about: str = "",
    now: datetime,
    incident: "Incident | None" = None,
) -> int:
    """Leave a message for each person; return to how many people it was addressed.

    With `once`, at most one for that occasion, however often it is called. With `about`, it calls for something until
    `end_notifications` says that nothing is called for any more.
    """
    texts = dict.fromkeys(staff_ids, text)
    return notify_each(texts, petition, kind=kind, once=once, about=about, now=now, incident=incident)


def notify_each(
    texts: Mapping[int, str],
    petition: "Petition | None",
    *,
    kind: str,
    once: str = "",
    about: str = "",
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
            about=about,
        )
        for pk, text in texts.items()
    ]
    if not rows:
        return 0
    # It may have been said before, or by another worker just now: the unique column keeps it to one.
    insert_many(Notification, rows, unless_there=bool(once))
    return len(rows)


def end_notifications(petition: "Petition | None", ended: Mapping[str, str], now: datetime) -> int:
    """Close the messages that call for what is done or gone; `ended` says why, by what they are about.

    `petition` is the case they are of; None for what is of no case: a change of people, an event, a list.

    They stay where they were told, with the reason, and are unread no more. Returns how many (1 query for each reason).
    """
    by_reason: dict[str, list[str]] = {}
    for about, why in ended.items():
        by_reason.setdefault(why[:160], []).append(about)
    open_ones = Notification.objects.filter(petition=petition, ended_at=None)
    return sum(
        open_ones.filter(about__in=abouts).exclude(about="").update(ended_at=now, ended_why=why)
        for why, abouts in by_reason.items()
    )


def reopen_notifications(petition: "Petition", about: Iterable[str]) -> int:
    """Take back that these call for nothing any more: what had stopped a limit was withdrawn, and it runs again."""
    closed = Notification.objects.filter(petition=petition, about__in=list(about), ended_at__isnull=False)
    return closed.update(ended_at=None, ended_why="")


def mark_all_read(staff_id: int) -> int:
    """Mark everything told to this person as read; returns how many were new."""
    return Notification.objects.filter(staff_id=staff_id, read_at=None).update(read_at=timezone.now())
