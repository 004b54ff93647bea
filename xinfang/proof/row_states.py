"""Whether rows that no event tells of are what the program left them as: the last noted state of each is compared.

A row that was changed, added or removed past the program is named, also where an older state of it was put back.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models

from xinfang.audit.canonical import head_mac, row_state_fields
from xinfang.audit.chain_queries import moment_sql, rows_in_batches
from xinfang.audit.coverage import COVERAGE, ProvenBy, noted_columns, noted_models
from xinfang.audit.models import ChainHead, RowState
from xinfang.audit.noted_rows import ROWS, key_text, row_states
from xinfang.audit.row_state_queries import latest_states
from xinfang.audit.verification import VerificationReport
from xinfang.vault.hash_chain import FIRST_PREVIOUS_HASH, hash_is_right

from .stored_form import columns_in_another_form

_LABEL = "数据行"
_ROWS_AT_ONCE = 400
_STATES, _HEADS = RowState._meta.db_table, ChainHead._meta.db_table


def verify_row_states(proof: VerificationReport) -> None:
    """Verify the chains of the states, and every row against its last state. A few queries for every 400 rows."""
    _chains(proof)
    for model in noted_models():
        _rows(proof, model)
        _missing(proof, model)
    _unused(proof)


def _chains(proof: VerificationReport) -> None:
    asked = (
        f"SELECT r.chain, r.seq, {moment_sql('r.at')}, r.{_quoted('table')}, r.{_quoted('key')},"  # noqa: S608
        f" r.digest, r.unexplained, r.hash, h.seq, h.hash, h.mac"
        f" FROM {_STATES} r LEFT JOIN {_HEADS} h ON h.name = r.chain"
        " ORDER BY r.chain, r.seq"
    )
    chain, expected, previous, broken = None, 0, FIRST_PREVIOUS_HASH, False
    head: tuple[Any, ...] = ()
    for name, seq, at, table, key, digest, unexplained, kept, *end in rows_in_batches(asked):
        if name != chain:
            if chain is not None and not broken:
                _end(proof, chain, expected, previous, head)
            chain, expected, previous, broken = name, 0, FIRST_PREVIOUS_HASH, False
            head = tuple(end)
        if broken:
            continue
        expected += 1
        fields = row_state_fields(name, seq, at, table, key, digest, bool(unexplained))
        if seq != expected or not hash_is_right(previous, fields, kept):
            proof.add("行状态链", f"{name} 第{expected}条", "内容与当时不同，或之前有记录被删去")
            broken = True
            continue
        if unexplained:
            proof.add(_LABEL, f"{table} #{key}", "曾在程序之外被改动，其后程序又改动过它")
        previous = kept
    if chain is not None and not broken:
        _end(proof, chain, expected, previous, head)
    empty = ChainHead.objects.filter(name__startswith=ROWS, seq__gt=0).exclude(
        name__in=RowState.objects.values("chain")
    )
    for name in empty.values_list("name", flat=True):
        proof.add("行状态链", name, "全部记录被删去")


def _end(proof: VerificationReport, chain: str, count: int, last: str, head: tuple[Any, ...]) -> None:
    if head[:2] != (count, last):
        proof.add("行状态链", f"{chain} 第{count + 1}条", "之后的记录被删去，或末尾被改动")
    elif head[2] != head_mac(chain, count, last):
        proof.add("行状态链", f"{chain} 第{count}条", "链的末尾不是本系统写下的")


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _some_keys(keys: Iterator[Any]) -> Iterator[list[Any]]:
    some: list[Any] = []
    for key in keys:
        some.append(key)
        if len(some) == _ROWS_AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _rows(proof: VerificationReport, model: type[models.Model]) -> None:
    table = model._meta.db_table
    keys = model._base_manager.order_by("pk").values_list("pk", flat=True)
    for some in _some_keys(keys.iterator(chunk_size=_ROWS_AT_ONCE)):
        known = latest_states(model, some)
        odd = columns_in_another_form(model, noted_columns(model), model._meta.pk.column, some)
        try:
            now = row_states(model, some)
        except (ValueError, TypeError):
            now = {key_text(pk): _one(model, pk) for pk in some}
        for pk in some:
            key = key_text(pk)
            if key not in known:
                proof.add(_LABEL, f"{table} #{key}", "是在程序之外加进去的")
            elif odd.get(pk) or known[key][0] != now.get(key):
                proof.add(_LABEL, f"{table} #{key}", "与程序最后一次改动后的内容不同")


def _one(model: type[models.Model], pk: Any) -> str:
    """Return the state of one row; of one that can't be read at all a text that fits nothing."""
    try:
        return row_states(model, [pk]).get(key_text(pk), "?")
    except (ValueError, TypeError):
        return "?"


def _missing(proof: VerificationReport, model: type[models.Model]) -> None:
    label, table, key = model._meta.label, model._meta.db_table, _quoted("key")
    asked = (
        f"SELECT r.{key} FROM {_STATES} r WHERE r.{_quoted('table')} = %s AND r.digest <> '' AND r.id ="  # noqa: S608
        f" (SELECT MAX(o.id) FROM {_STATES} o WHERE o.{_quoted('table')} = r.{_quoted('table')} AND o.{key} = r.{key})"
        f" ORDER BY r.{key}"
    )
    for some in _some_keys(row[0] for row in rows_in_batches(asked, (label,))):
        there = {key_text(pk) for pk in model._base_manager.filter(pk__in=some).values_list("pk", flat=True)}
        for gone in sorted(set(some) - there):
            proof.add(_LABEL, f"{table} #{gone}", "不在了，而程序没有删除它")


def _unused(proof: VerificationReport) -> None:
    """Name rows in tables that come with Django and that the program doesn't use."""
    for label, placed in COVERAGE.items():
        if placed.how is ProvenBy.EMPTY:
            model = apps.get_model(label)
            for pk in model._base_manager.order_by("pk").values_list("pk", flat=True)[:5]:
                proof.add(_LABEL, f"{model._meta.db_table} #{pk}", "本系统不用这个表，这一行是在程序之外加进去的")
