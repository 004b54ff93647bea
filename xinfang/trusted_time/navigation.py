"""What this feature adds to the navigation."""

from xinfang.web.page_frame import NavEntry

from .actions import CONFIRMS_TIME

ENTRIES = (NavEntry(270, "系统时间", "time", CONFIRMS_TIME),)
