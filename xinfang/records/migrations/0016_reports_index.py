"""Indexes that answer what reports ask of the steps of a period and of a case; the one by case alone makes room for them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0015_supervision")]

    operations = [
        migrations.RemoveIndex(model_name="event", name="event_by_step_and_day"),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                fields=["code", "happened_on", "stage", "state_before", "state_after", "petition", "seq"],
                name="event_by_step_and_day",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["petition", "seq", "code", "stage"], name="event_of_case"),
        ),
        # By hand, as Django would write the whole table anew on SQLite, which takes minutes and the guard with it.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "DROP INDEX IF EXISTS records_event_petition_id_cc8fe9f4",
                    "CREATE INDEX records_event_petition_id_cc8fe9f4 ON records_event (petition_id)",
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="event",
                    name="petition",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="records.petition",
                    ),
                )
            ],
        ),
    ]
