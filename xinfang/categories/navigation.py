"""What this feature adds to the navigation."""

from xinfang.procedure.visibility import ADMINISTERS
from xinfang.web.shell import NavEntry

ENTRIES = (NavEntry(230, "内容分类", "/categories/", ADMINISTERS),)
