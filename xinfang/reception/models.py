"""Days of reception, bookings, and what was recorded of them: appended, never changed.

How far a booking is follows from its rows (`procedure.reception.stages`). Who asked and what was said is encrypted
under the booking's own key.
"""

from django.db import models

from xinfang.accounts.models import Staff, Unit
from xinfang.audit.noted_rows import NotedModel
from xinfang.cases.models import Petition
from xinfang.procedure.reception.words import AskedThrough, DayEnd, DayKind, ReceptionAct
from xinfang.procedure.words import Word
from xinfang.vault.keys import keyring


def _choices(words: type[Word]) -> list[tuple[str, str]]:
    return [(str(w.value), w.label) for w in words]


class ReceptionDay(models.Model):
    """A day that was published: who receives whom, when, where, and how many."""

    append_only = True

    kind = models.CharField("形式", max_length=12, choices=_choices(DayKind))
    on = models.DateField("日期")
    begins = models.CharField("开始时间", max_length=5)
    ends = models.CharField("结束时间", max_length=5)
    place = models.CharField("地点", max_length=200)
    leader = models.ForeignKey(Staff, verbose_name="厅领导", on_delete=models.PROTECT, related_name="+")
    places = models.PositiveSmallIntegerField("可预约人数")
    by = models.ForeignKey(Staff, verbose_name="公布人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("公布时间")
    key = models.CharField(max_length=60, null=True, unique=True)
    """What makes a form that is sent twice one day."""

    class Meta:
        ordering = ["on", "begins", "id"]
        indexes = [models.Index(fields=["on", "id"], name="reception_by_day")]

    def __str__(self) -> str:
        return f"{self.on.isoformat()} {self.begins} {self.get_kind_display()}"


class Booking(models.Model):
    """A place that somebody asked for: with a case, or with who they are and the matter in short, encrypted."""

    append_only = True

    day = models.ForeignKey(ReceptionDay, verbose_name="接待日", on_delete=models.PROTECT, related_name="bookings")
    petition = models.ForeignKey(
        Petition, verbose_name="事项", null=True, on_delete=models.PROTECT, related_name="receptions"
    )
    asked_by = models.CharField("怎样提出的", max_length=8, choices=_choices(AskedThrough))
    people = models.PositiveIntegerField("来访人数")
    sealed = models.BinaryField("姓名、联系方式和事由", null=True)
    by = models.ForeignKey(Staff, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("登记时间")
    key = models.CharField(max_length=60, null=True, unique=True)

    class Meta:
        ordering = ["id"]


class BookingKey(NotedModel):
    """The key of what a booking holds. A table of its own, as rotation rewraps keys and bookings never change."""

    booking = models.OneToOneField(Booking, primary_key=True, on_delete=models.PROTECT, related_name="kept_key")
    wrapped_key = models.BinaryField()

    def open(self) -> bytes:
        """Return the key.

        Raises:
            DecryptionFailed: the wrapped key is damaged.
            KeyMissing: the key it is wrapped with isn't here.
        """
        return keyring().unwrap(bytes(self.wrapped_key))


class ReceptionEvent(models.Model):
    """What was recorded of a day, or of a booking. Where `waits_for_another` it holds once another agreed."""

    append_only = True

    day = models.ForeignKey(ReceptionDay, null=True, on_delete=models.PROTECT, related_name="events")
    booking = models.ForeignKey(Booking, null=True, on_delete=models.PROTECT, related_name="events")
    act = models.CharField("事项", max_length=12, choices=_choices(ReceptionAct))
    end = models.CharField("情形", max_length=12, blank=True, choices=_choices(DayEnd))
    reason = models.CharField("理由", max_length=500, blank=True)
    """Why a day isn't held as published; of a booking nothing is kept in plain."""
    to_day = models.ForeignKey(ReceptionDay, null=True, on_delete=models.PROTECT, related_name="carried_here")
    new_on = models.DateField("改到哪一天", null=True)
    new_begins = models.CharField("新的开始时间", max_length=5, blank=True)
    new_ends = models.CharField("新的结束时间", max_length=5, blank=True)
    new_place = models.CharField("新的地点", max_length=200, blank=True)
    petition = models.ForeignKey(Petition, null=True, on_delete=models.PROTECT, related_name="+")
    leader = models.ForeignKey(Staff, verbose_name="接待人", null=True, on_delete=models.PROTECT, related_name="+")
    people = models.PositiveIntegerField("来访人数", null=True)
    unit = models.ForeignKey(Unit, verbose_name="责任单位", null=True, on_delete=models.PROTECT, related_name="+")
    due = models.DateField("办理期限", null=True)
    sealed = models.BinaryField("内容", null=True)
    waits_for_another = models.BooleanField("须另一人确认", default=False)
    by = models.ForeignKey(Staff, verbose_name="记录人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("记录时间")
    key = models.CharField(max_length=60, null=True, unique=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["act", "-id"], name="reception_by_act")]


class ReceptionAnswer(models.Model):
    """The second person's word."""

    append_only = True

    event = models.OneToOneField(ReceptionEvent, on_delete=models.PROTECT, related_name="answer")
    agree = models.BooleanField("同意")
    opinion = models.CharField("意见", max_length=500, blank=True)
    by = models.ForeignKey(Staff, verbose_name="确认人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("确认时间")

    class Meta:
        ordering = ["id"]
