"""What this feature adds to the navigation."""

from xinfang.procedure.visibility import SEES_FIGURES
from xinfang.web.page_frame import NavEntry

ENTRIES = (NavEntry(90, "统计分析", "figures", SEES_FIGURES),)
