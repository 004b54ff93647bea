"""Urgent events, their files, and what was told of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_accounts"),
        ("records", "0012_exchange"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("by_duty_desk", models.BooleanField(default=False, verbose_name="物业值班报告")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                ("revision", models.PositiveIntegerField(verbose_name="记录条数")),
                ("next_look", models.DateTimeField(null=True)),
                ("report_number", models.CharField(blank=True, max_length=60, verbose_name="专报文号")),
                ("key", models.CharField(max_length=80, null=True, unique=True)),
                ("wrapped_key", models.BinaryField()),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="报告人",
                    ),
                ),
                (
                    "petitions",
                    models.ManyToManyField(related_name="incidents", to="records.petition", verbose_name="现场登记"),
                ),
                ("units", models.ManyToManyField(related_name="+", to="people.unit", verbose_name="到场处室（单位）")),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="notice",
            name="incident",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.incident"
            ),
        ),
        migrations.CreateModel(
            name="IncidentFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField(verbose_name="序号")),
                (
                    "what",
                    models.CharField(
                        choices=[("picture", "现场照片"), ("report", "专报")], max_length=10, verbose_name="种类"
                    ),
                ),
                ("kind", models.CharField(max_length=10, verbose_name="文件类型")),
                ("size", models.PositiveBigIntegerField(verbose_name="大小（字节）")),
                ("digest", models.CharField(max_length=64, verbose_name="内容的 SM3 摘要")),
                ("address", models.CharField(db_index=True, max_length=64, verbose_name="存放处")),
                ("wrapped_key", models.BinaryField()),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="records.incident"
                    ),
                ),
            ],
            options={
                "ordering": ["incident_id", "place"],
            },
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["next_look"], name="incident_next_look"),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["ended_at", "-id"], name="incident_open"),
        ),
        migrations.AddConstraint(
            model_name="incidentfile",
            constraint=models.UniqueConstraint(fields=("incident", "place"), name="incident_file_place_is_unique"),
        ),
    ]
