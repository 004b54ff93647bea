"""What this feature adds to the navigation."""

from xinfang.web.page_frame import NavEntry

ENTRIES = (NavEntry(245, "常用语", "phrases"),)
