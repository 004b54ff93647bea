"""What somebody with the database's own password does to any table and column, drawn at random.

An attack is SQL on one table, made from its columns alone. Which attacks nobody has to find says `audit.coverage`.
"""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

from xinfang.audit.canonical import event_fields
from xinfang.audit.chain_queries import canonical_json_reader, usernames
from xinfang.audit.coverage import COVERAGE, ProvenBy
from xinfang.audit.noted_rows import NotedModel
from xinfang.cases.models import Event, Petition
from xinfang.vault.hash_chain import FIRST_PREVIOUS_HASH, record_hash


@dataclass(frozen=True)
class Attack:
    """Something done to the database. `said` tells it in a failing test."""

    said: str
    free: bool
    """Whether nobody has to find it."""


class NothingToAttack(Exception):
    """The table has too few rows for this, or the change changes nothing."""


def run(sql: str, *params: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def rows(sql: str, *params: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _q(name: str) -> str:
    return connection.ops.quote_name(name)


Model = type[models.Model]


def kept_models() -> list[Model]:
    """Every table of the program and of what it uses, with the tables behind many-to-many fields."""
    return [m for m in apps.get_models(include_auto_created=True) if m._meta.managed]


def _is_free(model: Model, column: str | None = None) -> bool:
    placed = COVERAGE[model._meta.label]
    if placed.how is ProvenBy.FREE:
        return True
    return column is not None and column in placed.others and placed.others[column][0] is ProvenBy.FREE


def _columns(model: Model) -> list[Any]:
    return list(model._meta.concrete_fields)


def _pick(rng: random.Random, model: Model, many: int = 1) -> list[Any]:
    pk = _q(model._meta.pk.column)
    found = [row[0] for row in rows(f"SELECT {pk} FROM {_q(model._meta.db_table)} ORDER BY {pk}")]
    if len(found) < many:
        raise NothingToAttack
    return rng.sample(found, many)


def _value(model: Model, pk: Any, column: str) -> Any:
    table, key = _q(model._meta.db_table), _q(model._meta.pk.column)
    return rows(f"SELECT {_q(column)} FROM {table} WHERE {key} = %s", pk)[0][0]


def _set(model: Model, pk: Any, column: str, value: Any) -> None:
    table, key = _q(model._meta.db_table), _q(model._meta.pk.column)
    run(f"UPDATE {table} SET {_q(column)} = %s WHERE {key} = %s", value, pk)


def _other_value(rng: random.Random, field: Any, had: Any) -> Any:
    """Return another value that the column could hold."""
    if field.null and had is not None and rng.random() < 0.2:
        return None
    if field.is_relation:
        target: Model = field.related_model
        key = target._meta.pk.column
        others = [r[0] for r in rows(f"SELECT {_q(key)} FROM {_q(target._meta.db_table)}") if r[0] != had]
        if not others:
            raise NothingToAttack
        return rng.choice(others)
    if isinstance(field, models.BooleanField):
        return not had
    if isinstance(field, models.BinaryField):
        raw = bytes(had or b"")
        return bytes([raw[0] ^ 1]) + raw[1:] if raw else b"x"
    if isinstance(field, models.JSONField):
        return json.dumps({"x": rng.random()})
    if isinstance(field, models.DateTimeField):
        return "2026-01-15 04:00:00" if had != "2026-01-15 04:00:00" else "2026-01-16 04:00:00"
    if isinstance(field, models.DateField):
        return rng.choice(["2026-01-15", "2026-01-16"])
    if isinstance(field, models.TimeField):
        return "03:33:00"
    if isinstance(field, models.IntegerField):
        return (had or 0) + rng.randint(1, 9)
    return f"{had or ''}x"


def change(rng: random.Random, model: Model) -> Attack:
    field = rng.choice(_columns(model))
    (pk,) = _pick(rng, model)
    had = _value(model, pk, field.column)
    _set(model, pk, field.column, _other_value(rng, field, had))
    return Attack(f"change {model._meta.label}.{field.attname} #{pk}", _is_free(model, field.attname))


def delete(rng: random.Random, model: Model) -> Attack:
    (pk,) = _pick(rng, model)
    run(f"DELETE FROM {_q(model._meta.db_table)} WHERE {_q(model._meta.pk.column)} = %s", pk)
    return Attack(f"delete {model._meta.label} #{pk}", _is_free(model))


def insert(rng: random.Random, model: Model) -> Attack:
    """A copy of a row, with what must be unique made so."""
    (pk,) = _pick(rng, model)
    fields = _columns(model)
    unique = {f.attname for f in fields if f.unique}
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            unique.add(model._meta.get_field(constraint.fields[-1]).attname)
    if model._meta.unique_together:
        unique.add(model._meta.get_field(model._meta.unique_together[0][-1]).attname)
    values = {f.attname: _value(model, pk, f.column) for f in fields}
    for field in fields:
        if field.attname in unique:
            values[field.attname] = _other_value(rng, field, values[field.attname]) or values[field.attname]
            if isinstance(field, models.IntegerField) and not field.is_relation:
                values[field.attname] += 100_000
    names = ", ".join(_q(f.column) for f in fields)
    places = ", ".join(["%s"] * len(fields))
    run(f"INSERT INTO {_q(model._meta.db_table)} ({names}) VALUES ({places})", *[values[f.attname] for f in fields])
    return Attack(f"insert {model._meta.label} like #{pk}", _is_free(model))


def move(rng: random.Random, model: Model) -> Attack:
    """A row given to another case, person, or whatever it belongs to."""
    owners = [f for f in _columns(model) if f.is_relation]
    if not owners:
        raise NothingToAttack
    field = rng.choice(owners)
    (pk,) = _pick(rng, model)
    others = [p for p in _pick_all(field.related_model) if p != _value(model, pk, field.column)]
    if not others:
        raise NothingToAttack
    to = rng.choice(others)
    _set(model, pk, field.column, to)
    return Attack(f"move {model._meta.label} #{pk} to {field.attname} {to}", _is_free(model, field.attname))


def _pick_all(model: Model) -> list[Any]:
    pk = _q(model._meta.pk.column)
    return [row[0] for row in rows(f"SELECT {pk} FROM {_q(model._meta.db_table)} ORDER BY {pk}")]


def swap(rng: random.Random, model: Model) -> Attack:
    """A column of two rows changes places."""
    field = rng.choice([f for f in _columns(model) if not f.primary_key])
    a, b = _pick(rng, model, 2)
    of_a, of_b = _value(model, a, field.column), _value(model, b, field.column)
    if of_a == of_b:
        raise NothingToAttack
    _set(model, a, field.column, of_b)
    _set(model, b, field.column, of_a)
    return Attack(f"swap {model._meta.label}.{field.attname} of #{a} and #{b}", _is_free(model, field.attname))


def put_back(rng: random.Random, model: Model) -> Attack:
    """The program changes a row, and somebody puts back what it was before."""
    if not issubclass(model, NotedModel):
        raise NothingToAttack
    fields = [
        f
        for f in _columns(model)
        if isinstance(f, (models.CharField, models.TextField, models.IntegerField))
        and not f.primary_key and not f.is_relation and not f.unique and not f.choices
        and not _is_free(model, f.attname) and COVERAGE[model._meta.label].how is ProvenBy.NOTED
    ]  # fmt: skip
    if not fields or getattr(model, "append_only", False):
        raise NothingToAttack
    (pk,), field = _pick(rng, model), rng.choice(fields)
    had = _value(model, pk, field.column)
    row = model._base_manager.get(pk=pk)
    setattr(row, field.attname, (had or 0) + 1 if isinstance(had, int) else f"{str(had or '')[:-1]}y")
    if getattr(row, field.attname) == had:
        raise NothingToAttack
    row.save(update_fields=[field.name])
    _set(model, pk, field.column, had)
    return Attack(f"put back {model._meta.label}.{field.attname} #{pk}", free=False)


def rewrite(rng: random.Random, model: Model) -> Attack:
    """An event, every hash after it, and the end that the case remembers: all of it fits, and no key was needed."""
    case = Petition.objects.get(pk=rng.choice(_pick_all(Petition)))
    events = list(Event.objects.filter(petition=case).order_by("seq"))
    changed, people, spelled = rng.choice(events), usernames(), canonical_json_reader()
    run(f"UPDATE {_q(Event._meta.db_table)} SET happened_on = %s WHERE id = %s", "2026-01-15", changed.pk)
    previous = FIRST_PREVIOUS_HASH
    for e in Event.objects.filter(petition=case).order_by("seq"):
        data = rows(f"SELECT data FROM {_q(Event._meta.db_table)} WHERE id = %s", e.pk)[0][0]
        fields = event_fields(
            case.number, e.seq, e.code, e.stage, spelled(data), e.text_digest, e.happened_on, e.recorded_at,
            people[e.by_id], people[e.entered_by_id], e.by_role, people[e.acting_for_id], e.state_before,
            e.state_after, e.key,
        )  # fmt: skip
        previous = record_hash(previous, fields)
        run(f"UPDATE {_q(Event._meta.db_table)} SET hash = %s WHERE id = %s", previous, e.pk)
    run(f"UPDATE {_q(Petition._meta.db_table)} SET head = %s WHERE id = %s", previous, case.pk)
    return Attack(f"rewrite {case.number} from event {changed.seq}", free=False)


WAYS: Sequence[Callable[[random.Random, Model], Attack]] = (change, delete, insert, move, swap, put_back, rewrite)
