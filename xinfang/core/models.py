"""What kind of system this database belongs to, which program made its tables, and the series of its numbers."""

from django.db import models

from .mode import MODES


class Installation(models.Model):
    """One row, written when the database is set up and never changed.

    Because of it, real data isn't served as a demo, nor a demo as real.
    """

    append_only = True

    mode = models.CharField("运行方式", max_length=12, choices=[(m, m) for m in MODES])
    since = models.DateTimeField("设立时间")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_installation"),
            models.CheckConstraint(condition=models.Q(mode__in=MODES), name="installation_has_a_mode"),
        ]


class FeatureTables(models.Model):
    """Which first migration made the tables of a feature.

    Before 1.0.0 it may be generated again; tables that an older one made can't be converted then.
    """

    append_only = True

    feature = models.CharField(primary_key=True, max_length=40)
    digest = models.CharField(max_length=64)
    """As `installation.fingerprints` says."""


class NumberSeries(models.Model):
    """The last number given in a series and year.

    It is taken inside the transaction that uses it, so a refusal leaves no gap.
    """

    prefix = models.CharField("字头", max_length=10)
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("末号", default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="series_is_unique")]
