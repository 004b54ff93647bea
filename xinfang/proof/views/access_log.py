"""查看记录, for the auditor: who looked at which case, when, how and why. No case content."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.cases.queries.logs import access_log_entries
from xinfang.core.pagination import InvalidCursor, paginate
from xinfang.procedure.words import Role
from xinfang.proof.log_filters import day_fields, number_field, person_field, read_log_filter, select_field
from xinfang.proof.log_rows import ACCESS_KINDS, AccessLogRow, access_log_row
from xinfang.proof.views.step_log import AuditorLogContext
from xinfang.web.list_pages import cursor_from, list_address, pager_context
from xinfang.web.page_frame import render_page

PAGE_SIZE = 50
NAV_ROUTE = "looks"


@require_safe
@desk_page(Role.AUDITOR)
def access_log(request: DeskRequest) -> HttpResponse:
    """Show every entry of the access log, newest first, by case, days, person and kind where asked."""
    notes: list[str] = []
    read = read_log_filter(request.GET.dict(), notes, ACCESS_KINDS, who="查看人")
    person = read.person.pk if read.person else None
    rows = access_log_entries(petition=read.petition, since=read.since, until=read.until, person=person, what=read.what)
    cursor, direction = cursor_from(request)
    try:
        page = paginate(rows, ("id",), limit=PAGE_SIZE, descending=True, cursor=cursor, direction=direction)
    except InvalidCursor:
        notes.append("地址中的翻页位置不对，已从头显示。")
        page = paginate(rows, ("id",), limit=PAGE_SIZE, descending=True)
    context: AuditorLogContext[AccessLogRow] = {
        "rows": [access_log_row(a) for a in page.rows],
        "page": pager_context(reverse(NAV_ROUTE), read.given, page),
        "fields": [
            number_field(read),
            *day_fields(read),
            select_field("what", "方式", "全部", read.what, ACCESS_KINDS),
            person_field(read, "查看人"),
        ],
        "notes": notes,
        "narrowed": any(read.given.values()),
        "export_url": list_address(reverse("list-export"), {"list": "looks", **read.given}),
    }
    return render_page(request, "proof/looks.html", context, here="log")
