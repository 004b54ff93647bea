"""What is shown when something can't be shown: in Chinese, with what to do. No page here touches the database."""

import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from xinfang.core.disk_full import NothingSaved, is_disk_full

_LOST = (
    "页面停留太久，或者在另一个窗口里退出、换人登录过，这次提交的安全标记已经失效。"
    "没有改动任何事项。请返回上一页刷新，恢复草稿后再提交。"
)
_NO_COOKIE = "浏览器没有带来安全标记（Cookie 被关闭或清除）。没有改动任何事项。请允许本系统使用 Cookie 后重新登录。"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show 400, and 413 for a form with too much text in it.

    Where the disk is full or the database is gone, a session that can't be written comes here too, after the step was
    saved.
    """
    if isinstance(exception, RequestDataTooBig):
        return _page(request, "413", 413)
    if is_disk_full(exception):
        return _page(request, "507", 507, {"nothing_saved": False})
    return _page(request, "503", 503) if _database_gone(exception) else _page(request, "400", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show 403."""
    return _page(request, "403", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Show 404: hidden and missing look alike, however they were asked for."""
    return _page(request, "404", 404, {"sent": True})


def server_error(request: HttpRequest) -> HttpResponse:
    """Show 500; 507 where the disk is full, 503 where the database is gone.

    What failed may be the database, so nothing is asked of it.
    """
    error = sys.exc_info()[1]  # Django calls this while it handles the error
    if is_disk_full(error):
        return _page(request, "507", 507, {"nothing_saved": isinstance(error, NothingSaved)})
    return _page(request, "503", 503) if _database_gone(error) else _page(request, "500", 500)


def _database_gone(error: BaseException | None) -> bool:
    """Tell whether this error, or what it came from, is the database's absence.

    Then nobody knows here what it had saved before.
    """
    while error is not None:
        if isinstance(error, (OperationalError, InterfaceError)):
            return True
        error = error.__cause__ or error.__context__
    return False


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """Show 429: the same was asked too often."""
    wait = f"{seconds} 秒" if seconds < 100 else f"{-(-seconds // 60)} 分钟"
    return _page(request, "429", 429, {"wait": wait})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form sent from a page that was open too long. What was typed survives as a draft."""
    missing = settings.CSRF_COOKIE_NAME not in request.COOKIES
    return _page(request, "403", 403, {"reason": _NO_COOKIE if missing else _LOST})


def _page(request: HttpRequest, name: str, status: int, context: dict[str, Any] | None = None) -> HttpResponse:
    # The template doesn't get the request, so no context processor runs: no session, no user, no query.
    words = {"department": settings.DEPARTMENT, "sent": request.method == "POST", **(context or {})}
    # On a window apart there are no pages of the desk to lead back to.
    template = settings.ERROR_TEMPLATE or f"web/errors/{name}.html"
    return HttpResponse(render_to_string(template, {"code": name, **words}), status=status)
