"""What figures are counted by: steps and deadlines by their day; and the texts of periodic reports."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0010_archive"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["code", "happened_on"], name="event_by_step_and_day"),
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(fields=["clock", "due"], name="deadline_by_clock_and_day"),
        ),
        migrations.CreateModel(
            name="ReportText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.CharField(max_length=10, verbose_name="统计期")),
                ("revision", models.PositiveIntegerField(verbose_name="版次")),
                ("text", models.TextField(verbose_name="正文")),
                ("at", models.DateTimeField(verbose_name="时间")),
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
            ],
            options={
                "ordering": ["period", "revision"],
                "constraints": [
                    models.UniqueConstraint(fields=("period", "revision"), name="report_revision_is_unique")
                ],
            },
        ),
    ]
