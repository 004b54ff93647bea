"""What this feature adds to the navigation."""

from xinfang.procedure.visibility import SEES_SAMPLES, SEES_SUPERVISION
from xinfang.web.page_frame import NavEntry

ENTRIES = (
    NavEntry(80, "督办", "supervision", SEES_SUPERVISION),
    NavEntry(82, "抽查", "sample", SEES_SAMPLES),
)
