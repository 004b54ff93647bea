"""Appending to a chain that runs over all cases: one after the other, under the lock of its head."""

from collections.abc import Callable

from django.db import transaction

from xinfang.audit.canonical import head_mac, set_admin_hash
from xinfang.audit.models import AdminRecord, ChainHead

LOOKS, ADMINISTRATION = "looks", "admin"
"""The chains that run over all cases."""


def lock_head(name: str) -> ChainHead:
    """Return the head of a chain, made where there is none, locked until the transaction ends."""
    head = ChainHead.objects.select_for_update().filter(pk=name).first()
    if head is None:
        empty = ChainHead(name=name)
        ChainHead.objects.get_or_create(pk=name, defaults={"mac": head_mac(name, empty.seq, empty.hash)})
        head = ChainHead.objects.select_for_update().get(pk=name)
    return head


def save_head(head: ChainHead) -> None:
    """Keep where a chain ends, with what proves it."""
    head.mac = head_mac(head.name, head.seq, head.hash)
    head.save(update_fields=["seq", "hash", "mac"])


def append_to_chain(name: str, chain: Callable[[ChainHead], str]) -> None:
    """Move the head of a chain on, and keep the record's hash in it.

    `chain` saves the record at its place and returns its hash. Call in a transaction.
    """
    head = lock_head(name)
    head.seq += 1
    head.hash = chain(head)
    save_head(head)


@transaction.atomic
def append_admin_record(record: AdminRecord) -> AdminRecord:
    """Keep an administrative record with its hash."""

    def chain(head: ChainHead) -> str:
        set_admin_hash(record, record.by.get_username() if record.by else "", head.hash)
        record.save(force_insert=True)
        return record.hash

    append_to_chain(ADMINISTRATION, chain)
    return record
