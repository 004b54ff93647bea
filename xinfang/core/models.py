"""What kind of system this database belongs to."""

from django.db import models

from xinfang.people.mode import MODES


class Installation(models.Model):
    """One row, written when the database is set up, and never changed: real data isn't served as a demo, nor a demo as real."""

    mode = models.CharField("运行方式", max_length=12, choices=[(m, m) for m in MODES])
    since = models.DateTimeField("设立时间")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_installation"),
            models.CheckConstraint(condition=models.Q(mode__in=MODES), name="installation_has_a_mode"),
        ]
