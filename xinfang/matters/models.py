"""What was said of two cases, appended and never changed; and which pairs the night found."""

from django.db import models

from xinfang.accounts.models import Staff
from xinfang.cases.models import Petition
from xinfang.procedure.same_matter import PairGround, PairVerdict


class PairJudgement(models.Model):
    """What a person said of two cases. The latest turn of a pair holds; one pair has each turn once."""

    append_only = True

    one = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="+")
    """The one that was registered first."""
    other = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="+")
    turn = models.PositiveSmallIntegerField("第几次")
    verdict = models.CharField("认定", max_length=12, choices=[(v.value, v.label) for v in PairVerdict])
    ground = models.CharField("理由", max_length=12, blank=True, choices=[(g.value, g.label) for g in PairGround])
    by = models.ForeignKey(Staff, verbose_name="认定人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("认定时间")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["one", "other", "turn"], name="pair_turn_once"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.other_id} {self.get_verdict_display()}"


class LikelyPair(models.Model):
    """Two cases that the night found alike. Why isn't kept: it is read from the letters when somebody looks."""

    one = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="likely_pair_once")]

    def __str__(self) -> str:
        return f"{self.one_id} {self.other_id}"


class ComparedCase(models.Model):
    """A case that was compared with the whole register, so that the next night goes on with the others."""

    petition = models.OneToOneField(Petition, primary_key=True, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return str(self.petition_id)
