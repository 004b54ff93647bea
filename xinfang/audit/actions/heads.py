"""Appending to a chain that runs over all cases: one after the other, under the lock of its head."""

from collections.abc import Callable

from django.db import transaction

from xinfang.audit.chained import chain_access, chain_admin
from xinfang.audit.models import AdminEvent, ChainHead
from xinfang.cases.models import Access

LOOKS, ADMINISTRATION = "looks", "admin"


def _head(name: str) -> ChainHead:
    head = ChainHead.objects.select_for_update().filter(pk=name).first()
    if head is None:
        ChainHead.objects.get_or_create(pk=name)
        head = ChainHead.objects.select_for_update().get(pk=name)
    return head


def _append(name: str, chain: Callable[[ChainHead], str]) -> None:
    head = _head(name)
    head.seq += 1
    head.hash = chain(head)
    head.save(update_fields=["seq", "hash"])


@transaction.atomic
def append_access(access: Access, number: str, by: str) -> Access:
    """Keep a look, with its place in the chain and its hash. `by` is the user name."""

    def chain(head: ChainHead) -> str:
        access.seq = head.seq
        chain_access(access, number, by, head.hash)
        access.save(force_insert=True)
        return access.hash

    _append(LOOKS, chain)
    return access


@transaction.atomic
def append_admin(record: AdminEvent) -> AdminEvent:
    """Keep an administrative record with its hash."""

    def chain(head: ChainHead) -> str:
        chain_admin(record, record.by.get_username() if record.by else "", head.hash)
        record.save(force_insert=True)
        return record.hash

    _append(ADMINISTRATION, chain)
    return record
