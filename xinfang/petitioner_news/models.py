"""What a petitioner wished to be told and where, and the messages that tell it."""

import json

from django.conf import settings
from django.db import models

from xinfang.audit.noted_rows import NotedModel
from xinfang.cases.models import Petition
from xinfang.cases.models.encryption import case_key, create_case_key
from xinfang.vault.sm_ciphers import seal, unseal

_PLACE = b"where news goes"


class NewsConsent(NotedModel):
    """That a petitioner wishes for messages, or no more. Appended only: the last row of a person counts.

    Where they go is encrypted under the key of the case; without it the row says that they are not wished for.
    """

    append_only = True

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="news_consents")
    place = models.PositiveSmallIntegerField("第几位信访人")
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """Who wrote it down at the desk; None where the petitioner did it at the window."""
    number_shown = models.BooleanField("可以写明编号", default=False)
    sealed = models.BinaryField("发到哪里", null=True)

    class Meta:
        ordering = ["id"]

    @property
    def where(self) -> dict[str, str]:
        """Return where messages go, by their way; empty where none are wished for, or the key was erased.

        Raises:
            VaultError: it can't be read.
        """
        key = case_key(self.petition) if self.sealed is not None else None
        found: dict[str, str] = json.loads(unseal(key, bytes(self.sealed), _PLACE)) if self.sealed and key else {}
        return found

    def keep(self, where: dict[str, str]) -> None:
        """Encrypt where messages go; the petition must be set before."""
        key = case_key(self.petition) or create_case_key(self.petition)
        self.sealed = seal(key, json.dumps(where).encode(), _PLACE) if where else None


class NewsMessage(models.Model):
    """One message that waits for its gateway, was handed to it, or could not be.

    A gateway that took it is all that is known: whether somebody read it, no row says.
    """

    class Way(models.TextChoices):
        SMS = "sms", "短信"
        MAIL = "mail", "邮件"

    class State(models.TextChoices):
        WAITING = "waiting", "等待发送"
        HANDED = "handed", "已交网关"
        GIVEN_UP = "given_up", "没有发出"
        DROPPED = "dropped", "不再发送"

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="news_messages")
    consent = models.ForeignKey(NewsConsent, on_delete=models.PROTECT, related_name="+")
    way = models.CharField("方式", max_length=4, choices=Way.choices)
    key = models.CharField(max_length=32, unique=True)
    """The same at each try, so that a gateway knows one that it had before."""
    state = models.CharField("情况", max_length=8, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField("产生时间")
    tries = models.PositiveSmallIntegerField("发送次数", default=0)
    next_try = models.DateTimeField("下次发送")
    done_at = models.DateTimeField("了结时间", null=True)
    reason = models.CharField("原因", max_length=100, blank=True)
    told_at = models.DateTimeField("另行告知的登记时间", null=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="另行告知的登记人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    told_how = models.CharField("怎样另行告知", max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["next_try", "id"], condition=models.Q(state="waiting"), name="news_waiting"),
            models.Index(
                fields=["petition", "id"], condition=models.Q(state="given_up", told_at=None), name="news_given_up"
            ),
        ]


class SentCode(models.Model):
    """A code that somebody asked for to open their case by; kept as a keyed digest, good once and for minutes."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="sent_codes")
    place = models.PositiveSmallIntegerField("第几位信访人")
    at = models.DateTimeField("时间")
    mark = models.CharField("验证码的摘要", max_length=64)
    used_at = models.DateTimeField("用过的时间", null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["petition", "at"], name="sent_code_recent")]
