"""Whether the rows of reception are those that were recorded: each is noted in the administrative log by its digest."""

from xinfang.audit.row_digests import check_noted_rows
from xinfang.audit.verification import VerificationReport
from xinfang.procedure.reception.words import ReceptionAct
from xinfang.reception.models import Booking, ReceptionAnswer, ReceptionDay, ReceptionEvent

PUBLISHED, BOOKED, ANSWERED, LOOKED = "公布接待日", "登记接访预约", "确认接访记录", "查看接访预约个人信息"
"""What the administrative log says of them: with the number of a row and a digest, and nothing of the content."""
NOTED = (PUBLISHED, BOOKED, ANSWERED, *(act.label for act in ReceptionAct))
_LABEL = "领导接访"
Row = ReceptionDay | Booking | ReceptionEvent | ReceptionAnswer


def check_reception(proof: VerificationReport) -> None:
    """Check that every row is noted as it is, and that nothing that was noted is missing (6 queries)."""
    check_noted_rows(proof, _LABEL, (ReceptionDay, Booking, ReceptionEvent, ReceptionAnswer), NOTED)
    for pk in Booking.objects.filter(kept_key=None).values_list("pk", flat=True):
        proof.add(_LABEL, f"booking {pk}", "密钥不在，内容无法再读")
