"""Files on their way in, how files are shown, and what was read from scans."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import xinfang.records.models.reading


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0008_papers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FileView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("turned", models.PositiveSmallIntegerField(default=0, verbose_name="顺时针转动（度）")),
                ("place_shown", models.PositiveIntegerField(null=True, verbose_name="显示次序")),
                (
                    "attachment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="view", to="records.attachment"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=32)),
                (
                    "nonce",
                    models.CharField(default=xinfang.records.models.reading.new_nonce, max_length=32, unique=True),
                ),
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
                ("touched_at", models.DateTimeField(auto_now=True, verbose_name="最近一次")),
                (
                    "added",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="records.attachment",
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
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="uploads", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(fields=["touched_at"], name="upload_by_age"),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.UniqueConstraint(
                condition=models.Q(("petition__isnull", False)),
                fields=("staff", "petition", "key"),
                name="upload_is_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.UniqueConstraint(
                condition=models.Q(("petition__isnull", True)), fields=("staff", "key"), name="upload_scan_is_one"
            ),
        ),
        migrations.AddIndex(
            model_name="reading",
            index=models.Index(fields=["state", "id"], name="reading_queue"),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("attachment__isnull", False), ("upload__isnull", True)),
                    models.Q(("attachment__isnull", True), ("upload__isnull", False)),
                    _connector="OR",
                ),
                name="reading_is_of_one_file",
            ),
        ),
    ]
