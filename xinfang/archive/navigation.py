"""What this feature adds to the navigation."""

from xinfang.procedure.visibility import SEES_ARCHIVE
from xinfang.web.page_frame import NavEntry

ENTRIES = (NavEntry(110, "机要室归档", "archive", SEES_ARCHIVE),)
