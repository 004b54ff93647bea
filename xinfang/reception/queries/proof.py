"""Whether the rows of reception are those that were recorded: each is noted in the administrative log by its digest."""

from collections import Counter
from datetime import datetime

from xinfang.audit.models import AdminRecord
from xinfang.audit.verification import VerificationReport
from xinfang.procedure.reception.words import ReceptionAct
from xinfang.reception.models import Booking, ReceptionAnswer, ReceptionDay, ReceptionEvent
from xinfang.vault.hash_chain import FIRST_PREVIOUS_HASH, moment_text, record_hash
from xinfang.vault.sm_ciphers import sm3

PUBLISHED, BOOKED, ANSWERED, LOOKED = "公布接待日", "登记接访预约", "确认接访记录", "查看接访预约个人信息"
"""What the administrative log says of them: with the number of a row and a digest, and nothing of the content."""
NOTED = (PUBLISHED, BOOKED, ANSWERED, *(act.label for act in ReceptionAct))
_LABEL = "领导接访"
_TABLES = (ReceptionDay, Booking, ReceptionEvent, ReceptionAnswer)
Row = ReceptionDay | Booking | ReceptionEvent | ReceptionAnswer


def digest_of(row: Row) -> str:
    """Return the SM3 of a row: of what it holds in plain, and of what is encrypted in it."""
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


def check_reception(proof: VerificationReport) -> None:
    """Check that every row is noted as it is, and that nothing that was noted is missing (6 queries)."""
    details = AdminRecord.objects.filter(what__in=NOTED).values_list("detail", flat=True)
    noted = Counter(d["digest"] for d in details.iterator() if isinstance(d, dict) and "digest" in d)
    for table in _TABLES:
        for row in table._default_manager.order_by("pk").iterator(chunk_size=500):
            digest = digest_of(row)
            if noted[digest]:
                noted[digest] -= 1
            else:
                proof.add(_LABEL, f"{table._meta.model_name} {row.pk}", "与记录时的内容不同，或者是后来加进去的")
    if missing := sum(noted.values()):
        proof.add(_LABEL, "管理记录", f"有 {missing} 项管理记录，所记的内容不在了，或者被改动")
    for pk in Booking.objects.filter(kept_key=None).values_list("pk", flat=True):
        proof.add(_LABEL, f"booking {pk}", "密钥不在，内容无法再读")
