"""What this feature adds to the navigation."""

from xinfang.procedure.waiting_submissions import CLEARS
from xinfang.web.page_frame import NavEntry

ENTRIES = (NavEntry(26, "邮箱来件", "mails", CLEARS),)
