"""The numbers of urgent events, e.g. TF2026-003, and of their written reports, e.g. 内科信专〔2026〕2号."""

from xinfang.core.numbering import Series
from xinfang.papers.series import BY_PREFIX
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.words import PaperKind

from .models import Incident


def _events(stem: str) -> list[str]:
    return list(Incident.objects.filter(number__startswith=stem).values_list("number", flat=True))


def _reports(stem: str) -> list[str]:
    return list(Incident.objects.filter(report_number__startswith=stem).values_list("report_number", flat=True))


EVENTS = Series("TF", "TF{year}-{n:03d}", _events)
_REPORTS = BY_PREFIX[PAPERS[PaperKind.URGENT_REPORT].series]
SERIES = (EVENTS, Series(_REPORTS.prefix, _REPORTS.pattern, _reports))
