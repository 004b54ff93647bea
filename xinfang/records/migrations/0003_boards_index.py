"""Indexes that keep boards and inboxes from reading the archive."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("records", "0002_admin_event"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="task", name="task_by_role"),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["role", "unit", "staff", "due", "petition"], name="task_by_role"),
        ),
        migrations.AddIndex(
            model_name="petition",
            index=models.Index(
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
        ),
    ]
