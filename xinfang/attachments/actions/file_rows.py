"""The rows of attachments, as the two steps about them leave them."""

from xinfang.attachments.models import Attachment
from xinfang.cases.models import Event, Petition
from xinfang.procedure.articles import HOUSE
from xinfang.procedure.facts import Facts
from xinfang.procedure.rules import Reason, Refused, Step
from xinfang.procedure.steps.files import Attach, WithdrawAttachment

NO_FILE = Reason(
    "附件须连同文件一起添加", (HOUSE[14],), "请在该事项页面的“附件”栏选择文件上传。", "attach_comes_with_its_file"
)


def require_file(step: Step, facts: Facts) -> None:
    """No event says that a file was added without one: its row waits in the same transaction."""
    if isinstance(step, Attach):
        waits = Attachment.objects.filter(petition__number=facts.number, digest=step.digest, event=None)
        if not waits.exists():
            raise Refused([NO_FILE])


def withdraw(petition: Petition, step: WithdrawAttachment) -> None:
    """Mark the row; called with the event saved, in its transaction."""
    event = Event.objects.get(petition=petition, seq=petition.revision)
    Attachment.objects.filter(petition=petition, place=step.attachment).update(withdrawal=event)
