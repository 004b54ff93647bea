"""What serves the desk: categories, numbers, notices, drafts, dated settings."""

import json
from typing import Any

from django.db import models

from xinfang.people.models import Staff
from xinfang.vault.chain import Canonical
from xinfang.vault.keys import keyring
from xinfang.vault.sm import seal, unseal


class Category(models.Model):
    """A content category; codes of two digits a level, so that a level is a prefix."""

    code = models.CharField("代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)
    level = models.PositiveSmallIntegerField("级别")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    active = models.BooleanField("在用", default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class NumberSeries(models.Model):
    """The last number given in a series and year. Taken inside the transaction that uses it, so a refusal leaves no gap."""

    prefix = models.CharField("字头", max_length=10)
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("末号", default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="series_is_unique")]


class Notice(models.Model):
    """Something told to one person: in the desk always, by e-mail where configured. Holds no personal data."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="notices")
    petition = models.ForeignKey("records.Petition", null=True, on_delete=models.PROTECT, related_name="notices")
    incident = models.ForeignKey("records.Incident", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    text = models.CharField("内容", max_length=300)
    created_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读", null=True)
    mailed_at = models.DateTimeField("已发邮件", null=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    once = models.CharField(max_length=120, null=True, unique=True)
    """What makes a notice sent once, however many workers run."""

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["staff", "read_at", "-id"], name="notice_unread"),
            models.Index(fields=["mailed_at", "id"], name="notice_unmailed"),
        ]


_DRAFT = b"draft"


def closed_fields(value: Any) -> tuple[bytes, bytes]:
    """The fields of a draft, encrypted, and their wrapped key."""
    key, wrapped = keyring().new_key()
    return seal(key, json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"), _DRAFT), wrapped


class Draft(models.Model):
    """What somebody has typed on one showing of a form and not sent; it survives a closed browser.

    Each showing of a form (`page`) has a row of its own, so that nothing typed is ever written over by another page.
    A form may hold anybody's telephone, so all of it is kept encrypted, under a key of its own; read and set it as `fields`.
    """

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="drafts")
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
        """Field names with their values. Raises vault.Broken or KeyMissing."""
        if self.fields_sealed is None or self.wrapped_key is None:
            return {}
        key = keyring().unwrap(bytes(self.wrapped_key))
        found: dict[str, list[str]] = json.loads(unseal(key, bytes(self.fields_sealed), _DRAFT))
        return found

    @fields.setter
    def fields(self, value: dict[str, list[str]]) -> None:
        sealed, self.wrapped_key = closed_fields(value)
        self.fields_sealed, self.size = sealed, len(sealed)


class DatedSetting(models.Model):
    """A setting with the day from which it holds, e.g. the reception place (H7). Changes are added, never overwritten."""

    name = models.CharField("设置", max_length=40)
    value = models.CharField("值", max_length=200)
    since = models.DateField("起")
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT)
    reason = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        ordering = ["name", "-since", "-id"]


class AdminEvent(models.Model):
    """What was changed beside the cases: units, staff, duties, settings, calendars. Appended for the auditors, never changed."""

    at = models.DateTimeField("时间")
    by = models.ForeignKey(Staff, verbose_name="办理人", null=True, on_delete=models.PROTECT, related_name="+")
    """Empty when it was done at the command line of the server."""
    what = models.CharField("事项", max_length=40)
    target = models.CharField("对象", max_length=120)
    detail = models.JSONField("内容", default=dict, encoder=Canonical)
    hash = models.CharField(max_length=64, default="")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["target", "-id"], name="admin_event_by_target")]

    def __str__(self) -> str:
        return f"{self.what}：{self.target}"
