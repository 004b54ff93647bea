"""我的账号: one's own sign-ins, second factor, and confirming again that it is you."""

from typing import TYPE_CHECKING, NotRequired, TypedDict

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from xinfang.accounts.actions import accounts, lockout, second_factor, sign_ins
from xinfang.accounts.actions.people import AdminChangeRefused
from xinfang.accounts.confirm_again import confirm_first, safe_next_address
from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.own_account import (
    Done,
    GivenPasswordRow,
    account_history,
    given_password,
    sign_ins_of,
)
from xinfang.core.client_address import client_address, client_device
from xinfang.core.clock import minute_text
from xinfang.web.form_types import Field, Problem
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from xinfang.accounts.models import SignIn

NAV_ROUTE = "account"
_MAX_SENT_CHARACTERS = 4096


class SignInRow(TypedDict):
    """One sign-in of the reader; `this` is the one in which they look at the page."""

    id: int
    this: bool
    device: str
    address: str
    second: bool
    began: str
    seen: str
    ended: str
    why: str


class AccountContext(TypedDict):
    """Where somebody is signed in, and what was done with their account."""

    open: list[SignInRow]
    ended: list[SignInRow]
    idle_minutes: int
    hours: int
    has_second_factor: bool
    needs_second_factor: bool
    given: GivenPasswordRow | None
    history: list[Done]


class SecondFactorContext(TypedDict):
    """The authenticator: its recovery codes right after they were made; with `qr` where it is still to be set up."""

    errors: list[Problem]
    codes: list[str]
    has: bool
    needed: bool
    left: int
    department: str
    qr: NotRequired[str]
    secret: NotRequired[str]
    fields: NotRequired[list[Field]]


class ConfirmContext(TypedDict):
    """The form that asks a person again who they are."""

    department: str
    asks: bool
    next: str
    error: str
    minutes: int
    fields: list[Field]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
def account_security(request: DeskRequest) -> HttpResponse:
    """Show where one is signed in, and end sign-ins there: a borrowed machine, a lost phone."""
    this = request.session[sign_ins.SESSION_KEY]["id"]
    if request.method == "POST":
        chosen = request.POST.get("end", "")
        ended = 0
        if chosen == "others":
            ended = accounts.end_own_sign_ins(request.user, this=this)
        elif chosen.isdecimal() and len(chosen) < 19:
            ended = accounts.end_own_sign_ins(request.user, this=this, only=int(chosen))
        words = f"已结束 {ended} 处登录，那里需要重新登录才能继续。" if ended else "没有需要结束的登录，可能已经结束。"
        messages.success(request, words) if ended else messages.info(request, words)
        return HttpResponseRedirect(reverse(NAV_ROUTE))
    sign_ins.close_abandoned()
    still_open, ended_ones = sign_ins_of(request.user)
    context: AccountContext = {
        "open": [_row(s, this) for s in still_open],
        "ended": [_row(s, this) for s in ended_ones],
        "idle_minutes": settings.SESSION_IDLE_MINUTES,
        "hours": settings.SESSION_HOURS,
        "has_second_factor": second_factor.has_second_factor(request.user),
        "needs_second_factor": second_factor.second_factor_is_required(request.actor),
        "given": given_password(request.user),
        "history": account_history(request.user),
    }
    return render_page(request, "accounts/account.html", context, here=NAV_ROUTE)


def _row(sign_in: "SignIn", this: int) -> SignInRow:
    return {
        "id": sign_in.pk,
        "this": sign_in.pk == this,
        "device": sign_in.device,
        "address": sign_in.address or "",
        "second": sign_in.second_factor,
        "began": minute_text(sign_in.began_at),
        "seen": minute_text(sign_in.last_seen_at),
        "ended": minute_text(sign_in.ended_at) if sign_in.ended_at else "",
        "why": sign_in.get_ended_why_display(),
    }


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(second_factor=False)
def second_factor_page(request: DeskRequest) -> HttpResponse:
    """Set up the authenticator, see that it is there, renew the recovery codes, or give it up where one may."""
    staff = request.user
    has = second_factor.has_second_factor(staff)
    errors: list[Problem] = []
    codes: list[str] = []
    if has and not sign_ins.session_has_second_factor(request):
        # Set up elsewhere while this session was open: it must be given here as well.
        return confirm_first(request, request.path)
    if (request.method == "POST" or not has) and not sign_ins.recently_confirmed(request):
        return confirm_first(request, request.path)
    if request.method == "POST":
        try:
            codes = _change(request, has)
            if not codes:
                messages.success(request, "已停用验证器，登录时只需密码。")
                return HttpResponseRedirect(reverse(NAV_ROUTE))
        except AdminChangeRefused as rejected:
            field = "" if has else "code"
            errors = [{"reason": sentence, "field": field} for sentence in rejected.sentences]
    context: SecondFactorContext = {
        "errors": errors,
        "codes": codes,
        "has": has or bool(codes),
        "needed": second_factor.second_factor_is_required(request.actor),
        "left": second_factor.recovery_codes_left(staff),
        "department": settings.DEPARTMENT,
    }
    if not context["has"]:
        secret = second_factor.begin_setup(staff)
        # Drawn here from the program's own text, so nothing in it needs escaping.
        context["qr"] = mark_safe(second_factor.qr_svg(staff, secret).decode())  # noqa: S308
        context["secret"] = second_factor.secret_in_groups(secret)
        context["fields"] = [_code_field("手机上显示的 6 位验证码", bool(errors))]
    status = 422 if errors else 200
    if context["needed"] and not sign_ins.session_has_second_factor(request):
        # Nothing else of the desk is open yet, so nothing else of it is shown.
        return render(request, "accounts/second_factor.html", {**context, "frame": "web/public.html"}, status=status)
    return render_page(
        request, "accounts/second_factor.html", {**context, "frame": "web/base.html"}, here=NAV_ROUTE, status=status
    )


def _change(request: DeskRequest, has: bool) -> list[str]:
    """Do what the form asks; return recovery codes to show, or nothing where the factor was given up.

    Raises:
        AdminChangeRefused: the code is wrong, there is no such operation, or it is not allowed.
    """
    do = request.POST.get("do", "")
    if not has and do == "set-up":
        _open_door(request)
        code = request.POST.get("code", "")[:20]
        if not second_factor.could_be_a_code(code):
            raise AdminChangeRefused(second_factor.NO_CODE)
        try:
            codes = accounts.set_up_second_factor(request.user, code)
        except AdminChangeRefused:
            _failed(request, "设置验证器时的验证码")
            raise
        sign_ins.mark_second_factor_used(request)
        return codes
    if has and do == "renew":
        return accounts.renew_recovery_codes(request.user)
    if has and do == "give-up":
        accounts.disable_own_second_factor(request.user)
        return []
    raise AdminChangeRefused("没有这种操作，请刷新后再试。")


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(second_factor=False)
def confirm(request: DeskRequest) -> HttpResponse:
    """Show and take 再次验证身份: a code where one has an authenticator, otherwise the password; good for five minutes.

    Raises:
        AdminChangeRefused: what was typed can't be a code; it is caught and shown on the page.
    """
    staff = request.user
    by_code = second_factor.has_second_factor(staff)
    asks = by_code or staff.has_usable_password()
    error = ""
    if request.method == "POST":
        try:
            _open_door(request)
            given = request.POST.get("code" if by_code else "password", "")[:_MAX_SENT_CHARACTERS].replace("\x00", "")
            if by_code and not second_factor.could_be_a_code(given):
                raise AdminChangeRefused(second_factor.NO_CODE)
            good = second_factor.use_code(staff, given) if by_code else not asks or staff.check_password(given)
            if good:
                if by_code:
                    sign_ins.mark_second_factor_used(request)
                sign_ins.mark_reauthenticated(request)
                return HttpResponseRedirect(safe_next_address(request))
            _failed(request, "再次验证身份")
            error = "验证码不对或已经用过，请等下一个验证码。" if by_code else "密码不对，请重新输入。"
        except AdminChangeRefused as rejected:
            error = rejected.sentences[0]
    context: ConfirmContext = {
        "department": settings.DEPARTMENT,
        "asks": asks,
        "next": safe_next_address(request),
        "error": error,
        "minutes": sign_ins.CONFIRMATION_SECONDS // 60,
        "fields": [_code_field("验证码", bool(error))] if by_code else [_password_field(error)],
    }
    return render(request, "accounts/confirm.html", context, status=422 if error else 200)


def _open_door(request: DeskRequest) -> None:
    wait = lockout.lockout_minutes_left(request, request.user.username)
    if wait:
        raise AdminChangeRefused(f"输错次数过多，请 {wait} 分钟后再试。如不是您本人所为，请与安全管理员联系。")


def _failed(request: DeskRequest, what: str) -> None:
    shut = lockout.count_failure(request, request.user)
    accounts.record_failed_sign_in(
        request.user, what=what, address=client_address(request), device=client_device(request), shut=shut
    )


def _code_field(label: str, wrong: bool) -> Field:
    attrs: dict[str, str | int | bool] = {
        "autocomplete": "one-time-code",
        "inputmode": "numeric",
        "maxlength": 20,
        "required": True,
    }
    return {"name": "code", "label": label, "required": True, "attrs": attrs, "error": "验证码不对" if wrong else ""}


def _password_field(error: str) -> Field:
    attrs: dict[str, str | int | bool] = {"autocomplete": "current-password", "required": True}
    return {"name": "password", "label": "密码", "widget": "password", "attrs": attrs, "error": error}
