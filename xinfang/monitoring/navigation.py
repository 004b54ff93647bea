"""What this feature adds to the navigation."""

from xinfang.web.page_frame import NavEntry

from .queries import SEES_STATUS

ENTRIES = (NavEntry(265, "系统状况", "status", SEES_STATUS),)
