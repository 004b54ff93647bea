"""The tables of a case."""

from .access import Access
from .case import Deadline, Event, EventText, PaperOwed, Petition, Petitioner, Request, Seeing, Task

__all__ = [
    "Access",
    "Deadline",
    "Event",
    "EventText",
    "PaperOwed",
    "Petition",
    "Petitioner",
    "Request",
    "Seeing",
    "Task",
]
