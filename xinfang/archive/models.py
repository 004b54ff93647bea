"""The archive room's own rows: which file has which number until when, and the lists of what is to be destroyed."""

import importlib.metadata
from functools import cache

from django.db import models
from django.db.models import F

from xinfang.accounts.models import Staff
from xinfang.audit.noted_rows import NotedModel
from xinfang.cases.models import Petition
from xinfang.cases.models.case import _choices
from xinfang.procedure.words import Retention


class DisposalList(NotedModel):
    """Files whose period is over, proposed together for destruction; another person decides.

    What happened is on record in the cases.
    """

    class Outcome(models.TextChoices):
        WAITING = "", "待审批"
        APPROVED = "approved", "已批准销毁"
        REFUSED = "refused", "不同意销毁"

    number = models.CharField("清单号", max_length=30, unique=True)
    reason = models.TextField("鉴定意见")
    proposed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间")
    decided_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("审批时间", null=True)
    outcome = models.CharField("结果", max_length=8, choices=Outcome.choices, blank=True, default=Outcome.WAITING)
    opinion = models.TextField("意见", blank=True)

    class Meta:
        ordering = ["-id"]


class ArchiveVolume(NotedModel):
    """A file in the archive room: a projection of the case's events, for lists by number and by end of the period."""

    petition = models.OneToOneField(Petition, primary_key=True, on_delete=models.PROTECT, related_name="archived_file")
    volume = models.CharField("档号", max_length=40, unique=True)
    retention = models.CharField("保管期限", max_length=12, choices=_choices(Retention))
    archived_on = models.DateField("归档日期")
    until = models.DateField("保管至", null=True)
    """Empty where it is kept for ever."""
    destroyed_on = models.DateField("销毁日期", null=True)
    listed = models.ForeignKey(DisposalList, null=True, on_delete=models.PROTECT, related_name="files")
    """The latest list that names it."""

    class Meta:
        ordering = ["-archived_on", "-petition_id"]
        indexes = [
            models.Index(fields=["destroyed_on", "until", "petition"], name="archived_by_end"),
            models.Index(fields=["archived_on", "petition"], name="archived_by_day"),
        ]


class BoundVolume(models.Model):
    """How much a volume of a file held when its leaves were counted last, so that lists need not count.

    No projection: it is counted again whenever the case has moved on, or another version of the program lays out what
    is printed again (`actions.counting`).
    """

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="bound_volumes")
    apart = models.BooleanField("密封卷")
    revision = models.PositiveIntegerField("案件版次")
    """Of the case, when it was counted."""
    program = models.CharField("程序版本", max_length=40)
    items = models.PositiveIntegerField("件数")
    pages = models.PositiveIntegerField("页数")
    first_day = models.DateField("起", null=True)
    last_day = models.DateField("止", null=True)
    year = models.PositiveSmallIntegerField("年度", null=True)

    class Meta:
        ordering = ["petition_id", "apart"]
        constraints = [models.UniqueConstraint(fields=["petition", "apart"], name="bound_volume_is_unique")]

    @classmethod
    def current(cls) -> "models.QuerySet[BoundVolume]":
        """Return what still holds: counted since the case last moved, by this version of the program."""
        return cls._default_manager.filter(revision=F("petition__revision"), program=program_version())


@cache
def program_version() -> str:
    """Return the version of this program."""
    return importlib.metadata.version("xinfang")
