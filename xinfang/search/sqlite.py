"""The grams in SQLite: a full-text table that keeps for each gram the petitions it occurs in, and no text.

Our own grams go in and come out whole: the `ascii` tokenizer knows every character beyond ASCII as part of a word,
and `_shield` moves ASCII punctuation there, so that nothing of a text is ever read as query syntax.
"""

import json
from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from xinfang.search.folding import is_long_number
from xinfang.search.models import SearchAnswer, SearchGram, SearchPerson, SearchText

TABLE, ANSWER_TABLE = "search_grams", "search_answer_grams"
TABLES = (TABLE, ANSWER_TABLE)
_AS = "USING fts5(grams, content='', detail='none', columnsize=0, tokenize='ascii')"
CREATE = tuple(f"CREATE VIRTUAL TABLE {table} {_AS}" for table in TABLES)
DROP = tuple(f"DROP TABLE {table}" for table in TABLES)
_TEXT, _GRAM, _ANSWER = SearchText._meta.db_table, SearchGram._meta.db_table, SearchAnswer._meta.db_table

_SHIELD = {c: chr(0x10FF00 + c) for c in range(0x21, 0x7F) if not chr(c).isalnum()}
_HIGHEST = 2**62


def _row(grams: Iterable[str]) -> str:
    return " ".join(grams).translate(_SHIELD)


def _query(grams: Iterable[str]) -> str:
    return " ".join(f'"{gram.translate(_SHIELD)}"' for gram in grams)


def kept(petition_id: int) -> tuple[str, bool] | None:
    """Return the text kept for this petition, and whether it is counted."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT text, counted FROM {_TEXT} WHERE petition_id = %s", [petition_id])  # noqa: S608
        row = cursor.fetchone()
    return (row[0], bool(row[1])) if row else None


def write(petition_id: int, text: str, counted: bool, grams: set[str], old: set[str] | None) -> None:
    """Keep this text; `old` are the grams kept before, which the full-text table must be told to forget them."""
    with connection.cursor() as cursor:
        if old is not None:
            _forget(cursor, TABLE, petition_id, old)
        cursor.execute(
            f"INSERT INTO {_TEXT} (petition_id, text, counted) VALUES (%s, %s, %s)"  # noqa: S608 - our own name
            " ON CONFLICT (petition_id) DO UPDATE SET text = excluded.text, counted = excluded.counted",
            [petition_id, text, counted],
        )
        cursor.execute(f"INSERT INTO {TABLE} (rowid, grams) VALUES (%s, %s)", [petition_id, _row(grams)])  # noqa: S608


def remove(petition_id: int, old: set[str]) -> None:
    """Forget this text."""
    with connection.cursor() as cursor:
        _forget(cursor, TABLE, petition_id, old)
    SearchText.objects.filter(pk=petition_id).delete()


def write_answers(petition_id: int, text: str, kinds: str, grams: set[str], old: set[str] | None) -> None:
    """Keep what the department wrote; `old` as in `write`."""
    with connection.cursor() as cursor:
        if old is not None:
            _forget(cursor, ANSWER_TABLE, petition_id, old)
        cursor.execute(
            f"INSERT INTO {_ANSWER} (petition_id, text, kinds) VALUES (%s, %s, %s)"  # noqa: S608 - our own name
            " ON CONFLICT (petition_id) DO UPDATE SET text = excluded.text, kinds = excluded.kinds",
            [petition_id, text, kinds],
        )
        cursor.execute(
            f"INSERT INTO {ANSWER_TABLE} (rowid, grams) VALUES (%s, %s)",  # noqa: S608 - our own name
            [petition_id, _row(grams)],
        )


def remove_answers(petition_id: int, old: set[str]) -> None:
    """Forget what the department wrote."""
    with connection.cursor() as cursor:
        _forget(cursor, ANSWER_TABLE, petition_id, old)
    SearchAnswer.objects.filter(pk=petition_id).delete()


def _forget(cursor: CursorWrapper, table: str, petition_id: int, old: set[str]) -> None:
    cursor.execute(
        f"INSERT INTO {table} ({table}, rowid, grams) VALUES ('delete', %s, %s)",  # noqa: S608
        [petition_id, _row(old)],
    )


def clear() -> None:
    """Empty the index."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")  # noqa: S608
    for model in (SearchText, SearchAnswer, SearchGram, SearchPerson):
        model._default_manager.all().delete()


def may_update_gram_counts() -> bool:
    """Tell whether this transaction may change the counts: always, as SQLite has one writer."""
    return True


def must_count() -> None:
    """Wait until this transaction may change the counts."""


def holds(grams: Sequence[str], low: int = 0, below: int | None = None, *, answers: bool = False) -> RawSQL:
    """Return the condition that a `SearchText` (with `answers` a `SearchAnswer`) from `low` on has all these grams."""
    table = ANSWER_TABLE if answers else TABLE
    within, bounds = ("", []) if low == 0 and below is None else (" AND rowid >= %s AND rowid < %s", [low, below])
    return RawSQL(  # noqa: S611 - the values are parameters
        f"petition_id IN (SELECT rowid FROM {table} WHERE {table} MATCH %s{within})",  # noqa: S608
        [_query(grams), *(_HIGHEST if bound is None else bound for bound in bounds)],
        output_field=BooleanField(),
    )


def newest(
    grams: Sequence[str], longer: Sequence[str], below: int | None, count: int, *, answers: bool = False
) -> list[int]:
    """Return the newest petitions, with an id below the given one, that have all grams and the longer words.

    With `answers` in what the department wrote, otherwise in the letter's text.
    """
    table, text = (ANSWER_TABLE, _ANSWER) if answers else (TABLE, _TEXT)
    join = "".join(" AND instr(t.text, %s) > 0" for _ in longer)
    source = f"{table} CROSS JOIN {text} t ON t.petition_id = {table}.rowid" if longer else table
    found = (
        f"SELECT {table}.rowid FROM {source} WHERE {table} MATCH %s AND {table}.rowid < %s{join}"  # noqa: S608
        f" ORDER BY {table}.rowid"
    )
    values: list[str | int] = [_query(grams), below or _HIGHEST, *longer]
    with connection.cursor() as cursor:
        if any(is_long_number(word) for word in longer):
            # Few texts hold one, and the index is read forwards in two thirds of the time that it takes backwards.
            cursor.execute(found, values)
            return [row[0] for row in cursor.fetchall()][::-1][:count]
        cursor.execute(f"{found} DESC LIMIT %s", [*values, count])
        return [row[0] for row in cursor.fetchall()]


def sharing(grams: Sequence[str], most: int) -> list[list[int]]:
    """Return for each gram the newest petitions that have it, at most this many (1 query for up to 400 grams)."""
    found: list[list[int]] = [[] for _ in grams]
    one = f"SELECT %s AS place, rowid FROM {TABLE} WHERE {TABLE} MATCH %s ORDER BY rowid DESC LIMIT %s"  # noqa: S608
    asked = " UNION ALL ".join(f"SELECT * FROM ({one})" for _ in grams)  # noqa: S608 - our own name
    values = [value for place, gram in enumerate(grams) for value in (place, _query([gram]), most)]
    with connection.cursor() as cursor:
        cursor.execute(asked, values)
        for place, pk in cursor.fetchall():
            found[place].append(pk)
    return found


def documents(grams: Sequence[str]) -> tuple[dict[str, int], int]:
    """Return in how many counted texts each of these pairs is, where in any, and how many texts are counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT gram, documents FROM {_GRAM} WHERE gram IN (SELECT value FROM json_each(%s))",  # noqa: S608
            [json.dumps(list(grams))],
        )
        known = dict(cursor.fetchall())
        cursor.execute(f"SELECT count(*) FROM {_TEXT} WHERE counted")  # noqa: S608 - our own name
        return known, cursor.fetchone()[0]
