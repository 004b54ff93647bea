"""Viewing a case leaves an entry in the access log, which is a chain; what is masked is shown only for a reason."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.audit.actions.chain_heads import LOOKS, append_to_chain
from xinfang.audit.canonical import set_access_hash
from xinfang.audit.models import ChainHead
from xinfang.cases.models import AccessLogEntry, Petition
from xinfang.core.snapshots import run_after_snapshot
from xinfang.procedure.words import AccessKind


def log_access(petition: Petition, by: Staff | None, what: AccessKind, reason: str = "", **detail: Any) -> None:
    """Write an entry of the access log, at once, or if a page is being read, after its snapshot and before it is sent.

    `by` is None at the command line of the server. `detail` holds no personal data.
    """
    access = AccessLogEntry(
        petition=petition, what=what.value, by=by, at=timezone.now(), reason=reason[:200], detail=detail
    )
    name = by.get_username() if by else ""
    run_after_snapshot(lambda: append_access_entry(access, petition.number, name))


@transaction.atomic
def append_access_entry(access: AccessLogEntry, number: str, by: str) -> AccessLogEntry:
    """Keep an entry of the access log, with its place in the chain and its hash. `by` is the user name."""

    def chain(head: ChainHead) -> str:
        access.seq = head.seq
        set_access_hash(access, number, by, head.hash)
        access.save(force_insert=True)
        return access.hash

    append_to_chain(LOOKS, chain)
    return access
