"""What the window keeps beside a case: what was handed in, signed; the petitioner's word; and what waits in a flood."""

from django.conf import settings
from django.db import models

from xinfang.audit.noted_rows import NotedModel
from xinfang.cases.models import Petition
from xinfang.cases.models.encryption import case_key, create_case_key
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import seal, unseal

_PLACE = b"signed receipt"


class SignedReceipt(NotedModel):
    """That something was handed in on the window, as the receipt says it that the petitioner took along.

    `digest` is of what is signed (`window.receipts`): a receipt that is brought back is compared with it.
    """

    append_only = True

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="signed_receipts")
    at = models.DateTimeField("时间")
    digest = models.CharField("摘要", max_length=64)
    sealed = models.BinaryField("回执")
    """The receipt with its signature, encrypted under the key of the case."""

    class Meta:
        ordering = ["id"]

    @property
    def text(self) -> str:
        """The receipt as it is signed, as JSON; empty once the key of its case was erased.

        Raises:
            VaultError: it can't be read.
        """
        key = case_key(self.petition)
        return unseal(key, bytes(self.sealed), _PLACE).decode() if key else ""

    def keep(self, text: str) -> None:
        """Encrypt the receipt; the petition must be set before."""
        self.sealed = seal(case_key(self.petition) or create_case_key(self.petition), text.encode(), _PLACE)


class ChosenWord(NotedModel):
    """The word that a petitioner chose as their second proof, as a keyed digest. The desk never learns it."""

    append_only = True

    petition = models.OneToOneField(Petition, on_delete=models.PROTECT, related_name="chosen_word")
    mark = models.CharField("口令的摘要", max_length=64)


class CameBack(NotedModel):
    """That a petitioner opened their case by number and code, and when they first did: how many come back is counted.

    Of a case, not of a person; what they looked at is kept nowhere.
    """

    append_only = True

    petition = models.OneToOneField(Petition, on_delete=models.PROTECT, related_name="came_back")
    first_at = models.DateTimeField("第一次回来的时间")


class WaitingSubmission(NotedModel):
    """Something handed in amid a flood: kept whole with its day of receipt until it is registered or set aside.

    Its content is under a key of its own, which is erased once a case holds it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等待登记"
        PROPOSED = "proposed", "拟不登记，等待另一人同意"
        SET_ASIDE = "set_aside", "认定为非信访内容"
        REGISTERED = "registered", "已登记"

    number = models.CharField("收件号", max_length=20, unique=True)
    key_mark = models.CharField("表单的摘要", max_length=64, unique=True)
    at = models.DateTimeField("收到时间")
    received_on = models.DateField("收到日期")
    text_mark = models.CharField("内容的摘要", max_length=64, db_index=True)
    """Equal for texts that differ in nothing but digits, blanks and signs."""
    network_mark = models.CharField("来处的摘要", max_length=64, blank=True, db_index=True)
    """Equal for what came from one network; nothing tells which it was."""
    report = models.BooleanField("检举控告", default=False)
    """Ticked as a report of wrongdoing: only its officers see it."""
    inquiry_mark = models.CharField("查询码的摘要", max_length=64)
    receipt_digest = models.CharField("回执的摘要", max_length=64)
    wrapped_key = models.BinaryField(null=True)
    sealed = models.BinaryField("内容")
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.WAITING)
    petition = models.OneToOneField(
        Petition, null=True, on_delete=models.PROTECT, related_name="waited_as", verbose_name="登记为"
    )

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["state", "received_on"], name="waiting_by_state")]

    def key(self) -> bytes | None:
        """Return the key of its content; None once that was erased.

        Raises:
            DecryptionFailed: the wrapped key is damaged.
            KeyMissing: the key it is wrapped with isn't here.
        """
        return keyring().unwrap(bytes(self.wrapped_key)) if self.wrapped_key else None


class WaitingFile(NotedModel):
    """A file of what waits. Its content lies encrypted outside the database, under the key of the submission."""

    submission = models.ForeignKey(WaitingSubmission, on_delete=models.PROTECT, related_name="files")
    place = models.PositiveIntegerField("序号")
    size = models.PositiveBigIntegerField("大小（字节）")
    digest = models.CharField("内容的 SM3 摘要", max_length=64)
    address = models.CharField("存放处", max_length=64, db_index=True)

    class Meta:
        ordering = ["submission_id", "place"]
        constraints = [models.UniqueConstraint(fields=["submission", "place"], name="waiting_file_place_is_unique")]


class Clearing(NotedModel):
    """A lot of what waited that somebody cleared: registered, or put forward as no petition at all."""

    class Kind(models.TextChoices):
        REGISTER = "register", "登记"
        SET_ASIDE = "set_aside", "非信访内容"

    append_only = True

    kind = models.CharField("怎么办", max_length=12, choices=Kind.choices)
    report = models.BooleanField("检举控告", default=False)
    reason = models.CharField("理由", max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("时间")

    class Meta:
        ordering = ["id"]


class ClearedSubmission(NotedModel):
    """What is in a lot."""

    append_only = True

    clearing = models.ForeignKey(Clearing, on_delete=models.PROTECT, related_name="members")
    submission = models.ForeignKey(WaitingSubmission, on_delete=models.PROTECT, related_name="memberships")


class ClearingAnswer(NotedModel):
    """The second person's word on a lot that was put forward as no petition."""

    append_only = True

    clearing = models.OneToOneField(Clearing, on_delete=models.PROTECT, related_name="answer")
    agree = models.BooleanField("同意")
    opinion = models.CharField("意见", max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="审批人")
    at = models.DateTimeField("时间")


class AskedAgain(NotedModel):
    """The petitioner asks that what was set aside be looked at again, by others (once)."""

    append_only = True

    submission = models.OneToOneField(WaitingSubmission, on_delete=models.PROTECT, related_name="asked_again")
    at = models.DateTimeField("时间")
    sealed = models.BinaryField("理由")
    """Their words, under the key of the submission."""


class WindowFollow(NotedModel):
    """What a window apart was told of a submission: under which name and key its state is published, and as which.

    The key follows from the inquiry code, which isn't kept.
    """

    submission = models.OneToOneField(WaitingSubmission, on_delete=models.PROTECT, related_name="follow")
    file_name = models.CharField("文件名", max_length=32, unique=True)
    wrapped_key = models.BinaryField()
    sealed = models.BinaryField("发布用的密钥")
    published_as = models.CharField("已发布", max_length=80, blank=True)
    """What the published state was made of; the same again isn't written again."""
