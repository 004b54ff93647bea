"""Values that SQLite keeps in a form that the program never writes.

SQLite takes any value in any column. A flag of 2, a date of "x" or of "2026-3-2" reads back as the right value or as
none, while lists and figures compare what is stored and no longer find the row. PostgreSQL refuses such values.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection, models

_DIGITS = "[0-9]" * 6
_FORMS: "tuple[tuple[tuple[type[models.Field[Any, Any]], ...], str], ...]" = (
    ((models.BooleanField,), "typeof({c}) = 'integer' AND {c} IN (0, 1)"),
    (
        (models.DateTimeField,),
        "typeof({c}) = 'text' AND substr({c}, 1, 19) IS strftime('%%Y-%%m-%%d %%H:%%M:%%S', substr({c}, 1, 19))"
        f" AND (length({{c}}) = 19 OR substr({{c}}, 20) GLOB '.{_DIGITS}')",
    ),
    ((models.DateField,), "typeof({c}) = 'text' AND {c} IS strftime('%%Y-%%m-%%d', {c})"),
    ((models.IntegerField, models.ForeignKey), "typeof({c}) = 'integer'"),
    ((models.BinaryField,), "typeof({c}) = 'blob'"),
    ((models.CharField, models.TextField, models.JSONField), "typeof({c}) = 'text'"),
)
"""For the kinds of fields, the first that fits: what is true of a value that the program wrote. Moments are UTC."""


def columns_in_another_form(
    model: type[models.Model], attributes: Iterable[str], by: str, keys: Collection[int]
) -> dict[int, set[str]]:
    """Return by primary key which of these attributes aren't stored as the program stores them (1 query).

    Of the rows whose column `by` is one of the keys. On PostgreSQL none, and no query.
    """
    if connection.vendor != "sqlite" or not keys:
        return {}
    checks: dict[str, str] = {}
    for attribute in attributes:
        field = next(f for f in model._meta.concrete_fields if attribute in (f.attname, f.name))
        form = next((form for kinds, form in _FORMS if isinstance(field, kinds)), None)
        if form is not None:
            column = f'"{field.column}"'
            checks[attribute] = f"({column} IS NULL OR ({form.format(c=column)}))"
    if not checks:
        return {}
    pk = model._meta.pk.column
    asked = f'SELECT "{pk}", {", ".join(checks.values())} FROM "{model._meta.db_table}"'  # noqa: S608 - our own names
    asked += f' WHERE "{by}" IN ({", ".join(["%s"] * len(keys))}) AND NOT ({" AND ".join(checks.values())})'
    with connection.cursor() as cursor:
        cursor.execute(asked, list(keys))
        return {row[0]: {a for a, right in zip(checks, row[1:], strict=True) if not right} for row in cursor.fetchall()}
