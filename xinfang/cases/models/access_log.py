"""Who looked at which case. Appended, never changed."""

from django.db import models

from xinfang.accounts.models import Staff
from xinfang.procedure.words import AccessKind
from xinfang.vault.hash_chain import Canonical

from .case import Petition, _choices


class AccessLogEntry(models.Model):
    """Somebody looked at a case, or at what is masked otherwise. One chain over all cases, by `seq`."""

    append_only = True

    seq = models.PositiveBigIntegerField("序号", unique=True)
    petition = models.ForeignKey(Petition, verbose_name="事项", on_delete=models.PROTECT, related_name="looks")
    what = models.CharField("方式", max_length=12, choices=_choices(AccessKind))
    by = models.ForeignKey(Staff, verbose_name="查看人", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty when it was done at the command line of the server."""
    at = models.DateTimeField("时间")
    reason = models.CharField("理由", max_length=200, blank=True)
    detail = models.JSONField("内容（不含个人信息）", default=dict, encoder=Canonical)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-seq"]
        indexes = [models.Index(fields=["petition", "-seq"], name="access_by_petition")]
