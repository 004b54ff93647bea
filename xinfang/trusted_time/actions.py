"""A named administrator confirms that the clock of the server is right, so that sweeping and sealing go on (decision 0015)."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of, holders
from xinfang.audit.actions.ledger import Rejected, note
from xinfang.audit.seals import last_places
from xinfang.core.clock import today
from xinfang.notifications.actions import tell
from xinfang.procedure.shapes import clean
from xinfang.procedure.words import Role

from . import queries as trusted_time
from .models import TrustedTime
from .queries import CLOCK, NotBelieved, doubt_of, said, trusted

CONFIRMS_TIME = (Role.SYSTEM_ADMINISTRATOR,)
TOLD = (Role.AUDITOR, Role.SECURITY_ADMINISTRATOR)
"""Who is told, so that nobody moves the time of all cases unnoticed."""
SHOWN_FOR = timedelta(minutes=10)
"""So long a time that somebody saw on a page may be confirmed."""
REASON = 200
"""Characters."""
CONFIRMED = "确认服务器时间"
"""What the administrative log calls it."""
NOT_ASKED = "服务器时间目前是可信的，不用确认。"
_log = structlog.get_logger(__name__)


@transaction.atomic
def confirm_time(
    *, by: Staff, reason: str, how: str, shown: datetime | None = None, now: datetime | None = None
) -> datetime:
    """Take the clock for right although it strays; returns the time that was confirmed.

    `shown` is the time that the page showed, `how` the way (网页, 命令行). Times are aware. Raises Rejected with every reason, also
    where the clock is believed anyway: nobody may set the trusted time of his own accord.
    """
    now = now or timezone.now()
    if not actor_of(by, today(now)).has(*CONFIRMS_TIME):
        raise Rejected("服务器时间由系统管理员确认，您目前没有这项职责。")
    if trusted_time.doubt(now) is None:
        raise Rejected(NOT_ASKED)
    wrong = []
    if shown is not None and abs(now - shown) > SHOWN_FOR:
        wrong.append(f"页面上的时间 {said(shown)} 已经过去或改变，现在是 {said(now)}。请重新核对后再确认。")
    try:
        reason = clean(reason, "理由", REASON, lines=False)
        if not reason:
            wrong.append("请填写理由，如怎样核对了时间、此前为什么没有运行。")
    except ValueError as e:
        wrong.append(str(e))
    if wrong:
        raise Rejected(*wrong)
    before = trusted_time.trusted()
    was = said(before) if before else "无"
    note(by, CONFIRMED, said(now), now, was=was, reason=reason, how=how)
    # After the note, so that all that was recorded until here, it included, is no longer asked.
    trust(now)
    words = f"{by.name}（{by.get_username()}）确认服务器时间 {said(now)} 无误，此前可信的时间是 {was}；自动巡查和封印随之恢复。理由见管理记录。"
    tell(holders(TOLD, (), today(now)), None, kind="time_confirmed", text=words, now=now)
    _log.warning("time_confirmed", by=by.pk, time=now.isoformat(), before=before.isoformat() if before else None)
    return now


@transaction.atomic
def believe(now: datetime) -> None:
    """Raise NotBelieved, or move the trusted time forward to `now`."""
    # Read before the lock: whatever comes in meanwhile is asked next time.
    places = last_places()
    row = TrustedTime.objects.select_for_update().filter(pk=CLOCK).first()
    if found := doubt_of(row, now):
        raise NotBelieved(found)
    _keep(max(now, row.at) if row else now, places)


@transaction.atomic
def trust(now: datetime) -> datetime | None:
    """Take `now` for right, whatever was recorded until here; returns the trusted time before. Only after somebody confirmed it."""
    before = trusted()
    _keep(now, last_places())
    return before


def _keep(at: datetime, places: tuple[int, ...]) -> None:
    event, access, admin = places
    values = {"at": at, "last_event": event, "last_access": access, "last_admin": admin}
    TrustedTime.objects.update_or_create(pk=CLOCK, defaults=values)
