"""What this feature adds to the navigation."""

from xinfang.procedure.visibility import KNOWS_OF_DECISIONS
from xinfang.procedure.words import Role
from xinfang.web.page_frame import NavEntry

ENTRIES = (NavEntry(120, "奖惩记录", "rewards", (*KNOWS_OF_DECISIONS, Role.UNIT_HEAD)),)
