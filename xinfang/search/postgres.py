"""The grams in PostgreSQL: an array of numbers beside each text, with a GIN index over it.

Each gram has a number and two grams may share one, so every hit is looked up in the text itself.
"""

from collections.abc import Iterable, Sequence
from zlib import crc32

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from xinfang.search.models import SearchAnswer, SearchGram, SearchPerson, SearchText

_TEXT, _GRAM, _PERSON = SearchText._meta.db_table, SearchGram._meta.db_table, SearchPerson._meta.db_table
_ANSWER = SearchAnswer._meta.db_table
CREATE = tuple(
    statement
    for table in (_TEXT, _ANSWER)
    for statement in (
        f"ALTER TABLE {table} ADD COLUMN grams integer[] NOT NULL DEFAULT '{{}}'",
        # Out of line and as it is: the numbers don't compress, and rows stay small for reading texts.
        f"ALTER TABLE {table} ALTER COLUMN grams SET STORAGE EXTERNAL",
        # Every search reads the list of what is not yet sorted in, so that list is kept short (kB).
        f"CREATE INDEX {table}_by_gram ON {table} USING gin (grams) WITH (gin_pending_list_limit = 512)",
    )
)
DROP = tuple(
    statement
    for table in (_TEXT, _ANSWER)
    for statement in (f"DROP INDEX {table}_by_gram", f"ALTER TABLE {table} DROP COLUMN grams")
)

_LOCK = 0x78696E66
"""One writer of the counts at a time; two that wait for each other's rows would be a deadlock."""
_HIGHEST = 2**62
_WALKED = 1_500
"""This many of the newest texts are read before the index is asked: a frequent word has filled its page by then."""


def _numbers(grams: Iterable[str]) -> list[int]:
    return [crc32(gram.encode()) - 2**31 for gram in grams]


def kept(petition_id: int) -> tuple[str, bool] | None:
    """Return the text kept for this petition, and whether it is counted."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT text, counted FROM {_TEXT} WHERE petition_id = %s", [petition_id])  # noqa: S608
        row = cursor.fetchone()
    return (row[0], row[1]) if row else None


def write(petition_id: int, text: str, counted: bool, grams: set[str], old: set[str] | None) -> None:
    """Keep this text; PostgreSQL forgets the `old` grams by itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_TEXT} (petition_id, text, counted, grams) VALUES (%s, %s, %s, %s::integer[])"  # noqa: S608
            " ON CONFLICT (petition_id) DO UPDATE"
            " SET text = excluded.text, counted = excluded.counted, grams = excluded.grams",
            [petition_id, text, counted, _numbers(grams)],
        )


def remove(petition_id: int, old: set[str]) -> None:
    """Forget this text."""
    SearchText.objects.filter(pk=petition_id).delete()


def write_answers(petition_id: int, text: str, kinds: str, grams: set[str], old: set[str] | None) -> None:
    """Keep what the department wrote; PostgreSQL forgets the `old` grams by itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_ANSWER} (petition_id, text, kinds, grams) VALUES (%s, %s, %s, %s::integer[])"  # noqa: S608
            " ON CONFLICT (petition_id) DO UPDATE"
            " SET text = excluded.text, kinds = excluded.kinds, grams = excluded.grams",
            [petition_id, text, kinds, _numbers(grams)],
        )


def remove_answers(petition_id: int, old: set[str]) -> None:
    """Forget what the department wrote."""
    SearchAnswer.objects.filter(pk=petition_id).delete()


def clear() -> None:
    """Empty the index."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {_TEXT}, {_ANSWER}, {_GRAM}, {_PERSON}")


def may_update_gram_counts() -> bool:
    """Tell whether this transaction may change the counts now, without waiting for another one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def must_count() -> None:
    """Wait until this transaction may change the counts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def holds(grams: Sequence[str], low: int = 0, below: int | None = None, *, answers: bool = False) -> RawSQL:
    """Return the condition that a `SearchText` (with `answers` a `SearchAnswer`) from `low` on has all these grams."""
    # Names of columns alone: the innermost table is meant, whatever the query calls it.
    if low == 0 and below is None:
        return RawSQL("grams @> %s::integer[]", [_numbers(grams)], output_field=BooleanField())
    return RawSQL(
        "(grams @> %s::integer[] AND petition_id >= %s AND petition_id < %s)",
        [_numbers(grams), low, _HIGHEST if below is None else below],
        output_field=BooleanField(),
    )


def newest(
    grams: Sequence[str], longer: Sequence[str], below: int | None, count: int, *, answers: bool = False
) -> list[int]:
    """Return the newest petitions, with an id below the given one, that have all grams and the longer words.

    With `answers` in what the department wrote, otherwise in the letter's text.
    """
    table = _ANSWER if answers else _TEXT
    looked_for = [*(g for g in grams if not any(g in word for word in longer)), *longer]
    has = " AND ".join("strpos(text, %s) > 0" for _ in looked_for)
    below = below or _HIGHEST
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT petition_id FROM (SELECT petition_id, text FROM {table} WHERE petition_id < %s"  # noqa: S608
            f" ORDER BY petition_id DESC LIMIT %s) AS late WHERE {has} ORDER BY petition_id DESC LIMIT %s",
            [below, _WALKED, *looked_for, count],
        )
        found = [row[0] for row in cursor.fetchall()]
        if len(found) == count:
            return found
        # Materialized, or the planner may walk the primary key over all texts for a rare word.
        cursor.execute(
            f"WITH hits AS MATERIALIZED (SELECT petition_id, text FROM {table}"  # noqa: S608
            " WHERE grams @> %s::integer[] AND petition_id < %s)"
            f" SELECT petition_id FROM hits WHERE {has} ORDER BY petition_id DESC LIMIT %s",
            [_numbers(grams), below, *looked_for, count],
        )
        return [row[0] for row in cursor.fetchall()]


def sharing(grams: Sequence[str], most: int) -> list[list[int]]:
    """Return for each gram petitions that have it, at most this many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT ARRAY(SELECT petition_id FROM {_TEXT} WHERE grams @> ARRAY[n] LIMIT %s)"  # noqa: S608
            " FROM unnest(%s::integer[]) AS n",
            [most, _numbers(grams)],
        )
        return [row[0] for row in cursor.fetchall()]


def documents(grams: Sequence[str]) -> tuple[dict[str, int], int]:
    """Return in how many counted texts each of these pairs is, where in any, and how many texts are counted."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT gram, documents FROM {_GRAM} WHERE gram = ANY(%s)", [list(grams)])  # noqa: S608
        known = dict(cursor.fetchall())
        cursor.execute(f"SELECT count(*) FROM {_TEXT} WHERE counted")  # noqa: S608 - our own name
        return known, cursor.fetchone()[0]
