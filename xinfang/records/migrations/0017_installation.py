"""The database keeps its mode. What it is so far is decided by what is in it, before anybody can say otherwise."""

from django.db import migrations, models

from xinfang.records import guard, installation


def keep(apps, editor):
    """The rule stands in `records/installation.py`, which asks it of older databases before they are migrated."""
    installation.keep()
    guard.install()


class Migration(migrations.Migration):
    dependencies = [("records", "0016_reports_index"), ("people", "0002_accounts")]

    operations = [
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mode",
                    models.CharField(
                        choices=[("production", "production"), ("demo", "demo"), ("test", "test")],
                        max_length=12,
                        verbose_name="运行方式",
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="设立时间")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_installation"),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ("production", "demo", "test"))),
                        name="installation_has_a_mode",
                    ),
                ],
            },
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
