"""All case tables: one app, one migration history."""

from .calendar import CalendarDay, CalendarYear
from .case import Deadline, Event, PaperOwed, Petition, Petitioner, Request, Seeing, Task
from .desk import AdminEvent, Category, DatedSetting, Draft, Notice, NumberSeries

__all__ = [
    "AdminEvent",
    "CalendarDay",
    "CalendarYear",
    "Category",
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
    "Seeing",
    "Task",
]
