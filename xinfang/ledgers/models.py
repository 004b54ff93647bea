"""Ledgers that are brought in, and how the columns of an office's ledger are matched."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.db import models

from xinfang.accounts.models import Staff
from xinfang.audit.noted_rows import NotedModel
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import seal, unseal

SILENT = timedelta(minutes=5)
"""Without a sign of life for so long, an import was broken off and can be gone on with."""


class LedgerMapping(NotedModel):
    """How the columns of a ledger are read, under a name, for the next one of its kind. Headings are no one's data."""

    name = models.CharField("名称", max_length=40, unique=True)
    columns = models.JSONField("列的对应", default=dict)
    channel = models.CharField("没有写明的信访形式", max_length=10, blank=True)
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("保存时间")

    class Meta:
        ordering = ["name"]


class LedgerImport(NotedModel):
    """A ledger that somebody brought: its file until it is no more needed, what is taken of it, and what came of it.

    File and account hold personal data and lie encrypted under a key of their own.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "还没有试运行"
        TRYING = "trying", "正在试运行"
        CHECKED = "checked", "试运行完毕，还没有导入"
        RUNNING = "running", "正在导入"
        DONE = "done", "已导入"
        UNDOING = "undoing", "正在撤销"
        UNDONE = "undone", "已撤销"
        DROPPED = "dropped", "已放弃"

    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("时间")
    file = models.CharField("文件", max_length=200)
    digest = models.CharField("文件的 SM3 值", max_length=64)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    sheets = models.JSONField("工作表", default=list)
    columns = models.JSONField("列的对应", default=dict)
    channel = models.CharField("没有写明的信访形式", max_length=10, blank=True)
    taken = models.PositiveIntegerField("登记", default=0)
    already = models.PositiveIntegerField("已导入过", default=0)
    refused = models.PositiveIntegerField("未登记", default=0)
    left = models.PositiveIntegerField("略去", default=0)
    rows = models.PositiveIntegerField("行数", default=0)
    done_at = models.DateTimeField("完成时间", null=True)
    undone_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone = models.PositiveIntegerField("撤销的件", default=0)
    kept = models.PositiveIntegerField("没有撤销的件", default=0)
    rows_done = models.PositiveIntegerField("已处理行数", default=0)
    alive_at = models.DateTimeField(null=True)
    """When what works on it last gave a sign of life."""
    content = models.BinaryField(null=True)
    account = models.BinaryField(null=True)
    wrapped_key = models.BinaryField(null=True)

    class Meta:
        ordering = ["-id"]

    def is_alive(self, now: datetime) -> bool:
        """Tell whether something works on it: it gave a sign of life within the last five minutes."""
        return self.alive_at is not None and self.alive_at > now - SILENT

    def keep_content(self, content: bytes) -> None:
        """Set the file, encrypted under a new key. The caller saves."""
        key, self.wrapped_key = keyring().new_key()
        self.content = seal(key, content, _aad(self.digest, "content"))

    def read_content(self) -> bytes:
        """Return the file.

        Raises:
            DecryptionFailed: it was altered.
            KeyMissing: the key it is wrapped with isn't here.
        """
        assert self.content is not None
        return unseal(self._key(), bytes(self.content), _aad(self.digest, "content"))

    def keep_account(self, account: dict[str, Any]) -> None:
        """Set what came of it, encrypted: reasons hold what cells say. The caller saves."""
        plain = json.dumps(account, ensure_ascii=False).encode()
        self.account = seal(self._key(), plain, _aad(self.digest, "account"))

    def read_account(self) -> dict[str, Any]:
        """Return what came of it; nothing before the first dry run, or once the file was forgotten.

        Raises:
            DecryptionFailed: it was altered.
            KeyMissing: the key it is wrapped with isn't here.
        """
        if self.account is None or self.wrapped_key is None:
            return {}
        found: dict[str, Any] = json.loads(unseal(self._key(), bytes(self.account), _aad(self.digest, "account")))
        return found

    def _key(self) -> bytes:
        assert self.wrapped_key is not None
        return keyring().unwrap(bytes(self.wrapped_key))


def _aad(digest: str, what: str) -> bytes:
    return f"xinfang ledger {what} {digest}".encode()
