"""What this feature adds to the navigation."""

from xinfang.procedure.visibility import EXCHANGES
from xinfang.web.page_frame import NavEntry

ENTRIES = (NavEntry(100, "自治区系统交换", "exchange", EXCHANGES),)
