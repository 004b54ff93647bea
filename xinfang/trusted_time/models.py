"""The last moment at which the clock of the server was believed."""

from django.db import models


class TrustedTime(models.Model):
    """One row: when a sweep or a seal last found the clock believable, or an administrator confirmed it, and the records until then.

    Only `records.trusted_time` reads and writes it; how far the clock may stray is said there.
    """

    name = models.CharField(max_length=12, primary_key=True)
    at = models.DateTimeField("可信时间")
    last_event = models.PositiveBigIntegerField(default=0)
    last_access = models.PositiveBigIntegerField(default=0)
    last_admin = models.PositiveBigIntegerField(default=0)
