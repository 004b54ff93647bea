"""Urgent events.

The log of an event is entries of the administrative chain; a row here only says where to find it. What is kept here was
reviewed against what is never built (`tests/repository/test_never_built.py`): it counts visitors and names none, it
holds no label, grade or forecast. `tests/repository/test_incident_fields.py` keeps it so.
"""

from django.db import models

from xinfang.accounts.models import Staff, Unit
from xinfang.audit.noted_rows import NotedModel
from xinfang.cases.models import Petition
from xinfang.cases.models.case import _choices
from xinfang.procedure.words import IncidentKind
from xinfang.vault.keys import keyring


class Incident(NotedModel):
    """One event, as its log says it is. The log decides (`incidents/queries/incidents.py`)."""

    number = models.CharField("编号", max_length=20, unique=True)
    kind = models.CharField("种类", max_length=20, choices=_choices(IncidentKind))
    place = models.CharField("地点", max_length=60, blank=True)
    people = models.PositiveIntegerField("大约人数", null=True)
    opened_at = models.DateTimeField("报告时间")
    opened_by = models.ForeignKey(Staff, verbose_name="报告人", on_delete=models.PROTECT, related_name="+")
    by_duty_desk = models.BooleanField("物业值班报告", default=False)
    ended_at = models.DateTimeField("结束时间", null=True)
    units = models.ManyToManyField(Unit, verbose_name="到场处室（单位）", related_name="+")
    petitions = models.ManyToManyField(Petition, verbose_name="现场登记", related_name="incidents")
    revision = models.PositiveIntegerField("记录条数")
    next_look = models.DateTimeField(null=True)
    """When the chain of reports is to be looked at again."""
    report_number = models.CharField("专报文号", max_length=60, blank=True)
    key = models.CharField(max_length=80, null=True, unique=True)
    """Of the form that began it, so that one sent twice begins one."""
    wrapped_key = models.BinaryField()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_look"], name="incident_next_look"),
            models.Index(fields=["ended_at", "-id"], name="incident_open"),
        ]

    def secret(self) -> bytes:
        """Return the key of its texts.

        Raises:
            DecryptionFailed: the wrapped key is damaged.
            KeyMissing: the key it is wrapped with isn't here.
        """
        return keyring().unwrap(bytes(self.wrapped_key))


class IncidentFile(NotedModel):
    """A picture of an event, or its report as it was sent. The content lies encrypted outside the database."""

    class What(models.TextChoices):
        PICTURE = "picture", "现场照片"
        REPORT = "report", "专报"

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="files")
    place = models.PositiveIntegerField("序号")
    what = models.CharField("种类", max_length=10, choices=What.choices)
    kind = models.CharField("文件类型", max_length=10)
    size = models.PositiveBigIntegerField("大小（字节）")
    digest = models.CharField("内容的 SM3 摘要", max_length=64)
    address = models.CharField("存放处", max_length=64, db_index=True)
    wrapped_key = models.BinaryField()

    class Meta:
        ordering = ["incident_id", "place"]
        constraints = [models.UniqueConstraint(fields=["incident", "place"], name="incident_file_place_is_unique")]

    def secret(self) -> bytes:
        """Return the key of its content.

        Raises:
            DecryptionFailed: the wrapped key is damaged.
            KeyMissing: the key it is wrapped with isn't here.
        """
        return keyring().unwrap(bytes(self.wrapped_key))
