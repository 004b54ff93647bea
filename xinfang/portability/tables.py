"""Tables as JSON lines: one row a line, by the names of its columns, as they are kept. Encrypted columns stay so."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from django.apps import apps
from django.db import connection, models

LEFT_OUT = frozenset(
    {
        "accounts.SignIn", "sessions.Session", "axes.AccessAttempt", "axes.AccessAttemptExpiration",
        "axes.AccessFailureLog", "axes.AccessLog", "web.Draft", "attachments.Upload", "search.SearchGram",
        "auth.Permission", "contenttypes.ContentType", "core.Installation", "core.FeatureTables",
    }
)  # fmt: skip
"""Who was signed in, what wasn't sent, what is made again, and what the new system says of itself."""
_BATCH = 500


def exported_models() -> list[type[models.Model]]:
    """Return the tables that go along, in the order of the features."""
    return [m for m in apps.get_models(include_auto_created=True) if m._meta.label not in LEFT_OUT]


def _rows_of(model: type[models.Model]) -> models.QuerySet[Any]:
    rows = model._base_manager.order_by("pk")
    # What was read of a scan that no case holds yet ends with it.
    return rows.filter(upload=None) if model._meta.label == "attachments.OcrJob" else rows


def table_lines(model: type[models.Model]) -> Iterator[bytes]:
    """Yield the rows of a table as JSON lines, some at a time."""
    columns = [f.attname for f in model._meta.concrete_fields]
    lines: list[str] = []
    for row in _rows_of(model).values_list(*columns).iterator(chunk_size=_BATCH):
        said = {name: _spelled(value) for name, value in zip(columns, row, strict=True)}
        lines.append(json.dumps(said, ensure_ascii=False) + "\n")
        if len(lines) == _BATCH:
            yield "".join(lines).encode("utf-8", "surrogatepass")
            lines = []
    yield "".join(lines).encode("utf-8", "surrogatepass")


def _spelled(value: Any) -> Any:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return bytes(value).hex() if isinstance(value, (bytes, memoryview)) else value


def insert_lines(model: type[models.Model], lines: Iterator[bytes]) -> int:
    """Put the rows into the empty table; returns how many.

    Raises:
        ValueError, KeyError: a line isn't a row of this table.
    """
    fields = model._meta.concrete_fields
    names = ", ".join(connection.ops.quote_name(f.column) for f in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({names}) VALUES ({marks})"  # noqa: S608
    count, batch = 0, []
    with connection.cursor() as cursor:
        for line in lines:
            said = json.loads(line.decode("utf-8", "surrogatepass"))
            batch.append([_prepared(f, said[f.attname]) for f in fields])
            count += 1
            if len(batch) == _BATCH:
                cursor.executemany(sql, batch)
                batch = []
        if batch:
            cursor.executemany(sql, batch)
    return count


def _prepared(field: Any, value: Any) -> Any:
    if isinstance(field, models.BinaryField) and value is not None:
        value = bytes.fromhex(value)
    target = field.target_field if field.is_relation else field
    if isinstance(target, (models.DateTimeField, models.DateField, models.TimeField)):
        value = target.to_python(value)
    return field.get_db_prep_save(value, connection)


def empty_tables(found: Sequence[type[models.Model]]) -> None:
    """Take out what setting up put into these tables; they refer to each other, which is checked at the end only."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for model in found:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names


def reset_sequences(found: Sequence[type[models.Model]]) -> None:
    """Let the next row of each table get the number after the last one."""
    from django.core.management.color import no_style

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(found)):
            cursor.execute(statement)


def split_lines(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the lines of a stream, without their ends."""
    held = b""
    for chunk in chunks:
        *whole, held = (held + chunk).split(b"\n")
        yield from whole
    if held:
        yield held
