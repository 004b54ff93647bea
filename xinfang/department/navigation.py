"""What this feature adds to the navigation."""

from xinfang.procedure.visibility import ADMINISTERS
from xinfang.web.page_frame import NavEntry

ENTRIES = (NavEntry(260, "本厅设置", "settings", ADMINISTERS),)
