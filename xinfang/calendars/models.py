"""What days are counted with: the published schedules (放假调休) as imported, and the department's own numbers.

A year without a row is provisional; a number without a row is what the program ships with.
"""

from django.db import models

from xinfang.accounts.models import Staff
from xinfang.audit.noted_rows import NotedModel


class CalendarYear(NotedModel):
    """One published year. Importing it again replaces its days; the import itself stays on record."""

    year = models.PositiveSmallIntegerField("年份", unique=True)
    source = models.CharField("依据", max_length=200)
    imported_at = models.DateTimeField("导入时间")
    imported_by = models.CharField("导入人", max_length=150, blank=True)
    recounted_at = models.DateTimeField("期限重算完成时间", null=True)
    """Empty while open deadlines may still be as before this import: the next sweep then goes on."""

    class Meta:
        ordering = ["year"]


class CalendarDay(NotedModel):
    """A day off, or a weekend day worked instead (调休)."""

    class Kind(models.TextChoices):
        OFF = "off", "放假"
        WORK = "work", "上班"

    year = models.ForeignKey(CalendarYear, on_delete=models.CASCADE, related_name="days")
    day = models.DateField("日期", unique=True)
    kind = models.CharField("安排", max_length=4, choices=Kind.choices)
    name = models.CharField("名称", max_length=60)

    class Meta:
        ordering = ["day"]


class NumberChange(NotedModel):
    """Somebody asks for another number of the department, from a day on; it waits for a second person."""

    append_only = True

    code = models.CharField("数字", max_length=40)
    value = models.PositiveSmallIntegerField("改为")
    since = models.DateField("自哪一天起")
    reason = models.CharField("理由", max_length=200)
    by = models.ForeignKey(Staff, verbose_name="申请人", on_delete=models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(Staff, verbose_name="代行谁", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("申请时间")

    class Meta:
        ordering = ["-id"]


class NumberChangeAnswer(NotedModel):
    """The second person's word on a change of a number, or that who asked for it takes it back."""

    append_only = True

    change = models.OneToOneField(NumberChange, on_delete=models.PROTECT, related_name="answer")
    agree = models.BooleanField("同意")
    opinion = models.CharField("意见", max_length=200, blank=True)
    by = models.ForeignKey(Staff, verbose_name="答复人", on_delete=models.PROTECT, related_name="+")
    acting_for = models.ForeignKey(Staff, verbose_name="代行谁", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("答复时间")

    class Meta:
        ordering = ["-id"]


class ScheduleProposal(NotedModel):
    """Somebody read a published schedule in and proposes it. It moves limits, so a second person compares it first."""

    append_only = True

    content = models.TextField("安排")
    """As `schedule_files.as_csv` writes it: what is agreed to is what was looked at."""
    origin = models.CharField("依据", max_length=200, blank=True)
    by = models.ForeignKey(Staff, verbose_name="提出人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("提出时间")

    class Meta:
        ordering = ["-id"]


class ScheduleAnswer(NotedModel):
    """The second person's word on a schedule, or that who proposed it takes it back."""

    append_only = True

    proposal = models.OneToOneField(ScheduleProposal, on_delete=models.PROTECT, related_name="answer")
    agree = models.BooleanField("同意")
    opinion = models.CharField("意见", max_length=200, blank=True)
    by = models.ForeignKey(Staff, verbose_name="答复人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("答复时间")

    class Meta:
        ordering = ["-id"]
