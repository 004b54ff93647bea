"""What waits to be told to the regional system, what it answered, and what it handed down."""

from django.db import models

from xinfang.audit.noted_rows import NotedModel
from xinfang.cases.models import Petition
from xinfang.cases.models.encryption import case_key, create_case_key
from xinfang.vault.hash_chain import Canonical
from xinfang.vault.sm_ciphers import seal, unseal


class Outgoing(models.Model):
    """One message to the regional system. Written in the transaction of the step that causes it, sent afterwards.

    Its content is made when it is first sent, and from then on the same bytes go with each new try; they are kept
    encrypted under the key of the case, and dropped once the message is answered.
    """

    class Kind(models.TextChoices):
        ENTRY = "entry", "录入"
        STEP = "step", "办理情况"
        REPORT = "report", "报送"
        OBJECTION = "objection", "异议"

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENDING = "sending", "发送中"
        PACKED = "packed", "已装包，待回执"
        SENT = "sent", "已发送，待回执"
        ACCEPTED = "accepted", "已接收"
        REFUSED = "refused", "被退回"
        DEAD = "dead", "多次未送达"
        BY_HAND = "by_hand", "已人工录入"
        WITHHELD = "withheld", "不报送"

    key = models.CharField(max_length=40, unique=True)
    """What makes a message that arrives twice one message."""
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="outgoing")
    seq = models.PositiveIntegerField("事件")
    """The event that caused it, by its number in the case."""
    kind = models.CharField("内容", max_length=10, choices=Kind.choices)
    state = models.CharField("情况", max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField("产生时间")
    tries = models.PositiveSmallIntegerField("发送次数", default=0)
    next_try = models.DateTimeField("下次发送")
    content_sealed = models.BinaryField(null=True)
    digest = models.CharField("SM3", max_length=64, blank=True)
    """Of the content as it was first sent (hex)."""
    external_number = models.CharField("对方编号", max_length=200, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    reason = models.CharField("原因", max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["state", "next_try", "id"], name="outgoing_due"),
            models.Index(fields=["petition", "state", "id"], name="outgoing_of_case"),
        ]

    def keep_content(self, content: bytes) -> None:
        """Keep what is sent, encrypted under the case's key. The caller saves."""
        key = case_key(self.petition) or create_case_key(self.petition)
        self.content_sealed = seal(key, content, self._place())

    def content(self) -> bytes:
        """Return what was sent; empty where there is none.

        Raises:
            DecryptionFailed: what is kept is damaged.
            KeyMissing: the key that wraps the case's key isn't here.
        """
        key = case_key(self.petition) if self.content_sealed is not None else None
        return unseal(key, bytes(self.content_sealed or b""), self._place()) if key else b""

    def _place(self) -> bytes:
        return f"exchange:{self.key}".encode()


class Incoming(NotedModel):
    """A matter that the bureau handed down over the exchange, by its number there.

    What it says is in the case, nowhere else.
    """

    class State(models.TextChoices):
        REGISTERED = "registered", "已登记"
        LEFT = "left", "未能登记"

    number = models.CharField("对方编号", max_length=120, unique=True)
    state = models.CharField("情况", max_length=10, choices=State.choices)
    petition = models.ForeignKey(Petition, null=True, on_delete=models.PROTECT, related_name="+")
    first_seen = models.DateTimeField("首次收到")
    confirmed_at = models.DateTimeField("已确认收到", null=True)
    reason = models.CharField("原因", max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "-id"], name="incoming_by_state")]


class ExchangeMark(models.Model):
    """What the exchange remembers between two runs, by name.

    How far receipts were read, the last run, the last reconciliation.
    """

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()
    data = models.JSONField(default=dict, encoder=Canonical)
