"""What this feature adds to the navigation."""

from xinfang.procedure.visibility import ADMINISTERS
from xinfang.web.shell import NavEntry

ENTRIES = (NavEntry(260, "本厅设置", "/settings/", ADMINISTERS),)
