"""The tables of a case."""

from xinfang.cases.models.access_log import AccessLogEntry
from xinfang.cases.models.case import (
    CaseVisibility,
    Deadline,
    Event,
    EventText,
    Petition,
    Petitioner,
    Request,
    RequiredPaper,
    Task,
)
from xinfang.cases.models.exports import ExportAnswer, ExportMade, ExportRequest

__all__ = [
    "AccessLogEntry",
    "CaseVisibility",
    "Deadline",
    "Event",
    "EventText",
    "ExportAnswer",
    "ExportMade",
    "ExportRequest",
    "Petition",
    "Petitioner",
    "Request",
    "RequiredPaper",
    "Task",
]
