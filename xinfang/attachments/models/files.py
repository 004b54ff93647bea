"""Attachments: what belongs to which case. The content lies encrypted outside the database (`core/file_store.py`)."""

from typing import Any

from django.db import models

from xinfang.attachments.filecheck.kinds import FILE_KINDS, FileKind
from xinfang.audit.noted_rows import NotedModel
from xinfang.cases.models import Event, Petition
from xinfang.procedure.words import Material
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import seal, unseal

ERASED_NAME = "（已删除）"
_NAME = b"attachment name"


class Attachment(NotedModel):
    """A file of a case. Added by one event and perhaps withdrawn by another, which say who and when; never deleted."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="attachments")
    place = models.PositiveIntegerField("序号")
    what = models.CharField("材料种类", max_length=12, choices=[(w.value, w.label) for w in Material])
    kind = models.CharField("文件类型", max_length=10)
    size = models.PositiveBigIntegerField("大小（字节）")
    digest = models.CharField("内容的 SM3 摘要", max_length=64)
    address = models.CharField("存放处", max_length=64, db_index=True)
    """Of the encrypted file: a keyed hash of case and content, so that a copied disk doesn't tell known papers."""
    wrapped_key = models.BinaryField(null=True)
    """The key of content and name, wrapped by the master key; empty once it was erased."""
    name_sealed = models.BinaryField()
    """The name as it was given, cleaned; it may name a person."""
    event = models.OneToOneField(Event, null=True, on_delete=models.PROTECT, related_name="attachment")
    """What added it. Empty only inside the transaction that adds it."""
    withdrawal = models.OneToOneField(Event, null=True, on_delete=models.PROTECT, related_name="withdrawn_attachment")

    class Meta:
        ordering = ["petition_id", "place"]
        constraints = [models.UniqueConstraint(fields=["petition", "place"], name="attachment_place_is_unique")]
        indexes = [models.Index(fields=["petition", "digest"], name="attachment_by_content")]

    def key(self) -> bytes | None:
        """Return the key of content and name, None once it was erased.

        Raises:
            DecryptionFailed: the wrapped key is damaged (`vault.sm_ciphers`).
            KeyMissing: the key that wraps it is gone.
        """
        return keyring().unwrap(bytes(self.wrapped_key)) if self.wrapped_key is not None else None

    @property
    def name(self) -> str:
        """The name in plain, or ERASED_NAME once the key was erased.

        Raises:
            DecryptionFailed: the key or the name is damaged.
            KeyMissing: the key that wraps it is gone.
        """
        key = self.key()
        return unseal(key, bytes(self.name_sealed), _NAME).decode() if key else ERASED_NAME

    @property
    def file_kind(self) -> FileKind:
        """Its kind: how it is named, and whether it can be shown."""
        return FILE_KINDS[self.kind]


def encrypt_name(name: str, key: bytes) -> Any:
    """Encrypt the name as its row keeps it."""
    return seal(key, name.encode(), _NAME)
