"""Attachments: whose they are, where they lie, under which key."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0005_proof_guard"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="by_role",
            field=models.CharField(
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
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="records.petition"
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
    ]
