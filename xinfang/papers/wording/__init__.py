"""What each paper says: its wording, the fields a wording may use, and the text composed from a case."""

from xinfang.papers.required_papers import COMPOSED_FROM, REQUIRED_BY
from xinfang.papers.wording.blanks import unfilled_blanks
from xinfang.papers.wording.compose import compose_paper, default_wording, paper_content

from .check import check_wording, sample_text
from .kinds import FIELDS

__all__ = [
    "COMPOSED_FROM",
    "FIELDS",
    "REQUIRED_BY",
    "check_wording",
    "compose_paper",
    "default_wording",
    "paper_content",
    "sample_text",
    "unfilled_blanks",
]
