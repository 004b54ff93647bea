"""The log of what is changed beside the cases, the ends of the chains, and the daily seals. Appended, never changed."""

from django.conf import settings
from django.db import models

from xinfang.vault.hash_chain import FIRST_PREVIOUS_HASH, Canonical


class AdminRecord(models.Model):
    """What was changed beside the cases: units, staff, duties, settings, calendars.

    Appended for the auditors, never changed.
    """

    append_only = True

    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="办理人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """Empty when it was done at the command line of the server."""
    what = models.CharField("事项", max_length=40)
    target = models.CharField("对象", max_length=120)
    detail = models.JSONField("内容", default=dict, encoder=Canonical)
    hash = models.CharField(max_length=64, default="")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["target", "-id"], name="admin_event_by_target")]

    def __str__(self) -> str:
        return f"{self.what}：{self.target}"


class ChainHead(models.Model):
    """The last record of a chain that runs over all cases. Appending to the chain locks it first."""

    name = models.CharField(max_length=12, primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=FIRST_PREVIOUS_HASH)


class Seal(models.Model):
    """One hash over every event, access log entry and administrative record since the seal before.

    Made daily, and meant to be kept elsewhere.
    """

    append_only = True

    number = models.PositiveIntegerField("序号", unique=True)
    day = models.DateField("日期")
    made_at = models.DateTimeField("时间")
    last_event = models.PositiveBigIntegerField()
    last_access = models.PositiveBigIntegerField()
    last_admin = models.PositiveBigIntegerField()
    records = models.PositiveBigIntegerField("记录数")
    digest = models.CharField(max_length=64)
    hash = models.CharField("封印", max_length=64)

    class Meta:
        ordering = ["-number"]
