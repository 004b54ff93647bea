"""查看记录, for the auditor: who looked at which case, when, how and why. No case content."""

from typing import TYPE_CHECKING, TypedDict

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.staff import staff_names
from xinfang.cases.queries.logs import access_log_entries, petition_key
from xinfang.core.clock import SHANGHAI
from xinfang.core.pagination import InvalidCursor, paginate
from xinfang.procedure.words import AccessKind, Role
from xinfang.proof.views.step_log import AuditorLogContext
from xinfang.web.form_types import Field
from xinfang.web.list_pages import choice_from, cursor_from, day_from, pager_context
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from xinfang.cases.models import AccessLogEntry

PAGE_SIZE = 50
NAV_ROUTE = "looks"
_FIELDS = {"phone": "电话", "address": "住址", "id_number": "证件号码"}


@require_safe
@desk_page(Role.AUDITOR)
def access_log(request: DeskRequest) -> HttpResponse:
    """Show every entry of the access log, newest first, by case, day, person and kind where asked."""
    notes: list[str] = []
    people = staff_names()
    keys = {s.username: s.pk for s in people}
    kinds = {str(w.value): w.label for w in AccessKind}
    who = choice_from(request.GET.get("who", "").strip()[:150], "查看人", keys, notes)
    what = choice_from(request.GET.get("what", "").strip()[:20], "方式", kinds, notes)
    day = day_from(request.GET.get("day", "")[:20], "日期", notes)
    number = request.GET.get("number", "").strip().upper()[:20]
    petition = petition_key(number) if number else None
    if number and petition is None:
        notes.append("没有这个编号，已显示全部。")
        number = ""
    rows = access_log_entries(petition=petition, day=day, person=keys.get(who), what=what)
    cursor, direction = cursor_from(request)
    try:
        page = paginate(rows, ("id",), limit=PAGE_SIZE, descending=True, cursor=cursor, direction=direction)
    except InvalidCursor:
        notes.append("地址中的翻页位置不对，已从头显示。")
        page = paginate(rows, ("id",), limit=PAGE_SIZE, descending=True)
    given = {"number": number, "who": who, "what": what, "day": day.isoformat() if day else ""}
    context: AuditorLogContext[AccessLogRow] = {
        "rows": [_row(a) for a in page.rows],
        "page": pager_context(reverse(NAV_ROUTE), given, page),
        "fields": [
            {"name": "number", "label": "编号", "widget": "line", "value": number, "attrs": {"maxlength": 20}},
            {"name": "day", "label": "日期", "widget": "date", "value": given["day"]},
            _select("what", "方式", "全部", what, list(kinds.items())),
            _select("who", "查看人", "所有人", who, [(s.username, s.name) for s in people]),
        ],
        "notes": notes,
        "narrowed": any(given.values()),
    }
    return render_page(request, "proof/looks.html", context, here="log")


class AccessLogRow(TypedDict):
    """Who looked at which case, and why."""

    when: str
    number: str
    what: str
    who: str
    reason: str
    fields: str


def _select(name: str, label: str, everything: str, chosen: str, choices: list[tuple[str, str]]) -> Field:
    options = [("", everything, not chosen), *((value, words, value == chosen) for value, words in choices)]
    return {"name": name, "label": label, "widget": "select", "choices": options}


def _row(look: "AccessLogEntry") -> AccessLogRow:
    return {
        "when": f"{timezone.localtime(look.at, SHANGHAI):%Y-%m-%d %H:%M:%S}",
        "number": look.petition.number,
        "what": look.get_what_display(),
        "who": look.by.name if look.by else "服务器命令行",
        "reason": look.reason,
        "fields": "、".join(_FIELDS.get(f, f) for f in look.detail.get("fields", [])),
    }
