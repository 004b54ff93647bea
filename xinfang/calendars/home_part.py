"""Which years have no published schedule of holidays: their due dates are provisional."""

from django.urls import reverse

from xinfang.accounts.pages import DeskRequest
from xinfang.calendars.queries import imported_years
from xinfang.core.clock import today
from xinfang.procedure.visibility import ADMINISTERS
from xinfang.procedure.words import Role
from xinfang.web.home import HomePart

_NEXT_FROM_MONTH = 11
"""From this month on the schedule of the next year is usually published."""


def parts(request: DeskRequest) -> list[HomePart]:
    """Return the years whose schedule is missing, for who keeps the calendar (1 query)."""
    if not request.actor.has(Role.SYSTEM_ADMINISTRATOR, *(ADMINISTERS if today().month >= _NEXT_FROM_MONTH else ())):
        return []
    day, known = today(), imported_years()
    years = [day.year] + ([day.year + 1] if day.month >= _NEXT_FROM_MONTH else [])
    return [
        {
            "title": "工作日历",
            "rows": [
                {
                    "label": f"{year}年节假日安排",
                    "value": "尚未导入，期限暂定",
                    "url": reverse("calendar"),
                    "kind": "soon" if year > day.year else "late",
                }
                for year in years
                if year not in known
            ],
        }
    ]
