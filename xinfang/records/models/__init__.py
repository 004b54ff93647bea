"""All case tables: one app, one migration history."""

from .archive import ArchivedFile, DisposalList
from .calendar import CalendarDay, CalendarYear
from .case import Deadline, Event, PaperOwed, Petition, Petitioner, Request, Seeing, Task
from .desk import AdminEvent, Category, DatedSetting, Draft, Notice, NumberSeries
from .exchange import ExchangeMark, Incoming, Outgoing
from .files import Attachment
from .incidents import Incident, IncidentFile
from .installation import Installation
from .papers import Paper, PaperText, Wording
from .proof import Access, ChainHead, Seal
from .reading import FileView, Reading, Upload
from .reports import ReportText
from .rewards import Decision, DecisionAnswer, DecisionKey
from .supervision import Lapse, WeeklyDigest
from .trusted_time import TrustedTime

__all__ = [
    "Access",
    "AdminEvent",
    "ArchivedFile",
    "Attachment",
    "CalendarDay",
    "CalendarYear",
    "Category",
    "ChainHead",
    "DatedSetting",
    "Deadline",
    "Decision",
    "DecisionAnswer",
    "DecisionKey",
    "DisposalList",
    "Draft",
    "Event",
    "ExchangeMark",
    "FileView",
    "Incident",
    "IncidentFile",
    "Incoming",
    "Installation",
    "Lapse",
    "Notice",
    "NumberSeries",
    "Outgoing",
    "Paper",
    "PaperOwed",
    "PaperText",
    "Petition",
    "Petitioner",
    "Reading",
    "ReportText",
    "Request",
    "Seal",
    "Seeing",
    "Task",
    "TrustedTime",
    "Upload",
    "WeeklyDigest",
    "Wording",
]
