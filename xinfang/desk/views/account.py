"""Signing in and out, and one's own password. The demo's list of people exists only in the demo."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from xinfang.desk.shell import DeskRequest, desk_page, show
from xinfang.people.actors import today
from xinfang.people.models import Duty, Staff

_WRONG = "用户名或密码不对，或者账号已停用。请核对后再试；忘记密码请与系统管理员联系。"
_LEFT = "此账号的使用人已经离任，不能登录。如需恢复，请与系统管理员联系。"
_LONGEST = {"username": 150, "password": 4096}
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with name and password; wrong ones say so without telling which."""
    if request.method != "POST":
        if request.user.is_authenticated:
            return HttpResponseRedirect(_next(request))
        return _login_page(request)
    username = _plain(request.POST.get("username", ""))[: _LONGEST["username"]].strip()
    password = request.POST.get("password", "")
    if not username or not password:
        return _login_page(request, "请填写用户名和密码。", username)
    staff = None
    if "\x00" not in password and len(password) <= _LONGEST["password"]:
        staff = authenticate(request, username=username, password=password)
    if not isinstance(staff, Staff):
        return _login_page(request, _WRONG, username)
    if staff.left_on and staff.left_on < today():
        return _login_page(request, _LEFT, username)
    login(request, staff)
    return HttpResponseRedirect(_next(request))


@never_cache
@require_POST
def sign_in_demo(request: HttpRequest) -> HttpResponse:
    """Enter as one of the demo's invented people. Elsewhere this address does not exist."""
    if settings.MODE != "demo":
        raise Http404
    username = _plain(request.POST.get("username", ""))[: _LONGEST["username"]]
    staff = Staff.objects.filter(username=username, is_active=True).first()
    if staff is None:
        return _login_page(request, "演示名单里没有这个人，请从下面选择。")
    login(request, staff, backend=_BACKEND)
    return HttpResponseRedirect(_next(request))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out; a link can't do it, so that no picture in a page signs anybody out."""
    logout(request)
    messages.info(request, "您已退出。")
    return HttpResponseRedirect(settings.LOGIN_URL)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
def change_password(request: DeskRequest) -> HttpResponse:
    """Change one's own password; other sessions of the same account end."""
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        errors = _password_errors(request)
        if not errors:
            request.user.set_password(request.POST["new"])
            request.user.save(update_fields=["password"])
            update_session_auth_hash(request, request.user)
            messages.success(request, "密码已修改，其他地方的登录已失效。")
            return HttpResponseRedirect("/")
    fields = [
        _password_field(errors, "old", "现在的密码", "current-password"),
        _password_field(
            errors, "new", "新密码", "new-password", help="至少10个字符，不要全是数字，不要与用户名、姓名相近。"
        ),
        _password_field(errors, "again", "再输入一次新密码", "new-password"),
    ]
    return show(request, "desk/password.html", {"fields": fields, "errors": errors}, status=422 if errors else 200)


def _password_errors(request: DeskRequest) -> list[dict[str, str]]:
    old, new, again = (request.POST.get(k, "") for k in ("old", "new", "again"))
    errors = []
    too_long = max(len(old), len(new)) > _LONGEST["password"] or "\x00" in old + new
    if too_long or not request.user.check_password(old):
        errors.append({"field": "old", "reason": "现在的密码不对", "todo": "请输入您登录时用的密码。"})
    if new != again:
        errors.append({"field": "again", "reason": "两次输入的新密码不一致", "todo": "请重新输入。"})
    if not too_long:
        try:
            validate_password(new, request.user)
        except ValidationError as wrong:
            errors += [{"field": "new", "reason": m, "todo": "请换一个密码。"} for m in wrong.messages]
    if new and new == old:
        errors.append({"field": "new", "reason": "新密码与现在的密码相同", "todo": "请换一个密码。"})
    return errors


def _password_field(
    errors: list[dict[str, str]], name: str, label: str, autocomplete: str, help: str = ""
) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "help": help,
        "required": True,
        "widget": "password",
        "error": "；".join(e["reason"] for e in errors if e["field"] == name),
        "attrs": {"autocomplete": autocomplete, "required": True},
    }


def _login_page(request: HttpRequest, error: str = "", username: str = "") -> HttpResponse:
    context = {
        "department": settings.DEPARTMENT,
        "error": error,
        "username": username,
        "next": _next(request, default=""),
        "demo_people": _demo_people() if settings.MODE == "demo" else [],
    }
    return render(request, "desk/login.html", context, status=422 if error else 200)


def _next(request: HttpRequest, default: str = "/") -> str:
    """Where to go afterwards: only an address of this site, never one that a letter could have smuggled in."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return default


def _demo_people() -> list[dict[str, str]]:
    """Everybody with a duty today, in the order of the units (1 query)."""
    people: dict[str, dict[str, Any]] = {}
    duties = Duty.objects.on(today()).filter(staff__is_active=True).select_related("staff", "unit")
    for duty in duties.order_by("staff_id", "id"):
        person = people.setdefault(
            duty.staff.username,
            {
                "username": duty.staff.username,
                "name": duty.staff.name,
                "unit": duty.unit.name if duty.unit else "其他",
                "order": duty.unit_id or 1_000_000,
                "roles": [],
                "post": duty.staff.title,
            },
        )
        person["roles"].append(duty.role_label)
    for person in people.values():
        person["title"] = person["post"] or "、".join(person["roles"])
    return sorted(people.values(), key=lambda p: p["order"])


def _plain(text: str) -> str:
    return text.replace("\x00", "")
