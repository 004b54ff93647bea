"""The monthly and the annual report as somebody downloads them.

Figures, charts, PDF, in a process that served pages but drew nothing.
"""

import time
from typing import Any

from django.urls import reverse

from xinfang.core.clock import today
from xinfang.figures.periods import Span, period_of

from .pages import USERS, Desk


def report_times() -> dict[str, Any]:
    """Time the last whole month and year, through the page.

    The second download of each comes from a process that is warm.
    """
    from xinfang.config.wsgi import application

    desk, day = Desk(application, USERS["clerk"]), today()
    desk.get(reverse("boards"))
    found: dict[str, Any] = {}
    for name, span in (("monthly", Span.MONTH), ("annual", Span.YEAR)):
        period = period_of(span, day).previous
        for again in ("", "_again"):
            start = time.perf_counter()
            status, body = desk.get(reverse("figures-report-file", args=[period.code, "internal", "pdf"]))
            found[f"{name}{again}_s"] = time.perf_counter() - start
            if not status.startswith("200") or not body.startswith(b"%PDF"):
                return {"failed": f"{period.code}: {status}"}
    return found
