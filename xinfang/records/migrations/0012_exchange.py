"""What waits to be told to the regional system, what came from there, and how far that was read."""

import django.db.models.deletion
from django.db import migrations, models

import xinfang.vault.chain


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0011_figures"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExchangeMark",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("data", models.JSONField(default=dict, encoder=xinfang.vault.chain.Canonical)),
            ],
        ),
        migrations.CreateModel(
            name="Incoming",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=120, unique=True, verbose_name="对方编号")),
                (
                    "state",
                    models.CharField(
                        choices=[("registered", "已登记"), ("left", "未能登记")], max_length=10, verbose_name="情况"
                    ),
                ),
                ("first_seen", models.DateTimeField(verbose_name="首次收到")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="已确认收到")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="原因")),
                (
                    "petition",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.petition"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["state", "-id"], name="incoming_by_state")],
            },
        ),
        migrations.CreateModel(
            name="Outgoing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40, unique=True)),
                ("seq", models.PositiveIntegerField(verbose_name="事件")),
                (
                    "kind",
                    models.CharField(
                        choices=[("entry", "录入"), ("step", "办理情况"), ("report", "报送"), ("objection", "异议")],
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
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outgoing", to="records.petition"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["state", "next_try", "id"], name="outgoing_due"),
                    models.Index(fields=["petition", "state", "id"], name="outgoing_of_case"),
                ],
            },
        ),
    ]
