"""操作记录, for the auditor: who did which step when. No content, no subject, no petitioner."""

from typing import Generic, TypedDict, TypeVar

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.cases.queries.logs import events_of_all_cases
from xinfang.core.pagination import InvalidCursor, paginate
from xinfang.procedure.words import Role
from xinfang.proof.log_filters import day_fields, number_field, person_field, read_log_filter
from xinfang.proof.log_rows import StepLogRow, step_log_row
from xinfang.web.form_types import Field
from xinfang.web.list_pages import cursor_from, list_address, pager_context
from xinfang.web.page_frame import render_page

PAGE_SIZE = 50
NAV_ROUTE = "log"


R = TypeVar("R")


class AuditorLogContext(TypedDict, Generic[R]):
    """A page of a log, with what narrows it."""

    rows: list[R]
    page: dict[str, str]
    fields: list[Field]
    notes: list[str]
    narrowed: bool
    export_url: str


@require_safe
@desk_page(Role.AUDITOR)
def step_log(request: DeskRequest) -> HttpResponse:
    """Show every event of every case, newest first, by case, days and person where asked."""
    notes: list[str] = []
    read = read_log_filter(request.GET.dict(), notes)
    person = read.person.pk if read.person else None
    events = events_of_all_cases(petition=read.petition, since=read.since, until=read.until, person=person)
    cursor, direction = cursor_from(request)
    try:
        page = paginate(events, ("id",), limit=PAGE_SIZE, descending=True, cursor=cursor, direction=direction)
    except InvalidCursor:
        notes.append("地址中的翻页位置不对，已从头显示。")
        page = paginate(events, ("id",), limit=PAGE_SIZE, descending=True)
    context: AuditorLogContext[StepLogRow] = {
        "rows": [step_log_row(e) for e in page.rows],
        "page": pager_context(reverse(NAV_ROUTE), read.given, page),
        "fields": [number_field(read), *day_fields(read), person_field(read, "人员")],
        "notes": notes,
        "narrowed": any(read.given.values()),
        "export_url": list_address(reverse("list-export"), {"list": "steps", **read.given}),
    }
    return render_page(request, "proof/log.html", context, here=NAV_ROUTE)
