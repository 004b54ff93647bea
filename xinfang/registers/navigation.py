"""What this feature adds to the navigation."""

from xinfang.procedure.exports import EXPORTS_CASES
from xinfang.procedure.words import Role
from xinfang.web.page_frame import NavEntry

ENTRIES = (NavEntry(35, "台账与导出", "registers", (*EXPORTS_CASES, Role.AUDITOR)),)
