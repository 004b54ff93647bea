"""The log of what is changed beside the cases, the ends of the chains, and the seals. Appended, never changed."""

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

    name = models.CharField(max_length=60, primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=FIRST_PREVIOUS_HASH)
    mac = models.CharField(max_length=64, default="")
    """Of name, place and hash, under a key of the key folder: who has only the database can't write it."""


class RowState(models.Model):
    """What a row that is no event was after the program changed it, as a keyed digest (`audit.noted_rows`).

    In chains of their own, one for each table, or for each case where steps write the rows.
    """

    append_only = True

    chain = models.CharField("链", max_length=60)
    seq = models.PositiveBigIntegerField("序号")
    at = models.DateTimeField("时间")
    table = models.CharField("表", max_length=60)
    key = models.CharField("行", max_length=64)
    digest = models.CharField("密钥摘要", max_length=64, blank=True)
    """Empty where the row was removed."""
    unexplained = models.BooleanField("来历不明", default=False)
    """Whether the program found the row like this before it changed it, and had not left it like this."""
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="row_state_place_is_unique")]
        indexes = [models.Index(fields=["table", "key", "-id"], name="row_state_by_row")]


class Seal(models.Model):
    """One hash over every event, access log entry and administrative record since the seal before, and one over states.

    Made by every sweep, and sent elsewhere (`SealCopy`).
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
    last_state = models.PositiveBigIntegerField(default=0)
    states = models.CharField("行状态", max_length=64, default="")
    """SM3 over the hashes of the states of rows since then. Beside `hash`, whose form other machines know."""
    mac = models.CharField(max_length=64, default="")
    """Of number, hash and states, under a key of the key folder: who has only the database makes no seal."""

    class Meta:
        ordering = ["-number"]


class SealCopy(models.Model):
    """How far the seals were sent to a place outside the database. It proves nothing: the copies there do."""

    place = models.CharField("何处", max_length=12, primary_key=True)
    number = models.PositiveIntegerField("送到第几号", default=0)
    sent_at = models.DateTimeField("最近一次送出", null=True)
    failed_at = models.DateTimeField("自何时起送不出", null=True)
    why = models.CharField("原因", max_length=200, blank=True)
