"""At every request of a person who is signed in: end a session that is over, ask for an own password."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from xinfang.accounts.actions.passwords import must_change_password
from xinfang.core.clock import today

from .actions import sign_ins
from .models import SignIn

_WORDS = {
    SignIn.Why.IDLE: "您已 {minutes} 分钟没有操作，为安全起见已退出，请重新登录。没有提交的内容如已存为草稿，登录后仍在。",
    SignIn.Why.TOO_LONG: "这次登录已满 {hours} 小时，请重新登录。没有提交的内容如已存为草稿，登录后仍在。",
    SignIn.Why.GONE: "此账号已停用或使用人已离任，不能继续使用。",
}
BACKGROUND_HEADER = "X-Live"
"""Sent by a page that refreshes itself (static/js/live.js): nobody works there, so it keeps no session open."""


class SessionMiddleware:
    """Ends sessions that are over, and sends a person with a one-time password to choose their own (no query)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in place of the page where the session is over or the password must be changed.

        The session of a person who isn't signed in is not touched.
        """
        # Nothing to do for a person who isn't signed in, and no reason to touch their session.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            answer = self._look_after(request)
            if answer is not None:
                return answer
        return self.get_response(request)

    def _look_after(self, request: HttpRequest) -> HttpResponseBase | None:
        if sign_ins.SESSION_KEY not in request.session:
            # Not made by this program's sign-in, so nobody could see or end it.
            sign_ins.end_this_session(request, SignIn.Why.GONE)
            return None
        now = timezone.now()
        why = sign_ins.why_session_is_over(request.session, now)
        staff = request.user
        if why is None and (staff.is_anonymous or (staff.left_on and staff.left_on < today(now))):
            # Anonymous: the account is closed, or its password was changed elsewhere.
            why = SignIn.Why.GONE
        if why is not None:
            sign_ins.end_this_session(request, why)
            words = _WORDS[why].format(minutes=settings.SESSION_IDLE_MINUTES, hours=settings.SESSION_HOURS)
            messages.info(request, words)
            return None
        if request.headers.get(BACKGROUND_HEADER) != "1":
            sign_ins.record_use(request.session, now)
        assert staff.is_authenticated
        if must_change_password(staff) and request.path not in (reverse("password"), reverse("logout")):
            return redirect_page(request, reverse("password"))
        return None


def redirect_page(request: HttpRequest, url: str) -> HttpResponse:
    """Lead to another page instead of this one; a part of a page asked for by htmx leads the whole page there."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
