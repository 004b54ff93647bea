"""All case tables: one app, one migration history."""

from .calendar import CalendarDay, CalendarYear
from .case import Deadline, Event, PaperOwed, Petition, Petitioner, Request, Seeing, Task
from .desk import AdminEvent, Category, DatedSetting, Draft, Notice, NumberSeries
from .files import Attachment
from .papers import Paper, PaperText, Wording
from .proof import Access, ChainHead, Seal
from .reading import FileView, Reading, Upload

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
    "FileView",
    "Notice",
    "NumberSeries",
    "Paper",
    "PaperOwed",
    "PaperText",
    "Petition",
    "Petitioner",
    "Reading",
    "Request",
    "Seal",
    "Seeing",
    "Task",
    "Upload",
    "Wording",
]
