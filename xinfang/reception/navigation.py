"""What this feature adds to the navigation."""

from xinfang.procedure.visibility import SEES_RECEPTION
from xinfang.web.page_frame import NavEntry

ENTRIES = (NavEntry(75, "领导接访", "reception", SEES_RECEPTION),)
