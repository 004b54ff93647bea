"""What this feature adds to the navigation."""

from xinfang.procedure.visibility import SEES_CHANGES
from xinfang.web.page_frame import NavEntry

ENTRIES = (NavEntry(250, "人员变更", "changes", SEES_CHANGES),)
