"""Noting what a row is after a change: the one function through which all states go (`audit.noted_rows`)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from xinfang.audit.actions.chain_heads import ADMINISTRATION, lock_head, save_head
from xinfang.audit.canonical import row_state_fields
from xinfang.audit.models import ChainHead, RowState
from xinfang.audit.noted_rows import ROWS, chains_of, row_states
from xinfang.audit.row_state_queries import latest_states
from xinfang.vault.hash_chain import record_hash

_ROWS_AT_ONCE = 400
"""How many rows are read by one query."""


@transaction.atomic
def compare(model: type[models.Model], keys: Sequence[Any]) -> None:
    """Note what rows are that are about to be changed, where somebody changed them past the program (3 queries).

    Otherwise the next change would make their state the program's own. Others who change such rows wait from here on.
    """
    chains = chains_of(model, keys)
    _lock(set(chains.values()))
    for some in _some(keys):
        known, now = latest_states(model, some), row_states(model, some)
        strange = {key: digest for key, digest in now.items() if known.get(key, ("", ""))[0] != digest}
        _append(model, strange, chains, unexplained=True)


@transaction.atomic
def note(model: type[models.Model], keys: Sequence[Any], *, new: bool = False) -> None:
    """Note what rows are now; of one that isn't there, that it was removed. `new` rows were not there before."""
    for some in _some(keys):
        known = {} if new else latest_states(model, some)
        now, chains = row_states(model, some), chains_of(model, some)
        for key, (digest, chain) in known.items():
            chains.setdefault(key, chain)
            if key not in now and digest:
                now[key] = ""
        changed = {key: d for key, d in now.items() if known.get(key, (None, ""))[0] != d}
        _append(model, changed, chains, unexplained=False)


def note_many_to_many(sender: Any, *, action: str, instance: Any, pk_set: Any, reverse: bool, **_: Any) -> None:
    """Note a row whose members change (`m2m_changed`)."""
    field = next(f for m in _with_sets() for f in m._meta.many_to_many if f.remote_field.through is sender)
    model: type[models.Model] = field.model
    keys = list(pk_set or ()) if reverse else [instance.pk]
    if action.startswith("pre_"):
        compare(model, keys)
    else:
        note(model, keys)


def note_removal(sender: type[models.Model], *, instance: Any, **_: Any) -> None:
    """Note that a row was removed (`post_delete`)."""
    note(sender, [instance.pk])


def compare_before_removal(sender: type[models.Model], *, instance: Any, **_: Any) -> None:
    """Compare a row that is about to be removed (`pre_delete`)."""
    compare(sender, [instance.pk])


def _with_sets() -> list[type[models.Model]]:
    from xinfang.audit.coverage import COVERAGE, noted_models

    return [m for m in noted_models() if COVERAGE[m._meta.label].sets]


def _some(keys: Sequence[Any]) -> list[Sequence[Any]]:
    return [keys[i : i + _ROWS_AT_ONCE] for i in range(0, len(keys), _ROWS_AT_ONCE)]


def _lock(chains: Collection[str]) -> dict[str, ChainHead]:
    """Lock the heads of these chains until the transaction ends, and return them."""
    # The administrative chain first, always: who changes such rows writes there too, and two who lock in two orders
    # would stop each other.
    if ROWS in chains:
        lock_head(ADMINISTRATION)
    return {chain: lock_head(chain) for chain in sorted(chains)}


def _append(model: type[models.Model], digests: dict[str, str], chains: dict[str, str], *, unexplained: bool) -> None:
    if not digests:
        return
    by_chain: dict[str, list[str]] = defaultdict(list)
    for key in sorted(digests):
        by_chain[chains[key]].append(key)
    heads = _lock(by_chain)
    now, label = timezone.now(), model._meta.label
    for chain, head in heads.items():
        rows = []
        for key in by_chain[chain]:
            head.seq += 1
            fields = row_state_fields(chain, head.seq, now, label, key, digests[key], unexplained)
            head.hash = record_hash(head.hash, fields)
            rows.append(
                RowState(
                    chain=chain, seq=head.seq, at=now, table=label, key=key, digest=digests[key],
                    unexplained=unexplained, hash=head.hash,
                )
            )  # fmt: skip
        RowState.objects.bulk_create(rows)
        save_head(head)
