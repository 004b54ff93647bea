"""操作记录, for the auditor: who did which step when. No content, no subject, no petitioner."""

from typing import TYPE_CHECKING, Generic, TypedDict, TypeVar

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.staff import staff_names
from xinfang.cases.queries.logs import events_of_all_cases
from xinfang.core.clock import SHANGHAI
from xinfang.core.pagination import InvalidCursor, paginate
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import Role
from xinfang.web.dates import chinese_date
from xinfang.web.form_types import Field
from xinfang.web.list_pages import choice_from, cursor_from, day_from, pager_context
from xinfang.web.page_frame import render_page

if TYPE_CHECKING:
    from xinfang.cases.models import Event

PAGE_SIZE = 50
NAV_ROUTE = "log"
STAGES = {"proposed": "提出，待第二人确认", "confirmed": "确认", "refused": "不同意"}
_ROLES = {str(r.value): r.label for r in Role}


R = TypeVar("R")


class AuditorLogContext(TypedDict, Generic[R]):
    """A page of a log, with what narrows it."""

    rows: list[R]
    page: dict[str, str]
    fields: list[Field]
    notes: list[str]
    narrowed: bool


@require_safe
@desk_page(Role.AUDITOR)
def step_log(request: DeskRequest) -> HttpResponse:
    """Show every event of every case, newest first, by day and person where asked."""
    notes: list[str] = []
    people = staff_names()
    keys = {s.username: s.pk for s in people}
    who = choice_from(request.GET.get("who", "").strip()[:150], "人员", keys, notes)
    day = day_from(request.GET.get("day", "")[:20], "日期", notes)
    events = events_of_all_cases(day=day, person=keys.get(who))
    cursor, direction = cursor_from(request)
    try:
        page = paginate(events, ("id",), limit=PAGE_SIZE, descending=True, cursor=cursor, direction=direction)
    except InvalidCursor:
        notes.append("地址中的翻页位置不对，已从头显示。")
        page = paginate(events, ("id",), limit=PAGE_SIZE, descending=True)
    given = {"who": who, "day": day.isoformat() if day else ""}
    fields: list[Field] = [
        {"name": "day", "label": "记录日期", "widget": "date", "value": given["day"]},
        {
            "name": "who",
            "label": "人员",
            "widget": "select",
            "choices": [("", "所有人", not who), *((s.username, s.name, s.username == who) for s in people)],
        },
    ]
    context: AuditorLogContext[StepLogRow] = {
        "rows": [_row(e) for e in page.rows],
        "page": pager_context(reverse(NAV_ROUTE), given, page),
        "fields": fields,
        "notes": notes,
        "narrowed": bool(who or day),
    }
    return render_page(request, "proof/log.html", context, here=NAV_ROUTE)


class StepLogRow(TypedDict):
    """An event of a case."""

    when: str
    late: str
    number: str
    step: str
    stage: str
    who: str
    entered_by: str
    acting_for: str
    role: str


def _row(event: "Event") -> StepLogRow:
    moment = timezone.localtime(event.recorded_at, SHANGHAI)
    step = STEPS.get(event.code)
    return {
        "when": f"{moment:%Y-%m-%d %H:%M:%S}",
        "late": chinese_date(event.happened_on) if event.happened_on != moment.date() else "",
        "number": event.petition.number,
        "step": step.rule.label if step else event.code,
        "stage": STAGES.get(event.stage, ""),
        "who": event.by.name if event.by else "系统" if event.by_role == Role.SYSTEM else "信访人",
        "entered_by": event.entered_by.name if event.entered_by else "",
        "acting_for": event.acting_for.name if event.acting_for else "",
        "role": _ROLES.get(event.by_role, ""),
    }
