"""Decisions about units and staff (H19, H20): appended, never changed; their keys apart, as keys are rewrapped."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from xinfang.records import guard


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0013_incidents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="编号")),
                ("decided_on", models.DateField(verbose_name="决定日期")),
                ("concerns", models.CharField(max_length=64, verbose_name="有关的单位或人员")),
                ("at", models.DateTimeField(verbose_name="记录时间")),
                ("sealed", models.BinaryField(verbose_name="内容")),
                ("file_address", models.CharField(max_length=64, unique=True, verbose_name="决定文件的存放处")),
                ("file_digest", models.CharField(max_length=64, verbose_name="决定文件的 SM3 摘要")),
                ("file_size", models.PositiveBigIntegerField(verbose_name="决定文件的大小（字节）")),
                ("key", models.CharField(max_length=60, null=True, unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="记录人",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="records.decision",
                    ),
                ),
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
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agree", models.BooleanField(verbose_name="同意")),
                ("sealed", models.BinaryField(verbose_name="意见")),
                ("at", models.DateTimeField(verbose_name="确认时间")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="records.decision"
                    ),
                ),
            ],
            options={"ordering": ["-id"]},
        ),
        migrations.RunPython(lambda apps, editor: guard.install(), migrations.RunPython.noop),
    ]
