"""Appending to a chain that runs over all cases: one after the other, under the lock of its head."""

from collections.abc import Callable

from django.db import transaction

from xinfang.audit.canonical import set_admin_hash
from xinfang.audit.models import AdminRecord, ChainHead

LOOKS, ADMINISTRATION = "looks", "admin"
"""The chains that run over all cases."""


def _head(name: str) -> ChainHead:
    head = ChainHead.objects.select_for_update().filter(pk=name).first()
    if head is None:
        ChainHead.objects.get_or_create(pk=name)
        head = ChainHead.objects.select_for_update().get(pk=name)
    return head


def append_to_chain(name: str, chain: Callable[[ChainHead], str]) -> None:
    """Move the head of a chain on, and keep the record's hash in it.

    `chain` saves the record at its place and returns its hash. Call in a transaction.
    """
    head = _head(name)
    head.seq += 1
    head.hash = chain(head)
    head.save(update_fields=["seq", "hash"])


@transaction.atomic
def append_admin_record(record: AdminRecord) -> AdminRecord:
    """Keep an administrative record with its hash."""

    def chain(head: ChainHead) -> str:
        set_admin_hash(record, record.by.get_username() if record.by else "", head.hash)
        record.save(force_insert=True)
        return record.hash

    append_to_chain(ADMINISTRATION, chain)
    return record
