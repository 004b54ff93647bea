"""The words of a periodic report (条例41), which people write around the tables.

Each saving is a version; none is changed.
"""

from django.db import models

from xinfang.accounts.models import Staff


class ReportText(models.Model):
    """One version of the text of one period's report.

    It names no petitioner; the tables are counted again each time.
    """

    period = models.CharField("统计期", max_length=10)
    revision = models.PositiveIntegerField("版次")
    text = models.TextField("正文")
    by = models.ForeignKey(Staff, verbose_name="编写人", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["period", "revision"]
        constraints = [models.UniqueConstraint(fields=["period", "revision"], name="report_revision_is_unique")]
