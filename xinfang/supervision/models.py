"""What serves supervision (督办): the grounds that hold or will hold in a case, and the weeks whose digest was sent."""

from django.db import models

from xinfang.accounts.models import Unit
from xinfang.audit.noted_rows import NotedModel
from xinfang.cases.models import Event, Petition
from xinfang.procedure.step_schema import UnitCode
from xinfang.procedure.supervision import GROUNDS, FoundGround, GroundOfSupervision, GroundRule


class SupervisionGroundRow(models.Model):
    """One ground of supervision as last computed from the history.

    From `since` on it holds unless something is recorded before. A projection like a deadline: written by `actions`,
    rewritten after each step, about a case and a unit. `unit` empty: the office.
    """

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="lapses")
    ground = models.CharField("督办事由", max_length=20, choices=[(g.value, g.label) for g in GroundOfSupervision])
    unit = models.ForeignKey(Unit, verbose_name="责任单位", null=True, on_delete=models.PROTECT, related_name="+")
    began = models.DateField("起算")
    since = models.DateField("成立之日")
    due = models.DateField("期限", null=True)
    clock = models.CharField("期限种类", max_length=30, blank=True)

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["petition", "ground", "unit"], name="lapse_is_unique"),
        ]
        indexes = [
            models.Index(fields=["since", "id"], name="lapse_by_day"),
            models.Index(fields=["ground", "since", "id"], name="lapse_by_ground"),
            models.Index(fields=["unit", "since", "id"], name="lapse_by_unit"),
        ]

    @property
    def rule(self) -> GroundRule:
        """The rule of this ground: its words, its article and what it presses for."""
        return GROUNDS[GroundOfSupervision.of(self.ground)]

    @property
    def found(self) -> FoundGround:
        """The ground as the procedure speaks of it. `unit` must be loaded with the row, or be empty."""
        code = UnitCode(self.unit.code if self.unit else "")
        return FoundGround(self.rule.ground, code, self.began, self.since, self.due, self.clock)


class MonthlySample(NotedModel):
    """The sample of a month: drawn once, on the first working day of the next one, however many workers run."""

    append_only = True

    month = models.DateField("被抽查的月份（第一天）", unique=True)
    drawn_at = models.DateTimeField("抽取时间")
    decisions = models.PositiveIntegerField("当月决定数")

    class Meta:
        ordering = ["-month"]


class SampledDecision(NotedModel):
    """One decision of a sample. What the leader says of it is an event of its case."""

    append_only = True

    sample = models.ForeignKey(MonthlySample, on_delete=models.PROTECT, related_name="sampled")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]


class WeeklyDigest(NotedModel):
    """A week whose digest was sent: its first day, once, however many workers run."""

    begins = models.DateField("这一周的第一天", unique=True)
    sent_at = models.DateTimeField("发出时间")
    people = models.PositiveIntegerField("人数", default=0)

    class Meta:
        ordering = ["-begins"]
