"""Chains, looks, seals, and places for encrypted fields. `0005_proof_fill` and `0005_proof_guard` finish it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import xinfang.vault.chain


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0004_recounted_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ChainHead",
            fields=[
                ("name", models.CharField(max_length=12, primary_key=True, serialize=False)),
                ("seq", models.PositiveBigIntegerField(default=0)),
                (
                    "hash",
                    models.CharField(
                        default="0000000000000000000000000000000000000000000000000000000000000000", max_length=64
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
        migrations.AddField(
            model_name="adminevent",
            name="hash",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AddField(
            model_name="event",
            name="hash",
            field=models.CharField(default="", max_length=64),
        ),
        migrations.AddField(
            model_name="event",
            name="private",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="petition",
            name="head",
            field=models.CharField(
                default="0000000000000000000000000000000000000000000000000000000000000000", max_length=64
            ),
        ),
        migrations.AddField(
            model_name="petition",
            name="wrapped_key",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="petitioner",
            name="address_sealed",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="petitioner",
            name="id_number_sealed",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="petitioner",
            name="name_sealed",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="petitioner",
            name="phone_sealed",
            field=models.BinaryField(null=True),
        ),
        migrations.AlterField(
            model_name="adminevent",
            name="detail",
            field=models.JSONField(default=dict, encoder=xinfang.vault.chain.Canonical, verbose_name="内容"),
        ),
        migrations.AlterField(
            model_name="event",
            name="data",
            field=models.JSONField(
                default=dict, encoder=xinfang.vault.chain.Canonical, verbose_name="内容（不含个人信息）"
            ),
        ),
        migrations.CreateModel(
            name="Access",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveBigIntegerField(unique=True, verbose_name="序号")),
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
                ("at", models.DateTimeField(verbose_name="时间")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                (
                    "detail",
                    models.JSONField(
                        default=dict, encoder=xinfang.vault.chain.Canonical, verbose_name="内容（不含个人信息）"
                    ),
                ),
                ("hash", models.CharField(max_length=64)),
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
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="looks",
                        to="records.petition",
                        verbose_name="事项",
                    ),
                ),
            ],
            options={
                "ordering": ["-seq"],
                "indexes": [models.Index(fields=["petition", "-seq"], name="access_by_petition")],
            },
        ),
    ]
