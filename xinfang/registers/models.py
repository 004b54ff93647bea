"""Saved views of the list of cases, and exports that are being made or lie ready for a short time."""

import zlib
from collections.abc import Sequence

from django.db import models

from xinfang.accounts.models import Staff
from xinfang.audit.noted_rows import NotedModel
from xinfang.cases.models import ExportRequest
from xinfang.vault.keys import keyring


class SavedView(NotedModel):
    """A list of cases as somebody wants to find it again; without an owner it is the department's."""

    owner = models.ForeignKey(Staff, null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField("名称", max_length=20)
    criteria = models.JSONField("条件", default=dict)
    """What the address of the list says, without what a person typed: there is no free text in it."""
    columns = models.JSONField("列", default=list)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("保存时间")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_is_unique", nulls_distinct=False)
        ]


class ExportJob(NotedModel):
    """A list that is written in the background, and its file until it is fetched or too old.

    The file is what the asker may see. Its rows are kept as keys, and asked again before it is handed out.
    """

    class State(models.TextChoices):
        ASKED = "asked", "等待审批"
        WAITING = "waiting", "排队中"
        RUNNING = "running", "正在生成"
        DONE = "done", "可以下载"
        FAILED = "failed", "没有生成"
        CANCELLED = "cancelled", "已取消"
        GONE = "gone", "已删除"

    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    list_code = models.CharField("清单", max_length=20)
    title = models.CharField("名称", max_length=60)
    words = models.CharField("条件", max_length=300, blank=True)
    criteria = models.JSONField("筛选", default=dict)
    columns = models.JSONField("列", default=list)
    format = models.CharField("格式", max_length=4)
    picked = models.BinaryField(null=True)
    """The keys that were chosen one by one; empty where all that fit are wanted."""
    personal = models.BooleanField("含个人信息", default=False)
    request = models.OneToOneField(ExportRequest, null=True, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField("标记", max_length=600, blank=True)
    """What the agreement says of the file, once it was used up."""
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField("申请时间")
    alive_at = models.DateTimeField(null=True)
    """When its writer last gave a sign of life."""
    worker = models.CharField(max_length=32, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    rows = models.PositiveIntegerField("行数", default=0)
    rows_done = models.PositiveIntegerField("已写行数", default=0)
    done_at = models.DateTimeField("完成时间", null=True)
    error = models.CharField("说明", max_length=200, blank=True)
    written = models.BinaryField(null=True)
    """The keys of its rows."""
    address = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    wrapped_key = models.BinaryField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["by", "-id"], name="export_job_of_asker"),
            models.Index(fields=["state", "id"], name="export_job_by_state"),
        ]

    @property
    def open(self) -> bool:
        """Whether it is being made or will be."""
        return self.state in (self.State.WAITING, self.State.RUNNING)

    def key(self) -> bytes | None:
        """Return the key of its file; None once it was erased.

        Raises:
            DecryptionFailed: the wrapped key is damaged.
            KeyMissing: the key it is wrapped with isn't here.
        """
        return keyring().unwrap(bytes(self.wrapped_key)) if self.wrapped_key is not None else None


def packed(keys: Sequence[int]) -> bytes:
    """Return keys in few bytes."""
    return zlib.compress(",".join(map(str, keys)).encode())


def unpacked(kept: bytes | memoryview | None) -> list[int]:
    """Return what `packed` was given; nothing of nothing."""
    text = zlib.decompress(bytes(kept)).decode() if kept else ""
    return [int(key) for key in text.split(",")] if text else []
