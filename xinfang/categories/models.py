"""The content categories."""

from django.db import models

from xinfang.audit.noted_rows import NotedModel


class Category(NotedModel):
    """A content category; codes of two digits a level, so that a level is a prefix."""

    code_field = "code"

    code = models.CharField("代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)
    level = models.PositiveSmallIntegerField("级别")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    active = models.BooleanField("在用", default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
