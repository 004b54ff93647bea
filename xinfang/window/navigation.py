"""What this feature adds to the desk's navigation."""

from xinfang.procedure.waiting_submissions import CLEARS, CLEARS_REPORTS
from xinfang.web.page_frame import NavEntry

ENTRIES = (NavEntry(25, "窗口待登记", "clearing", (*CLEARS, *CLEARS_REPORTS)),)
