"""The page of one paper: its text and its pages, who has it now, and what may be done with it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, TypedDict
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone

from xinfang.accounts.confirm_again import safe_next_address
from xinfang.accounts.pages import DeskRequest
from xinfang.cases.answers import render_answers as told_step
from xinfang.cases.step_forms import initial, posted, step_form
from xinfang.cases.step_forms.choices import CaseChoices
from xinfang.cases.step_forms.known import Known, service_of
from xinfang.papers.actions import paper_texts as acts
from xinfang.papers.pdf import fallback_sentences, missing_characters, render_pdf
from xinfang.papers.pdf_pages import page_count
from xinfang.papers.queries import paper_changes
from xinfang.papers.queries.late_papers import late_sentences
from xinfang.papers.queries.overview import STAGE_CHIPS, PaperAction, awaited_person, paper_actions
from xinfang.papers.source import HEAD_FIELDS, PaperError
from xinfang.papers.views.paper_access import NAV_ROUTE, case_of, log_paper_access, paper_or_404
from xinfang.procedure.papers import PAPERS, PaperRule
from xinfang.procedure.rules import Reason
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.service import SendPaper, ServePaper
from xinfang.procedure.words import DispatchMethod, PaperStage
from xinfang.web.actions.drafts import drafts_of_form, forms_begun
from xinfang.web.form_types import Cited, Problem
from xinfang.web.page_frame import render_page
from xinfang.web.refusals import problems_of

NOT_THEIRS = ("who", "it_is_theirs_to_check", "it_is_theirs_to_sign")
"""Reasons that say of a waiting paper that it is another's turn."""

if TYPE_CHECKING:
    from xinfang.cases.models import Petition
    from xinfang.papers.models import Paper, PaperText


class OlderDraft(NamedTuple):
    """What somebody had typed over an earlier version of a text and never sent."""

    revision: int
    text: str
    row: str
    """As a form names it that takes it over: FORM/PAGE."""


class SinceSigned(TypedDict):
    """What differs from the text that was signed, and the author of the newer one."""

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
    sends_or_serves: list[StepCode]
    send_parts: list[step_form.FormPart]
    serve_parts: list[step_form.FormPart]
    served: list[dict[str, str]]
    served_seq: int
    has_receipt: bool
    replaced_by: int
    may_remake: bool
    withdrawn_why: str
    opinions: list[Opinion]
    codes: dict[str, str]


class PaperContext(PagesShown, WaysShown):
    """The page of a paper.

    `theirs` is a newer text beside one that wasn't kept, `older` a draft over an earlier version; `scan` the
    attachment that the paper is, which then has no text here (0: none).
    """

    petition: Petition
    paper: Paper
    rule: PaperRule
    cites: list[Cited]
    chip: str
    waits: str
    url: str
    next: str
    issued: bool
    edits: bool
    text: str
    now: PaperText | None
    saved_at: datetime | None
    scan: int
    theirs: list[dict[str, str]]
    theirs_by: str
    changed: SinceSigned | None
    late: list[str]
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


class PaperPage:
    """What one request about one paper works with."""

    def __init__(self, request: DeskRequest, number: str, place: int) -> None:
        self.request, self.place = request, place
        self.next = safe_next_address(request, default="/") if "next" in (request.POST or request.GET) else ""
        """Where the person came from; empty from the case itself."""
        self.back = urlencode({"next": self.next})
        self.read(number)

    def read(self, number: str) -> None:
        """Read the case as it is now; read again when somebody else was faster.

        Raises:
            Http404: there is no such paper, or this person may not read it.
        """
        self.petition, self.case = case_of(self.request, number)
        self.paper = paper_or_404(self.petition, self.case, self.place)
        found = self.case.facts.paper(self.place)
        if found is None:
            raise Http404
        self.facts = found
        self.now = None if self.paper.is_scan else acts.current_text(self.paper)

    @property
    def url(self) -> str:
        """The address of the page."""
        return reverse("paper", args=[self.petition.number, self.place])

    def choices(self) -> CaseChoices:
        """Return the units and people that the fields of this case's steps offer."""
        return CaseChoices(self.case.facts, self.case.directory)

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
        """Show the page; `mine` is a text that wasn't kept, `theirs` the newer one it met."""
        text = self.now.text if self.now else ""
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
            "next": self.next,
            "issued": self.paper.pdf_id is not None,
            "edits": edits,
            "text": text if mine is None else mine,
            "now": self.now,
            "saved_at": timezone.localtime(self.now.at) if self.now else None,
            "scan": self.paper.pdf.place if self.paper.is_scan and self.paper.pdf else 0,
            "theirs": paper_changes.side_by_side(mine, theirs.text) if theirs and mine is not None else [],
            "theirs_by": paper_changes.by_whom(theirs) if theirs else "",
            "changed": self._since_signed(),
            "late": list(late_sentences(self.facts, self.case.facts, self.case.calendar, self.case.today)),
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
        return render_page(self.request, "papers/paper.html", context, here=NAV_ROUTE, status=status)

    def _since_signed(self) -> SinceSigned | None:
        """Return what differs from the text that was signed: the next signer sees that first."""
        waits = self.facts.stage in (PaperStage.DRAFT, PaperStage.CHECKING, PaperStage.SIGNING)
        before = acts.earlier_text(self.paper, self.case.facts) if waits else None
        if before is None or self.now is None:
            return None
        by = paper_changes.by_whom(before)
        return {"lines": paper_changes.side_by_side(before.text, self.now.text), "by": by}

    def _older_draft(self) -> OlderDraft | None:
        """Return what this person had typed over an earlier version and never sent: it is offered, as it isn't lost."""
        for form in forms_begun(self.request.user, self._draft("")):
            for row in drafts_of_form(self.request.user, form) if form != self._draft(self.paper.revision) else ():
                text = (row.fields.get("text") or [""])[0].replace("\r\n", "\n")
                if text and self.now and text != self.now.text:
                    return OlderDraft(int(form.rpartition("-")[2]), text, f"{form}/{row.page or '-'}")
        return None

    def _addresses(self, pages: int) -> list[str]:
        return [reverse("paper-page", args=[self.petition.number, self.place, n]) for n in range(1, pages + 1)]

    def _pages(self, text: str) -> PagesShown:
        """Return the addresses of the pages to show, or why there are none."""
        if self.now is None:
            return {"pages": (), "unprintable": "", "lacking": ()}
        if self.paper.pdf_id is not None:
            return {"pages": self._addresses(self.paper.pages), "unprintable": "", "lacking": ()}
        lacking = missing_characters(text)
        try:
            pages = page_count(acts.shown_paper(self.paper, render_pdf))
        except PaperError as e:
            return {"pages": (), "unprintable": str(e), "lacking": lacking}
        return {"pages": self._addresses(pages), "unprintable": "", "lacking": lacking}

    def _ways(self, problems: dict[str, str]) -> WaysShown:
        """Return the buttons of this stage, and what a disabled one lacks."""
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
            "lacks": problems_of(self._one_reason(first.reasons)) if first else [],
            "decides": bool(first and first.open and first.code in (StepCode.CHECK_PAPER, StepCode.SIGN_PAPER)),
            "may_revise": bool(revise and revise.open),
            "may_withdraw": bool(withdraw and withdraw.open),
            "withdraw_lacks": problems_of(withdraw.reasons) if withdraw else [],
            "send_parts": self._service(SendPaper, found, problems),
            "serve_parts": self._service(ServePaper, found, problems),
            "sends_or_serves": self._sends_or_serves(found),
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
            "codes": {
                "send": StepCode.SEND_PAPER,
                "serve": StepCode.SERVE_PAPER,
                "revise": StepCode.REVISE_PAPER,
                "withdraw": StepCode.WITHDRAW_PAPER,
            },
        }

    def _one_reason(self, reasons: Sequence[Reason]) -> list[Reason]:
        """Tell once whose turn it is, where that it isn't theirs would be said in several ways."""
        awaited = awaited_person(self.facts, self.case.facts)
        mine = not any(r.code in NOT_THEIRS for r in reasons)
        if mine or not awaited:
            return list(reasons)
        others = [r for r in reasons if r.code not in (*NOT_THEIRS, "another_person_decides")]
        return [Reason(awaited, (), "不需要您办理。", "who"), *others]

    def _sends_or_serves(self, found: Sequence[PaperAction]) -> list[StepCode]:
        """Return which of the two may be done now, in front the one whose form is shown."""
        may: list[StepCode] = [
            way.code for way in found if way.open and way.code in (StepCode.SEND_PAPER, StepCode.SERVE_PAPER)
        ]
        asked = self.request.POST.get("do") or self.request.GET.get("way")
        return sorted(may, key=lambda code: code != asked) if asked in may else may

    def _service(
        self, step: type[SendPaper | ServePaper], found: Sequence[PaperAction], problems: dict[str, str]
    ) -> list[step_form.FormPart]:
        """Return the fields of sending or serving the paper; none where that may not be done now, or the other is."""
        code, sent = step.rule.code, self.request.POST
        if code not in self._sends_or_serves(found)[:1]:
            return []
        mine = sent.get("do") == code
        values = posted.read_answers(step, sent) if mine else {}
        if not values:
            case = self.case
            known = Known(case.facts, case.today, self.choices(), case.actor, case.calendar)
            values = initial.initial_answers(step, known)
            if step is ServePaper:
                values |= service_of(self.facts, case.facts)
            if step is SendPaper:
                to_the_petitioner = PAPERS[self.facts.kind].served
                values["method"] = DispatchMethod.POST if to_the_petitioner else DispatchMethod.EXCHANGE
                values["persons"] = sorted(self.case.facts.still_to_get(self.facts))
        skip = ("paper",) if self.case.facts.still_to_get(self.facts) else ("paper", "persons")
        form = step_form.StepForm(code, self.choices(), values, problems if mine else {}, skip=skip)
        return form.parts(step)

    def _withdrawn_why(self) -> str:
        steps = (h.step for h in reversed(self.case.facts.history) if h.code == StepCode.WITHDRAW_PAPER)
        return next((s.reason for s in steps if s.paper == self.place), "")

    def _opinions(self) -> list[Opinion]:
        """Return what was said when it was checked and signed, the latest first."""
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
