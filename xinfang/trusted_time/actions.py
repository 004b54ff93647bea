"""A named administrator confirms that the server's clock is right; sweeping and sealing then go on (decision 0015)."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.accounts.queries.actors import actor_of, staff_with_role
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused
from xinfang.audit.seals import last_positions
from xinfang.core.clock import today
from xinfang.notifications.actions import notify
from xinfang.procedure.step_schema import clean_text
from xinfang.procedure.words import Role
from xinfang.trusted_time.queries import CLOCK, ClockNotBelieved, doubt_about, doubt_sentence, trusted_now

from . import queries as trusted_time
from .models import TrustedTime

CONFIRMS_TIME = (Role.SYSTEM_ADMINISTRATOR,)
TOLD = (Role.AUDITOR, Role.SECURITY_ADMINISTRATOR)
"""The roles that are told, so that nobody moves the time of all cases unnoticed."""
SHOWN_FOR = timedelta(minutes=10)
"""How long a time that somebody saw on a page may be confirmed."""
MAX_REASON_CHARACTERS = 200
"""Characters."""
CONFIRMED = "确认服务器时间"
"""What the administrative log calls it."""
NOT_ASKED = "服务器时间目前是可信的，不用确认。"
_log = structlog.get_logger(__name__)


@transaction.atomic
def confirm_time(
    *, by: Staff, reason: str, how: str, shown: datetime | None = None, now: datetime | None = None
) -> datetime:
    """Take the clock for right although it strays; return the time that was confirmed.

    `shown` is the time that the page showed, `how` the way (网页, 命令行). Times are aware.

    Raises:
        AdminChangeRefused: this person may not, something is missing, or the clock is believed anyway; with every
            reason.
    """
    now = now or timezone.now()
    if not actor_of(by, today(now)).has(*CONFIRMS_TIME):
        raise AdminChangeRefused("服务器时间由系统管理员确认，您目前没有这项职责。")
    if trusted_time.clock_doubt(now) is None:
        raise AdminChangeRefused(NOT_ASKED)
    wrong = []
    if shown is not None and abs(now - shown) > SHOWN_FOR:
        wrong.append(
            f"页面上的时间 {doubt_sentence(shown)} 已经过去或改变，现在是 {doubt_sentence(now)}。请重新核对后再确认。"
        )
    try:
        reason = clean_text(reason, "理由", MAX_REASON_CHARACTERS, lines=False)
        if not reason:
            wrong.append("请填写理由，如怎样核对了时间、此前为什么没有运行。")
    except ValueError as e:
        wrong.append(str(e))
    if wrong:
        raise AdminChangeRefused(*wrong)
    before = trusted_time.trusted_now()
    was = doubt_sentence(before) if before else "无"
    audit_log.record(by, CONFIRMED, doubt_sentence(now), now, was=was, reason=reason, how=how)
    # After the note, so that all that was recorded until here, it included, is no longer asked.
    set_trusted_time(now)
    words = f"{by.name}（{by.get_username()}）确认服务器时间 {doubt_sentence(now)} 无误，此前可信的时间是 {was}；自动巡查和封印随之恢复。理由见管理记录。"
    notify(staff_with_role(TOLD, (), today(now)), None, kind="time_confirmed", text=words, now=now)
    _log.warning("time_confirmed", by=by.pk, time=now.isoformat(), before=before.isoformat() if before else None)
    return now


@transaction.atomic
def accept_time(now: datetime) -> None:
    """Move the trusted time forward to `now`, an aware time.

    Raises:
        ClockNotBelieved: the clock is too far from the trusted time or the newest record.
    """
    # Read before the lock: whatever comes in meanwhile is asked next time.
    places = last_positions()
    row = TrustedTime.objects.select_for_update().filter(pk=CLOCK).first()
    if found := doubt_about(row, now):
        raise ClockNotBelieved(found)
    _keep(max(now, row.at) if row else now, places)


@transaction.atomic
def set_trusted_time(now: datetime) -> datetime | None:
    """Take `now` for right, whatever was recorded until here; return the trusted time before.

    Only after somebody confirmed it.
    """
    before = trusted_now()
    _keep(now, last_positions())
    return before


def _keep(at: datetime, places: tuple[int, ...]) -> None:
    event, access, admin = places
    values = {"at": at, "last_event": event, "last_access": access, "last_admin": admin}
    TrustedTime.objects.update_or_create(pk=CLOCK, defaults=values)
