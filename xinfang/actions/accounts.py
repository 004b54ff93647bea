"""Sign-ins, passwords, second factors and lockout, each written down for the auditors (管理记录) without any secret."""

from django.db import transaction
from django.db.models import QuerySet

from xinfang.people import lockout, passwords, second_factor, sign_ins
from xinfang.people.actors import actor_of
from xinfang.people.models import SignIn, Staff
from xinfang.procedure.words import Role

from .ledger import Rejected, note, second_person

RELEASES = (Role.SECURITY_ADMINISTRATOR, Role.SYSTEM_ADMINISTRATOR)
NOBODY = "没有这个用户名"


def _who(staff: Staff) -> str:
    return f"{staff.name}（{staff.get_username()}）"


@transaction.atomic
def note_sign_in(sign_in: SignIn, how: str) -> None:
    """Somebody came in; `how`: 密码, 密码和验证码, 演示名单."""
    staff = sign_in.staff
    note(staff, "登录", _who(staff), how=how, address=sign_in.address or "", device=sign_in.device)


@transaction.atomic
def note_failure(staff: Staff | None, *, what: str, address: str | None, device: str, shut: bool) -> None:
    """Somebody didn't come in. A name that no account has isn't kept: people type passwords into the wrong box."""
    target = _who(staff) if staff else NOBODY
    # By nobody: that it was the owner is what has not been shown.
    note(None, "登录失败", target, stage=what, address=address or "", device=device)
    if shut:
        note(None, "暂停登录", target, address=address or "")


@transaction.atomic
def note_sign_out(staff: Staff) -> None:
    """Somebody signed out himself."""
    note(staff, "退出", _who(staff))


@transaction.atomic
def end_own(staff: Staff, open_ones: "QuerySet[SignIn]") -> int:
    """The owner ends some of his sign-ins; their cookies are worth nothing from then on."""
    ended = sign_ins.end(open_ones.filter(staff=staff), SignIn.Why.ELSEWHERE)
    if ended:
        note(staff, "结束登录", _who(staff), count=ended)
    return ended


@transaction.atomic
def set_up_second_factor(staff: Staff, code: str) -> list[str]:
    """Put the authenticator into use; returns the recovery codes. Raises Rejected where the code is wrong."""
    codes = second_factor.confirm(staff, code)
    if not codes:
        raise Rejected("验证码不对。请核对手机时间是否准确，等显示下一个验证码后再输入。")
    note(staff, "启用验证器", _who(staff))
    return codes


@transaction.atomic
def renew_recovery_codes(staff: Staff) -> list[str]:
    """Ten new codes instead of those left."""
    codes = second_factor.new_recovery_codes(staff)
    note(staff, "更换恢复码", _who(staff))
    return codes


@transaction.atomic
def give_up_second_factor(staff: Staff) -> None:
    """The owner stops using a second factor, where his duties don't ask for one."""
    if second_factor.is_needed(actor_of(staff)):
        raise Rejected("您的职责必须使用验证码登录，不能停用。换手机时请先用恢复码登录，再由管理员清除后重新设置。")
    second_factor.forget(staff)
    note(staff, "停用验证器", _who(staff))


@transaction.atomic
def forget_second_factor(staff: Staff, *, by: Staff | None, confirmed_by: Staff | None = None) -> None:
    """For who has lost phone and recovery codes: his sessions end, and he sets it up anew at the next sign-in."""
    second_factor.forget(staff)
    sign_ins.end_all(staff, SignIn.Why.RESET)
    note(by, "清除验证器", _who(staff), **second_person(confirmed_by))


@transaction.atomic
def give_one_time_password(staff: Staff, *, by: Staff | None, confirmed_by: Staff | None = None) -> str:
    """A random password, good for three days and for choosing an own one; every open session ends."""
    password = passwords.one_time_password()
    passwords.set_new(staff, password, one_time=True)
    sign_ins.end_all(staff, SignIn.Why.RESET)
    note(by, "重设密码", _who(staff), **second_person(confirmed_by))
    return password


@transaction.atomic
def release(staff: Staff, *, by: Staff | None) -> int:
    """Open the door again that wrong passwords have shut; returns how many counts were forgotten."""
    if by is not None and not actor_of(by).has(*RELEASES):
        raise Rejected("解除登录限制由安全管理员或系统管理员办理，您目前没有这项职责。")
    if by is not None and by.pk == staff.pk:
        raise Rejected("不能解除自己账号的登录限制，请由另一位管理员办理。")
    count = lockout.release(staff)
    note(by, "解除登录限制", _who(staff), count=count)
    return count
