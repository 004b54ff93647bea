"""Receipts as they were signed."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xinfang.vault.sm_ciphers import VaultError
from xinfang.window.models import SignedReceipt, WaitingSubmission
from xinfang.window.receipts import digest_of
from xinfang.window.submission import is_waiting_number
from xinfang.window.waiting_content import content_of


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt that was signed: `text` is the line that is signed, `said` what it says."""

    text: str
    signature: str
    said: dict[str, Any]

    @property
    def received_at(self) -> datetime:
        """When it was received (Asia/Shanghai)."""
        return datetime.fromisoformat(self.said["received_at"])

    @property
    def digest(self) -> str:
        """The SM3 digest that is signed."""
        return digest_of(self.text)


def receipt_of(number: str) -> Receipt | None:
    """Return the latest receipt of a submission (1 query); None where there is none, or it can't be read any more."""
    try:
        written = _waiting_receipt(number) if is_waiting_number(number) else _signed_receipt(number)
    except VaultError:
        return None
    text, _, signature = written.partition("\n")
    return Receipt(text, signature, json.loads(text)) if text else None


def _signed_receipt(number: str) -> str:
    row = SignedReceipt.objects.filter(petition__number=number).select_related("petition").last()
    return row.text if row is not None else ""


def _waiting_receipt(number: str) -> str:
    row = WaitingSubmission.objects.filter(number=number).first()
    content = content_of(row) if row is not None else None
    return content.receipt if content else ""


def is_kept(number: str, digest: str) -> bool:
    """Tell whether a receipt with this digest was signed for this case, or for what waits or waited (1 query)."""
    if is_waiting_number(number):
        return WaitingSubmission.objects.filter(number=number, receipt_digest=digest).exists()
    return SignedReceipt.objects.filter(petition__number=number, digest=digest).exists()
