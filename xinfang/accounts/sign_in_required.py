"""What is answered when nobody is signed in any more, or somebody else than the page was made for.

Neither takes away what somebody is typing: a script of an open page is told so in JSON and leads nowhere.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from xinfang.accounts.middleware import BACKGROUND_HEADER
from xinfang.web import form_drafts as drafts
from xinfang.web import outbox_answers

from .models import Staff

SESSION_ENDED = "登录已结束。"
MADE_FOR_ANOTHER = "这一页是为另一位同事打开的，现在登录的不是同一个人。没有保存，也没有办理。"


def is_script_request(request: HttpRequest) -> bool:
    """Tell whether a script of an open page asks for a part of it.

    It must not be led to another page, as somebody may be typing there.
    """
    headers = request.headers
    asks = headers.get("HX-Request") == "true" or headers.get("Accept") == "application/json"
    return asks or headers.get(BACKGROUND_HEADER) == "1" or outbox_answers.sent_by_outbox(request)


def sign_in_answer(request: HttpRequest) -> HttpResponse:
    """Return 401 for a script; otherwise the sign-in page.

    That page says what became of a form that was sent, and leads back to it.
    """
    if is_script_request(request):
        return _told(SESSION_ENDED, 401)
    back = request.get_full_path()
    if request.method == "POST":
        kept = "。填写的文字已存为草稿，登录后在原来的表单里恢复" if request.POST.get(drafts.KEPT_FIELD) == "1" else ""
        messages.info(request, f"登录已结束，刚才提交的内容没有办理{kept}。请登录后重新提交。")
        back = _page_of_the_form(request) or back
    return redirect_to_login(back)


def _page_of_the_form(request: HttpRequest) -> str:
    """Return the address of the page that a form was sent from, where it is on this site."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.get_host():
        return ""
    return f"{came.path}?{came.query}" if came.query else came.path


def other_person_answer(request: HttpRequest, staff: Staff) -> HttpResponse:
    """Return 409: nothing was done in the name of the person who is signed in now."""
    if is_script_request(request):
        return _told(MADE_FOR_ANOTHER, 409)
    context = {"department": settings.DEPARTMENT, "name": staff.name, "sent": True}
    return render(request, "web/errors/409.html", context, status=409)


def _told(words: str, status: int) -> JsonResponse:
    return JsonResponse({"message": words}, status=status, json_dumps_params={"ensure_ascii": False})
