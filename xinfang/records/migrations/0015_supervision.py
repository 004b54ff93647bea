"""The grounds of supervision beside the cases, filled for those that are open; limits long overdue wait for their escalation."""

from datetime import timedelta

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import DateField, ExpressionWrapper, F

from xinfang.procedure.alerts import AT_ONCE, ESCALATED
from xinfang.procedure.limits import TELL_PRINCIPAL
from xinfang.records.lapses import fill

_GROUNDS = [
    ("no_record", "时限过半无办理记录"),
    ("not_resubmitted", "退回后未重新报送"),
    ("assistant_silent", "协办单位无办理记录"),
    ("overdue", "超期未办"),
    ("awaited", "督办待反馈"),
]


def find(apps, editor):
    fill()


def look_again(apps, editor):
    """What was recorded as overdue and still runs gets the day on which the principal leader is told."""
    rows = apps.get_model("records", "Deadline").objects.filter(stopped_on=None, warned="overdue", next_alert=None)
    for clocks, days in ((ESCALATED, TELL_PRINCIPAL.value + 1), (AT_ONCE, 1)):
        on = ExpressionWrapper(F("due") + timedelta(days=days), output_field=DateField())
        rows.filter(clock__in=clocks, petition__sealed=False).update(next_alert=on)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("records", "0014_rewards"),
    ]

    operations = [
        migrations.CreateModel(
            name="WeeklyDigest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins", models.DateField(unique=True, verbose_name="这一周的第一天")),
                ("sent_at", models.DateTimeField(verbose_name="发出时间")),
                ("people", models.PositiveIntegerField(default=0, verbose_name="人数")),
            ],
            options={"ordering": ["-begins"]},
        ),
        migrations.CreateModel(
            name="Lapse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ground", models.CharField(choices=_GROUNDS, max_length=20, verbose_name="督办事由")),
                ("began", models.DateField(verbose_name="起算")),
                ("since", models.DateField(verbose_name="成立之日")),
                ("due", models.DateField(null=True, verbose_name="期限")),
                ("clock", models.CharField(blank=True, max_length=30, verbose_name="期限种类")),
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lapses", to="records.petition"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                        verbose_name="责任单位",
                    ),
                ),
            ],
            options={
                "ordering": ["since", "id"],
                "indexes": [
                    models.Index(fields=["since", "id"], name="lapse_by_day"),
                    models.Index(fields=["ground", "since", "id"], name="lapse_by_ground"),
                    models.Index(fields=["unit", "since", "id"], name="lapse_by_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("petition", "ground", "unit"), name="lapse_is_unique"),
                ],
            },
        ),
        migrations.RunPython(find, migrations.RunPython.noop),
        migrations.RunPython(look_again, migrations.RunPython.noop),
    ]
