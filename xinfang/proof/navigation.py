"""What this feature adds to the navigation."""

from xinfang.procedure.words import Role
from xinfang.web.page_frame import NavEntry

ENTRIES = (NavEntry(280, "操作记录", "log", (Role.AUDITOR,)),)
