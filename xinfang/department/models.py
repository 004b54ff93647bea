"""The settings of the department."""

from django.db import models

from xinfang.accounts.models import Staff
from xinfang.audit.noted_rows import NotedModel


class EffectiveSetting(NotedModel):
    """A setting with the day from which it holds, e.g. the reception place (H7).

    Changes are added, never overwritten.
    """

    name = models.CharField("设置", max_length=40)
    value = models.CharField("值", max_length=2000)
    since = models.DateField("起")
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT)
    reason = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        ordering = ["name", "-since", "-id"]
