"""The words of a periodic report (条例41), which people write around the tables.

Each saving is a version; none is changed.
"""

from django.db import models

from xinfang.accounts.models import Staff
from xinfang.audit.noted_rows import NotedModel

from .versions import ReportVersion


class ReportText(NotedModel):
    """One revision of the text of one period's report, for the department or for everybody.

    It names no petitioner. While it is a draft its figures are counted again each time; a finished one keeps those of
    its day.
    """

    period = models.CharField("统计期", max_length=10)
    version = models.CharField("版本", max_length=10, choices=[(str(v.value), v.label) for v in ReportVersion])
    revision = models.PositiveIntegerField("版次")
    text = models.TextField("正文")
    figures = models.JSONField("定稿时的统计数字", null=True)
    """As `stored_report` writes them; empty in a draft."""
    by = models.ForeignKey(Staff, verbose_name="编写人", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["period", "version", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["period", "version", "revision"], name="report_revision_is_unique")
        ]

    @property
    def finished(self) -> bool:
        """Whether this is no draft any more: it is signed and dated."""
        return self.figures is not None
