"""Which tables hold wrapped record keys: every model, of any feature, with a column called `wrapped_key`.

A convention instead of a list, so that no table can be forgotten by the rotation or by the check before new keys.
"""

from django.apps import apps
from django.db import connection
from django.db.models import Model, QuerySet

COLUMN = "wrapped_key"


def models_with_wrapped_keys() -> list[type[Model]]:
    """Return the models whose rows have a record key, in a stable order."""
    found = [m for m in apps.get_models() if any(f.name == COLUMN for f in m._meta.concrete_fields)]
    return sorted(found, key=lambda model: model._meta.label)


def any_key_wrapped() -> bool:
    """Tell whether the database holds any record key. A table or column that a migration has yet to make holds none."""
    tables = set(connection.introspection.table_names())
    for model in models_with_wrapped_keys():
        table = model._meta.db_table
        if table not in tables:
            continue
        with connection.cursor() as cursor:
            columns = {c.name for c in connection.introspection.get_table_description(cursor, table)}
        if COLUMN in columns and rows_with_keys(model).exists():
            return True
    return False


def rows_with_keys(model: type[Model]) -> QuerySet[Model]:
    """Return its rows that have a record key: neither NULL nor empty (an erased person's key is gone)."""
    return model._base_manager.filter(**{f"{COLUMN}__isnull": False}).exclude(**{COLUMN: b""})
