"""What people are told."""

from django.conf import settings
from django.db import models


class Notification(models.Model):
    """Something told to one person: in the desk always, by e-mail where configured. Holds no personal data."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    petition = models.ForeignKey("cases.Petition", null=True, on_delete=models.PROTECT, related_name="notices")
    incident = models.ForeignKey("incidents.Incident", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    text = models.CharField("内容", max_length=300)
    created_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读", null=True)
    mailed_at = models.DateTimeField("已发邮件", null=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    once = models.CharField(max_length=120, null=True, unique=True)
    """What makes a notice sent once, however many workers run."""
    about = models.CharField(max_length=120, blank=True)
    """The limit or the task that it calls for, as its case names it; empty for what calls for nothing."""
    ended_at = models.DateTimeField("了结时间", null=True)
    ended_why = models.CharField("了结原因", max_length=160, blank=True)
    """Why nothing is called for any more: the limit has stopped, or the task is gone. It isn't unread then."""

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["staff", "read_at", "-id"], name="notice_unread"),
            models.Index(fields=["mailed_at", "id"], name="notice_unmailed"),
            # Few call for something still, of all that a case ever told.
            models.Index(
                fields=["petition", "about"],
                condition=models.Q(ended_at=None) & ~models.Q(about=""),
                name="notice_open",
            ),
        ]
