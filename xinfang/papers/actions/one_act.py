"""A step and the paper that it owes the petitioner, in one act: what is decided has its paper (H13, N23).

A notice is composed and sent to those who sign it as soon as the step is taken; a reply, whose text was signed before,
is issued. What can't be made yet stays a draft, or a task of the office (`task_rules`): the clock runs until it left.
"""

from datetime import datetime

from django.db import transaction

from xinfang.attachments.actions.attach import attach_checked
from xinfang.attachments.models import Attachment
from xinfang.attachments.stores import read_attachment
from xinfang.cases.actions.decided_step import StepResult
from xinfang.cases.actions.perform import perform
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.disk_full import translate_disk_full
from xinfang.papers.source import WordingSyntaxError
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.papers import OPINIONS, PAPERS, UnsentPaper, unsent_papers
from xinfang.procedure.rules import Refused, Step
from xinfang.procedure.steps.letter_parts import SplitOff
from xinfang.procedure.steps.papers import MakePaper
from xinfang.procedure.words import Material, PaperKind, PaperStage

from .paper_texts import issue_paper, make_paper, submit_paper


@translate_disk_full
def take_step(
    step: Step,
    number: str | None,
    *,
    by: Actor,
    code: str = "",
    idempotency_key: str = "",
    expected_revision: int | None = None,
    now: datetime | None = None,
) -> StepResult:
    """Take a step as `perform` does, and make the papers that it owes the petitioner.

    `now` is an aware time, for tests and the demo.

    Raises:
        Refused: the step can't be taken now, or a reply that was signed can't be printed; with the reasons.
        NotVisible: the petition isn't this person's to see.
    """
    with transaction.atomic():
        done = perform(
            step,
            number,
            by=by,
            code=code,
            idempotency_key=idempotency_key,
            expected_revision=expected_revision,
            now=now,
        )
        if not done.again:
            if isinstance(step, SplitOff):
                _copy_attachments(step, done, by, now)
            for unsent in _owed_by_this_step(done.facts, done.event.seq, by):
                _make(done, unsent, by, now)
        return done


def take_steps(
    first: Step, second: Step | None, number: str, *, by: Actor, code: str, key: str, expected_revision: int | None
) -> list[StepResult]:
    """Take a step and, where one is given, the step that follows it: both, or neither.

    The second is left out while the first waits for another person. `key` is that of the form.

    Raises:
        Refused: one of the two can't be taken now; with the reasons.
        NotVisible: the petition isn't this person's to see.
    """
    with transaction.atomic():
        done = [take_step(first, number, by=by, code=code, idempotency_key=key, expected_revision=expected_revision)]
        if second is not None and done[0].event.stage == "done" and not done[0].again:
            done.append(take_step(second, number, by=by, idempotency_key=f"{key}-then"))
        return done


def _copy_attachments(step: SplitOff, done: StepResult, by: Actor, now: datetime | None) -> None:
    """Give the part of a letter the attachments that were chosen for it, as files of its own."""
    split = done.facts.history[-1].step
    for row in Attachment.objects.filter(petition=done.petition, place__in=step.attachments).order_by("place"):
        data = b"".join(read_attachment(row))
        attach_checked(split.part, data, row.name, row.kind, what=Material.of(row.what), by=by, now=now)


def _owed_by_this_step(facts: Facts, seq: int, by: Actor) -> list[UnsentPaper]:
    if not any(w.includes(by, facts) for w in MakePaper.rule.who):
        return []
    return [u for u in unsent_papers(facts) if u.owed_by == seq and u.paper is None]


def _make(done: StepResult, unsent: UnsentPaper, by: Actor, now: datetime | None) -> None:
    number = done.petition.number
    try:
        with transaction.atomic():
            paper = make_paper(number, unsent.kind, by=by, owed_by=unsent.owed_by, now=now)
    except WordingSyntaxError:
        # The department's own wording is damaged: the office finds the paper among its tasks, and there the mistake.
        return
    if unsent.kind in OPINIONS and paper.stage == PaperStage.SIGNED.value:
        issue_paper(number, paper.place, by=by, now=now)
        return
    if done.event.stage == "confirmed" and any(w.includes(by, done.facts) for w in PAPERS[unsent.kind].signs):
        # Who has only agreed to the step, and is to sign its paper, doesn't send it for signature: the office does.
        return
    try:
        with transaction.atomic():
            submit_paper(number, paper.place, by=by, revision=paper.revision, now=now)
    except Refused:
        # Something must be filled in first; the paper's page says what.
        return


def papers_in_words(done: StepResult) -> str:
    """Return what became of the papers that a step calls for, in words; empty where it calls for none.

    What is only printed for the file is named, not made.
    """
    facts = facts_of(done.petition)
    made = [p for p in facts.papers if p.owed_by == done.event.seq and p.stage is not PaperStage.WITHDRAWN]
    said = [_IN_WORDS[p.stage].format(p.kind.label) for p in made if p.stage in _IN_WORDS]
    left = [PaperKind.of(kind).label for kind in done.papers if kind not in {p.kind.value for p in made}]
    return "".join(f"{words}。" for words in (*said, f"应出具：{'、'.join(left)}" if left else "") if words)


_IN_WORDS = {
    PaperStage.DRAFT: "{}已拟出，请在“文书”中核对、补好后送审",
    PaperStage.CHECKING: "{}已拟出，送核稿",
    PaperStage.SIGNING: "{}已拟出，送签发",
    PaperStage.ISSUED: "{}已编号印发，待发出",
}
