"""The rows of papers, as the steps about them need and leave them."""

from collections.abc import Iterator
from dataclasses import replace

from django.db.models import Model

from xinfang.attachments.models import Attachment
from xinfang.cases.history import CaseHistory
from xinfang.cases.models import Petition
from xinfang.cases.projection import Change, Derived, Projection, UndecidedStep
from xinfang.papers.models import Paper
from xinfang.procedure.articles import DEPARTMENT_SETTING
from xinfang.procedure.facts import Facts, PaperFacts
from xinfang.procedure.papers import PAPERS, opinion_kind
from xinfang.procedure.rules import Reason, Refused, SecondPerson, Step
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.papers import IssuePaper, MakePaper, SubmitPaper
from xinfang.procedure.steps.reply import IssueReply, SignReply
from xinfang.procedure.steps.scanned_papers import FilePaperScan
from xinfang.vault.sm_ciphers import sm3

from .series import next_document_number, number_is_used

NO_TEXT = Reason(
    "文书须连同文本一起办理",
    (DEPARTMENT_SETTING,),
    "请在该事项的“文书”页面办理，系统会拟出文本、取文号并存入定稿。",
    "paper_comes_with_its_text",
)


class PaperRows(Projection):
    """The rows of papers: a step about one finds its row saying the same, and leaves its stage there."""

    derived = (
        Derived(
            Paper,
            ("place",),
            ("kind", "stage", "owed_by", "number", "pages", "issued_on", "left_on", "failed_on"),
            ("revision", "pdf", "word", "ofd"),
        ),
    )

    def rows(self, case: CaseHistory) -> Iterator[Model]:
        """Yield the papers as the facts of the case have them."""
        for p in case.facts.papers:
            yield Paper(
                petition=case.petition,
                place=p.number,
                kind=p.kind.value,
                stage=p.stage.value,
                owed_by=p.owed_by,
                number=p.document_number or None,
                pages=p.pages,
                issued_on=p.issued_on,
                left_on=p.left_on,
                failed_on=p.failed_on,
            )

    def complete(self, step: Step, context: UndecidedStep) -> Step:
        """Give a reply its number, and a signature the text that is signed.

        Raises:
            Refused: the step names a paper whose row doesn't say the same, or the text can't be signed.
        """
        _require_row(step, context.facts)
        if context.code == StepCode.FILE_PAPER_SCAN:
            pending = context.facts.pending.get(context.code)
            filed = pending.step if pending and isinstance(step, SecondPerson) and step.agree else step
            if isinstance(filed, FilePaperScan):
                _require_free_number(filed.document_number)
        if isinstance(step, IssueReply) and not step.document_number:
            series = PAPERS[opinion_kind(context.facts)].series
            return replace(step, document_number=next_document_number(series, context.day.year))
        if isinstance(step, SignReply) and context.petition is not None:
            # Imported here: composing papers loads much that most steps have no need of.
            from .actions.signed_reply import with_its_text

            return with_its_text(step, context.petition, context.facts, context.day)
        return step

    def write(self, prepared: None, change: Change) -> None:
        """Bring the stages of papers up to date; a scan that a second person agreed to has its row from here on."""
        if change.facts.papers == change.before.papers:
            return
        known = {p.number: (p.stage, p.left_on, p.failed_on) for p in change.before.papers}
        if change.outcome.code == StepCode.FILE_PAPER_SCAN:
            self._add_scan(change.facts.papers[-1], change.petition)
        for p in change.facts.papers:
            now = (p.stage, p.left_on, p.failed_on)
            if known.get(p.number, now) != now:
                row = Paper.objects.filter(petition=change.petition, place=p.number)
                row.update(stage=p.stage.value, left_on=p.left_on, failed_on=p.failed_on)

    def _add_scan(self, filed: PaperFacts, petition: Petition) -> None:
        Paper.objects.create(
            petition=petition,
            place=filed.number,
            kind=filed.kind.value,
            stage=filed.stage.value,
            owed_by=filed.owed_by,
            number=filed.document_number or None,
            issued_on=filed.issued_on,
            pdf=Attachment.objects.get(petition=petition, digest=filed.files[0], withdrawal=None),
        )


def _require_free_number(number: str) -> None:
    """Let no scan be filed under a number that another paper has.

    Raises:
        Refused: another paper has it.
    """
    if number and number_is_used(number):
        reason = Reason(
            f"文号 {number} 已用于另一份文书", (DEPARTMENT_SETTING,), "请与纸面和发文登记核对。", "number_is_unique"
        )
        raise Refused([reason])


def _require_row(step: Step, facts: Facts) -> None:
    """Let no event say that a paper was made, submitted or issued without its row saying the same in this transaction.

    Raises:
        Refused: the row doesn't.
    """
    if isinstance(step, MakePaper):
        row = _row(facts, len(facts.papers) + 1)
        holds = row is not None and row.revision == 0 and row.kind == step.kind.value
    elif isinstance(step, SubmitPaper):
        row = _row(facts, step.paper)
        text = row and row.texts.select_related("paper__petition").filter(revision=row.revision).first()
        holds = row is None or bool(text and sm3(text.text.encode()).hex() == step.digest)
    elif isinstance(step, IssuePaper):
        row = _row(facts, step.paper)
        holds = row is None or (row.pdf_id is not None and (row.number or "") == step.document_number)
    else:
        return
    if not holds:
        raise Refused([NO_TEXT])


def _row(facts: Facts, place: int) -> Paper | None:
    # None for a paper that the case doesn't have: the step's own condition says so.
    return Paper.objects.filter(petition__number=facts.number, place=place).first()


PROJECTIONS = (PaperRows,)
