"""What this feature adds to the navigation."""

from xinfang.web.page_frame import NavEntry

ENTRIES = (NavEntry(290, "帮助", "help"),)
