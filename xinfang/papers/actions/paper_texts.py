"""Papers: composed from the facts, edited, submitted, signed, numbered, frozen. What a step decides is in `perform`."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

import pypdfium2
from django.db import transaction
from django.utils import timezone

from xinfang.accounts.models import Staff
from xinfang.attachments.actions.attach import attach_checked
from xinfang.audit.actions import audit_log
from xinfang.cases.actions.locked_petition import lock_petition
from xinfang.cases.actions.perform import perform
from xinfang.cases.models import Event, Petition
from xinfang.cases.queries.case_text import case_text
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.core.disk_full import translate_disk_full
from xinfang.papers import source, wording
from xinfang.papers.checks import missing_from_text
from xinfang.papers.content import PaperContent
from xinfang.papers.models import Paper, PaperText, Wording
from xinfang.papers.ofd import pdf_as_ofd
from xinfang.papers.pdf import Unprintable, pdf_and_lines
from xinfang.papers.queries.own_wordings import own_wording
from xinfang.papers.sealing import NotSealed, sealed
from xinfang.papers.series import next_document_number
from xinfang.papers.word import render_docx
from xinfang.procedure.articles import DEPARTMENT_SETTING
from xinfang.procedure.errors import EditConflict
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.papers import OPINIONS, PAPERS
from xinfang.procedure.rules import Reason, Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.papers import CheckPaper, IssuePaper, MakePaper, SignPaper, SubmitPaper, seals
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import Material, PaperKind, PaperStage

from .signed_reply import digest_of, signed_reply, text_with

DRAFT_MARK = "草稿"
NO_TEXT_OF_A_SCAN = Reason(
    "这份文书是纸质件的扫描件，没有可以修改、签发的文本",
    (DEPARTMENT_SETTING,),
    "有误的，请撤回后重做。",
    "it_has_a_text",
)


def current_text(paper: Paper) -> PaperText:
    """Return the newest version of a paper's text.

    Raises:
        Refused: it is a scan, and has none (`Paper.is_scan`).
    """
    if paper.is_scan:
        raise Refused([NO_TEXT_OF_A_SCAN])
    return paper.texts.select_related("paper__petition", "by").get(revision=paper.revision)


def preview_paper(petition: Petition, kind: PaperKind, *, owed_by: int, facts: Facts | None = None) -> PaperContent:
    """Return what a paper would say now, without making it."""
    facts = facts or facts_of(petition)
    text = _composed(petition, facts, kind, owed_by)
    return wording.paper_content(kind, text, marks=(DRAFT_MARK,))


def _composed(petition: Petition, facts: Facts, kind: PaperKind, owed_by: int, now: datetime | None = None) -> str:
    return wording.compose_paper(
        kind, petition, facts, event_seq=owed_by or None, day=today(now), wording=own_wording(kind)
    )


@translate_disk_full
def make_paper(
    number: str,
    kind: PaperKind,
    *,
    by: Actor,
    owed_by: int = 0,
    idempotency_key: str = "",
    now: datetime | None = None,
) -> Paper:
    """Begin a paper with the text composed from the facts. A form sent twice makes one paper.

    `now` is an aware time, here and below, for tests and the demo.

    Raises:
        Refused: the step is not allowed; with the reasons.
        NotVisible: the case isn't this person's to see.
    """
    with transaction.atomic():
        petition = lock_petition(number, by)
        before = (
            Event.objects.filter(key=idempotency_key, petition=petition, code=StepCode.MAKE_PAPER).first()
            if idempotency_key
            else None
        )
        if before is not None:
            return Paper.objects.get(petition=petition, place=_place_made_by(facts_of(petition), before.seq))
        place = Paper.objects.filter(petition=petition).count() + 1
        paper = Paper.objects.create(petition=petition, place=place, kind=kind.value, owed_by=owed_by)
        signed = signed_reply(petition, facts_of(petition)) if kind in OPINIONS else ""
        step = MakePaper(kind=kind, owed_by=owed_by, digest=digest_of(signed) if signed else "")
        facts = perform(step, number, by=by, idempotency_key=idempotency_key, now=now).facts
        paper.stage = facts.papers[-1].stage.value
        paper.save(update_fields=["stage"])
        staff = Staff.objects.filter(username=by.code).first()
        _keep_text(paper, signed or _composed(petition, facts, kind, owed_by, now), staff, "composed", now)
        return paper


@translate_disk_full
def decide_on_paper(
    number: str,
    place: int,
    step: CheckPaper | SignPaper,
    *,
    by: Actor,
    revision: int,
    idempotency_key: str = "",
    now: datetime | None = None,
) -> Paper:
    """Check or sign a paper, or give it back. What its signer may issue is issued in the same act.

    `revision` is the text that was on screen: nobody signs another one unseen.

    Raises:
        EditConflict: there is a newer text.
        Refused: the step is not allowed; with the reasons.
        NotVisible: the case isn't this person's to see.
    """
    with transaction.atomic():
        _, paper = _locked_paper(number, place, by)
        if paper.revision != revision and not (idempotency_key and Event.objects.filter(key=idempotency_key).exists()):
            raise EditConflict(current_text(paper))
        facts = perform(step, number, by=by, idempotency_key=idempotency_key, now=now).facts
        signed = facts.paper(place)
        if isinstance(step, SignPaper) and signed and signed.stage is PaperStage.SIGNED and may_issue(facts, place, by):
            return issue_paper(
                number, place, by=by, idempotency_key=f"{idempotency_key}-issue" if idempotency_key else "", now=now
            )
        paper.refresh_from_db()
        return paper


def may_issue(facts: Facts, place: int, by: Actor) -> bool:
    """Tell whether this person may give a signed paper its number and issue it (H5, H13)."""
    paper = facts.paper(place)
    return paper is not None and seals(paper, by, facts) and any(w.includes(by, facts) for w in IssuePaper.rule.who)


def earlier_text(paper: Paper, facts: Facts) -> PaperText | None:
    """Return the text that was signed before, where what this paper says now differs from it.

    It is a text of this paper, or of the one that it replaces; None where nothing was signed, or nothing has changed
    since.
    """
    now = current_text(paper)
    known = facts.paper(paper.place)
    assert known is not None
    replaced = [
        p.signed
        for p in facts.papers
        if p.kind is known.kind and p.number < known.number and p.stage is PaperStage.WITHDRAWN and p.signed
    ]
    digest = known.signed if known.signed not in ("", known.digest) or not replaced else replaced[-1]
    if not digest or digest_of(now.text) == digest:
        return None
    return text_with(digest, paper.petition, paper.paper_kind)


def _place_made_by(facts: Facts, seq: int) -> int:
    made = [h.seq for h in facts.history if h.code == StepCode.MAKE_PAPER]
    return made.index(seq) + 1


def _keep_text(paper: Paper, text: str, staff: Staff | None, how: str, now: datetime | None = None) -> None:
    paper.revision += 1
    row = PaperText(paper=paper, revision=paper.revision, by=staff, at=now or timezone.now(), how=how)
    row.text = text
    row.save()
    paper.save(update_fields=["revision"])


def _locked_paper(number: str, place: int, by: Actor) -> tuple[Petition, Paper]:
    petition = lock_petition(number, by)
    paper = Paper.objects.filter(petition=petition, place=place).select_related("petition").first()
    if paper is None:
        raise NotVisible(number)
    return petition, paper


@translate_disk_full
def save_paper_text(
    number: str, place: int, text: str, *, by: Actor, staff: Staff, revision: int, how: str = "edited"
) -> Paper:
    """Keep an edited text as a new version. `revision` is the one that was opened.

    Raises:
        WordingSyntaxError: some of the text can't be read; it names its line (`source`).
        EditConflict: there is a newer text.
        Refused: this person may not edit it now; with the reasons.
        NotVisible: the case isn't this person's to see.
    """
    source.parse_source(text)
    with transaction.atomic():
        petition, paper = _locked_paper(number, place, by)
        _check_may_edit(petition, paper, by)
        if paper.revision != revision:
            raise EditConflict(current_text(paper))
        if current_text(paper).text != text:
            _keep_text(paper, text, staff, how)
        return paper


def _check_may_edit(petition: Petition, paper: Paper, by: Actor) -> None:
    if reasons := why_not_edit(paper, facts_of(petition), by):
        raise Refused(reasons)


def why_not_edit(paper: Paper, facts: Facts, by: Actor) -> list[Reason]:
    """Tell why this person can't edit this text now; empty when they can."""
    reasons = []
    if not any(w.includes(by, facts) for w in MakePaper.rule.who):
        reasons.append(
            Reason("文书由接待登记人员、办公室和承办（协办）处室修改", (DEPARTMENT_SETTING,), "请交由他们修改。", "who")
        )
    if paper.stage != PaperStage.DRAFT.value:
        reasons.append(
            Reason(
                f"这份文书现为“{paper.get_stage_display()}”，文本已经固定",
                (DEPARTMENT_SETTING,),
                "要修改的，请由核稿人或签发人退回；已签发的，请“改回拟稿”后重新送签；已印发的，请撤回后重做。",
                "it_is_a_draft",
            )
        )
    return reasons


@translate_disk_full
def submit_paper(
    number: str, place: int, *, by: Actor, revision: int, idempotency_key: str = "", now: datetime | None = None
) -> Paper:
    """Send a draft to be checked or signed.

    Raises:
        EditConflict: there is a newer text.
        Refused: the step is not allowed, or the text lacks what the law asks for; with the reasons.
        NotVisible: the case isn't this person's to see.
    """
    with transaction.atomic():
        petition, paper = _locked_paper(number, place, by)
        text = current_text(paper)
        if paper.revision != revision:
            raise EditConflict(text)
        _refuse_what_is_missing(paper, text.text, facts_of(petition))
        step = SubmitPaper(paper=place, digest=digest_of(text.text))
        perform(step, number, by=by, idempotency_key=idempotency_key, now=now)
        paper.refresh_from_db()
        return paper


def _refuse_what_is_missing(paper: Paper, text: str, facts: Facts) -> None:
    lacks = missing_from_text(paper.paper_kind, text, facts, case_text(paper.petition, facts).body)
    if lacks:
        raise Refused(lacks)


@dataclass(frozen=True)
class _Made:
    pdf: bytes
    word: bytes
    ofd: bytes


@translate_disk_full
def issue_paper(number: str, place: int, *, by: Actor, idempotency_key: str = "", now: datetime | None = None) -> Paper:
    """Give a paper its number and freeze it: a PDF, a Word file and an OFD join the case, and their hashes its chain.

    Raises:
        Refused: the step is not allowed, a character can't be printed, or nobody sealed; with the reasons.
        NotVisible: the case isn't this person's to see.
    """
    with transaction.atomic():
        petition, paper = _locked_paper(number, place, by)
        if (
            idempotency_key
            and Event.objects.filter(key=idempotency_key, petition=petition, code=StepCode.ISSUE_PAPER).exists()
        ):
            return paper
        facts = facts_of(petition)
        text = current_text(paper).text
        _refuse_a_changed_text(paper, text, facts)
        _refuse_what_is_missing(paper, text, facts)
        day = today(now)
        document_number = _number(paper, facts, day)
        made = _rendered(paper, text, document_number, _signed_on(paper, facts, day))
        name = f"{paper.label}{f' {document_number}' if document_number else ''}"
        pdf, word, ofd = (
            attach_checked(
                number,
                data,
                f"{name}.{kind}",
                kind,
                what=Material.PAPER,
                by=by,
                idempotency_key=f"{idempotency_key}-{kind}" if idempotency_key else "",
                now=now,
            )
            for kind, data in (("pdf", made.pdf), ("docx", made.word), ("ofd", made.ofd))
        )
        paper.number, paper.pages = document_number or None, len(pypdfium2.PdfDocument(made.pdf))
        paper.pdf, paper.word, paper.ofd, paper.issued_on = pdf, word, ofd, day
        paper.save(update_fields=["number", "pages", "pdf", "word", "ofd", "issued_on"])
        step = IssuePaper(
            paper=place,
            document_number=document_number,
            pages=paper.pages,
            pdf=pdf.digest,
            word=word.digest,
            ofd=ofd.digest,
        )
        perform(step, number, by=by, idempotency_key=idempotency_key, now=now)
        paper.refresh_from_db()
        return paper


def _refuse_a_changed_text(paper: Paper, text: str, facts: Facts) -> None:
    known = facts.paper(paper.place)
    assert known is not None
    if known.stage is PaperStage.SIGNED and digest_of(text) != known.digest:
        raise Refused(
            [
                Reason(
                    "文本与签发的不一致",
                    (DEPARTMENT_SETTING,),
                    "请将文书退回，重新送审、签发。",
                    "the_text_is_the_signed_one",
                )
            ]
        )


def _number(paper: Paper, facts: Facts, day: date) -> str:
    if paper.paper_kind in OPINIONS:
        issued = facts.last(StepCode.ISSUE_REPLY)
        given: str = issued.step.document_number if issued else ""
        others = Paper.objects.filter(number=given).exclude(pk=paper.pk)
        if given and others.filter(petition=paper.petition, stage=PaperStage.WITHDRAWN.value).exists():
            # The number stays with the paper that was withdrawn; the one made instead has its own.
            return next_document_number(PAPERS[paper.paper_kind].series, day.year)
        if given and others.exists():
            reason = Reason(
                f"文号 {given} 已用于另一份文书",
                (DEPARTMENT_SETTING,),
                "请由办公室核对文号后更正。",
                "number_is_unique",
            )
            raise Refused([reason])
        return given
    series = PAPERS[paper.paper_kind].series
    return next_document_number(series, day.year) if series else ""


def _signed_on(paper: Paper, facts: Facts, day: date) -> date:
    """Return the 成文日期: the day on which it was signed (GB/T 9704-2012 7.3.5), or the day of issue without one."""
    agreed = (h for h in reversed(facts.history) if h.code == StepCode.SIGN_PAPER and h.step.agree)
    signed = next((h for h in agreed if h.step.paper == paper.place), None)
    if signed is None and paper.paper_kind in OPINIONS:
        signed = facts.last(StepCode.SIGN_REPLY)
    return signed.happened_on if signed else day


def _rendered(paper: Paper, text: str, document_number: str, day: date) -> _Made:
    content = wording.paper_content(paper.paper_kind, text, number=document_number)
    if content.day:
        # The text bears the day on which it was composed.
        content = replace(content, day=day)
    try:
        pdf, lines = pdf_and_lines(content)
    except Unprintable as e:
        raise Refused(
            [Reason(str(e), (DEPARTMENT_SETTING,), "请系统管理员装上含有这个字的字体后再印发。", "printable")]
        ) from e
    ofd = pdf_as_ofd(pdf)
    try:
        ofd = sealed(ofd) if PAPERS[paper.paper_kind].outward else ofd
    except NotSealed as e:
        todo = "文书没有印发，也没有用掉文号。请稍后再印发；仍不行的，请联系系统管理员。"
        raise Refused([Reason(str(e), (DEPARTMENT_SETTING,), todo, "sealed")]) from e
    return _Made(pdf, render_docx(content, lines=lines), ofd)


def shown_paper(paper: Paper, render: Callable[[PaperContent], bytes]) -> bytes:
    """Render a paper that isn't issued yet, as it would look, marked as a draft.

    Raises:
        Unprintable: no font has one of its characters (`pdf`).
    """
    mark = () if paper.stage == PaperStage.ISSUED.value else (DRAFT_MARK,)
    return render(
        wording.paper_content(paper.paper_kind, current_text(paper).text, number=paper.number or "", marks=mark)
    )


@translate_disk_full
def save_wording(kind: PaperKind, text: str, *, staff: Staff, reason: str) -> Wording:
    """Keep a new version of the department's wording; an empty text goes back to the program's own.

    Raises:
        WordingSyntaxError: there is a mistake in it, which is found now and not when a letter is due (`source`).
    """
    if text.strip():
        wording.check_wording(kind, text)
    with transaction.atomic():
        last = Wording.objects.select_for_update().filter(kind=kind.value).order_by("-version").first()
        row = Wording.objects.create(
            kind=kind.value,
            version=(last.version if last else 0) + 1,
            text=text.strip(),
            by=staff,
            at=timezone.now(),
            reason=reason,
        )
        audit_log.record(staff, "修改文书格式文本", kind.label, version=row.version, reason=reason)
        return row
