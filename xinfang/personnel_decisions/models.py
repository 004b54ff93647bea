"""Decisions that people made about a unit or a member of staff (H19, H20): appended, never changed, encrypted.

There is no column from which persons could be counted, ranked or scored, and none may be added:
tests/repository/test_never_built.py holds the list of all that is kept.
"""

from django.db import models

from xinfang.accounts.models import Staff
from xinfang.audit.noted_rows import NotedModel
from xinfang.vault.keys import keyring


class Decision(models.Model):
    """One recorded decision about a unit or a member of staff (奖惩).

    What it says and whom it concerns is in `sealed`; the words of its second person in `answer`.
    """

    append_only = True

    number = models.CharField("编号", max_length=20, unique=True)
    decided_on = models.DateField("决定日期")
    concerns = models.CharField("有关的单位或人员", max_length=64)
    """A keyed hash of the unit or person: it finds one's own records and tells nobody else who that is."""
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    by = models.ForeignKey(Staff, verbose_name="记录人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("记录时间")
    sealed = models.BinaryField("内容")
    """What was written (`procedure.personnel_decisions.RecordedDecision`), with the name and kind of the file.

    As JSON under the record's key.
    """
    file_address = models.CharField("决定文件的存放处", max_length=64, unique=True)
    file_digest = models.CharField("决定文件的 SM3 摘要", max_length=64)
    file_size = models.PositiveBigIntegerField("决定文件的大小（字节）")
    key = models.CharField(max_length=60, null=True, unique=True)
    """What makes a form that is sent twice one record."""

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["decided_on", "-id"], name="decision_by_day"),
            models.Index(fields=["concerns", "-id"], name="decision_by_concerned"),
        ]

    def __str__(self) -> str:
        return self.number


class DecisionKey(NotedModel):
    """The key of a record's content and file. A table of its own, as rotation rewraps keys and records never change."""

    decision = models.OneToOneField(Decision, primary_key=True, on_delete=models.PROTECT, related_name="kept_key")
    wrapped_key = models.BinaryField()

    def open(self) -> bytes:
        """Return the key.

        Raises:
            DecryptionFailed: the wrapped key is damaged.
            KeyMissing: the key it is wrapped with isn't here.
        """
        return keyring().unwrap(bytes(self.wrapped_key))


class DecisionAnswer(models.Model):
    """The second person's word on a record; only what was agreed to counts."""

    append_only = True

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="answer")
    agree = models.BooleanField("同意")
    sealed = models.BinaryField("意见")
    by = models.ForeignKey(Staff, verbose_name="确认人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("确认时间")

    class Meta:
        ordering = ["-id"]
