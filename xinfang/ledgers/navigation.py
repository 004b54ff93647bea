"""What this feature adds to the navigation."""

from xinfang.procedure.visibility import BRINGS_LEDGERS
from xinfang.web.page_frame import NavEntry

ENTRIES = (NavEntry(37, "旧台账导入", "ledgers", BRINGS_LEDGERS),)
