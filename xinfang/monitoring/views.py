"""系统状况, for administrators and auditors: every check with what to do, and the last drills."""

from typing import TypedDict

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.audit.queries import latest_admin_records
from xinfang.backup.rehearsal import REHEARSED
from xinfang.core.clock import minute_text
from xinfang.web.page_frame import render_page

from .check import Check, Severity
from .queries import SEES_STATUS, checks

NAV_ROUTE = "status"
MAX_DRILLS_SHOWN = 12


class Drill(TypedDict):
    """One drill, as it was written down."""

    time: str
    file: str
    whole: bool
    petitions: int
    files: int
    minutes: float
    wrong: list[str]


class StatusContext(TypedDict):
    """What was found just now."""

    now: str
    checks: list[Check]
    summary: str
    drills: list[Drill]


@never_cache
@require_safe
@desk_page(*SEES_STATUS)
def status_page(request: DeskRequest) -> HttpResponse:
    """Look at everything once, and show it with the drills of the last months."""
    found = checks()
    context: StatusContext = {
        "now": minute_text(timezone.now()),
        "checks": found,
        "summary": _summary(found),
        "drills": [
            {
                "time": minute_text(r.at),
                "file": r.target,
                "whole": r.detail["whole"],
                "petitions": r.detail["petitions"],
                "files": r.detail["files"],
                "minutes": r.detail["minutes"],
                "wrong": list(r.detail["wrong"]),
            }
            for r in latest_admin_records(REHEARSED, MAX_DRILLS_SHOWN)
        ],
    }
    return render_page(request, "monitoring/status.html", context, here=NAV_ROUTE)


def _summary(found: list[Check]) -> str:
    counts = [(level.label, sum(c.level is level for c in found)) for level in (Severity.FAULT, Severity.REMARK)]
    return "，".join(f"{label} {count} 项" for label, count in counts if count) or "全部正常"
