"""A petition and its rows. Columns follow from the events; only `actions.perform` and projections write them."""

from django.db import models

from xinfang.accounts.models import Staff, Unit
from xinfang.cases.models.encryption import decrypt_field, encrypt_field, encrypted_property, open_inquiry_code
from xinfang.categories.models import Category
from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.steps import step_label
from xinfang.procedure.words import (
    Channel,
    MatterClass,
    PaperKind,
    PersonKind,
    PersonRole,
    Purpose,
    Role,
    Route,
    Source,
    State,
    Word,
)
from xinfang.vault.hash_chain import FIRST_PREVIOUS_HASH, Canonical

NO_DUE_DATE = "9999-12-31"
"""Sorts last: a petition with no clock running."""


def _choices(words: type[Word]) -> list[tuple[str, str]]:
    return [(str(w.value), w.label) for w in words]


class Petition(models.Model):
    """One 信访事项. Dates are Asia/Shanghai."""

    number = models.CharField("编号", max_length=20, unique=True)
    inquiry_mark = models.CharField("查询码的摘要", max_length=64)
    inquiry_sealed = models.BinaryField("查询码", null=True)
    """The code itself, encrypted; empty where the petitioner alone has it (`cases.inquiry_codes`)."""
    state = models.CharField("状态", max_length=20, choices=_choices(State))
    channel = models.CharField("信访形式", max_length=10, choices=_choices(Channel))
    source = models.CharField("来源", max_length=20, choices=_choices(Source))
    sender = models.CharField("来文机关", max_length=200, blank=True)
    sender_number = models.CharField("来文编号", max_length=200, blank=True)
    sender_date = models.DateField("来文日期", null=True)
    external_number = models.CharField("外部编号", max_length=200, blank=True, db_index=True)
    received_on = models.DateField("收到日期")
    registered_at = models.DateTimeField("登记时间")
    subject = models.CharField("事由", max_length=120)
    body = models.TextField("内容", blank=True)
    told_orally = models.BooleanField("口头提出", default=False)
    reception_place = models.CharField("接待地点", max_length=200, blank=True)
    anonymous = models.BooleanField("匿名", default=False)
    group_size = models.PositiveIntegerField("人数", default=1)
    category = models.ForeignKey(Category, verbose_name="内容分类", null=True, on_delete=models.PROTECT)
    matter_class = models.CharField("类别", max_length=12, blank=True, choices=_choices(MatterClass))
    route = models.CharField("途径", max_length=6, blank=True, choices=_choices(Route))
    purpose = models.CharField("信访目的", max_length=14, blank=True, choices=_choices(Purpose))
    simple = models.BooleanField("简易办理", default=False)
    sealed = models.BooleanField("密封", default=False)
    repeat_of = models.ForeignKey(
        "self", verbose_name="首件", null=True, on_delete=models.PROTECT, related_name="repeats"
    )
    handling_unit = models.ForeignKey(
        Unit, verbose_name="承办单位", null=True, on_delete=models.PROTECT, related_name="handled"
    )
    assisting_units = models.ManyToManyField(Unit, verbose_name="协办单位", related_name="assisted")
    handler = models.ForeignKey(
        Staff, verbose_name="承办人", null=True, on_delete=models.PROTECT, related_name="petitions_handled"
    )
    responsible_leader = models.ForeignKey(
        Staff, verbose_name="包案厅领导", null=True, on_delete=models.PROTECT, related_name="petitions_led"
    )
    accepted_on = models.DateField("受理日期", null=True)
    replied_on = models.DateField("办结日期", null=True)
    served_on = models.DateField("送达日期", null=True)
    closed_on = models.DateField("结案日期", null=True)
    supervised = models.BooleanField("已督办", default=False)
    next_due = models.DateField("最先到期", default=NO_DUE_DATE)
    next_clock = models.CharField("最先到期的期限", max_length=30, blank=True)
    next_provisional = models.BooleanField(default=False)
    revision = models.PositiveIntegerField("版本", default=0)
    """The number of its last event; a form that saw an older one is refused, never merged silently."""
    head = models.CharField(max_length=64, default=FIRST_PREVIOUS_HASH)
    """The hash of its last event."""
    head_mac = models.CharField(max_length=64, default="")
    """Of number, revision, head and inquiry code, under a key of the key folder (`prove_end`)."""
    wrapped_key = models.BinaryField(null=True)
    """The key of its personal fields and of every text of its events, wrapped by the master key; empty once erased."""

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_due", "id"], name="petition_by_due"),
            models.Index(fields=["state", "next_due", "id"], name="petition_by_state"),
            models.Index(fields=["handling_unit", "next_due", "id"], name="petition_by_unit"),
            models.Index(fields=["received_on", "id"], name="petition_by_receipt"),
            models.Index(fields=["sealed", "received_on", "id"], name="petition_unsealed_by_receipt"),
            models.Index(fields=["channel", "received_on", "id"], name="petition_by_channel"),
            models.Index(fields=["source", "received_on", "id"], name="petition_by_source"),
            # Holds all that the boards count, so that they read no case itself and nothing of the archive.
            models.Index(
                fields=[
                    "state",
                    "handling_unit",
                    "responsible_leader",
                    "next_clock",
                    "next_due",
                    "supervised",
                    "sealed",
                    "id",
                ],
                name="petition_for_boards",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def inquiry_code(self) -> str:
        """The inquiry code, to be printed; empty where only the petitioner has it, or the key was erased."""
        return open_inquiry_code(self)

    @property
    def next_clock_label(self) -> str:
        """The name of the limit that comes first, for people; empty without one."""
        clock = CLOCKS.get(self.next_clock)
        return clock.label if clock else ""


class CaseVisibility(models.Model):
    """Who, apart from the duties that see every case, sees or must not see this one: the projection of may_see."""

    class Why(models.TextChoices):
        INSTRUCTS = "instructs", "批示或包案"
        ADVISES = "advises", "法律意见"
        RECUSED = "recused", "回避"
        COMPLAINED_OF = "complained_of", "被反映"
        ACTS = "acts_for_office", "代行办公室职责"
        OFFICER = "officer", "指定的检举控告专管员"
        OPEN_LEADERS = "open_leaders", "由其他厅领导监督"
        OPEN_OFFICERS = "open_officers", "由检举控告专管员监督"
        OPEN_HEADS = "open_heads", "由其他处室（单位）负责人监督"
        SEALED_PRINCIPAL = "sealed_principal", "密封件由厅主要领导监督"
        SEALED_LEADERS = "sealed_leaders", "密封件由其他厅领导监督"
        SEALED_HEADS = "sealed_heads", "密封件由其他处室（单位）负责人监督"

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="seeing")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=16, choices=Why.choices)

    class Meta:
        indexes = [
            models.Index(fields=["staff", "why", "petition"], name="seeing_by_staff"),
            models.Index(fields=["unit", "why", "petition"], name="seeing_by_unit"),
        ]


class Petitioner(models.Model):
    """A person of a petition. Personal fields live only here, never in events, logs or addresses.

    Telephone, address and ID number are kept encrypted under the petition's key, and so is the name once the case is
    sealed; read and set them as `phone`, `address`, `id_number`, `full_name`. `name` is empty in a sealed case.
    """

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="petitioners")
    place = models.PositiveSmallIntegerField("序号", default=1)
    name = models.CharField("姓名（名称）", max_length=100, blank=True, db_index=True)
    kind = models.CharField("类型", max_length=14, choices=_choices(PersonKind))
    role = models.CharField("身份", max_length=14, choices=_choices(PersonRole))
    name_sealed = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    address_sealed = models.BinaryField(null=True)
    id_number_sealed = models.BinaryField(null=True)
    foreign = models.BooleanField("外国人或境外组织", default=False)
    language = models.CharField("使用语言", max_length=20, blank=True)
    translate = models.BooleanField("需要翻译", default=False)

    phone = encrypted_property("phone")
    address = encrypted_property("address")
    id_number = encrypted_property("id_number")

    class Meta:
        ordering = ["petition_id", "place"]

    @property
    def full_name(self) -> str:
        """The name, also of a sealed case."""
        return self.name or decrypt_field(self, "name")

    def keep_name(self, *, sealed: bool) -> None:
        """Keep the name encrypted, as the other personal fields are, or plain (N30). The caller saves."""
        if sealed and self.name:
            self.name_sealed, self.name = encrypt_field(self, "name", self.name), ""
        elif not sealed and self.name_sealed is not None:
            self.name, self.name_sealed = self.name or decrypt_field(self, "name"), None


class Request(models.Model):
    """One of the requests of a petition, concluded apart (N32)."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="requests")
    number = models.PositiveSmallIntegerField("序号")
    text = models.TextField("诉求")
    finding = models.TextField("认定的事实", blank=True)
    conclusion = models.CharField("结论", max_length=10, blank=True)
    basis = models.TextField("依据", blank=True)
    changed = models.TextField("复查（复核）变更", blank=True)
    carried_out = models.TextField("执行情况", blank=True)

    class Meta:
        ordering = ["petition_id", "number"]
        constraints = [models.UniqueConstraint(fields=["petition", "number"], name="request_number_is_unique")]


class Event(models.Model):
    """What happened: appended, never changed. `happened_on` may lie before `recorded_at`; both are kept."""

    append_only = True

    # Found by `event_of_case`, which begins with it.
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField("序号")
    code = models.CharField("步骤", max_length=30)
    stage = models.CharField("环节", max_length=10, default="done")
    data = models.JSONField("内容（不含文字）", default=dict, encoder=Canonical)
    text_digest = models.CharField(max_length=64, blank=True)
    """Keyed digest of the encrypted text (`EventText`); empty where nothing is withheld from `data`."""
    happened_on = models.DateField("发生日期")
    recorded_at = models.DateTimeField("记录时间")
    by = models.ForeignKey(Staff, verbose_name="办理人", null=True, on_delete=models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(Staff, verbose_name="录入人", null=True, on_delete=models.PROTECT, related_name="+")
    by_role = models.CharField("身份", max_length=30, choices=_choices(Role))
    acting_for = models.ForeignKey(Staff, verbose_name="代行", null=True, on_delete=models.PROTECT, related_name="+")
    state_before = models.CharField(max_length=20, blank=True)
    state_after = models.CharField(max_length=20)
    key = models.CharField("防重复提交", max_length=64, null=True, unique=True)
    """What makes a form sent twice one event."""
    hash = models.CharField(max_length=64, default="")
    """Of this event and the one before it (`audit/canonical.py`)."""

    class Meta:
        ordering = ["petition_id", "seq"]
        constraints = [models.UniqueConstraint(fields=["petition", "seq"], name="event_seq_is_unique")]
        indexes = [
            models.Index(fields=["recorded_at"], name="event_by_time"),
            # With all that reports ask of a step, so that they don't read the events themselves.
            models.Index(fields=["petition", "seq", "code", "stage"], name="event_of_case"),
            models.Index(
                fields=["code", "happened_on", "stage", "state_before", "state_after", "petition", "seq"],
                name="event_by_step_and_day",
            ),
        ]

    @property
    def label(self) -> str:
        """The name of the step, for people."""
        return step_label(self.code)


class EventText(models.Model):
    """What an event withholds from its `data`: all its answers, encrypted under the petition's key.

    A row of its own, so that it can be erased with the file while the event and its hash stay.
    """

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="text")
    sealed = models.BinaryField()


class Deadline(models.Model):
    """One run of a clock, as last computed from the history."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="deadlines")
    clock = models.CharField("期限", max_length=30)
    occurrence = models.PositiveIntegerField("起始事件")
    started_on = models.DateField("起算")
    due = models.DateField("到期")
    alarm = models.DateField("提醒")
    provisional = models.BooleanField("暂定", default=False)
    stopped_on = models.DateField("停止", null=True)
    stopped_by = models.PositiveIntegerField("停止事件", null=True)
    """The number of the event that stopped it; empty while it runs, and where it fell away because the case ended."""
    warned = models.CharField("已发提醒", max_length=10, blank=True)
    next_alert = models.DateField("下次提醒", null=True)
    """The next day on which the sweep must look at it; empty when nothing more is to be said."""
    alert_retry = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["due", "id"]
        constraints = [
            models.UniqueConstraint(fields=["petition", "clock", "occurrence"], name="deadline_is_unique"),
        ]
        indexes = [
            models.Index(fields=["next_alert", "id"], name="deadline_alerts"),
            models.Index(fields=["stopped_on", "due", "id"], name="deadline_open_by_due"),
            models.Index(fields=["stopped_on", "provisional"], name="deadline_provisional"),
            models.Index(fields=["clock", "due"], name="deadline_by_clock_and_day"),
            # Few of the department's own run of all there ever were; what petitioners may ask for stays open for ever.
            models.Index(fields=["clock", "stopped_on", "due", "petition"], name="deadline_running"),
        ]

    @property
    def label(self) -> str:
        """The name of the limit, for people."""
        clock = CLOCKS.get(self.clock)
        return clock.label if clock else self.clock


class Task(models.Model):
    """What is asked of whom now. Addressed to one person, or to a role (in a unit where it has one)."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="tasks")
    step = models.CharField("步骤", max_length=30)
    words = models.CharField("需要", max_length=60)
    role = models.CharField(max_length=30)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    due = models.DateField("期限", default=NO_DUE_DATE)
    """The petition's first due date, repeated here so that an inbox is read from one index."""

    class Meta:
        ordering = ["due", "id"]
        indexes = [
            # With the person, as all who have a role are asked what nobody in particular was given.
            models.Index(fields=["role", "unit", "staff", "due", "petition"], name="task_by_role"),
            models.Index(fields=["staff", "due", "petition"], name="task_by_staff"),
        ]


class RequiredPaper(models.Model):
    """A paper that a step owes."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="papers")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField("文书", max_length=30, choices=_choices(PaperKind))

    class Meta:
        ordering = ["petition_id", "id"]

    @property
    def label(self) -> str:
        """The name of the paper, for people."""
        return self.get_kind_display()
