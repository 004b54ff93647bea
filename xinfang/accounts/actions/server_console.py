"""What one person does at the server's command line: it sets up a department, and helps when nobody else can.

Once a system administrator and a security administrator have signed in, the two of them do all this on the pages. From
then on the server needs a reason, and the owner, the auditors and the other administrators are told.
"""

from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from xinfang.accounts.actions import accounts, essential_posts, owner_notices, passwords, people, sign_ins
from xinfang.accounts.models import Duty, SignIn, Staff, Unit
from xinfang.accounts.queries.actors import staff_with_role
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused, staff_target
from xinfang.core.clock import today
from xinfang.notifications.actions import notify
from xinfang.procedure.administrators import THREE_ADMINISTRATORS
from xinfang.procedure.step_schema import clean_text
from xinfang.procedure.words import Role


def administrators_have_signed_in() -> bool:
    """Tell whether a system administrator and a security administrator have each signed in once; this stays true."""
    return all(_has_been_here(role) for role in (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR))


def _has_been_here(role: Role) -> bool:
    holds = Duty.objects.on(today()).filter(role=role.value)
    has_own_password = Q(one_time_until=None) & ~Q(password="") & ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    here = Staff.objects.filter(duties__in=holds).filter(Q(last_login__isnull=False) | has_own_password)
    return here.exists()


@transaction.atomic
def give_one_time_password(staff: Staff, *, recovery: str = "") -> str:
    """Give a whole one-time password, to the first administrators or, with a reason, to recover one of them."""
    _administrators_only(staff, "一次性密码")
    reason = _allowed(staff, "重设密码", recovery)
    first, second = passwords.issue_one_time_password(staff, proposed_by=None, confirmed_by=None)
    sign_ins.end_all_sessions(staff, SignIn.Why.RESET)
    audit_log.record(None, "重设密码", staff_target(staff), **({"reason": reason} if reason else {}))
    owner_notices.notify_owner(staff, owner_notices.GIVEN_AT_THE_SERVER)
    return first + second


@transaction.atomic
def reset_second_factor(staff: Staff, *, recovery: str = "") -> None:
    """Remove the second factor of a person who has lost phone and recovery codes (`accounts.reset_second_factor`)."""
    if administrators_have_signed_in():
        _administrators_only(staff, "清除验证器")
    accounts.reset_second_factor(staff, by=None, reason=_allowed(staff, "清除验证器", recovery))


@transaction.atomic
def add_duty(
    staff: Staff, *, role: str, unit: Unit | None, since: date | None, until: date | None, recovery: str = ""
) -> Duty:
    """Give a duty by the server's command line alone (`people.add_duty`)."""
    reason = _allowed(staff, "授予职责", recovery)
    return people.add_duty(staff, role=role, unit=unit, since=since, until=until, by=None, reason=reason)


def _administrators_only(staff: Staff, what: str) -> None:
    if essential_posts.roles_held_by(staff).isdisjoint(THREE_ADMINISTRATORS):
        raise AdminChangeRefused(
            f"{staff.name}不是系统管理员、安全管理员或审计员：“{what}”由系统管理员在人员页面提出，安全管理员确认。"
        )


def _allowed(staff: Staff, what: str, recovery: str) -> str:
    """Return the reason to record: none while an installation begins.

    Where there is one, the auditors and administrators are told.

    Raises:
        AdminChangeRefused: a reason is needed and was not given or can't be used.
    """
    if not administrators_have_signed_in():
        return ""
    try:
        reason = clean_text(recovery, "理由", 200, lines=False)
    except ValueError as e:
        raise AdminChangeRefused(str(e)) from None
    if not reason:
        raise AdminChangeRefused(
            f"系统管理员和安全管理员都已能登录，“{what}”由他们两人在人员页面办理。"
            "确实无法办理的，请加上：--recovery 理由。会写入管理记录，并通知本人、审计员和管理员。"
        )
    words = f"在服务器上对{staff.name}的账号办理了“{what}”，未经两人确认。理由和时间见管理记录。"
    told = set(staff_with_role(THREE_ADMINISTRATORS, (), today())) - {staff.pk}
    notify(sorted(told), None, kind="at_the_server", text=words, now=timezone.now())
    return reason
