"""Receipts as they were signed."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xinfang.vault.sm_ciphers import VaultError
from xinfang.window.models import SignedReceipt
from xinfang.window.receipts import digest_of


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
    row = SignedReceipt.objects.filter(petition__number=number).select_related("petition").last()
    try:
        text, _, signature = row.text.partition("\n") if row is not None else ("", "", "")
    except VaultError:
        return None
    return Receipt(text, signature, json.loads(text)) if text else None


def is_kept(number: str, digest: str) -> bool:
    """Tell whether a receipt with this digest was signed for this case (1 query)."""
    return SignedReceipt.objects.filter(petition__number=number, digest=digest).exists()
