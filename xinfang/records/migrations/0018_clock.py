"""The last moment at which the clock was believed; of an older database, that of its newest record."""

from typing import Any

from django.db import migrations, models


def begin(apps: Any, schema_editor: Any) -> None:
    """Begin with the newest records as they were appended. A database without any begins with its first sweep."""
    newest = {
        "event": apps.get_model("records", "Event").objects.order_by("-id").values_list("id", "recorded_at").first(),
        "access": apps.get_model("records", "Access").objects.order_by("-seq").values_list("seq", "at").first(),
        "admin": apps.get_model("records", "AdminEvent").objects.order_by("-id").values_list("id", "at").first(),
    }
    found = {name: row for name, row in newest.items() if row}
    if found:
        apps.get_model("records", "TrustedTime").objects.create(
            name="clock",
            at=max(at for _, at in found.values()),
            **{f"last_{name}": place for name, (place, _) in found.items()},
        )


class Migration(migrations.Migration):
    dependencies = [("records", "0017_installation")]

    operations = [
        migrations.CreateModel(
            name="TrustedTime",
            fields=[
                ("name", models.CharField(max_length=12, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="可信时间")),
                ("last_event", models.PositiveBigIntegerField(default=0)),
                ("last_access", models.PositiveBigIntegerField(default=0)),
                ("last_admin", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
