"""Sign-ins, passwords, second factors and lockout, each written down for the auditors (管理记录) without any secret."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from xinfang.accounts.actions import lockout, owner_notices, passwords, second_factor, sign_ins
from xinfang.accounts.actions.owner_notices import notify_owner
from xinfang.accounts.models import SignIn, Staff
from xinfang.accounts.queries.actors import actor_of
from xinfang.audit.actions import audit_log
from xinfang.audit.actions.audit_log import AdminChangeRefused, confirmed_by_detail, staff_target
from xinfang.notifications.actions import notify
from xinfang.procedure.words import Role

ENDS_LOCKOUT = (Role.SECURITY_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR)
NOBODY = "没有这个用户名"
BY_RECOVERY_CODE = "密码和恢复码"


@transaction.atomic
def record_sign_in(sign_in: SignIn, how: str) -> None:
    """Record that somebody signed in; `how`: 密码, 密码和验证码, BY_RECOVERY_CODE, 演示名单."""
    staff = sign_in.staff
    audit_log.record(staff, "登录", staff_target(staff), how=how, address=sign_in.address or "", device=sign_in.device)
    if how == BY_RECOVERY_CODE:
        notify_owner(staff, owner_notices.RECOVERY_CODE_USED)
    if settings.MODE != "demo" and sign_ins.is_from_somewhere_new(sign_in):
        notify_owner(staff, owner_notices.NEW_DEVICE)


@transaction.atomic
def record_failed_sign_in(staff: Staff | None, *, what: str, address: str | None, device: str, shut: bool) -> None:
    """Record that somebody tried to sign in and could not.

    A name that no account has isn't kept: people type passwords into the wrong box.
    """
    target = staff_target(staff) if staff else NOBODY
    # By nobody: it has not been shown that it was the owner.
    audit_log.record(None, "登录失败", target, stage=what, address=address or "", device=device)
    if shut:
        audit_log.record(None, "暂停登录", target, address=address or "")


@transaction.atomic
def record_sign_out(staff: Staff) -> None:
    """Record that somebody signed out by themselves."""
    audit_log.record(staff, "退出", staff_target(staff))


@transaction.atomic
def end_own_sign_ins(staff: Staff, *, this: int, only: int | None = None) -> int:
    """End the owner's other sign-ins, or `only` one of them, never `this` one; return how many were open.

    `this` and `only` are primary keys. The cookies of ended sign-ins are worth nothing from then on.
    """
    others = SignIn.objects.filter(staff=staff).exclude(pk=this)
    ended = sign_ins.end_sessions(others if only is None else others.filter(pk=only), SignIn.Why.ELSEWHERE)
    if ended:
        audit_log.record(staff, "结束登录", staff_target(staff), count=ended)
    return ended


@transaction.atomic
def set_up_second_factor(staff: Staff, code: str) -> list[str]:
    """Put the authenticator into use; return the recovery codes.

    Raises:
        AdminChangeRefused: the code is wrong.
    """
    codes = second_factor.confirm_setup(staff, code)
    if not codes:
        raise AdminChangeRefused("验证码不对。请核对手机时间是否准确，等显示下一个验证码后再输入。")
    audit_log.record(staff, "启用验证器", staff_target(staff))
    notify_owner(staff, owner_notices.AUTHENTICATOR_ON)
    return codes


@transaction.atomic
def renew_recovery_codes(staff: Staff) -> list[str]:
    """Make ten new codes instead of those left."""
    codes = second_factor.new_recovery_codes(staff)
    audit_log.record(staff, "更换恢复码", staff_target(staff))
    notify_owner(staff, owner_notices.RECOVERY_CODES)
    return codes


@transaction.atomic
def disable_own_second_factor(staff: Staff) -> None:
    """Stop using a second factor, as its owner wishes.

    Raises:
        AdminChangeRefused: one of their duties asks for a second factor.
    """
    if second_factor.second_factor_is_required(actor_of(staff)):
        raise AdminChangeRefused(
            "您的职责必须使用验证码登录，不能停用。换手机时请先用恢复码登录，再由管理员清除后重新设置。"
        )
    second_factor.remove_second_factor(staff)
    audit_log.record(staff, "停用验证器", staff_target(staff))
    notify_owner(staff, owner_notices.AUTHENTICATOR_OFF)


@transaction.atomic
def reset_second_factor(staff: Staff, *, by: Staff | None, confirmed_by: Staff | None = None, reason: str = "") -> None:
    """Remove the second factor of a person who has lost phone and recovery codes.

    Their sessions end, and they set it up again at the next sign-in.
    """
    second_factor.remove_second_factor(staff)
    sign_ins.end_all_sessions(staff, SignIn.Why.RESET)
    audit_log.record(
        by,
        "清除验证器",
        staff_target(staff),
        **confirmed_by_detail(confirmed_by),
        **({"reason": reason} if reason else {}),
    )
    notify_owner(staff, owner_notices.AUTHENTICATOR_CLEARED)


@transaction.atomic
def give_one_time_password(staff: Staff, *, by: Staff, confirmed_by: Staff) -> str:
    """Give a random password in two halves, good for one sign-in within 24 hours; end every open session.

    Returns the second half, which only the person who confirms may see. The first half waits for the person who
    proposed it (`take_half`).
    """
    _, second = passwords.issue_one_time_password(staff, proposed_by=by, confirmed_by=confirmed_by)
    sign_ins.end_all_sessions(staff, SignIn.Why.RESET)
    audit_log.record(by, "重设密码", staff_target(staff), **confirmed_by_detail(confirmed_by))
    notify_owner(staff, owner_notices.GIVEN)
    words = f"{staff.name}的一次性密码已生成，您保管前一半：请在“人员变更”中查看，{passwords.ONE_TIME_HOURS} 小时内当面交给本人。"
    notify([by.pk], None, kind="half_waiting", text=words, now=timezone.now())
    return second


@transaction.atomic
def reveal_password_half(pk: int, *, by: Staff) -> tuple[Staff, str]:
    """Show a half to its proposer, this once; return whose account it opens, and the half.

    Raises:
        AdminChangeRefused: the half was opened already, has been used or is over.
    """
    opened = passwords.take_half(pk, by)
    if opened is None:
        raise AdminChangeRefused("这一半密码已经查看过、已经使用，或已超过时限。需要的话请重新提出“重设密码”。")
    audit_log.record(by, "查看一半密码", staff_target(opened[0]))
    return opened


@transaction.atomic
def end_lockout(staff: Staff, *, by: Staff | None) -> int:
    """End the lockout after wrong passwords; return how many counts of failures were removed.

    Raises:
        AdminChangeRefused: the person has no duty for this, or the account is their own.
    """
    if by is not None and not actor_of(by).has(*ENDS_LOCKOUT):
        raise AdminChangeRefused("解除登录限制由安全管理员或系统管理员办理，您目前没有这项职责。")
    if by is not None and by.pk == staff.pk:
        raise AdminChangeRefused("不能解除自己账号的登录限制，请由另一位管理员办理。")
    count = lockout.forget_failures(staff)
    audit_log.record(by, "解除登录限制", staff_target(staff), count=count)
    if by is not None:
        notify_owner(staff, owner_notices.DOOR_OPENED)
    return count
