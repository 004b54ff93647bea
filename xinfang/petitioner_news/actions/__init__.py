"""What is written of messages to petitioners: their wishes, the queue, and what was done about one that failed."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.cases.access import open_case
from xinfang.cases.models import Petition
from xinfang.notifications.actions import end_notifications
from xinfang.petitioner_news.models import NewsConsent, NewsMessage
from xinfang.petitioner_news.queries import wished_for
from xinfang.petitioner_news.wishes import Wishes, ways
from xinfang.procedure.facts import Actor
from xinfang.procedure.visibility import NotVisible

State = NewsMessage.State
NOTED = "登记进展提醒"
ABOUT = "news"
_NO_MORE_WISHED = "信访人改变了意愿"


@transaction.atomic
def keep_wishes(petition: Petition, person: int, wishes: Wishes, *, staff: Staff | None, now: datetime) -> None:
    """Write down what a person of a case wishes for; what still waited for the wishes before is dropped.

    `staff` wrote it down at the desk; None where the petitioner did it at the window. Nothing is written where nothing
    was wished for and nothing is.
    """
    before = [c for c in wished_for(petition.pk) if c.place == person]
    if not before and not wishes.where:
        return
    row = NewsConsent(petition=petition, place=person, at=now, by=staff, number_shown=wishes.number_shown)
    row.keep(wishes.where)
    row.save(force_insert=True)
    old = NewsMessage.objects.filter(petition=petition, consent__place=person, state=State.WAITING)
    old.update(state=State.DROPPED, done_at=now, reason=_NO_MORE_WISHED)
    if staff is not None:
        audit_log.record(staff, NOTED, petition.number, wished=sorted(wishes.where))


@transaction.atomic
def stop_news(petition: Petition, *, staff: Staff, now: datetime) -> int:
    """Write down that nobody of a case wishes for messages any more, as they said at the desk; return of how many."""
    wished = wished_for(petition.pk)
    for consent in wished:
        keep_wishes(petition, consent.place, Wishes(), staff=staff, now=now)
    return len(wished)


def queue_news(petition: Petition, now: datetime, *, gone: Collection[int] = ()) -> int:
    """Leave a message for everybody who wishes for one, unless one waits already; return how many (at most 3 queries).

    `gone` are the places of those who have died or taken the matter back. Call it within the transaction of the step
    that is news.
    """
    there = ways()
    wished = [c for c in wished_for(petition.pk) if c.place not in gone] if there else []
    if not wished:
        return 0
    waiting = set(
        NewsMessage.objects.filter(petition=petition, state=State.WAITING).values_list("consent_id", "way")
    )  # fmt: skip
    rows = [
        NewsMessage(
            petition=petition, consent=consent, way=way, key=uuid.uuid4().hex, created_at=now, next_try=now
        )
        for consent in wished
        for way in consent.where
        if way in there and (consent.pk, way) not in waiting
    ]  # fmt: skip
    NewsMessage.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
def told_otherwise(number: str, message: int, how: str, *, by: Actor, staff: Staff) -> None:
    """Write down how the petitioner was told of what a message could not bring.

    Raises:
        AdminChangeRefused: it doesn't say how, or somebody wrote it down already.
        NotVisible: the case isn't this person's to see, or there is no such message.
    """
    case = open_case(by, number)
    row = NewsMessage.objects.select_for_update().filter(
        pk=message, petition=case.petition, state=State.GIVEN_UP
    ).first()  # fmt: skip
    if row is None:
        raise NotVisible(number)
    if row.told_at is not None:
        raise AdminChangeRefused("已经登记过怎样另行告知，不必重复登记。")
    if not how:
        raise AdminChangeRefused("请写明怎样告知的，如：6月3日打电话告诉本人。")
    now = timezone.now()
    row.told_at, row.told_by, row.told_how = now, staff, how[:200]
    row.save(update_fields=["told_at", "told_by", "told_how"])
    audit_log.record(staff, "登记已改用其他方式告知", number)
    end_notifications(case.petition, {f"{ABOUT}:{row.pk}": "已登记改用其他方式告知"}, now)
