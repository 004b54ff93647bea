"""All case tables: one app, one migration history."""

from .calendar import CalendarDay, CalendarYear
from .case import Deadline, Event, PaperOwed, Petition, Petitioner, Request, Seeing, Task
from .desk import AdminEvent, Category, DatedSetting, Draft, Notice, NumberSeries
from .files import Attachment
from .proof import Access, ChainHead, Seal

__all__ = [
    "Access",
    "AdminEvent",
    "Attachment",
    "CalendarDay",
    "CalendarYear",
    "Category",
    "ChainHead",
    "DatedSetting",
    "Deadline",
    "Draft",
    "Event",
    "Notice",
    "NumberSeries",
    "PaperOwed",
    "Petition",
    "Petitioner",
    "Request",
    "Seal",
    "Seeing",
    "Task",
]
