"""Where the paper original of a case and what came with it lie: each place is appended, none is overwritten."""

from django.db import models

from xinfang.accounts.models import Staff
from xinfang.cases.models import Petition


class OriginalPlace(models.Model):
    """Where it was put, lent or given back to, by whom and when; the last row says where it is."""

    append_only = True

    class Kind(models.TextChoices):
        """What happened to it."""

        KEPT = "kept", "存放"
        LENT = "lent", "借出"
        RETURNED = "returned", "归还"
        BOUND = "bound", "装订入卷"

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="original_places")
    seq = models.PositiveIntegerField("序号")
    move = models.CharField("变动", max_length=12, choices=Kind.choices)
    place = models.CharField("地点或者借用人", max_length=120)
    by = models.ForeignKey(Staff, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["petition_id", "seq"]
        constraints = [models.UniqueConstraint(fields=["petition", "seq"], name="original_place_is_unique")]
