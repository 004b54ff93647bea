"""What came into the mailbox, where it lies there, and what was said of it."""

from django.conf import settings
from django.db import models

from xinfang.audit.noted_rows import NotedModel
from xinfang.cases.models import Petition
from xinfang.vault.keys import keyring


class IncomingMail(NotedModel):
    """One message, whole as the server gave it. The same message met again, in another folder or numbering, is one row.

    Its content lies encrypted outside the database under a key of its own, which is erased with the case it belongs to.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待登记"
        PROPOSED = "proposed", "拟不登记，等待决定"
        SET_ASIDE = "set_aside", "不登记"
        REGISTERED = "registered", "已登记"

    came_at = models.DateTimeField("进入邮箱的时间")
    received_on = models.DateField("收到日期")
    """The day (Asia/Shanghai) on which it came into the box."""
    fetched_at = models.DateTimeField("收取时间")
    size = models.PositiveBigIntegerField("大小（字节）")
    """As the server says it, of the whole message."""
    whole = models.BooleanField("收取了全文", default=True)
    """False where it is over the limit: then only its head was fetched."""
    content_mark = models.CharField("内容的识别号", max_length=64, unique=True)
    """Equal for the same message; of a head alone also of where it lies, as two may be equal."""
    digest = models.CharField("保存的内容的 SM3 摘要", max_length=64)
    address = models.CharField("存放处", max_length=64, db_index=True)
    wrapped_key = models.BinaryField(null=True)
    sealed = models.BinaryField("读出的内容")
    """What was read of it, under its key; `mailbox.reading`."""
    same_mark = models.CharField("邮件标识的摘要", max_length=64, blank=True, db_index=True)
    """Equal for messages of one Message-ID and one text."""
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.WAITING)
    petition = models.ForeignKey(
        Petition, null=True, on_delete=models.PROTECT, related_name="mails", verbose_name="登记为"
    )

    class Meta:
        ordering = ["came_at", "id"]
        indexes = [models.Index(fields=["state", "received_on"], name="mail_by_state")]

    def key(self) -> bytes | None:
        """Return the key of its content; None once that was erased.

        Raises:
            DecryptionFailed: the wrapped key is damaged.
            KeyMissing: the key it is wrapped with isn't here.
        """
        return keyring().unwrap(bytes(self.wrapped_key)) if self.wrapped_key else None


class MailPlace(NotedModel):
    """Where a message lies in a box: the server gives new numbers when the box is made again (`uid_validity`)."""

    append_only = True

    mail = models.ForeignKey(IncomingMail, on_delete=models.PROTECT, related_name="places")
    box = models.CharField("邮箱", max_length=300)
    uid_validity = models.BigIntegerField("邮箱编号的版本")
    uid = models.BigIntegerField("在邮箱中的编号")
    came_at = models.DateTimeField("进入邮箱的时间")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["box", "uid_validity", "uid"], name="mail_place_is_unique")]


class MailProposal(NotedModel):
    """Somebody, or the system (`by` is empty), puts forward that a message is no petition."""

    append_only = True

    mail = models.ForeignKey(IncomingMail, on_delete=models.PROTECT, related_name="proposals")
    reason = models.CharField("理由", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["id"]


class MailAnswer(NotedModel):
    """The word on a proposal."""

    append_only = True

    proposal = models.OneToOneField(MailProposal, on_delete=models.PROTECT, related_name="answer")
    agree = models.BooleanField("同意")
    opinion = models.CharField("意见", max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["id"]


class MailboxLook(models.Model):
    """When the box was looked into last, and how that went. One row a box."""

    box = models.CharField("邮箱", max_length=300, unique=True)
    at = models.DateTimeField("时间")
    well_at = models.DateTimeField("最近一次成功", null=True)
    failed = models.PositiveIntegerField("没有收下的封数", default=0)
    error = models.CharField("原因", max_length=200, blank=True)
