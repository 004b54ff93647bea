"""Beside the attachments: files on their way in, how a file is shown, and what was read from scans."""

import json
import re
import secrets

from django.db import models
from django.db.models import F, Q

from xinfang.accounts.models import Staff
from xinfang.cases.models import Petition
from xinfang.procedure.words import Material
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import seal, unseal

from .files import Attachment

CHUNK_BYTES = 2 * 2**20
"""Bytes of every chunk of an upload but the last."""
_NAME = b"upload name"
_TEXT = b"read from scan"


def new_nonce() -> str:
    """Make 32 random hexadecimal digits."""
    return secrets.token_hex(16)


class Upload(models.Model):
    """A file that comes in chunks, or a scan that waits for its registration: one person's, for one case or none yet.

    Or a file that waits for a form of the window to be sent (`form`, and no person).

    The chunks lie encrypted outside the database (`attachments/actions/chunks.py`); a sweep removes what nobody touched
    for a day.
    """

    staff = models.ForeignKey(Staff, null=True, on_delete=models.CASCADE, related_name="uploads")
    petition = models.ForeignKey(Petition, null=True, on_delete=models.CASCADE, related_name="uploads")
    """Empty for a scan that is to be registered."""
    key = models.CharField(max_length=32)
    """The browser's mark of the file: the same file chosen again goes on where it stopped."""
    form = models.CharField(max_length=32, blank=True)
    """The key of a form of the window, which only its sender has; empty for a person's own."""
    nonce = models.CharField(max_length=32, unique=True, default=new_nonce)
    """Names the folder of the chunks, and the form that the attachment comes from."""
    what = models.CharField("材料种类", max_length=12, choices=[(w.value, w.label) for w in Material])
    size = models.PositiveBigIntegerField("大小（字节）")
    received = models.PositiveBigIntegerField("已收到（字节）", default=0)
    kind = models.CharField("文件类型", max_length=10, blank=True)
    """Its kind, once all chunks came and were checked; empty until then."""
    wrapped_key = models.BinaryField()
    name_sealed = models.BinaryField()
    added = models.ForeignKey(Attachment, null=True, on_delete=models.CASCADE, related_name="+")
    """What became of it; kept for a day, so that a lost answer can be asked for again."""
    touched_at = models.DateTimeField("最近一次", auto_now=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "petition", "key"], name="upload_is_one", condition=Q(petition__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["staff", "key"], name="upload_scan_is_one", condition=Q(petition__isnull=True)
            ),
            models.UniqueConstraint(fields=["form", "key"], name="upload_of_form_is_one", condition=~Q(form="")),
        ]
        indexes = [models.Index(fields=["touched_at"], name="upload_by_age")]

    def file_key(self) -> bytes:
        """Return the key of content and name.

        Raises:
            DecryptionFailed: the wrapped key is damaged (`vault.sm_ciphers`).
            KeyMissing: the key that wraps it is gone.
        """
        return keyring().unwrap(bytes(self.wrapped_key))

    @property
    def name(self) -> str:
        """The name in plain.

        Raises:
            DecryptionFailed: the key or the name is damaged.
            KeyMissing: the key that wraps it is gone.
        """
        return unseal(self.file_key(), bytes(self.name_sealed), _NAME).decode()

    @property
    def whole(self) -> bool:
        """Whether all chunks came and the content was checked."""
        return bool(self.kind)


def encrypt_upload_name(name: str, key: bytes) -> bytes:
    """Encrypt the name as its row keeps it."""
    return seal(key, name.encode(), _NAME)


class PageRendering(models.Model):
    """How an attachment is shown: turned, and where in the list. Nothing of the file or its number changes by it."""

    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, related_name="view")
    turned = models.PositiveSmallIntegerField("顺时针转动（度）", default=0)
    place_shown = models.PositiveIntegerField("显示次序", null=True)


class OcrJob(models.Model):
    """A scan that is read, was read or couldn't be.

    The text is a machine's guess: nothing takes it without a person.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等待识别"
        RUNNING = "running", "正在识别"
        DONE = "done", "已识别"
        FAILED = "failed", "没有识别"

    attachment = models.OneToOneField(Attachment, null=True, on_delete=models.CASCADE, related_name="reading")
    upload = models.OneToOneField(Upload, null=True, on_delete=models.CASCADE, related_name="reading")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    pages = models.PositiveIntegerField("页数", default=0)
    page_done = models.PositiveIntegerField("已读页数", default=0)
    text_sealed = models.BinaryField(null=True)
    """The texts of the pages read so far, under the file's own key."""
    tries = models.PositiveSmallIntegerField(default=0)
    """How often a worker began it: what kills every worker is given up."""
    worker = models.CharField(max_length=32, blank=True)
    started_at = models.DateTimeField("开始", null=True)
    """When its worker last gave a sign of life."""
    error = models.CharField("原因", max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["state", "id"], name="reading_queue")]
        constraints = [
            models.CheckConstraint(
                name="reading_is_of_one_file",
                condition=Q(attachment__isnull=False, upload__isnull=True)
                | Q(attachment__isnull=True, upload__isnull=False),
            )
        ]

    def _key(self) -> bytes | None:
        if self.attachment is not None:
            return self.attachment.key()
        return self.upload.file_key() if self.upload else None

    def texts(self) -> list[str]:
        """Return one text a page; empty where nothing was read, or the file's key was erased.

        Raises:
            DecryptionFailed: the text or its key is damaged (`vault.sm_ciphers`).
            KeyMissing: the key that wraps it is gone.
        """
        key = self._key() if self.text_sealed is not None else None
        if key is None or self.text_sealed is None:
            return []
        found: list[str] = json.loads(unseal(key, bytes(self.text_sealed), _TEXT))
        return found

    def keep(self, texts: list[str]) -> None:
        """Encrypt the texts into the row, which the caller saves.

        Raises:
            LookupError: the file's key was erased.
        """
        key = self._key()
        if key is None:
            raise LookupError("key erased")
        self.text_sealed = seal(key, json.dumps(texts, ensure_ascii=False).encode("utf-8", "ignore"), _TEXT)


def in_display_order(attachments: models.QuerySet[Attachment]) -> models.QuerySet[Attachment]:
    """Order attachments as their case shows them: where nobody moved them, by number."""
    return attachments.order_by(F("view__place_shown").asc(nulls_last=True), "place")


_MAX_SEARCHED_CHARACTERS = 20_000
_DIGITS = re.compile(r"[0-9０-９][0-9０-９ \-—]{5,}[0-9０-９XxＸｘ]")


def searchable_scan_text(petition: Petition) -> list[str]:
    """Return what the scans of a case say, for its search index (2 queries, none where they were fetched before).

    Without long numbers: telephones, ID and account numbers are nowhere kept in plain. At most 20,000 characters.
    """
    models.prefetch_related_objects([petition], "attachments__reading")
    texts, room = [], _MAX_SEARCHED_CHARACTERS
    for attachment in petition.attachments.all():
        reading = getattr(attachment, "reading", None)
        if reading is None or reading.state != OcrJob.State.DONE or attachment.wrapped_key is None or room <= 0:
            continue
        text = _DIGITS.sub(" ", "\n".join(reading.texts()))[:room]
        room -= len(text)
        texts.append(text)
    return texts
