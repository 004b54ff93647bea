"""What somebody typed and did not send."""

import json
from typing import Any

from django.conf import settings
from django.db import models

from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import seal, unseal

_DRAFT = b"draft"


def encrypt_fields(value: Any) -> tuple[bytes, bytes]:
    """Encrypt the fields of a draft under a new key; return them and the wrapped key."""
    key, wrapped = keyring().new_key()
    return seal(key, json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"), _DRAFT), wrapped


class Draft(models.Model):
    """What somebody has typed on one showing of a form and not sent; it survives a closed browser.

    Each showing of a form (`page`) has a row of its own, so that nothing typed is ever written over by another page.
    A form may hold anybody's telephone, so all of it is kept encrypted, under a key of its own; read and set it as
    `fields`.
    """

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField("表单", max_length=80)
    page = models.CharField("页面", max_length=40, default="")
    """Made at random by the page; empty in rows of an earlier release."""
    turn = models.PositiveBigIntegerField("次序", default=0)
    """Which of the page's savings this is: one that arrives late doesn't replace a later one."""
    fields_sealed = models.BinaryField("内容", null=True)
    wrapped_key = models.BinaryField(null=True)
    size = models.PositiveIntegerField("字节数", default=0)
    """Of `fields_sealed`; what one person may keep is limited together."""
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "form", "page"], name="one_draft_a_page")]

    @property
    def fields(self) -> dict[str, list[str]]:
        """Field names with their values. Raises vault.DecryptionFailed or KeyMissing."""
        if self.fields_sealed is None or self.wrapped_key is None:
            return {}
        key = keyring().unwrap(bytes(self.wrapped_key))
        found: dict[str, list[str]] = json.loads(unseal(key, bytes(self.fields_sealed), _DRAFT))
        return found

    @fields.setter
    def fields(self, value: dict[str, list[str]]) -> None:
        sealed, self.wrapped_key = encrypt_fields(value)
        self.fields_sealed, self.size = sealed, len(sealed)
