"""One paper of a case: its text and its pages, who has it now, and each step of its life up to the service."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xinfang.accounts.pages import DeskRequest, desk_page
from xinfang.accounts.queries.actors import directory
from xinfang.attachments.actions.attach import require_no_virus
from xinfang.attachments.filecheck import NotAccepted, check_file
from xinfang.calendars.queries import calendar
from xinfang.cases.access import case_or_404, open_case
from xinfang.cases.actions.access_log import log_access
from xinfang.cases.actions.perform import perform
from xinfang.cases.answers import render_answers as told_step
from xinfang.cases.queries.petitioners import personal_fields_in
from xinfang.cases.step_forms import initial, posted, step_form
from xinfang.cases.step_forms.choices import CaseChoices
from xinfang.core.clock import today
from xinfang.papers.actions import paper_texts as acts
from xinfang.papers.pdf import fallback_sentences, missing_characters, render_pdf
from xinfang.papers.pdf_pages import page_count
from xinfang.papers.queries import paper_changes
from xinfang.papers.queries.overview import (
    NEXT_STEP_AT,
    STAGE_CHIPS,
    PaperAction,
    PaperPageCase,
    awaited_person,
    error_rows,
    next_step,
    paper_actions,
)
from xinfang.papers.queries.papers import paper_at, texts_of
from xinfang.papers.source import HEAD_FIELDS, PaperError, WordingSyntaxError
from xinfang.papers.word import read_docx
from xinfang.procedure.errors import EditConflict
from xinfang.procedure.papers import PAPERS, PaperRule
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import InvalidAnswer
from xinfang.procedure.steps.papers import CheckPaper, RevisePaper, ServePaper, SignPaper, WithdrawPaper
from xinfang.procedure.visibility import NotVisible, may_read
from xinfang.procedure.words import AccessKind, PaperKind, PaperStage
from xinfang.web import form_drafts as drafts
from xinfang.web.actions.drafts import drafts_of_form, forms_begun
from xinfang.web.form_types import Cited, Problem
from xinfang.web.page_frame import in_one_snapshot, render_page

if TYPE_CHECKING:
    from xinfang.cases.models import Petition
    from xinfang.papers.models import Paper, PaperText

HERE = "petitions"
TEXT_MAX = 400_000
"""Characters of one text; a paper of forty pages has about twenty-five thousand."""
_OPENED = "paper_words"
"""In the session: which version of a text was taken away as a Word file."""
_STEPS = {s.rule.code: s for s in (CheckPaper, SignPaper, RevisePaper, ServePaper, WithdrawPaper)}
_DONE = {
    "save": "已保存",
    "word": "已收下交回的 Word 文件，存为新的一版",
    StepCode.SUBMIT_PAPER: "已送审",
    StepCode.CHECK_PAPER: "已核稿",
    StepCode.SIGN_PAPER: "已签发",
    StepCode.REVISE_PAPER: "已改回拟稿，改好后须重新送签",
    StepCode.ISSUE_PAPER: "已印发，定稿的 PDF 和 Word 已存入此件",
    StepCode.SERVE_PAPER: "已记录送达",
    StepCode.WITHDRAW_PAPER: "已撤回，原件和理由都已保留",
}


class OlderDraft(NamedTuple):
    """What somebody had typed over an earlier version of a text and never sent."""

    revision: int
    text: str
    row: str
    """As a form names it that takes it over: FORM/PAGE."""


def case_of(request: DeskRequest, number: str) -> tuple[Petition, PaperPageCase]:
    """The petition and its facts; the legal adviser sees the draft sent to them and no papers (H13)."""
    opened = case_or_404(request, number)
    day = today()
    return opened.petition, PaperPageCase(opened.facts, request.actor, day, calendar(), directory(day))


def paper_or_404(petition: Petition, case: PaperPageCase, place: int) -> Paper:
    """One paper of this case, with its files."""
    paper = paper_at(petition, place)
    if paper is None or not may_read(case.actor, paper.paper_kind):
        raise Http404
    return paper


def log_paper_access(request: DeskRequest, petition: Petition, text: str, why: str, **detail: Any) -> None:
    """Write down that somebody read a paper, and which personal data stands in it."""
    shown = personal_fields_in(petition, text)
    log_access(petition, request.user, AccessKind.UNMASK if shown else AccessKind.READ, why, fields=shown, **detail)


@require_POST
@desk_page()
def make(request: DeskRequest, number: str) -> HttpResponse:
    """Begin a paper, and go to it."""
    petition, _ = case_of(request, number)
    sent = request.POST
    kind = PaperKind.get(sent.get("kind"))
    owed = sent.get("owed_by", "0")
    if kind is None or not may_read(request.actor, kind):
        messages.error(request, "没有选择文书种类，什么也没有制作。请从列表中选择一种文书。")
        return redirect(f"{reverse('petition', args=[petition.number])}#papers-title")
    try:
        paper = acts.make_paper(
            petition.number,
            kind,
            by=request.actor,
            staff=request.user,
            owed_by=int(owed) if owed.isascii() and owed.isdigit() and len(owed) < 7 else 0,
            idempotency_key=f"{request.user.pk}-{posted.idempotency_key_of(sent)}",
        )
    except Refused as e:
        for reason in e.reasons:
            messages.error(request, f"没有制作“{kind.label}”：{reason}")
        return redirect(f"{reverse('petition', args=[petition.number])}#papers-title")
    except WordingSyntaxError as e:
        messages.error(request, f"没有制作“{kind.label}”：本厅的文书格式文本有误。{e} 请系统管理员在“文书格式”中改正。")
        return redirect(f"{reverse('petition', args=[petition.number])}#papers-title")
    except NotVisible:
        raise Http404 from None
    return redirect("paper", number=petition.number, place=paper.place)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
@in_one_snapshot
def paper(request: DeskRequest, number: str, place: int) -> HttpResponse:
    """The paper; what is sent from its page is done and answered here."""
    page = PaperPage(request, number, place)
    return page.post() if request.method == "POST" else page.show()


class SinceSigned(TypedDict):
    """What differs from the text that was signed, and who made the newer one."""

    lines: list[dict[str, str]]
    by: str


class Opinion(TypedDict):
    """What was said when the paper was checked or signed."""

    who: str
    what: str
    text: str
    at: str


class PagesShown(TypedDict):
    """The addresses of the pages to show, or why there are none."""

    pages: Sequence[str]
    unprintable: str
    lacking: Sequence[str]


class WaysShown(TypedDict):
    """The buttons of a paper's stage, and what a closed one lacks."""

    way: PaperAction | None
    lacks: list[Problem]
    decides: bool
    may_revise: bool
    may_withdraw: bool
    withdraw_lacks: list[Problem]
    serve_parts: list[step_form.FormPart]
    served: list[dict[str, str]]
    served_seq: int
    has_receipt: bool
    replaced_by: int
    may_remake: bool
    withdrawn_why: str
    opinions: list[Opinion]


class PaperContext(PagesShown, WaysShown):
    """The page of a paper. `theirs` is a newer text beside one that wasn't kept, `older` a draft over an earlier version."""

    petition: Petition
    paper: Paper
    rule: PaperRule
    cites: list[Cited]
    chip: str
    waits: str
    url: str
    issued: bool
    edits: bool
    text: str
    now: PaperText
    saved_at: datetime
    theirs: list[dict[str, str]]
    theirs_by: str
    changed: SinceSigned | None
    older: int | None
    taken: str
    draft: str
    opinion_draft: str
    errors: list[Problem]
    errors_title: str
    key: str
    opinion: str
    reason: str
    head_names: str
    fallbacks: Sequence[str]


class PaperVersion(TypedDict):
    """A version of a paper's text."""

    revision: int
    by: str
    at: datetime
    how: str


class VersionsContext(TypedDict):
    """Two versions of a text side by side."""

    petition: Petition
    paper: Paper
    url: str
    versions: list[PaperVersion]
    a: int
    b: int
    old: str
    new: str
    lines: list[dict[str, str]]


class PaperPage:
    """What one request about one paper works with."""

    def __init__(self, request: DeskRequest, number: str, place: int) -> None:
        self.request, self.place = request, place
        self._returned = ""
        self.read(number)

    def read(self, number: str) -> None:
        """The case as it is now; read again when somebody else was faster."""
        self.petition, self.case = case_of(self.request, number)
        self.paper = paper_or_404(self.petition, self.case, self.place)
        found = self.case.facts.paper(self.place)
        if found is None:
            raise Http404
        self.facts = found
        self.now = acts.current_text(self.paper)

    @property
    def url(self) -> str:
        return reverse("paper", args=[self.petition.number, self.place])

    # ---- what was sent

    def post(self) -> HttpResponse:
        sent, what = self.request.POST, self.request.POST.get("do", "")
        typed = self._typed()
        try:
            self._do(what, typed)
        except EditConflict as e:
            self.read(self.petition.number)
            return self.show(mine=self._returned if what == "word" else typed, theirs=e.theirs, status=422)
        except WordingSyntaxError as e:
            error: Problem = {"reason": str(e), "field": "word" if what == "word" else "text"}
            return self.show(mine=typed, errors=[error], status=422)
        except NotAccepted as e:
            return self.show(mine=typed, errors=[{"reason": str(e), "field": "word"}], status=422)
        except InvalidAnswer as e:
            return self.show(problems=e.problems, status=422)
        except Refused as e:
            self.read(self.petition.number)
            return self.show(mine=typed, errors=error_rows(e.reasons), status=422)
        except NotVisible:
            raise Http404 from None
        if what not in _DONE:
            messages.error(self.request, "没有说明要做什么，文书没有改变。请按页上的按钮。")
            return redirect(self.url)
        return self._answer(what, sent.get("agree") == "no")

    def _typed(self) -> str | None:
        """The text in the editor, with the line ends it is kept with; None for a form without one."""
        text = self.request.POST.get("text")
        return None if text is None else text.replace("\r\n", "\n").replace("\0", "")[:TEXT_MAX]

    def _revision(self) -> int:
        return posted.expected_revision_in(self.request.POST.get("revision", ""))

    def _do(self, what: str, typed: str | None) -> None:
        number, place, actor, staff = self.petition.number, self.place, self.request.actor, self.request.user
        key = f"{staff.pk}-{posted.idempotency_key_of(self.request.POST)}"
        revision = self._revision()
        if typed is not None and what in ("save", StepCode.SUBMIT_PAPER, StepCode.ISSUE_PAPER):
            # Line by line what the page showed, so a text that wasn't touched makes no new version.
            saved = acts.save_paper_text(number, place, typed, by=actor, staff=staff, revision=revision)
            revision = saved.revision
            drafts.form_accepted(self.request)
        if what == "word":
            revision, self._returned = self._word(revision)
            acts.save_paper_text(
                number, place, self._returned, by=actor, staff=staff, revision=revision, how="returned"
            )
        elif what == StepCode.SUBMIT_PAPER:
            acts.submit_paper(number, place, by=actor, revision=revision, idempotency_key=key)
        elif what == StepCode.ISSUE_PAPER:
            acts.issue_paper(number, place, by=actor, staff=staff, idempotency_key=key)
        elif what in _STEPS:
            step = posted.step_from(_STEPS[what], self._answers(what), self._choices())
            if isinstance(step, CheckPaper | SignPaper):
                acts.decide_on_paper(number, place, step, by=actor, revision=revision, idempotency_key=key)
            else:
                perform(step, number, by=actor, idempotency_key=key)

    def _answers(self, what: str) -> dict[str, Any]:
        raw = posted.read_answers(_STEPS[what], self.request.POST)
        return {**raw, "paper": str(self.place)}

    def _choices(self) -> CaseChoices:
        return CaseChoices(self.case.facts, self.case.directory)

    def _word(self, opened: int) -> tuple[int, str]:
        """The version that was taken away and the text that came back. Raises NotAccepted or WordingSyntaxError."""
        file = self.request.FILES.get("word")
        if file is None:
            left = getattr(self.request, "files_left_out", [])
            raise NotAccepted(
                "文件太大，没有收下。请核对是否选错了文件。" if left else "没有选择文件。请选择改好的 .docx 文件。"
            )
        data = file.read()
        checked = check_file(data, file.name or "", most=settings.UPLOAD_MB * 2**20)
        if checked.kind.code != "docx":
            raise NotAccepted("交回的须是 .docx 文件。请用 Word 或 WPS 打开下载的文件，改好后仍存为 .docx。")
        require_no_virus(data, self.petition.number, self.request.user)
        taken = self.request.session.get(_OPENED, {}).get(f"{self.petition.pk}-{self.place}")
        return paper_changes.revision_in(checked.name) or taken or opened, read_docx(data)

    def _answer(self, what: str, back: bool) -> HttpResponse:
        drafts.form_accepted(self.request)
        label = self.paper.label
        said = "已退回修改" if back and what in (StepCode.CHECK_PAPER, StepCode.SIGN_PAPER) else _DONE[what]
        messages.success(self.request, f"{label}：{said}。")
        try:
            open_case(self.request.actor, self.petition.number)
        except NotVisible:
            messages.info(self.request, f"{self.petition.number} 已不在您可以查看的范围内。")
            return redirect("inbox")
        return redirect(self.url)

    # ---- what is shown

    def _draft(self, revision: int | str) -> str:
        return f"paper-{self.petition.number}-{self.place}-{revision}"

    def show(
        self,
        *,
        mine: str | None = None,
        theirs: PaperText | None = None,
        errors: list[Problem] | None = None,
        problems: dict[str, str] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The page; `mine` is a text that wasn't kept, `theirs` the newer one it met."""
        text = self.now.text
        if self.request.method != "HEAD":
            log_paper_access(self.request, self.petition, text, f"查看文书：{self.paper.label}", paper=self.place)
        edits = not acts.why_not_edit(self.paper, self.case.facts, self.request.actor)
        older = self._older_draft() if edits and mine is None else None
        taken = ""
        if older is not None and self.request.GET.get("draft") == str(older.revision):
            mine, theirs, taken = older.text, self.now, older.row
        context: PaperContext = {
            "petition": self.petition,
            "paper": self.paper,
            "rule": PAPERS[self.paper.paper_kind],
            "cites": [{"label": str(a), "says": a.says} for a in PAPERS[self.paper.paper_kind].cites],
            "chip": STAGE_CHIPS[self.facts.stage],
            "waits": awaited_person(self.facts, self.case.facts),
            "url": self.url,
            "issued": self.paper.pdf_id is not None,
            "edits": edits,
            "text": text if mine is None else mine,
            "now": self.now,
            "saved_at": timezone.localtime(self.now.at),
            "theirs": paper_changes.side_by_side(mine, theirs.text) if theirs and mine is not None else [],
            "theirs_by": paper_changes.by_whom(theirs) if theirs else "",
            "changed": self._since_signed(),
            "older": older.revision if older and mine is None else None,
            "taken": taken,
            "draft": self._draft(self.paper.revision),
            "opinion_draft": f"opinion-{self.petition.number}-{self.place}",
            "errors": errors or step_form.problem_summary(problems or {}, set(problems or {})),
            "errors_title": "没有办理" if errors or problems else "",
            "key": uuid.uuid4().hex,
            "opinion": self.request.POST.get("opinion", "") if status != 200 else "",
            "reason": self.request.POST.get("reason", "") if status != 200 else "",
            "head_names": "、".join(HEAD_FIELDS),
            "fallbacks": fallback_sentences() if edits else (),
            **self._pages(text),
            **self._ways(problems or {}),
        }
        return render_page(self.request, "papers/paper.html", context, here=HERE, status=status)

    def _since_signed(self) -> SinceSigned | None:
        """What differs from the text that was signed: whoever signs again sees that first."""
        waits = self.facts.stage in (PaperStage.DRAFT, PaperStage.CHECKING, PaperStage.SIGNING)
        before = acts.earlier_text(self.paper, self.case.facts) if waits else None
        if before is None:
            return None
        by = paper_changes.by_whom(before)
        return {"lines": paper_changes.side_by_side(before.text, self.now.text), "by": by}

    def _older_draft(self) -> OlderDraft | None:
        """What this person had typed over an earlier version and never sent: offered, as it isn't lost."""
        for form in forms_begun(self.request.user, self._draft("")):
            for row in drafts_of_form(self.request.user, form) if form != self._draft(self.paper.revision) else ():
                text = (row.fields.get("text") or [""])[0].replace("\r\n", "\n")
                if text and text != self.now.text:
                    return OlderDraft(int(form.rpartition("-")[2]), text, f"{form}/{row.page or '-'}")
        return None

    def _addresses(self, pages: int) -> list[str]:
        return [reverse("paper-page", args=[self.petition.number, self.place, n]) for n in range(1, pages + 1)]

    def _pages(self, text: str) -> PagesShown:
        """The addresses of the pages to show, or why there are none."""
        if self.paper.pdf_id is not None:
            return {"pages": self._addresses(self.paper.pages), "unprintable": "", "lacking": ()}
        lacking = missing_characters(text)
        try:
            pages = page_count(acts.shown_paper(self.paper, render_pdf))
        except PaperError as e:
            return {"pages": (), "unprintable": str(e), "lacking": lacking}
        return {"pages": self._addresses(pages), "unprintable": "", "lacking": lacking}

    def _ways(self, problems: dict[str, str]) -> WaysShown:
        """The buttons of this stage, and what a closed one lacks."""
        found = paper_actions(self.facts, self.case)
        first = found[0] if found and found[0].code != StepCode.WITHDRAW_PAPER else None
        withdraw = next((w for w in found if w.code == StepCode.WITHDRAW_PAPER), None)
        revise = next((w for w in found if w.code == StepCode.REVISE_PAPER), None)
        served = next(
            (
                h
                for h in reversed(self.case.facts.history)
                if h.code == StepCode.SERVE_PAPER and h.step.paper == self.place
            ),
            None,
        )
        replaced = next(
            (
                p
                for p in self.case.facts.papers
                if p.number > self.place and p.kind is self.facts.kind and p.owed_by == self.facts.owed_by
            ),
            None,
        )
        withdrawn = self.facts.stage is PaperStage.WITHDRAWN
        return {
            "way": first,
            "lacks": error_rows(first.reasons) if first else [],
            "decides": bool(first and first.open and first.code in (StepCode.CHECK_PAPER, StepCode.SIGN_PAPER)),
            "may_revise": bool(revise and revise.open),
            "may_withdraw": bool(withdraw and withdraw.open),
            "withdraw_lacks": error_rows(withdraw.reasons) if withdraw else [],
            "serve_parts": self._serve(problems) if first and first.open and first.code == StepCode.SERVE_PAPER else [],
            "served": told_step(served.step, self.case.directory)[1:] if served else [],
            "served_seq": served.seq if served else 0,
            "has_receipt": any(
                served and p.owed_by == served.seq and p.stage is not PaperStage.WITHDRAWN
                for p in self.case.facts.papers
            ),
            "replaced_by": replaced.number if withdrawn and replaced else 0,
            "may_remake": withdrawn and replaced is None,
            "withdrawn_why": self._withdrawn_why() if withdrawn else "",
            "opinions": self._opinions(),
        }

    def _serve(self, problems: dict[str, str]) -> list[step_form.FormPart]:
        sent = self.request.POST
        values = posted.read_answers(ServePaper, sent) if sent.get("do") == StepCode.SERVE_PAPER else {}
        values = values or initial.initial_answers(ServePaper, self.case.facts, self.case.today, self._choices())
        form = step_form.StepForm(StepCode.SERVE_PAPER, self._choices(), values, problems, skip=("paper",))
        return form.parts(ServePaper)

    def _withdrawn_why(self) -> str:
        steps = (h.step for h in reversed(self.case.facts.history) if h.code == StepCode.WITHDRAW_PAPER)
        return next((s.reason for s in steps if s.paper == self.place), "")

    def _opinions(self) -> list[Opinion]:
        """What was said when it was checked and signed, the latest first."""
        return [
            {
                "who": self.case.directory.staff_name(h.by),
                "what": ("同意" if h.step.agree else "退回修改")
                if h.code == StepCode.CHECK_PAPER
                else ("同意签发" if h.step.agree else "退回修改"),
                "text": h.step.opinion,
                "at": f"{timezone.localtime(h.recorded_at):%m月%d日 %H:%M}",
            }
            for h in reversed(self.case.facts.history)
            if h.code in (StepCode.CHECK_PAPER, StepCode.SIGN_PAPER) and h.step.paper == self.place
        ]


def remember_word(request: DeskRequest, paper: Paper) -> None:
    """Which version left as a Word file, so that what comes back is compared with that one."""
    taken = dict(list(request.session.get(_OPENED, {}).items())[-50:])
    request.session[_OPENED] = taken | {f"{paper.petition_id}-{paper.place}": paper.revision}


@require_safe
@desk_page()
@in_one_snapshot
def versions(request: DeskRequest, number: str, place: int) -> HttpResponse:
    """Every version of a paper's text, who made it and how; two of them side by side."""
    petition, case = case_of(request, number)
    paper = paper_or_404(petition, case, place)
    rows = texts_of(paper)
    by_number = {str(r.revision): r for r in rows}
    b = by_number.get(request.GET.get("b", ""), rows[-1])
    a = by_number.get(request.GET.get("a", ""), rows[-2] if len(rows) > 1 else rows[0])
    if request.method == "GET":
        log_paper_access(request, petition, a.text + b.text, f"比较文书版本：{paper.label}", paper=place)
    context: VersionsContext = {
        "petition": petition,
        "paper": paper,
        "url": reverse("paper", args=[petition.number, place]),
        "versions": [
            {
                "revision": r.revision,
                "by": r.by.name if r.by else "系统",
                "at": timezone.localtime(r.at),
                "how": r.how_label,
            }
            for r in reversed(rows)
        ],
        "a": a.revision,
        "b": b.revision,
        "old": f"第 {a.revision} 版",
        "new": f"第 {b.revision} 版",
        "lines": paper_changes.side_by_side(a.text, b.text),
    }
    return render_page(request, "papers/paper_versions.html", context, here=HERE)


def of_step(request: DeskRequest, number: str, code: str) -> HttpResponse:
    """From the address of a step about papers to the paper that waits for it, or to the panel of papers."""
    petition, case = case_of(request, number)
    for paper in case.facts.papers:
        step = next_step(paper, case.facts, case.today)
        if NEXT_STEP_AT.get(paper.stage) == code or (step is not None and step.rule.code == code):
            return redirect("paper", number=petition.number, place=paper.number)
    return redirect(f"{reverse('petition', args=[petition.number])}#papers-title")
