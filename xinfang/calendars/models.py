"""The published schedules (放假调休), as imported. A year without a row is provisional."""

from django.db import models


class CalendarYear(models.Model):
    """One published year. Importing it again replaces its days; the import itself stays on record."""

    year = models.PositiveSmallIntegerField("年份", unique=True)
    source = models.CharField("依据", max_length=200)
    imported_at = models.DateTimeField("导入时间")
    imported_by = models.CharField("导入人", max_length=150, blank=True)
    recounted_at = models.DateTimeField("期限重算完成时间", null=True)
    """Empty while open deadlines may still be as before this import: the next sweep then goes on."""

    class Meta:
        ordering = ["year"]


class CalendarDay(models.Model):
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
