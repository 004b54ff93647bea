"""Telling administrators of a fault once a day while it lasts, and giving a sign of life to whoever waits for one."""

import http.client
from datetime import datetime
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import transaction

from xinfang.accounts.queries.actors import staff_with_role
from xinfang.core.clock import today
from xinfang.core.http_lines import line_to
from xinfang.notifications.actions import end_notifications, notify
from xinfang.notifications.models import Notification
from xinfang.procedure.words import Role

from .check import LABELS, Check, Severity
from .queries import checks

TOLD = (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR)
"""Who is told of a fault, on the pages and by mail."""
NOTICE_KIND = "fault"
_SECONDS = 5
_log = structlog.get_logger(__name__)


@transaction.atomic
def tell_faults(now: datetime) -> list[Check]:
    """Tell the administrators of each fault, at most once a day; close what was told once the fault is gone.

    Returns the faults; of a demo nobody is told, as nobody backs it up. Called by the sweep, whose own absence only the
    sign of life and the pages show.
    """
    if settings.MODE != "production":
        return []
    faults = [c for c in checks(now) if c.level is Severity.FAULT]
    people = staff_with_role(TOLD, (), today(now))
    for fault in faults:
        text = f"系统状况：{fault.label}。{fault.says}"
        about = _about(fault.code)
        notify(people, None, kind=NOTICE_KIND, text=text, once=f"{about}:{today(now)}", about=about, now=now)
    over = {_about(code): "已恢复正常" for code in LABELS if code not in {f.code for f in faults}}
    if Notification.objects.filter(petition=None, ended_at=None, about__in=over).exists():
        end_notifications(None, over, now)
    if faults:
        _log.warning("faults", codes=[f.code for f in faults])
    return faults


def _about(code: str) -> str:
    return f"fault:{code}"


def give_sign_of_life() -> bool:
    """Ask for the address that expects it, so that its owner notices when nothing comes any more.

    Tells whether it was taken. Nothing is sent but the request itself.
    """
    if not settings.SIGN_OF_LIFE_URL:
        return False
    at = urlsplit(settings.SIGN_OF_LIFE_URL)
    line = line_to(at, _SECONDS)
    try:
        line.request("GET", at.path or "/", headers={"User-Agent": "xinfang"})
        taken = line.getresponse().status < http.HTTPStatus.BAD_REQUEST
    except (OSError, http.client.HTTPException) as e:
        _log.warning("sign_of_life_not_taken", error=type(e).__name__)
        return False
    finally:
        line.close()
    return taken
