"""The tables of the index; the grams are held by what each database does best."""

from django.db import migrations, models

from xinfang.search import postgres, sqlite


def create(apps, schema_editor) -> None:
    statements = postgres.CREATE if schema_editor.connection.vendor == "postgresql" else (sqlite.CREATE,)
    for statement in statements:
        schema_editor.execute(statement)


def drop(apps, schema_editor) -> None:
    statements = postgres.DROP if schema_editor.connection.vendor == "postgresql" else (sqlite.DROP,)
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("records", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Text",
            fields=[
                ("petition_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("counted", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Gram",
            fields=[
                ("gram", models.CharField(max_length=2, primary_key=True, serialize=False)),
                ("documents", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("petition_id", models.BigIntegerField()),
                ("mark", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["mark", "petition_id"], name="person_by_mark"),
                    models.Index(fields=["petition_id"], name="person_by_petition"),
                ],
            },
        ),
        migrations.RunPython(create, drop),
    ]
