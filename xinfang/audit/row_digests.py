"""Rows that are appended and noted in the administrative log by their digest, so that a change in them is found."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import models

from xinfang.audit.models import AdminRecord
from xinfang.audit.verification import VerificationReport
from xinfang.vault.hash_chain import FIRST_PREVIOUS_HASH, moment_text, record_hash
from xinfang.vault.sm_ciphers import sm3


def row_digest(row: models.Model) -> str:
    """Return the SM3 of a row: of what it holds in plain, and of what is encrypted in it.

    `key` is left out: it tells a form that is sent twice, and nothing of the matter.
    """
    fields: list[str | int] = [row._meta.model_name or ""]
    for column in row._meta.concrete_fields:
        value = getattr(row, column.attname)
        if column.name == "key":
            continue
        if isinstance(value, datetime):
            value = moment_text(value)
        elif isinstance(value, (bytes, memoryview)):
            value = sm3(bytes(value)).hex()
        fields.append(int(value) if isinstance(value, int) else "" if value is None else str(value))
    return record_hash(FIRST_PREVIOUS_HASH, fields)


def check_noted_rows(
    proof: VerificationReport, label: str, tables: Sequence[type[models.Model]], noted_as: Sequence[str]
) -> None:
    """Check that every row is noted as it is, and that nothing that was noted is missing (1 query and 1 a table)."""
    details = AdminRecord.objects.filter(what__in=noted_as).values_list("detail", flat=True)
    noted = Counter(d["digest"] for d in details.iterator() if isinstance(d, dict) and "digest" in d)
    for table in tables:
        for row in table._default_manager.order_by("pk").iterator(chunk_size=500):
            digest = row_digest(row)
            if noted[digest]:
                noted[digest] -= 1
            else:
                proof.add(label, f"{table._meta.model_name} {row.pk}", "与记录时的内容不同，或者是后来加进去的")
    if missing := sum(noted.values()):
        proof.add(label, "管理记录", f"有 {missing} 项管理记录，所记的内容不在了，或者被改动")
