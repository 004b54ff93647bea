"""The rows of attachments, as the two steps about them leave them."""

from collections.abc import Iterator

from django.db.models import Model

from xinfang.attachments.models import Attachment
from xinfang.attachments.models.files import ERASED_NAME
from xinfang.cases.history import CaseHistory
from xinfang.cases.projection import Change, Derived, Projection, UndecidedStep
from xinfang.procedure.articles import DEPARTMENT_SETTING
from xinfang.procedure.rules import Reason, Refused, Step
from xinfang.procedure.steps.attachments import Attach, WithdrawAttachment
from xinfang.vault.keys import KeyMissing
from xinfang.vault.sm_ciphers import DecryptionFailed

NO_FILE = Reason(
    "附件须连同文件一起添加",
    (DEPARTMENT_SETTING,),
    "请在该事项页面的“附件”栏选择文件上传。",
    "attach_comes_with_its_file",
)


class AttachmentRows(Projection):
    """A file is added only with its row, and withdrawn in it; the row of a new one waits in the same transaction."""

    derived = (
        Derived(
            Attachment,
            ("place",),
            ("what", "kind", "digest", "event_id", "withdrawal_id"),
            ("size", "address", "wrapped_key", "name_sealed"),
        ),
    )

    def rows(self, case: CaseHistory) -> Iterator[Model]:
        """Yield the attachments as the steps of the case make them."""
        made: list[Attachment] = []
        for past in case.steps:
            step = past.step
            if isinstance(step, Attach):
                row = Attachment(petition=case.petition, place=len(made) + 1, event=past.event)
                row.what, row.kind, row.digest = step.what.value, step.kind, step.digest
                made.append(row)
            elif isinstance(step, WithdrawAttachment) and step.attachment <= len(made):
                made[step.attachment - 1].withdrawal = past.event
        yield from made

    def damage(self, case: CaseHistory) -> Iterator[str]:
        """Yield a sentence for each attachment whose key or name is lost although the file was not destroyed."""
        if case.facts.destroyed_on is not None:
            return
        for row in case.stored[Attachment]:
            try:
                gone = row.name == ERASED_NAME
            except (DecryptionFailed, KeyMissing):
                gone = True
            if gone:
                yield f"附件{row.place}的密钥或名称不在或被改动，而案卷没有销毁"

    def complete(self, step: Step, context: UndecidedStep) -> Step:
        """Let 添加附件 pass only where its file is there.

        Raises:
            Refused: the file isn't there.
        """
        if isinstance(step, Attach):
            waits = Attachment.objects.filter(petition__number=context.facts.number, digest=step.digest, event=None)
            if not waits.exists():
                raise Refused([NO_FILE])
        return step

    def write(self, prepared: None, change: Change) -> None:
        """Mark an attachment as withdrawn."""
        if isinstance(change.step, WithdrawAttachment):
            row = Attachment.objects.filter(petition=change.petition, place=change.step.attachment)
            row.update(withdrawal=change.event)


PROJECTIONS = (AttachmentRows,)
