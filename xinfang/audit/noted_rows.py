"""Rows that no event tells of: the program notes what each was after every change, by a keyed digest in a chain.

A model whose rows are noted derives from `NotedModel`; then nothing more is to be done where it is written. Which
columns count says `audit.coverage`. Who changes such a row past the program is found by `proof`, as the last noted
state is another: also where an older state of the row is put back.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models, transaction

from xinfang.audit.coverage import COVERAGE, noted_columns
from xinfang.vault.hash_chain import canonical, moment_text
from xinfang.vault.keys import keyring
from xinfang.vault.sm_ciphers import sm3

_M = TypeVar("_M", bound=models.Model, covariant=True)
ROWS = "rows"
"""The chain of the states of rows that are no case's; those of a case are in one of this name and its key."""
_KIND = "row state"


def key_text(pk: Any) -> str:
    """Return a row's key as its states name it."""
    return str(pk)


def spelled(value: Any) -> Any:
    """Return a value in its one spelling on both databases; of bytes their SM3."""
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return sm3(bytes(value)).hex()
    if value is None or isinstance(value, (str, int, dict, list)):
        return value
    return str(value)


def row_states(model: type[models.Model], keys: Sequence[Any]) -> dict[str, str]:
    """Return the keyed digests of these rows as they are now, by key; none for a row that isn't there.

    One query, and one for each many-to-many field that counts.
    """
    columns, label = _columns(model), model._meta.label
    members: dict[str, dict[Any, list[Any]]] = {}
    for name in COVERAGE[label].sets:
        field = model._meta.get_field(name)
        through: Any = field.remote_field.through  # type: ignore[union-attr]
        owner = field.m2m_field_name() + "_id"  # type: ignore[union-attr]
        other = field.m2m_reverse_field_name() + "_id"  # type: ignore[union-attr]
        of: dict[Any, list[Any]] = {}
        for row, member in through._base_manager.filter(**{f"{owner}__in": keys}).values_list(owner, other):
            of.setdefault(row, []).append(member)
        members[name] = of
    digest = keyring().marks_of_many(_KIND)
    found = {}
    for pk, *values in model._base_manager.filter(pk__in=keys).order_by().values_list("pk", *columns):
        row = [[name, spelled(value)] for name, value in zip(columns, values, strict=True)]
        row += [[name, sorted(of.get(pk, ()))] for name, of in members.items()]
        said = canonical([label, key_text(pk), row])
        found[key_text(pk)] = digest(said.encode("utf-8", "surrogatepass"))
    return found


@cache
def _columns(model: type[models.Model]) -> tuple[str, ...]:
    return noted_columns(model)


def concerns(model: type[models.Model], names: Iterable[str] | None) -> bool:
    """Tell whether a change of these fields changes what is noted; None means all of them."""
    if names is None:
        return True
    columns = set(_columns(model))
    fields = {f.name: f.attname for f in model._meta.concrete_fields}
    return any(fields.get(n, n) in columns for n in names)


def chains_of(model: type[models.Model], keys: Sequence[Any]) -> dict[str, str]:
    """Return the chain of the states of each of these rows that is there: of all tables, or of its case (0-1 query)."""
    label = model._meta.label
    if not COVERAGE[label].by_case:
        return dict.fromkeys(map(key_text, keys), ROWS)
    case = "paper__petition_id" if label == "papers.PaperText" else "petition_id"
    cases = model._base_manager.filter(pk__in=keys).order_by().values_list("pk", case)
    return {key_text(pk): f"{ROWS} {petition}" for pk, petition in cases}


class NotedQuerySet(models.QuerySet[_M, _M]):
    """Rows of which changes in bulk are noted as well."""

    def update(self, **values: Any) -> int:
        """Change the rows, and note what they are then."""
        from xinfang.audit.actions import row_states as noting

        if not concerns(self.model, values):
            return super().update(**values)
        with transaction.atomic(using=self.db):
            keys = list(self.order_by().values_list("pk", flat=True))
            if not keys:
                return 0
            noting.compare(self.model, keys)
            count = models.QuerySet.update(self.order_by().filter(pk__in=keys), **values)
            noting.note(self.model, keys)
        return count

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        """Add the rows, and note what they are."""
        from xinfang.audit.actions import row_states as noting

        with transaction.atomic(using=self.db):
            made = super().bulk_create(objs, *args, **options)
            noting.note(self.model, _keys_of(self.model, made))
        return made


def _keys_of(model: type[models.Model], made: Sequence[Any]) -> list[Any]:
    """Return the keys of rows that were added in bulk; those that may have been there before are looked up."""
    if all(row.pk is not None for row in made):
        return [row.pk for row in made]
    unique = next(f.attname for f in model._meta.concrete_fields if f.unique and not f.primary_key)
    rows = model._base_manager.filter(**{f"{unique}__in": [getattr(row, unique) for row in made]})
    return list(rows.values_list("pk", flat=True))


class NotedModel(models.Model):
    """A table whose rows are noted (`audit.coverage`). Where rows are removed, signals note it (`audit.apps`)."""

    if not TYPE_CHECKING:
        objects = NotedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Save the row, and note what it is then."""
        from xinfang.audit.actions import row_states as noting

        if not concerns(type(self), options.get("update_fields")):
            super().save(*args, **options)
            return
        with transaction.atomic():
            new = self._state.adding
            if not new:
                noting.compare(type(self), [self.pk])
            super().save(*args, **options)
            noting.note(type(self), [self.pk], new=new)
