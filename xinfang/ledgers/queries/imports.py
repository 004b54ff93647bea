"""Ledgers that were brought, and saved ways to read one."""

from xinfang.ledgers.models import LedgerImport, LedgerMapping

MAX_LISTED = 50


def recent_ledgers() -> list[LedgerImport]:
    """Return the last ledgers, newest first, without their files (1 query)."""
    return list(LedgerImport.objects.select_related("by").defer("content", "account")[:MAX_LISTED])


def ledger_by_pk(pk: int) -> LedgerImport | None:
    """Return one ledger (1 query)."""
    return LedgerImport.objects.select_related("by", "undone_by").filter(pk=pk).first()


def mapping_names() -> list[str]:
    """Return the names of saved mappings (1 query)."""
    return list(LedgerMapping.objects.values_list("name", flat=True))
