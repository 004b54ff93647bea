"""A demo that wasn't running for weeks is started again.

Its administrator says by themselves that the clock is right, on record as ever.
"""

from django.utils import timezone

from xinfang.accounts.models import Duty, Staff
from xinfang.procedure.words import Role
from xinfang.trusted_time import queries as trusted_time
from xinfang.trusted_time.actions import confirm_time
from xinfang.trusted_time.queries import doubt_sentence

from . import people

REASON = "演示系统停用后再次启动，由演示程序以演示管理员的名义确认"


def confirm_if_asked() -> str:
    """Confirm where the clock isn't believed; returns what was done in words, empty where nothing was.

    Raises AdminChangeRefused.

    Called when somebody starts the demo, never while it runs: a clock that strays then is shown as in an office.
    """
    now = timezone.now()
    if trusted_time.clock_doubt(now) is None:
        return ""
    names = [s["username"] for s in people.department_data()["staff"]]
    held = Duty.objects.filter(role=Role.SYSTEM_ADMINISTRATOR.value, staff__username__in=names)
    administrator = Staff.objects.filter(duties__in=held).order_by("id").first()
    if administrator is None:
        return ""
    confirm_time(by=administrator, reason=REASON, how="演示启动", now=now)
    return f"演示数据停用了一段时间：已以演示管理员{administrator.name}的名义确认服务器时间 {doubt_sentence(now)} 无误，记入管理记录。"
