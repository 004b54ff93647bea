"""Units, staff, duties from–to, and deputies while somebody is away. Nothing here is deleted: things end on a day."""

from datetime import date

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models

from xinfang.audit.noted_rows import NotedModel, NotedQuerySet
from xinfang.procedure.words import STAFF_ROLES


class Unit(NotedModel):
    """A unit of the department. `can_handle`: whether petitions can be assigned to it (H6)."""

    code_field = "code"

    class Kind(models.TextChoices):
        OFFICE = "office", "办公室"
        DIVISION = "division", "处室"
        AFFILIATED = "affiliated", "厅属单位"
        LEADERSHIP = "leadership", "厅领导"
        ARCHIVE = "archive", "机要室"
        SUPPORT = "support", "保障中心"
        PROPERTY = "property", "物业"
        LEGAL = "legal", "法律顾问"

    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    kind = models.CharField("类型", max_length=20, choices=Kind.choices)
    leader = models.ForeignKey(
        "Staff", verbose_name="分管厅领导", null=True, blank=True, on_delete=models.PROTECT, related_name="units_led"
    )
    ended_on = models.DateField("撤销日期", null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def can_handle(self) -> bool:
        """Tell whether cases can be given to this unit: a division, affiliated unit or office that has not ended."""
        return self.kind in (self.Kind.DIVISION, self.Kind.AFFILIATED, self.Kind.OFFICE) and self.ended_on is None


class NotedStaff(NotedQuerySet["Staff"]):
    """People of the department, of whom every change is noted."""


class StaffManager(UserManager["Staff"]):
    """Makes accounts, and notes changes in bulk."""

    use_in_migrations = False

    def get_queryset(self) -> NotedStaff:
        """Return the people, of whom every change is noted."""
        return NotedStaff(self.model, using=self._db)


class Staff(NotedModel, AbstractUser):
    """A person of the department who signs in. What they may do comes from their duties alone, never from flags."""

    code_field = "username"

    name = models.CharField("姓名", max_length=60)
    title = models.CharField("职务", max_length=60, blank=True)
    left_on = models.DateField("离任日期", null=True, blank=True)
    one_time_until = models.DateTimeField("一次性密码有效至", null=True, blank=True)
    """Set while the password is one that the program gave: it opens only the page that changes it, once, until then."""
    email_before = models.EmailField("原电子邮箱", blank=True)
    email_before_until = models.DateTimeField("原邮箱停用", null=True, blank=True)
    """What is told about the account goes to the address before the change as well, until then."""

    REQUIRED_FIELDS = ["name"]
    objects = StaffManager()  # type: ignore[misc, assignment]

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class CurrentDuties(NotedQuerySet["Duty"]):
    """Duties of which some hold on a day."""

    def on(self, day: date) -> "CurrentDuties":
        """Return the duties held on this day (Asia/Shanghai)."""
        return self.filter(since__lte=day).filter(models.Q(until=None) | models.Q(until__gte=day))


class Duty(NotedModel):
    """A role held from a day to a day, in a unit where the role has one."""

    staff = models.ForeignKey(Staff, verbose_name="人员", on_delete=models.PROTECT, related_name="duties")
    role = models.CharField("职责", max_length=30, choices=[(r.value, r.label) for r in STAFF_ROLES])
    unit = models.ForeignKey(Unit, verbose_name="单位", null=True, blank=True, on_delete=models.PROTECT)
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)

    objects = CurrentDuties.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ["staff_id", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="duty_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return f"{self.staff}：{self.get_role_display()}"

    @property
    def words(self) -> str:
        """What it is called in a sentence: with its unit, where its own name doesn't say it."""
        return duty_words(self.unit, self.get_role_display())


def duty_words(unit: Unit | None, role: str) -> str:
    """Return 规划处负责人, 规划处承办人, but 办公室主任 and 分管厅领导 without a unit in front."""
    if unit is None or unit.name in role or unit.kind == Unit.Kind.LEADERSHIP:
        return role
    return f"{unit.name}{role.removeprefix('处室（单位）')}"


class Absence(NotedModel):
    """An absence and its deputy, who acts in their own name, marked as deputising."""

    staff = models.ForeignKey(Staff, verbose_name="外出人员", on_delete=models.PROTECT, related_name="absences")
    deputy = models.ForeignKey(Staff, verbose_name="代行人员", on_delete=models.PROTECT, related_name="stands_in")
    since = models.DateField("起")
    until = models.DateField("止")
    reason = models.CharField("事由", max_length=100, blank=True)

    class Meta:
        ordering = ["-since"]

    def __str__(self) -> str:
        return f"{self.staff}（{self.deputy}代）{self.since}—{self.until}"
