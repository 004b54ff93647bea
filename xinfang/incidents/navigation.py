"""What this feature adds to the navigation."""

from xinfang.procedure.incidents.reporting import ALL_WHO_ATTEND, AT_THE_DESK
from xinfang.web.page_frame import NavEntry

ENTRIES = (
    NavEntry(60, "值班报告", "duty", AT_THE_DESK),
    NavEntry(70, "突发事件", "incidents", ALL_WHO_ATTEND),
)
