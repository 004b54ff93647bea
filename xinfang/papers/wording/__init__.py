"""What each paper says: its wording, the fields a wording may use, and the text composed from a case."""

from xinfang.papers.owed import OWED_BY, TOLD_BY

from .blanks import blanks
from .check import check_wording, sample_text
from .compose import compose, content_of, default_wording
from .kinds import FIELDS

__all__ = [
    "FIELDS",
    "OWED_BY",
    "TOLD_BY",
    "blanks",
    "check_wording",
    "compose",
    "content_of",
    "default_wording",
    "sample_text",
]
