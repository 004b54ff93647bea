"""What this feature adds to the navigation."""

from xinfang.procedure.visibility import HANDLES_PAPERS
from xinfang.web.page_frame import NavEntry

ENTRIES = (NavEntry(40, "文书", "papers", HANDLES_PAPERS),)
