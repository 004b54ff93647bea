"""A cache of primary keys by code, for accounts, units and categories.

These are never renamed or deleted, so a key stays true. It is filled when the transaction that asked is committed,
never before: after a rollback SQLite gives the same number to another row. Until then the transaction remembers for
itself, as long as the savepoint lasts in which it asked. Decision 0020.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

_Key = tuple[str, str, type[Model], str]
"""The database (address and name), the table, the code."""
_known: dict[_Key, int] = {}


class _Keep:
    """Puts what a transaction has read into the cache.

    Django drops it where the transaction or its savepoint is rolled back.
    """

    def __init__(self, found: dict[_Key, int]) -> None:
        self.found = found

    def __call__(self) -> None:
        _known.update(self.found)


def get(model: type[Model], codes: Iterable[str]) -> dict[str, int]:
    """Return the primary keys of those that exist, by user name or code (1 query where one isn't known).

    `model.code_field` names the column of the code.
    """
    where = (str(connection.settings_dict["HOST"]), str(connection.settings_dict["NAME"]))
    wanted: dict[_Key, str] = {(*where, model, code): code for code in codes if code}
    found = {key: _known[key] for key in wanted if key in _known} if settings.FAST_PATHS else {}
    for waits in connection.run_on_commit if len(found) < len(wanted) else ():
        if isinstance(hook := waits[1], _Keep):
            found |= {key: hook.found[key] for key in wanted if key in hook.found}
    missing = {code: key for key, code in wanted.items() if key not in found}
    if missing:
        field: str = model.code_field  # type: ignore[attr-defined]
        rows = model._default_manager.filter(**{f"{field}__in": list(missing)}).values_list(field, "pk")
        fresh = {missing[code]: pk for code, pk in rows}
        found |= fresh
        # Where Django is told not to commit by itself nobody says when something is committed.
        if fresh and settings.FAST_PATHS and (connection.in_atomic_block or connection.get_autocommit()):
            transaction.on_commit(_Keep(fresh))
    return {code: found[key] for key, code in wanted.items() if key in found}


def get_one(model: type[Model], code: str) -> int | None:
    """Return the primary key of one, None if there is none (or no code)."""
    return get(model, [code]).get(code)


def clear() -> None:
    """Forget everything: tests begin with an empty database."""
    _known.clear()
