"""Primary keys by code, remembered: accounts, units and categories are never renamed or deleted, so they stay true."""

from collections.abc import Iterable

from django.db.models import Model

from xinfang.accounts.models import Staff, Unit
from xinfang.categories.models import Category

_FIELDS: dict[type[Model], str] = {Staff: "username", Unit: "code", Category: "code"}
_known: dict[tuple[type[Model], str], int] = {}


def pks(model: type[Model], codes: Iterable[str]) -> dict[str, int]:
    """The primary keys of those that exist, by user name or code."""
    wanted = [c for c in codes if c]
    missing = [c for c in wanted if (model, c) not in _known]
    if missing:
        field = _FIELDS[model]
        rows = model._default_manager.filter(**{f"{field}__in": missing}).values_list(field, "pk")
        _known.update({(model, code): pk for code, pk in rows})
    return {c: _known[(model, c)] for c in wanted if (model, c) in _known}


def pk(model: type[Model], code: str) -> int | None:
    """The primary key of one, None if there is none (or no code)."""
    return pks(model, [code]).get(code)


def forget() -> None:
    """Remember nothing: tests begin with an empty database."""
    _known.clear()
