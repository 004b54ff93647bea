"""Exports of personal data: asked for with a reason, agreed to by another, made once. Appended, never changed."""

from django.db import models

from xinfang.accounts.models import Staff
from xinfang.audit.noted_rows import NotedModel
from xinfang.procedure.exports import ExportKind

from .case import Petition, _choices


class ExportRequest(NotedModel):
    """Somebody asks to export personal data. `petition` is empty where it isn't of one case."""

    append_only = True

    kind = models.CharField("导出什么", max_length=12, choices=_choices(ExportKind))
    petition = models.ForeignKey(Petition, null=True, on_delete=models.PROTECT, related_name="+")
    part = models.CharField("哪一部分", max_length=10, blank=True)
    reason = models.CharField("理由", max_length=200)
    by = models.ForeignKey(Staff, verbose_name="申请人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("申请时间")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["by", "kind", "-id"], name="export_by_asker")]


class ExportAnswer(NotedModel):
    """The second person's word on an export."""

    append_only = True

    request = models.OneToOneField(ExportRequest, on_delete=models.PROTECT, related_name="answer")
    agree = models.BooleanField("同意")
    opinion = models.CharField("意见", max_length=200, blank=True)
    by = models.ForeignKey(Staff, verbose_name="审批人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("审批时间")

    class Meta:
        ordering = ["-id"]


class ExportMade(NotedModel):
    """The export was made: an agreement is good for one."""

    append_only = True

    request = models.OneToOneField(ExportRequest, on_delete=models.PROTECT, related_name="made")
    at = models.DateTimeField("导出时间")

    class Meta:
        ordering = ["-id"]
