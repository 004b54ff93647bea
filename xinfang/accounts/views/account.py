"""Signing in and out, and one's own password. The demo's list of people exists only in the demo."""

from typing import TYPE_CHECKING, Any, TypedDict

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from xinfang.accounts.actions import accounts, lockout, passwords, second_factor, sign_ins
from xinfang.accounts.actions.people import AdminChangeRefused, set_password
from xinfang.accounts.confirm_again import safe_next_address
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.duties import DemoPerson, demo_people
from xinfang.accounts.queries.own_account import GivenPasswordRow, given_password
from xinfang.accounts.queries.staff import staff_by_key, staff_by_username
from xinfang.core import installation, mode
from xinfang.core.client_address import client_address, client_device
from xinfang.core.clock import minute_text, today
from xinfang.web.form_types import Field, Problem
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from xinfang.accounts.models import Staff

_WRONG = "用户名或密码不对，或者账号已停用。请核对后再试；忘记密码请与系统管理员联系。"
_LEFT = "此账号的使用人已经离任，不能登录。如需恢复，请与系统管理员联系。"
_OVER = f"这个一次性密码已超过 {passwords.ONE_TIME_HOURS} 小时，不能再用。请与系统管理员联系，重新设定。"
_USED = (
    "这个一次性密码已于 {when} 用过，不能再用。如果那是您本人，登录后还没有改成自己的密码，请与系统管理员联系重新生成；"
    "如果不是您本人，说明有人冒用，请立即当面告诉安全管理员和审计员，由他们停用这次登录、重设密码并查明。"
)
_WRONG_CODE = "验证码不对，或者已经用过。请等手机上显示下一个验证码后再输入；没有手机时可输入一个恢复码。"
_LONGEST = {"username": 150, "password": 4096, "code": 40}
_HALF = "half"
"""Where the session keeps the person whose password was right while their code is still missing."""
_HALF_SECONDS = 5 * 60


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with name and password.

    Wrong ones are refused without telling which of the two is wrong, and too many lock the account for a while.
    """
    if request.method != "POST":
        if request.user.is_authenticated:
            return HttpResponseRedirect(safe_next_address(request))
        return _login_page(request)
    username = _plain(request.POST.get("username", ""))[: _LONGEST["username"]].strip()
    password = request.POST.get("password", "")
    if not username or not password:
        return _login_page(request, "请填写用户名和密码。", username)
    wait = lockout.lockout_minutes_left(request, username)
    if wait:
        return _shut(request, wait, username)
    staff = None
    if "\x00" not in password and len(password) <= _LONGEST["password"]:
        staff = sign_ins.check_password(request, username, password)
    if staff is None:
        wait = lockout.lockout_minutes_left(request, username)
        named = staff_by_username(username)
        used = passwords.when_used(named, password[: _LONGEST["password"]])
        _note_failure(request, named, "已用过的一次性密码" if used else "密码", shut=bool(wait))
        if wait:
            return _shut(request, wait, username)
        return _login_page(request, _USED.format(when=minute_text(used)) if used else _WRONG, username)
    if staff.left_on and staff.left_on < today():
        return _login_page(request, _LEFT, username)
    if passwords.one_time_password_expired(staff):
        return _login_page(request, _OVER, username)
    if passwords.must_change_password(staff) and (used := passwords.when_used(staff, password)):
        _note_failure(request, staff, "已用过的一次性密码", shut=False)
        return _login_page(request, _USED.format(when=minute_text(used)), username)
    if second_factor.has_second_factor(staff):
        return _half_way(request, staff)
    if not passwords.use_one_time_password(staff):
        return _login_page(request, _WRONG, username)
    accounts.record_sign_in(sign_ins.begin_session(request, staff, second_factor=False), "密码")
    return HttpResponseRedirect(safe_next_address(request))


def _half_way(request: HttpRequest, staff: "Staff") -> HttpResponse:
    """Ask for the code after a right password. Nobody is signed in yet."""
    half = {
        "staff": staff.pk,
        "hash": staff.get_session_auth_hash(),
        "at": int(timezone.now().timestamp()),
        "next": safe_next_address(request),
    }
    sign_ins.keep_half(request, _HALF, half)
    return HttpResponseRedirect(reverse("login-code"))


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Take the code of the second factor, within five minutes of the password."""
    half = request.session.get(_HALF)
    staff = _half_signed(half)
    if half is None or staff is None:
        request.session.pop(_HALF, None)
        return redirect(settings.LOGIN_URL)
    if request.method != "POST":
        return _code_page(request, staff)
    wait = lockout.lockout_minutes_left(request, staff.username)
    if wait:
        return _shut(request, wait)
    code = _plain(request.POST.get("code", ""))[: _LONGEST["code"]]
    if not second_factor.could_be_a_code(code):
        return _code_page(request, staff, second_factor.NO_CODE)
    if not second_factor.use_code(staff, code):
        shut = lockout.count_failure(request, staff)
        _note_failure(request, staff, "验证码", shut=shut)
        if shut:
            request.session.pop(_HALF, None)
            return _shut(request, lockout.lockout_minutes_left(request, staff.username))
        return _code_page(request, staff, _WRONG_CODE)
    del request.session[_HALF]
    if not passwords.use_one_time_password(staff):
        return _login_page(request, _WRONG, staff.username)
    how = accounts.BY_RECOVERY_CODE if second_factor.is_recovery_code(code) else "密码和验证码"
    accounts.record_sign_in(sign_ins.begin_session(request, staff, second_factor=True), how)
    left = second_factor.recovery_codes_left(staff)
    if left <= 2:
        messages.info(request, f"您的恢复码还剩 {left} 个，请在“我的账号”中更换一组新的。")
    return HttpResponseRedirect(half["next"])


def _half_signed(half: dict[str, Any] | None) -> "Staff | None":
    if not half or timezone.now().timestamp() - half["at"] > _HALF_SECONDS:
        return None
    staff = staff_by_key(half["staff"])
    if staff is None or not staff.is_active:
        return None
    # Somebody whose password was changed meanwhile begins again.
    return staff if constant_time_compare(half["hash"], staff.get_session_auth_hash()) else None


@never_cache
@require_POST
def sign_in_demo(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demo's invented people.

    Raises:
        Http404: this is not the demo.
    """
    if not _in_the_demo():
        raise Http404
    username = _plain(request.POST.get("username", ""))[: _LONGEST["username"]]
    staff = staff_by_username(username)
    if staff is None or not staff.is_active:
        return _login_page(request, "演示名单里没有这个人，请从下面选择。")
    accounts.record_sign_in(sign_ins.begin_session(request, staff, second_factor=False), "演示名单")
    return HttpResponseRedirect(safe_next_address(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out; a link can't do it, so that no picture in a page signs anybody out."""
    if request.user.is_authenticated:
        accounts.record_sign_out(request.user)
    sign_ins.end_this_session(request, sign_ins.EndReason.LEFT)
    messages.info(request, "您已退出。")
    return redirect(settings.LOGIN_URL)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(second_factor=False)
def change_password(request: DeskRequest) -> HttpResponse:
    """Change one's own password; other sessions of the same account end."""
    errors: list[Problem] = []
    one_time = passwords.must_change_password(request.user)
    if request.method == "POST":
        errors = _password_errors(request)
        if not errors:
            sign_ins.renew_after_password_change(request, request.user)
            messages.success(request, "密码已修改，其他地方的登录已失效。")
            return HttpResponseRedirect(reverse("inbox"))
    fields = [
        _password_field(
            errors, "old", "一次性密码" if one_time else "现在的密码", "current-password",
            help="您刚才登录时用的密码（前一半和后一半）" if one_time else "",
        ),
        _password_field(
            errors, "new", "新密码", "new-password",
            help="至少 10 个字符，含大写、小写、数字、符号中的三种；不要与用户名、姓名相近，不能与最近 5 次的相同。",
        ),
        _password_field(errors, "again", "再输入一次新密码", "new-password"),
    ]  # fmt: skip
    # Nothing else is open to a person who still has a one-time password.
    frame = "web/public.html" if one_time else "web/base.html"
    given = given_password(request.user) if one_time else None
    context: PasswordContext = {
        "fields": fields,
        "errors": errors,
        "one_time": one_time,
        "frame": frame,
        "given": given,
    }
    return render_page(request, "accounts/password.html", context, here="account", status=422 if errors else 200)


def _password_errors(request: DeskRequest) -> list[Problem]:
    """Change the password, or return what is wrong. Wrong guesses at the old one count to the lockout."""
    staff = request.user
    old, new, again = (request.POST.get(k, "") for k in ("old", "new", "again"))
    wait = lockout.lockout_minutes_left(request, staff.username)
    if wait:
        return [{"field": "old", "reason": f"密码错误次数过多，请 {wait} 分钟后再试", "todo": ""}]
    errors: list[Problem] = []
    too_long = max(len(old), len(new)) > _LONGEST["password"] or "\x00" in old + new
    if too_long or not staff.check_password(old):
        _note_failure(request, staff, "修改密码时的现密码", shut=lockout.count_failure(request, staff))
        errors.append({"field": "old", "reason": "现在的密码不对", "todo": "请输入您登录时用的密码。"})
    if new != again:
        errors.append({"field": "again", "reason": "两次输入的新密码不一致", "todo": "请重新输入。"})
    if not too_long and not errors:
        try:
            set_password(staff, new, by=staff)
        except AdminChangeRefused as rejected:
            errors += [{"field": "new", "reason": m, "todo": "请换一个密码。"} for m in rejected.sentences]
    return errors


def _note_failure(request: HttpRequest, staff: "Staff | None", what: str, *, shut: bool) -> None:
    accounts.record_failed_sign_in(
        staff, what=what, address=client_address(request), device=client_device(request), shut=shut
    )


class PasswordContext(TypedDict):
    """The form for one's own password, which is also open to a person who still has a one-time password."""

    fields: list[Field]
    errors: list[Problem]
    one_time: bool
    frame: str
    given: GivenPasswordRow | None


class LoginContext(TypedDict):
    """The sign-in page; people to choose from only in the demo."""

    department: str
    error: str
    username: str
    next: str
    demo_people: list[DemoPerson]


def _password_field(errors: list[Problem], name: str, label: str, autocomplete: str, help: str = "") -> Field:
    return {
        "name": name,
        "label": label,
        "help": help,
        "required": True,
        "widget": "password",
        "error": "；".join(e["reason"] for e in errors if e["field"] == name),
        "attrs": {"autocomplete": autocomplete, "required": True},
    }


def _login_page(request: HttpRequest, error: str = "", username: str = "", status: int = 0) -> HttpResponse:
    context: LoginContext = {
        "department": settings.DEPARTMENT,
        "error": error,
        "username": username,
        "next": safe_next_address(request, default=""),
        "demo_people": demo_people(today()) if _in_the_demo() else [],
    }
    return render(request, "accounts/login.html", context, status=status or (422 if error else 200))


def _code_page(request: HttpRequest, staff: "Staff", error: str = "") -> HttpResponse:
    # The person who has a one-time password may not be the one who set the authenticator up.
    since = (
        minute_text(at) if passwords.must_change_password(staff) and (at := staff.authenticator.confirmed_at) else ""
    )
    context = {"department": settings.DEPARTMENT, "error": error, "authenticator_since": since}
    return render(request, "accounts/login_code.html", context, status=422 if error else 200)


def _shut(request: HttpRequest, minutes: int, username: str = "") -> HttpResponse:
    """Show that the account is locked; in the same words whether the name exists or not."""
    words = {"department": settings.DEPARTMENT, "minutes": minutes, "username": username}
    answer = render(request, "accounts/login_shut.html", words, status=429)
    answer["Retry-After"] = str(minutes * 60)
    return answer


def _in_the_demo() -> bool:
    """Tell whether this is the demo: checked at the start, and asked of the database again, as it needs no password."""
    return mode.is_demo() and installation.stored_mode() == "demo"


def _plain(text: str) -> str:
    return text.replace("\x00", "")
