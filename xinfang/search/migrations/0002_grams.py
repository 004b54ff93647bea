"""The grams are held by what each database does best. Written by hand; 0001 is generated."""

from typing import Any

from django.db import migrations

from xinfang.search import postgres, sqlite


def create(apps: Any, schema_editor: Any) -> None:
    statements = postgres.CREATE if schema_editor.connection.vendor == "postgresql" else sqlite.CREATE
    for statement in statements:
        schema_editor.execute(statement)


def drop(apps: Any, schema_editor: Any) -> None:
    statements = postgres.DROP if schema_editor.connection.vendor == "postgresql" else sqlite.DROP
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
