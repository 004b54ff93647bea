"""All tables as they are after 0016, made at once: a fresh database is ready in a third of the time.

A database of an earlier release goes step by step, as its rows must be encrypted and chained on the way.
`tests/repository/test_migrations.py` keeps both ways equal.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from xinfang.records import guard
from xinfang.records.models.reading import new_nonce
from xinfang.vault.chain import Canonical


class AllAtOnce(Operation):
    """Creates these tables. One by one, Django would build every model anew for each of them, which takes longer than all the rest."""

    def __init__(self, tables):
        self.tables = tables

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"Create {len(self.tables)} tables"


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("records", "0001_initial"),
        ("records", "0002_admin_event"),
        ("records", "0003_boards_index"),
        ("records", "0004_recounted_at"),
        ("records", "0005_proof"),
        ("records", "0005_proof_fill"),
        ("records", "0005_proof_guard"),
        ("records", "0006_attachments"),
        ("records", "0007_drafts"),
        ("records", "0008_papers"),
        ("records", "0009_reading"),
        ("records", "0010_archive"),
        ("records", "0011_figures"),
        ("records", "0012_exchange"),
        ("records", "0013_incidents"),
        ("records", "0014_rewards"),
        ("records", "0015_supervision"),
        ("records", "0016_reports_index"),
    ]
    dependencies = [("people", "0002_accounts")]

    operations = [
        AllAtOnce(
            [
                migrations.CreateModel(
                    name="CalendarYear",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField(unique=True, verbose_name="年份")),
                        ("source", models.CharField(max_length=200, verbose_name="依据")),
                        ("imported_at", models.DateTimeField(verbose_name="导入时间")),
                        ("imported_by", models.CharField(blank=True, max_length=150, verbose_name="导入人")),
                        ("recounted_at", models.DateTimeField(null=True, verbose_name="期限重算完成时间")),
                    ],
                    options={
                        "ordering": ["year"],
                    },
                ),
                migrations.CreateModel(
                    name="Category",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=12, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=60, verbose_name="名称")),
                        ("level", models.PositiveSmallIntegerField(verbose_name="级别")),
                        (
                            "parent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="records.category",
                            ),
                        ),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
                    ],
                    options={
                        "ordering": ["code"],
                    },
                ),
                migrations.CreateModel(
                    name="ChainHead",
                    fields=[
                        ("name", models.CharField(max_length=12, primary_key=True, serialize=False)),
                        ("seq", models.PositiveBigIntegerField(default=0)),
                        (
                            "hash",
                            models.CharField(
                                default="0000000000000000000000000000000000000000000000000000000000000000",
                                max_length=64,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=20, unique=True, verbose_name="编号")),
                        ("decided_on", models.DateField(verbose_name="决定日期")),
                        ("concerns", models.CharField(max_length=64, verbose_name="有关的单位或人员")),
                        (
                            "corrects",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrected_by",
                                to="records.decision",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="记录人",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="记录时间")),
                        ("sealed", models.BinaryField(verbose_name="内容")),
                        ("file_address", models.CharField(max_length=64, unique=True, verbose_name="决定文件的存放处")),
                        ("file_digest", models.CharField(max_length=64, verbose_name="决定文件的 SM3 摘要")),
                        ("file_size", models.PositiveBigIntegerField(verbose_name="决定文件的大小（字节）")),
                        ("key", models.CharField(max_length=60, null=True, unique=True)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["decided_on", "-id"], name="decision_by_day"),
                            models.Index(fields=["concerns", "-id"], name="decision_by_concerned"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExchangeMark",
                    fields=[
                        ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        ("data", models.JSONField(default=dict, encoder=Canonical)),
                    ],
                ),
                migrations.CreateModel(
                    name="Seal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField(unique=True, verbose_name="序号")),
                        ("day", models.DateField(verbose_name="日期")),
                        ("made_at", models.DateTimeField(verbose_name="时间")),
                        ("last_event", models.PositiveBigIntegerField()),
                        ("last_access", models.PositiveBigIntegerField()),
                        ("last_admin", models.PositiveBigIntegerField()),
                        ("records", models.PositiveBigIntegerField(verbose_name="记录数")),
                        ("digest", models.CharField(max_length=64)),
                        ("hash", models.CharField(max_length=64, verbose_name="封印")),
                    ],
                    options={
                        "ordering": ["-number"],
                    },
                ),
                migrations.CreateModel(
                    name="WeeklyDigest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("begins", models.DateField(unique=True, verbose_name="这一周的第一天")),
                        ("sent_at", models.DateTimeField(verbose_name="发出时间")),
                        ("people", models.PositiveIntegerField(default=0, verbose_name="人数")),
                    ],
                    options={
                        "ordering": ["-begins"],
                    },
                ),
                migrations.CreateModel(
                    name="CalendarDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="days",
                                to="records.calendaryear",
                            ),
                        ),
                        ("day", models.DateField(unique=True, verbose_name="日期")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("off", "放假"), ("work", "上班")], max_length=4, verbose_name="安排"
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="名称")),
                    ],
                    options={
                        "ordering": ["day"],
                    },
                ),
                migrations.CreateModel(
                    name="Petition",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=20, unique=True, verbose_name="编号")),
                        ("inquiry_code", models.CharField(max_length=12, verbose_name="查询码")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("registered", "已登记"),
                                    ("proposed", "待批示"),
                                    ("instructed", "已批示"),
                                    ("handling", "办理中"),
                                    ("replied", "已出具意见书"),
                                    ("served", "已送达"),
                                    ("closed", "已结案"),
                                    ("archived", "已归档"),
                                    ("redirected", "已告知有权机关"),
                                    ("objected", "异议待核"),
                                    ("returned", "已退回"),
                                    ("forwarded", "已转送下级"),
                                    ("routed", "已导入法定途径"),
                                    ("declined", "不予受理"),
                                    ("filed", "存信"),
                                    ("handed_over", "已移送（检举控告）"),
                                    ("refused_further", "不再受理"),
                                    ("withdrawn", "已撤回"),
                                    ("answered", "已回复"),
                                ],
                                max_length=20,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("online", "网络"),
                                    ("letter", "来信"),
                                    ("phone", "来电"),
                                    ("fax", "传真"),
                                    ("visit", "来访"),
                                ],
                                max_length=10,
                                verbose_name="信访形式",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("direct", "信访人直接提出"),
                                    ("bureau_forwarded", "自治区信访部门转送"),
                                    ("bureau_assigned", "自治区信访部门交办"),
                                    ("superior", "上级部门转来"),
                                    ("leader_assigned", "厅领导交办"),
                                    ("at_bureau", "在自治区信访部门上访"),
                                ],
                                max_length=20,
                                verbose_name="来源",
                            ),
                        ),
                        ("sender", models.CharField(blank=True, max_length=200, verbose_name="来文机关")),
                        ("sender_number", models.CharField(blank=True, max_length=200, verbose_name="来文编号")),
                        ("sender_date", models.DateField(null=True, verbose_name="来文日期")),
                        (
                            "external_number",
                            models.CharField(blank=True, db_index=True, max_length=200, verbose_name="外部编号"),
                        ),
                        ("received_on", models.DateField(verbose_name="收到日期")),
                        ("registered_at", models.DateTimeField(verbose_name="登记时间")),
                        ("subject", models.CharField(max_length=120, verbose_name="事由")),
                        ("body", models.TextField(blank=True, verbose_name="内容")),
                        ("told_orally", models.BooleanField(default=False, verbose_name="口头提出")),
                        ("reception_place", models.CharField(blank=True, max_length=200, verbose_name="接待地点")),
                        ("anonymous", models.BooleanField(default=False, verbose_name="匿名")),
                        ("group_size", models.PositiveIntegerField(default=1, verbose_name="人数")),
                        (
                            "category",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="records.category",
                                verbose_name="内容分类",
                            ),
                        ),
                        (
                            "matter_class",
                            models.CharField(
                                blank=True,
                                choices=[("suggestion", "建议意见"), ("report", "检举控告"), ("claim", "申诉求决")],
                                max_length=12,
                                verbose_name="类别",
                            ),
                        ),
                        (
                            "route",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("one", "（一）诉讼、复议、检察或公安程序"),
                                    ("two", "（二）仲裁"),
                                    ("three", "（三）党员申诉、申请复审"),
                                    ("four", "（四）行政复议、裁决、确认、许可、处罚等行政程序"),
                                    ("five", "（五）查处违法行为、履行保护职责"),
                                    ("six", "（六）信访处理程序"),
                                ],
                                max_length=6,
                                verbose_name="途径",
                            ),
                        ),
                        (
                            "purpose",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("appeal", "申诉"),
                                    ("claim", "求决"),
                                    ("report", "揭发控告"),
                                    ("suggestion", "意见建议"),
                                    ("consultation", "咨询"),
                                    ("other", "其他"),
                                ],
                                max_length=14,
                                verbose_name="信访目的",
                            ),
                        ),
                        ("simple", models.BooleanField(default=False, verbose_name="简易办理")),
                        ("sealed", models.BooleanField(default=False, verbose_name="密封")),
                        (
                            "repeat_of",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="repeats",
                                to="records.petition",
                                verbose_name="首件",
                            ),
                        ),
                        (
                            "handling_unit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handled",
                                to="people.unit",
                                verbose_name="承办单位",
                            ),
                        ),
                        (
                            "handler",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="petitions_handled",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="承办人",
                            ),
                        ),
                        (
                            "responsible_leader",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="petitions_led",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="包案厅领导",
                            ),
                        ),
                        ("accepted_on", models.DateField(null=True, verbose_name="受理日期")),
                        ("replied_on", models.DateField(null=True, verbose_name="办结日期")),
                        ("served_on", models.DateField(null=True, verbose_name="送达日期")),
                        ("closed_on", models.DateField(null=True, verbose_name="结案日期")),
                        ("supervised", models.BooleanField(default=False, verbose_name="已督办")),
                        ("next_due", models.DateField(default="9999-12-31", verbose_name="最先到期")),
                        ("next_clock", models.CharField(blank=True, max_length=30, verbose_name="最先到期的期限")),
                        ("next_provisional", models.BooleanField(default=False)),
                        ("revision", models.PositiveIntegerField(default=0, verbose_name="版本")),
                        (
                            "head",
                            models.CharField(
                                default="0000000000000000000000000000000000000000000000000000000000000000",
                                max_length=64,
                            ),
                        ),
                        ("wrapped_key", models.BinaryField(null=True)),
                        (
                            "assisting_units",
                            models.ManyToManyField(related_name="assisted", to="people.unit", verbose_name="协办单位"),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["next_due", "id"], name="petition_by_due"),
                            models.Index(fields=["state", "next_due", "id"], name="petition_by_state"),
                            models.Index(fields=["handling_unit", "next_due", "id"], name="petition_by_unit"),
                            models.Index(fields=["received_on", "id"], name="petition_by_receipt"),
                            models.Index(fields=["sealed", "received_on", "id"], name="petition_unsealed_by_receipt"),
                            models.Index(fields=["channel", "received_on", "id"], name="petition_by_channel"),
                            models.Index(fields=["source", "received_on", "id"], name="petition_by_source"),
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
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DatedSetting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=40, verbose_name="设置")),
                        ("value", models.CharField(max_length=200, verbose_name="值")),
                        ("since", models.DateField(verbose_name="起")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                    ],
                    options={
                        "ordering": ["name", "-since", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Deadline",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "petition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deadlines",
                                to="records.petition",
                            ),
                        ),
                        ("clock", models.CharField(max_length=30, verbose_name="期限")),
                        ("occurrence", models.PositiveIntegerField(verbose_name="起始事件")),
                        ("started_on", models.DateField(verbose_name="起算")),
                        ("due", models.DateField(verbose_name="到期")),
                        ("alarm", models.DateField(verbose_name="提醒")),
                        ("provisional", models.BooleanField(default=False, verbose_name="暂定")),
                        ("stopped_on", models.DateField(null=True, verbose_name="停止")),
                        ("warned", models.CharField(blank=True, max_length=10, verbose_name="已发提醒")),
                        ("next_alert", models.DateField(null=True, verbose_name="下次提醒")),
                        ("alert_retry", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["due", "id"],
                        "indexes": [
                            models.Index(fields=["next_alert", "id"], name="deadline_alerts"),
                            models.Index(fields=["stopped_on", "due", "id"], name="deadline_open_by_due"),
                            models.Index(fields=["stopped_on", "provisional"], name="deadline_provisional"),
                            models.Index(fields=["clock", "due"], name="deadline_by_clock_and_day"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("petition", "clock", "occurrence"), name="deadline_is_unique"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DecisionKey",
                    fields=[
                        (
                            "decision",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="kept_key",
                                serialize=False,
                                to="records.decision",
                            ),
                        ),
                        ("wrapped_key", models.BinaryField()),
                    ],
                ),
                migrations.CreateModel(
                    name="DecisionAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "decision",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answer",
                                to="records.decision",
                            ),
                        ),
                        ("agree", models.BooleanField(verbose_name="同意")),
                        ("sealed", models.BinaryField(verbose_name="意见")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="确认人",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="确认时间")),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="DisposalList",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=30, unique=True, verbose_name="清单号")),
                        ("reason", models.TextField(verbose_name="鉴定意见")),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("proposed_at", models.DateTimeField(verbose_name="提出时间")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="审批时间")),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[("", "待审批"), ("approved", "已批准销毁"), ("refused", "不同意销毁")],
                                default="",
                                max_length=8,
                                verbose_name="结果",
                            ),
                        ),
                        ("opinion", models.TextField(blank=True, verbose_name="意见")),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Draft",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="drafts",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("form", models.CharField(max_length=80, verbose_name="表单")),
                        ("fields_sealed", models.BinaryField(null=True, verbose_name="内容")),
                        ("wrapped_key", models.BinaryField(null=True)),
                        ("saved_at", models.DateTimeField(auto_now=True, verbose_name="保存时间")),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("staff", "form"), name="one_draft_a_form")],
                    },
                ),
                migrations.CreateModel(
                    name="Event",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "petition",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="records.petition",
                            ),
                        ),
                        ("seq", models.PositiveIntegerField(verbose_name="序号")),
                        ("code", models.CharField(max_length=30, verbose_name="步骤")),
                        ("stage", models.CharField(default="done", max_length=10, verbose_name="环节")),
                        (
                            "data",
                            models.JSONField(default=dict, encoder=Canonical, verbose_name="内容（不含个人信息）"),
                        ),
                        ("private", models.BinaryField(null=True)),
                        ("happened_on", models.DateField(verbose_name="发生日期")),
                        ("recorded_at", models.DateTimeField(verbose_name="记录时间")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="办理人",
                            ),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="录入人",
                            ),
                        ),
                        (
                            "by_role",
                            models.CharField(
                                choices=[
                                    ("reception", "接待登记"),
                                    ("office", "办公室"),
                                    ("office_head", "办公室主任"),
                                    ("principal_leader", "厅主要领导"),
                                    ("leader", "分管厅领导"),
                                    ("unit_head", "处室（单位）负责人"),
                                    ("handler", "承办人"),
                                    ("legal_adviser", "法律顾问"),
                                    ("archive_room", "机要室"),
                                    ("support_centre", "保障中心"),
                                    ("duty_desk", "物业值班"),
                                    ("sealed_officer", "检举控告专管员"),
                                    ("auditor", "审计员"),
                                    ("system_administrator", "系统管理员"),
                                    ("security_administrator", "安全管理员"),
                                    ("petitioner", "信访人"),
                                    ("system", "系统"),
                                ],
                                max_length=30,
                                verbose_name="身份",
                            ),
                        ),
                        (
                            "acting_for",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="代行",
                            ),
                        ),
                        ("state_before", models.CharField(blank=True, max_length=20)),
                        ("state_after", models.CharField(max_length=20)),
                        ("key", models.CharField(max_length=64, null=True, unique=True, verbose_name="防重复提交")),
                        ("hash", models.CharField(default="", max_length=64)),
                    ],
                    options={
                        "ordering": ["petition_id", "seq"],
                        "indexes": [
                            models.Index(fields=["recorded_at"], name="event_by_time"),
                            models.Index(fields=["petition", "seq", "code", "stage"], name="event_of_case"),
                            models.Index(
                                fields=[
                                    "code",
                                    "happened_on",
                                    "stage",
                                    "state_before",
                                    "state_after",
                                    "petition",
                                    "seq",
                                ],
                                name="event_by_step_and_day",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("petition", "seq"), name="event_seq_is_unique")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attachment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "petition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attachments",
                                to="records.petition",
                            ),
                        ),
                        ("place", models.PositiveIntegerField(verbose_name="序号")),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("letter", "来信（来件）原件"),
                                    ("evidence", "证据材料"),
                                    ("recording", "录音录像"),
                                    ("receipt", "送达回证"),
                                    ("instruction", "批示件"),
                                    ("paper", "文书"),
                                    ("other", "其他"),
                                ],
                                max_length=12,
                                verbose_name="材料种类",
                            ),
                        ),
                        ("kind", models.CharField(max_length=10, verbose_name="文件类型")),
                        ("size", models.PositiveBigIntegerField(verbose_name="大小（字节）")),
                        ("digest", models.CharField(max_length=64, verbose_name="内容的 SM3 摘要")),
                        ("address", models.CharField(db_index=True, max_length=64, verbose_name="存放处")),
                        ("wrapped_key", models.BinaryField(null=True)),
                        ("name_sealed", models.BinaryField()),
                        (
                            "event",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attachment",
                                to="records.event",
                            ),
                        ),
                        (
                            "withdrawal",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="withdrawn_attachment",
                                to="records.event",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["petition_id", "place"],
                        "indexes": [models.Index(fields=["petition", "digest"], name="attachment_by_content")],
                        "constraints": [
                            models.UniqueConstraint(fields=("petition", "place"), name="attachment_place_is_unique")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FileView",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "attachment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="view",
                                to="records.attachment",
                            ),
                        ),
                        ("turned", models.PositiveSmallIntegerField(default=0, verbose_name="顺时针转动（度）")),
                        ("place_shown", models.PositiveIntegerField(null=True, verbose_name="显示次序")),
                    ],
                ),
                migrations.CreateModel(
                    name="Incident",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=20, unique=True, verbose_name="编号")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("group_visit", "集体来访"),
                                    ("sudden_gathering", "突发群体性上访"),
                                    ("medical_emergency", "人身安全紧急情况"),
                                    ("disturbance", "扰乱秩序行为"),
                                    ("report_to_bureau", "向信访主管部门报告事项"),
                                ],
                                max_length=20,
                                verbose_name="种类",
                            ),
                        ),
                        ("place", models.CharField(blank=True, max_length=60, verbose_name="地点")),
                        ("people", models.PositiveIntegerField(null=True, verbose_name="大约人数")),
                        ("opened_at", models.DateTimeField(verbose_name="报告时间")),
                        (
                            "opened_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="报告人",
                            ),
                        ),
                        ("by_duty_desk", models.BooleanField(default=False, verbose_name="物业值班报告")),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                        ("revision", models.PositiveIntegerField(verbose_name="记录条数")),
                        ("next_look", models.DateTimeField(null=True)),
                        ("report_number", models.CharField(blank=True, max_length=60, verbose_name="专报文号")),
                        ("key", models.CharField(max_length=80, null=True, unique=True)),
                        ("wrapped_key", models.BinaryField()),
                        (
                            "units",
                            models.ManyToManyField(related_name="+", to="people.unit", verbose_name="到场处室（单位）"),
                        ),
                        (
                            "petitions",
                            models.ManyToManyField(
                                related_name="incidents", to="records.petition", verbose_name="现场登记"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["next_look"], name="incident_next_look"),
                            models.Index(fields=["ended_at", "-id"], name="incident_open"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IncidentFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="files", to="records.incident"
                            ),
                        ),
                        ("place", models.PositiveIntegerField(verbose_name="序号")),
                        (
                            "what",
                            models.CharField(
                                choices=[("picture", "现场照片"), ("report", "专报")],
                                max_length=10,
                                verbose_name="种类",
                            ),
                        ),
                        ("kind", models.CharField(max_length=10, verbose_name="文件类型")),
                        ("size", models.PositiveBigIntegerField(verbose_name="大小（字节）")),
                        ("digest", models.CharField(max_length=64, verbose_name="内容的 SM3 摘要")),
                        ("address", models.CharField(db_index=True, max_length=64, verbose_name="存放处")),
                        ("wrapped_key", models.BinaryField()),
                    ],
                    options={
                        "ordering": ["incident_id", "place"],
                        "constraints": [
                            models.UniqueConstraint(fields=("incident", "place"), name="incident_file_place_is_unique")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Incoming",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=120, unique=True, verbose_name="对方编号")),
                        (
                            "state",
                            models.CharField(
                                choices=[("registered", "已登记"), ("left", "未能登记")],
                                max_length=10,
                                verbose_name="情况",
                            ),
                        ),
                        (
                            "petition",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.petition",
                            ),
                        ),
                        ("first_seen", models.DateTimeField(verbose_name="首次收到")),
                        ("confirmed_at", models.DateTimeField(null=True, verbose_name="已确认收到")),
                        ("reason", models.CharField(blank=True, max_length=300, verbose_name="原因")),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [models.Index(fields=["state", "-id"], name="incoming_by_state")],
                    },
                ),
                migrations.CreateModel(
                    name="Lapse",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "petition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lapses",
                                to="records.petition",
                            ),
                        ),
                        (
                            "ground",
                            models.CharField(
                                choices=[
                                    ("no_record", "时限过半无办理记录"),
                                    ("not_resubmitted", "退回后未重新报送"),
                                    ("assistant_silent", "协办单位无办理记录"),
                                    ("overdue", "超期未办"),
                                    ("awaited", "督办待反馈"),
                                ],
                                max_length=20,
                                verbose_name="督办事由",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.unit",
                                verbose_name="责任单位",
                            ),
                        ),
                        ("began", models.DateField(verbose_name="起算")),
                        ("since", models.DateField(verbose_name="成立之日")),
                        ("due", models.DateField(null=True, verbose_name="期限")),
                        ("clock", models.CharField(blank=True, max_length=30, verbose_name="期限种类")),
                    ],
                    options={
                        "ordering": ["since", "id"],
                        "indexes": [
                            models.Index(fields=["since", "id"], name="lapse_by_day"),
                            models.Index(fields=["ground", "since", "id"], name="lapse_by_ground"),
                            models.Index(fields=["unit", "since", "id"], name="lapse_by_unit"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("petition", "ground", "unit"), name="lapse_is_unique")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notices",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "petition",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notices",
                                to="records.petition",
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.incident",
                            ),
                        ),
                        ("kind", models.CharField(max_length=30)),
                        ("text", models.CharField(max_length=300, verbose_name="内容")),
                        ("created_at", models.DateTimeField(verbose_name="时间")),
                        ("read_at", models.DateTimeField(null=True, verbose_name="已读")),
                        ("mailed_at", models.DateTimeField(null=True, verbose_name="已发邮件")),
                        ("mail_attempts", models.PositiveSmallIntegerField(default=0)),
                        ("once", models.CharField(max_length=120, null=True, unique=True)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["staff", "read_at", "-id"], name="notice_unread"),
                            models.Index(fields=["mailed_at", "id"], name="notice_unmailed"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NumberSeries",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("prefix", models.CharField(max_length=10, verbose_name="字头")),
                        ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                        ("last", models.PositiveIntegerField(default=0, verbose_name="末号")),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("prefix", "year"), name="series_is_unique")],
                    },
                ),
                migrations.CreateModel(
                    name="Outgoing",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=40, unique=True)),
                        (
                            "petition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="outgoing",
                                to="records.petition",
                            ),
                        ),
                        ("seq", models.PositiveIntegerField(verbose_name="事件")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("entry", "录入"),
                                    ("step", "办理情况"),
                                    ("report", "报送"),
                                    ("objection", "异议"),
                                ],
                                max_length=10,
                                verbose_name="内容",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "待发送"),
                                    ("sending", "发送中"),
                                    ("packed", "已装包，待回执"),
                                    ("sent", "已发送，待回执"),
                                    ("accepted", "已接收"),
                                    ("refused", "被退回"),
                                    ("dead", "多次未送达"),
                                    ("by_hand", "已人工录入"),
                                    ("withheld", "不报送"),
                                ],
                                default="waiting",
                                max_length=10,
                                verbose_name="情况",
                            ),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="产生时间")),
                        ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="发送次数")),
                        ("next_try", models.DateTimeField(verbose_name="下次发送")),
                        ("content_sealed", models.BinaryField(null=True)),
                        ("digest", models.CharField(blank=True, max_length=64, verbose_name="SM3")),
                        ("external_number", models.CharField(blank=True, max_length=200, verbose_name="对方编号")),
                        ("answered_at", models.DateTimeField(null=True, verbose_name="答复时间")),
                        ("reason", models.CharField(blank=True, max_length=300, verbose_name="原因")),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [
                            models.Index(fields=["state", "next_try", "id"], name="outgoing_due"),
                            models.Index(fields=["petition", "state", "id"], name="outgoing_of_case"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Paper",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "petition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="made_papers",
                                to="records.petition",
                            ),
                        ),
                        ("place", models.PositiveIntegerField(verbose_name="序号")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("registration_sheet", "信访事项登记表"),
                                    ("receipt", "接收回执（含查询码）"),
                                    ("acceptance_notice", "受理告知书"),
                                    ("redirect_notice", "不属职权告知书"),
                                    ("objection_letter", "异议（退办）函"),
                                    ("transfer_sheet", "材料交还清单"),
                                    ("forwarding_letter", "转送函"),
                                    ("forwarding_notice", "转送去向告知书"),
                                    ("route_notice", "法定途径告知书"),
                                    ("decline_notice", "不予受理告知书"),
                                    ("filing_slip", "存信审批单"),
                                    ("filing_notice", "存信告知书"),
                                    ("sealed_letter", "移送函（密封）"),
                                    ("hand_over_receipt", "移送回执"),
                                    ("refusal_notice", "不再受理告知书"),
                                    ("instruction_sheet", "呈批单"),
                                    ("hand_over_slip", "内部转办（交办）通知单"),
                                    ("conversation_record", "接谈记录"),
                                    ("mediation_agreement", "调解（和解）协议书"),
                                    ("hearing_notice", "听证通知书"),
                                    ("hearing_record", "听证笔录"),
                                    ("extension_approval", "延期审批单"),
                                    ("extension_notice", "延期告知书"),
                                    ("reply_opinion", "信访处理（答复）意见书"),
                                    ("service_receipt", "送达回证"),
                                    ("closing_sheet", "结案审批单"),
                                    ("volume_list", "归档移交清单与卷内目录"),
                                    ("review_opinion", "复查意见书"),
                                    ("final_review_opinion", "复核意见书"),
                                    ("supervision_letter", "督办通知单"),
                                    ("recusal_decision", "回避决定"),
                                    ("report_package", "报送材料"),
                                    ("suggestion_reply", "建议（咨询）回复"),
                                    ("receipt_notice", "接收情况告知书"),
                                    ("settlement_pledge", "息诉罢访承诺书（自愿，如有）"),
                                    ("representatives_sheet", "代表推选书"),
                                    ("supplement_notice", "补正通知"),
                                    ("inquiry_record", "调查笔录"),
                                    ("inquiry_report", "调查报告"),
                                    ("evidence_list", "证据目录"),
                                    ("legal_advice", "法律顾问意见（内部）"),
                                    ("hearing_report", "听证报告（评议意见）"),
                                    ("mediation_consent", "调解申请（同意）书"),
                                    ("recusal_request", "回避申请"),
                                    ("simple_reply", "简易办理答复"),
                                    ("completion_report", "办结报告"),
                                    ("supervision_answer", "督办反馈"),
                                    ("review_application", "复查（复核）申请书"),
                                    ("review_acceptance", "复查受理通知"),
                                    ("urgent_report", "重大紧急信访信息专报"),
                                    ("group_visit_record", "群体来访处置记录"),
                                    ("follow_up_record", "回访记录"),
                                ],
                                max_length=30,
                                verbose_name="文书",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("draft", "拟稿"),
                                    ("checking", "待核稿"),
                                    ("signing", "待签发"),
                                    ("signed", "待印发"),
                                    ("issued", "已印发"),
                                    ("served", "已送达"),
                                    ("withdrawn", "已撤回"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="环节",
                            ),
                        ),
                        ("owed_by", models.PositiveIntegerField(default=0, verbose_name="出自第几条记录")),
                        ("number", models.CharField(max_length=40, null=True, unique=True, verbose_name="文号")),
                        ("revision", models.PositiveIntegerField(default=0, verbose_name="文本版次")),
                        ("pages", models.PositiveIntegerField(default=0, verbose_name="页数")),
                        ("issued_on", models.DateField(null=True, verbose_name="印发日期")),
                        (
                            "pdf",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.attachment",
                            ),
                        ),
                        (
                            "word",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.attachment",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["petition_id", "place"],
                        "indexes": [models.Index(fields=["stage", "id"], name="paper_by_stage")],
                        "constraints": [
                            models.UniqueConstraint(fields=("petition", "place"), name="paper_place_is_unique")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaperOwed",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "petition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="papers",
                                to="records.petition",
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="records.event"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("registration_sheet", "信访事项登记表"),
                                    ("receipt", "接收回执（含查询码）"),
                                    ("acceptance_notice", "受理告知书"),
                                    ("redirect_notice", "不属职权告知书"),
                                    ("objection_letter", "异议（退办）函"),
                                    ("transfer_sheet", "材料交还清单"),
                                    ("forwarding_letter", "转送函"),
                                    ("forwarding_notice", "转送去向告知书"),
                                    ("route_notice", "法定途径告知书"),
                                    ("decline_notice", "不予受理告知书"),
                                    ("filing_slip", "存信审批单"),
                                    ("filing_notice", "存信告知书"),
                                    ("sealed_letter", "移送函（密封）"),
                                    ("hand_over_receipt", "移送回执"),
                                    ("refusal_notice", "不再受理告知书"),
                                    ("instruction_sheet", "呈批单"),
                                    ("hand_over_slip", "内部转办（交办）通知单"),
                                    ("conversation_record", "接谈记录"),
                                    ("mediation_agreement", "调解（和解）协议书"),
                                    ("hearing_notice", "听证通知书"),
                                    ("hearing_record", "听证笔录"),
                                    ("extension_approval", "延期审批单"),
                                    ("extension_notice", "延期告知书"),
                                    ("reply_opinion", "信访处理（答复）意见书"),
                                    ("service_receipt", "送达回证"),
                                    ("closing_sheet", "结案审批单"),
                                    ("volume_list", "归档移交清单与卷内目录"),
                                    ("review_opinion", "复查意见书"),
                                    ("final_review_opinion", "复核意见书"),
                                    ("supervision_letter", "督办通知单"),
                                    ("recusal_decision", "回避决定"),
                                    ("report_package", "报送材料"),
                                    ("suggestion_reply", "建议（咨询）回复"),
                                    ("receipt_notice", "接收情况告知书"),
                                    ("settlement_pledge", "息诉罢访承诺书（自愿，如有）"),
                                    ("representatives_sheet", "代表推选书"),
                                    ("supplement_notice", "补正通知"),
                                    ("inquiry_record", "调查笔录"),
                                    ("inquiry_report", "调查报告"),
                                    ("evidence_list", "证据目录"),
                                    ("legal_advice", "法律顾问意见（内部）"),
                                    ("hearing_report", "听证报告（评议意见）"),
                                    ("mediation_consent", "调解申请（同意）书"),
                                    ("recusal_request", "回避申请"),
                                    ("simple_reply", "简易办理答复"),
                                    ("completion_report", "办结报告"),
                                    ("supervision_answer", "督办反馈"),
                                    ("review_application", "复查（复核）申请书"),
                                    ("review_acceptance", "复查受理通知"),
                                    ("urgent_report", "重大紧急信访信息专报"),
                                    ("group_visit_record", "群体来访处置记录"),
                                    ("follow_up_record", "回访记录"),
                                ],
                                max_length=30,
                                verbose_name="文书",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["petition_id", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="PaperText",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "paper",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="texts", to="records.paper"
                            ),
                        ),
                        ("revision", models.PositiveIntegerField(verbose_name="版次")),
                        ("text_sealed", models.BinaryField()),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        ("how", models.CharField(max_length=20, verbose_name="来历")),
                    ],
                    options={
                        "ordering": ["paper_id", "revision"],
                        "constraints": [
                            models.UniqueConstraint(fields=("paper", "revision"), name="paper_revision_is_unique")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Petitioner",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "petition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="petitioners",
                                to="records.petition",
                            ),
                        ),
                        ("place", models.PositiveSmallIntegerField(default=1, verbose_name="序号")),
                        (
                            "name",
                            models.CharField(blank=True, db_index=True, max_length=100, verbose_name="姓名（名称）"),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("natural", "自然人"), ("legal", "法人"), ("organisation", "其他组织")],
                                max_length=14,
                                verbose_name="类型",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("petitioner", "信访人"),
                                    ("co_signer", "联名人"),
                                    ("representative", "代表"),
                                    ("agent", "代理人"),
                                ],
                                max_length=14,
                                verbose_name="身份",
                            ),
                        ),
                        ("name_sealed", models.BinaryField(null=True)),
                        ("phone_sealed", models.BinaryField(null=True)),
                        ("address_sealed", models.BinaryField(null=True)),
                        ("id_number_sealed", models.BinaryField(null=True)),
                        ("foreign", models.BooleanField(default=False, verbose_name="外国人或境外组织")),
                        ("language", models.CharField(blank=True, max_length=20, verbose_name="使用语言")),
                        ("translate", models.BooleanField(default=False, verbose_name="需要翻译")),
                    ],
                    options={
                        "ordering": ["petition_id", "place"],
                    },
                ),
                migrations.CreateModel(
                    name="ReportText",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("period", models.CharField(max_length=10, verbose_name="统计期")),
                        ("revision", models.PositiveIntegerField(verbose_name="版次")),
                        ("text", models.TextField(verbose_name="正文")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="编写人",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                    ],
                    options={
                        "ordering": ["period", "revision"],
                        "constraints": [
                            models.UniqueConstraint(fields=("period", "revision"), name="report_revision_is_unique")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Request",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "petition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="requests",
                                to="records.petition",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                        ("text", models.TextField(verbose_name="诉求")),
                        ("finding", models.TextField(blank=True, verbose_name="认定的事实")),
                        ("conclusion", models.CharField(blank=True, max_length=10, verbose_name="结论")),
                        ("basis", models.TextField(blank=True, verbose_name="依据")),
                        ("carried_out", models.TextField(blank=True, verbose_name="执行情况")),
                    ],
                    options={
                        "ordering": ["petition_id", "number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("petition", "number"), name="request_number_is_unique")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Seeing",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "petition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="seeing",
                                to="records.petition",
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.unit",
                            ),
                        ),
                        (
                            "why",
                            models.CharField(
                                choices=[
                                    ("instructs", "批示或包案"),
                                    ("advises", "法律意见"),
                                    ("recused", "回避"),
                                    ("complained_of", "被反映"),
                                ],
                                max_length=14,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["staff", "why", "petition"], name="seeing_by_staff"),
                            models.Index(fields=["unit", "why", "petition"], name="seeing_by_unit"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Task",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "petition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="records.petition"
                            ),
                        ),
                        ("step", models.CharField(max_length=30, verbose_name="步骤")),
                        ("words", models.CharField(max_length=60, verbose_name="需要")),
                        ("role", models.CharField(max_length=30)),
                        (
                            "unit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="people.unit",
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("due", models.DateField(default="9999-12-31", verbose_name="期限")),
                    ],
                    options={
                        "ordering": ["due", "id"],
                        "indexes": [
                            models.Index(fields=["role", "unit", "staff", "due", "petition"], name="task_by_role"),
                            models.Index(fields=["staff", "due", "petition"], name="task_by_staff"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Upload",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="uploads",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "petition",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="uploads",
                                to="records.petition",
                            ),
                        ),
                        ("key", models.CharField(max_length=32)),
                        ("nonce", models.CharField(default=new_nonce, max_length=32, unique=True)),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("letter", "来信（来件）原件"),
                                    ("evidence", "证据材料"),
                                    ("recording", "录音录像"),
                                    ("receipt", "送达回证"),
                                    ("instruction", "批示件"),
                                    ("paper", "文书"),
                                    ("other", "其他"),
                                ],
                                max_length=12,
                                verbose_name="材料种类",
                            ),
                        ),
                        ("size", models.PositiveBigIntegerField(verbose_name="大小（字节）")),
                        ("received", models.PositiveBigIntegerField(default=0, verbose_name="已收到（字节）")),
                        ("kind", models.CharField(blank=True, max_length=10, verbose_name="文件类型")),
                        ("wrapped_key", models.BinaryField()),
                        ("name_sealed", models.BinaryField()),
                        (
                            "added",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="records.attachment",
                            ),
                        ),
                        ("touched_at", models.DateTimeField(auto_now=True, verbose_name="最近一次")),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [models.Index(fields=["touched_at"], name="upload_by_age")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("petition__isnull", False)),
                                fields=("staff", "petition", "key"),
                                name="upload_is_one",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("petition__isnull", True)),
                                fields=("staff", "key"),
                                name="upload_scan_is_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reading",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "attachment",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reading",
                                to="records.attachment",
                            ),
                        ),
                        (
                            "upload",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reading",
                                to="records.upload",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "等待识别"),
                                    ("running", "正在识别"),
                                    ("done", "已识别"),
                                    ("failed", "没有识别"),
                                ],
                                default="waiting",
                                max_length=8,
                            ),
                        ),
                        ("pages", models.PositiveIntegerField(default=0, verbose_name="页数")),
                        ("page_done", models.PositiveIntegerField(default=0, verbose_name="已读页数")),
                        ("text_sealed", models.BinaryField(null=True)),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        ("worker", models.CharField(blank=True, max_length=32)),
                        ("started_at", models.DateTimeField(null=True, verbose_name="开始")),
                        ("error", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                    ],
                    options={
                        "ordering": ["id"],
                        "indexes": [models.Index(fields=["state", "id"], name="reading_queue")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("attachment__isnull", False), ("upload__isnull", True)),
                                    models.Q(("attachment__isnull", True), ("upload__isnull", False)),
                                    _connector="OR",
                                ),
                                name="reading_is_of_one_file",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Wording",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("registration_sheet", "信访事项登记表"),
                                    ("receipt", "接收回执（含查询码）"),
                                    ("acceptance_notice", "受理告知书"),
                                    ("redirect_notice", "不属职权告知书"),
                                    ("objection_letter", "异议（退办）函"),
                                    ("transfer_sheet", "材料交还清单"),
                                    ("forwarding_letter", "转送函"),
                                    ("forwarding_notice", "转送去向告知书"),
                                    ("route_notice", "法定途径告知书"),
                                    ("decline_notice", "不予受理告知书"),
                                    ("filing_slip", "存信审批单"),
                                    ("filing_notice", "存信告知书"),
                                    ("sealed_letter", "移送函（密封）"),
                                    ("hand_over_receipt", "移送回执"),
                                    ("refusal_notice", "不再受理告知书"),
                                    ("instruction_sheet", "呈批单"),
                                    ("hand_over_slip", "内部转办（交办）通知单"),
                                    ("conversation_record", "接谈记录"),
                                    ("mediation_agreement", "调解（和解）协议书"),
                                    ("hearing_notice", "听证通知书"),
                                    ("hearing_record", "听证笔录"),
                                    ("extension_approval", "延期审批单"),
                                    ("extension_notice", "延期告知书"),
                                    ("reply_opinion", "信访处理（答复）意见书"),
                                    ("service_receipt", "送达回证"),
                                    ("closing_sheet", "结案审批单"),
                                    ("volume_list", "归档移交清单与卷内目录"),
                                    ("review_opinion", "复查意见书"),
                                    ("final_review_opinion", "复核意见书"),
                                    ("supervision_letter", "督办通知单"),
                                    ("recusal_decision", "回避决定"),
                                    ("report_package", "报送材料"),
                                    ("suggestion_reply", "建议（咨询）回复"),
                                    ("receipt_notice", "接收情况告知书"),
                                    ("settlement_pledge", "息诉罢访承诺书（自愿，如有）"),
                                    ("representatives_sheet", "代表推选书"),
                                    ("supplement_notice", "补正通知"),
                                    ("inquiry_record", "调查笔录"),
                                    ("inquiry_report", "调查报告"),
                                    ("evidence_list", "证据目录"),
                                    ("legal_advice", "法律顾问意见（内部）"),
                                    ("hearing_report", "听证报告（评议意见）"),
                                    ("mediation_consent", "调解申请（同意）书"),
                                    ("recusal_request", "回避申请"),
                                    ("simple_reply", "简易办理答复"),
                                    ("completion_report", "办结报告"),
                                    ("supervision_answer", "督办反馈"),
                                    ("review_application", "复查（复核）申请书"),
                                    ("review_acceptance", "复查受理通知"),
                                    ("urgent_report", "重大紧急信访信息专报"),
                                    ("group_visit_record", "群体来访处置记录"),
                                    ("follow_up_record", "回访记录"),
                                ],
                                max_length=30,
                                verbose_name="文书",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(verbose_name="版本")),
                        ("text", models.TextField(verbose_name="文本")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        ("reason", models.CharField(max_length=200, verbose_name="说明")),
                    ],
                    options={
                        "ordering": ["kind", "-version"],
                        "constraints": [
                            models.UniqueConstraint(fields=("kind", "version"), name="wording_version_is_unique")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AdminEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="办理人",
                            ),
                        ),
                        ("what", models.CharField(max_length=40, verbose_name="事项")),
                        ("target", models.CharField(max_length=120, verbose_name="对象")),
                        ("detail", models.JSONField(default=dict, encoder=Canonical, verbose_name="内容")),
                        ("hash", models.CharField(default="", max_length=64)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [models.Index(fields=["target", "-id"], name="admin_event_by_target")],
                    },
                ),
                migrations.CreateModel(
                    name="ArchivedFile",
                    fields=[
                        (
                            "petition",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="archived_file",
                                serialize=False,
                                to="records.petition",
                            ),
                        ),
                        ("volume", models.CharField(max_length=40, unique=True, verbose_name="档号")),
                        (
                            "retention",
                            models.CharField(
                                choices=[("permanent", "永久"), ("years_30", "30年"), ("years_10", "10年")],
                                max_length=12,
                                verbose_name="保管期限",
                            ),
                        ),
                        ("archived_on", models.DateField(verbose_name="归档日期")),
                        ("until", models.DateField(null=True, verbose_name="保管至")),
                        ("destroyed_on", models.DateField(null=True, verbose_name="销毁日期")),
                        (
                            "listed",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="files",
                                to="records.disposallist",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-archived_on", "-petition_id"],
                        "indexes": [
                            models.Index(fields=["destroyed_on", "until", "petition"], name="archived_by_end"),
                            models.Index(fields=["archived_on", "petition"], name="archived_by_day"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Access",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seq", models.PositiveBigIntegerField(unique=True, verbose_name="序号")),
                        (
                            "petition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="looks",
                                to="records.petition",
                                verbose_name="事项",
                            ),
                        ),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("read", "查看"),
                                    ("unmask", "查看个人信息"),
                                    ("file", "打开附件"),
                                    ("export", "导出"),
                                    ("command", "命令行查看"),
                                ],
                                max_length=12,
                                verbose_name="方式",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="查看人",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                        (
                            "detail",
                            models.JSONField(default=dict, encoder=Canonical, verbose_name="内容（不含个人信息）"),
                        ),
                        ("hash", models.CharField(max_length=64)),
                    ],
                    options={
                        "ordering": ["-seq"],
                        "indexes": [models.Index(fields=["petition", "-seq"], name="access_by_petition")],
                    },
                ),
            ]
        ),
        migrations.RunPython(lambda apps, editor: guard.install(), lambda apps, editor: guard.remove()),
    ]
