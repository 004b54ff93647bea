"""The last moment at which the clock of the server was believed."""

from django.db import models

from xinfang.audit.noted_rows import NotedModel


class TrustedTime(NotedModel):
    """One row: when the clock was last believed or confirmed, and the newest records until then.

    A sweep or a seal finds the clock believable, an administrator confirms it. Only this package reads and writes the
    row; `queries` says how far the clock may stray.
    """

    name = models.CharField(max_length=12, primary_key=True)
    at = models.DateTimeField("可信时间")
    last_event = models.PositiveBigIntegerField(default=0)
    last_access = models.PositiveBigIntegerField(default=0)
    last_admin = models.PositiveBigIntegerField(default=0)
