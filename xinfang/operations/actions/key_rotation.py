"""A new master key, and every record key wrapped by it, while the system goes on working."""

from collections.abc import Callable, Iterator
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Model

from xinfang.audit.actions import audit_log
from xinfang.core.master_key_usage import record_keys_by_master
from xinfang.vault.keys import KeyMissing, Keyring, keyring
from xinfang.vault.sm_ciphers import VaultError
from xinfang.vault.wrapped_keys import COLUMN, models_with_wrapped_keys, rows_with_keys

ROWS_PER_BATCH = 500
"""Rows a transaction: writers never wait long, and little is repeated after an interruption."""
_log = structlog.get_logger(__name__)


def rotate_master_key() -> int:
    """Make a new master key, which everything uses from now on, and return its version. `rewrap_all` is the rest of it.

    Raises:
        KeyMissing: content is encrypted with a newer master key than the key folder has.
    """
    newest = max(record_keys_by_master(), default=0)
    if newest > keyring().newest:
        # The next key would get the number of the lost one, and what that has wrapped would look damaged.
        raise KeyMissing(f"数据库中有用第 {newest} 版主密钥加密的内容，而密钥文件夹中没有这一版。请先找回它，再轮换。")
    with transaction.atomic():
        version = keyring().rotate()
        audit_log.record(None, "轮换主密钥", f"第 {version} 版")
    return version


def rewrap_all(progress: Callable[[int], None]) -> int:
    """Wrap every record key by the newest master; returns how many were. `progress` is told the count so far.

    Safe beside writers and beside itself: a row is only written if its key is still the one that was read. What was
    done stays done when it is interrupted; run it again for the rest. A key that can't be opened is left as it is,
    and `record_keys_by_master` goes on counting it.
    """
    ring, done = keyring(), 0
    for model in models_with_wrapped_keys():
        # A writer that began before the rotation may still add a key wrapped by the old master: look again.
        while True:
            changed = 0
            for batch in _batches(model, ring.newest):
                changed += _write(model, _rewrapped(ring, model, batch))
                progress(done + changed)
            done += changed
            if not changed:
                break
    return done


def _batches(model: type[Model], newest: int) -> Iterator[list[tuple[Any, bytes]]]:
    """Yield rows whose key an older master has wrapped, as (number, wrapped key), `ROWS_PER_BATCH` at a time."""
    older = rows_with_keys(model).filter(**{f"{COLUMN}__lt": newest.to_bytes(2, "big")}).order_by("pk")
    after = None
    while batch := list(
        (older if after is None else older.filter(pk__gt=after)).values_list("pk", COLUMN)[:ROWS_PER_BATCH]
    ):
        yield [(pk, bytes(wrapped)) for pk, wrapped in batch]
        after = batch[-1][0]


def _rewrapped(ring: Keyring, model: type[Model], batch: list[tuple[Any, bytes]]) -> list[tuple[Any, bytes, bytes]]:
    found = []
    for pk, wrapped in batch:
        try:
            found.append((pk, wrapped, ring.rewrap(wrapped)))
        except VaultError as e:
            _log.error("record_key_unreadable", table=model._meta.db_table, row=pk, kind=type(e).__name__)
    return found


def _write(model: type[Model], changes: list[tuple[Any, bytes, bytes]]) -> int:
    with transaction.atomic():
        return sum(
            model._default_manager.filter(pk=pk, **{COLUMN: before}).update(**{COLUMN: after})
            for pk, before, after in changes
        )
