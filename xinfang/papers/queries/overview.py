"""What the desk shows of papers: what is owed, how far each has come, and what may be done with it by whom."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypedDict

from django.urls import reverse

from xinfang.cases.models import RequiredPaper
from xinfang.procedure.actor_rules import ActorRule
from xinfang.procedure.calendar import Calendar
from xinfang.procedure.facts import Actor, Directory, Facts, PaperFacts
from xinfang.procedure.papers import OPINIONS, PAPERS, checkers, made_elsewhere, signers, tells_a_decision
from xinfang.procedure.rules import DecisionContext, Reason, Step, case_reasons
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.papers import (
    CheckPaper,
    IssuePaper,
    MakePaper,
    RevisePaper,
    SignPaper,
    SubmitPaper,
    WithdrawPaper,
)
from xinfang.procedure.steps.scanned_papers import KINDS_THAT_CAN_BE_SCANNED
from xinfang.procedure.steps.service import SERVICE_CONDITIONS, SendPaper, ServePaper
from xinfang.procedure.visibility import may_read
from xinfang.procedure.words import DispatchMethod, PaperKind, PaperStage, Role, ServiceMethod
from xinfang.web.dates import short_date
from xinfang.web.form_types import Problem
from xinfang.web.refusals import problems_of

PAPER_STEPS: tuple[type[Step], ...] = (
    MakePaper,
    SubmitPaper,
    CheckPaper,
    SignPaper,
    RevisePaper,
    IssuePaper,
    SendPaper,
    ServePaper,
    WithdrawPaper,
)
PAPER_CODES = tuple(s.rule.code for s in PAPER_STEPS)
"""Steps that are shown in the panel of papers and on a paper's own page."""
VERBS: dict[str, str] = {
    StepCode.MAKE_PAPER: "制作",
    StepCode.SUBMIT_PAPER: "送审",
    StepCode.CHECK_PAPER: "核稿",
    StepCode.SIGN_PAPER: "签发",
    StepCode.REVISE_PAPER: "改回拟稿",
    StepCode.ISSUE_PAPER: "印发",
    StepCode.SEND_PAPER: "发出",
    StepCode.SERVE_PAPER: "送达",
    StepCode.WITHDRAW_PAPER: "撤回",
}
REPLY_PREVIEW_STEPS = (
    StepCode.SEEK_LEGAL_ADVICE,
    StepCode.REVIEW_REPLY,
    StepCode.SIGN_REPLY,
    StepCode.ISSUE_REPLY,
)
"""Steps from which the reply can be seen as it would be printed, and which one goes back to."""
NEXT_STEP_AT: dict[PaperStage, str] = {
    PaperStage.CHECKING: StepCode.CHECK_PAPER,
    PaperStage.SIGNING: StepCode.SIGN_PAPER,
    PaperStage.SIGNED: StepCode.ISSUE_PAPER,
}
"""What a paper at this stage waits for."""
STAGE_CHIPS = {
    PaperStage.DRAFT: "plain",
    PaperStage.CHECKING: "soon",
    PaperStage.SIGNING: "soon",
    PaperStage.SIGNED: "soon",
    PaperStage.ISSUED: "ok",
    PaperStage.SERVED: "ok",
    PaperStage.WITHDRAWN: "hold",
}
CODES_IN_ORDER = tuple(sorted(PAPERS, key=lambda k: int(PAPERS[k].code[1:])))
"""Every kind of paper, D1 first."""
_OF_THE_FORM = frozenset(
    (
        "sending_back_says_why",
        "a_numbered_paper_has_its_number",
        "its_files_are_kept",
        *(c.code for c in SERVICE_CONDITIONS),
        "what_is_posted_has_its_number",
        "electronic_dispatch_was_consented_to",
        "a_reason_is_given",
    )
)
"""Conditions that the form itself meets: nobody is told of them before they have filled it in."""


@dataclass(frozen=True)
class PaperPageCase:
    """One case as the pages of papers look at it, read once."""

    facts: Facts
    actor: Actor
    today: date
    calendar: Calendar
    directory: Directory

    def question(self, step: Step) -> DecisionContext[Step]:
        """Return the context in which this step is decided."""
        return DecisionContext(
            step=step,
            facts=self.facts,
            actor=self.actor,
            today=self.today,
            calendar=self.calendar,
            directory=self.directory,
        )

    def why_not(self, step: Step) -> list[Reason]:
        """Tell why this step can't be taken, before its form is filled in; empty when it can."""
        question = self.question(step)
        unmet = [
            Reason(c.says, c.cites, c.todo, c.code)
            for c in step.rule.provided
            if not c.about_case and c.code not in _OF_THE_FORM and not c.holds(question)
        ]
        return case_reasons(step.rule, question) + unmet


@dataclass(frozen=True)
class PaperAction:
    """One thing that may be done with a paper, or why it can't be."""

    code: StepCode
    label: str
    reasons: tuple[Reason, ...]

    @property
    def open(self) -> bool:
        """Whether it may be done now."""
        return not self.reasons


def next_step(paper: PaperFacts, facts: Facts, today: date) -> Step | None:
    """Return what comes next for a paper at this stage; None for one that has come to its end."""
    n, asked = paper.number, (*checkers(paper.kind, facts), *signers(paper.kind, facts))
    if paper.stage is PaperStage.DRAFT and asked:
        return SubmitPaper(paper=n, digest="")
    if paper.stage in (PaperStage.DRAFT, PaperStage.SIGNED):
        return IssuePaper(paper=n, pdf="", word="", ofd="")
    if paper.stage is PaperStage.CHECKING:
        return CheckPaper(paper=n)
    if paper.stage is PaperStage.SIGNING:
        return SignPaper(paper=n)
    if paper.stage is PaperStage.ISSUED and PAPERS[paper.kind].outward and paper.left_on is None:
        return _send(paper, today)
    return _serve(paper, today)


def _send(paper: PaperFacts, today: date) -> Step:
    return SendPaper(paper=paper.number, sent_on=today, method=DispatchMethod.POST)


def _serve(paper: PaperFacts, today: date) -> Step | None:
    """Return the service of an issued paper; a reply is served by a step of the case."""
    served = PAPERS[paper.kind].served and paper.kind not in OPINIONS
    if paper.stage is not PaperStage.ISSUED or not served:
        return None
    return ServePaper(paper=paper.number, served_on=today, method=ServiceMethod.IN_PERSON)


def paper_actions(paper: PaperFacts, case: PaperPageCase) -> list[PaperAction]:
    """Return what may be done with a paper now, what comes next in front; one that may not be done says why."""
    steps = [next_step(paper, case.facts, case.today)]
    if paper.stage is PaperStage.ISSUED and PAPERS[paper.kind].outward:
        # What is handed over there and then is served without being sent; what came back is sent again, elsewhere.
        steps.append(_serve(paper, case.today) if isinstance(steps[0], SendPaper) else _send(paper, case.today))
    if paper.stage is PaperStage.SIGNED:
        steps.append(RevisePaper(paper=paper.number, reason=""))
    if paper.stage is not PaperStage.WITHDRAWN:
        steps.append(WithdrawPaper(paper=paper.number, reason=""))
    return [PaperAction(s.rule.code, VERBS[s.rule.code], tuple(case.why_not(s))) for s in steps if s]


def awaited_person(paper: PaperFacts, facts: Facts) -> str:
    """Tell whose turn it is, in words; empty where nobody in particular is waited for."""
    if paper.stage is PaperStage.CHECKING:
        return f"等待{_names(checkers(paper.kind, facts))}核稿"
    if paper.stage is PaperStage.SIGNING:
        return f"等待{_names(signers(paper.kind, facts))}签发"
    if paper.stage is PaperStage.SIGNED:
        return "等待办公室编号、用印、印发" if PAPERS[paper.kind].outward else "等待印发"
    if paper.stage is PaperStage.ISSUED and PAPERS[paper.kind].outward:
        left = f"{short_date(paper.left_on)}发出" if paper.left_on else "待发出"
        return f"{left}，{short_date(paper.failed_on)}没有送达，待再次发出" if paper.failed_on else left
    return ""


def _names(whos: Iterable[ActorRule]) -> str:
    return "或".join(w.label for w in whos)


class OwedLine(TypedDict):
    """A paper that a step owes and nobody has made."""

    kind: str
    label: str
    code: str
    owed_by: int
    event: str
    open: bool
    reasons: list[Problem]
    preview: bool
    scan_url: str


class PaperLine(TypedDict):
    """A paper of the case, and what comes next for it."""

    place: int
    label: str
    code: str
    stage: str
    chip: str
    about: str
    url: str
    verb: str
    reasons: list[Problem]
    files: bool
    ended: bool


class PapersPanel(TypedDict):
    """The papers on the page of a case: `owed` must leave the house, `filed` are printed for the volume at its end."""

    owed: list[OwedLine]
    filed: list[OwedLine]
    made: list[PaperLine]
    others: list[tuple[str, str]]
    barred: list[Problem]
    url: str


class WaitingPaper(TypedDict):
    """A paper that waits for a person, as a step."""

    label: str
    url: str
    code: str


# ---- the panel on the petition page


def papers_panel(case: PaperPageCase, owed: Iterable[RequiredPaper]) -> PapersPanel:
    """Return the papers of a case (no query): those owed and not made, those made, and what else may be made."""
    facts = case.facts
    live = {(p.kind.value, p.owed_by) for p in facts.papers if p.stage is not PaperStage.WITHDRAWN}
    kinds = {k.value: k for k in PaperKind}
    rows = [
        _owed(kinds[o.kind], o, case)
        for o in sorted(owed, key=lambda o: o.event.seq)
        if (o.kind, o.event.seq) not in live and may_read(case.actor, kinds[o.kind])
    ]
    wrong = case.why_not(MakePaper(kind=PaperKind.CONVERSATION_RECORD, owed_by=-1))
    # Asked once of everything but the kind; -1 is no event, which is the one thing that is wrong here by itself.
    barred = [r for r in wrong if r.code != "the_event_is_there"]
    made = [_made(p, case) for p in facts.papers if may_read(case.actor, p.kind)]
    leaves = [r for r in rows if PAPERS[kinds[r["kind"]]].outward]
    return {
        "owed": leaves,
        "filed": [r for r in rows if r not in leaves],
        "made": sorted(made, key=lambda r: r["ended"]),
        "others": [] if barred else _others(case),
        "barred": problems_of(barred),
        "url": reverse("paper-make", args=[facts.number]),
    }


def _owed(kind: PaperKind, owed: RequiredPaper, case: PaperPageCase) -> OwedLine:
    reasons = case.why_not(MakePaper(kind=kind, owed_by=owed.event.seq))
    return {
        "kind": kind.value,
        "label": kind.label,
        "code": PAPERS[kind].code,
        "owed_by": owed.event.seq,
        "event": f"{owed.event.label} · {short_date(owed.event.happened_on, case.today.year)}",
        "open": not reasons,
        "reasons": problems_of(reasons),
        "preview": kind in OPINIONS,
        "scan_url": f"{reverse('step', args=[case.facts.number, StepCode.FILE_PAPER_SCAN])}?kind={kind.value}"
        if PAPERS[kind].outward and kind in KINDS_THAT_CAN_BE_SCANNED
        else "",
    }


def _made(paper: PaperFacts, case: PaperPageCase) -> PaperLine:
    step = next_step(paper, case.facts, case.today)
    reasons = case.why_not(step) if step else []
    url = reverse("paper", args=[case.facts.number, paper.number])
    issued = paper.stage in (PaperStage.ISSUED, PaperStage.SERVED)
    about = [paper.document_number, f"{paper.pages} 页" if paper.pages else "", awaited_person(paper, case.facts)]
    return {
        "place": paper.number,
        "label": paper.kind.label,
        "code": PAPERS[paper.kind].code,
        "stage": paper.stage.label,
        "chip": STAGE_CHIPS[paper.stage],
        "about": "　".join(a for a in about if a),
        "url": url,
        "verb": VERBS[step.rule.code] if step and not reasons else "",
        "reasons": problems_of(reasons) if any(r.code != "who" for r in reasons) else [],
        "files": issued and not paper.is_scan,
        "ended": paper.stage is PaperStage.WITHDRAWN,
    }


def _others(case: PaperPageCase) -> list[tuple[str, str]]:
    """Return kinds that may be made although no step owes them."""
    free = {p.kind for p in case.facts.papers if p.owed_by == 0 and p.stage is not PaperStage.WITHDRAWN}
    return [
        (k.value, f"{PAPERS[k].code}　{k.label}")
        for k in CODES_IN_ORDER
        if k not in free and may_read(case.actor, k) and _is_made_freely(k, case.facts)
    ]


def _is_made_freely(kind: PaperKind, facts: Facts) -> bool:
    return not tells_a_decision(kind, facts) and not made_elsewhere(kind, facts)


def waiting_papers(facts: Facts, actor: Actor) -> list[WaitingPaper]:
    """Return the papers that wait for this person, as steps of the petition page."""
    found: list[WaitingPaper] = []
    for paper in facts.papers:
        whos = {PaperStage.CHECKING: checkers, PaperStage.SIGNING: signers}.get(paper.stage)
        if whos and any(w.includes(actor, facts) for w in whos(paper.kind, facts)):
            verb = VERBS[NEXT_STEP_AT[paper.stage]]
            found.append(
                {
                    "label": f"{verb}：{paper.kind.label}",
                    "url": reverse("paper", args=[facts.number, paper.number]),
                    "code": NEXT_STEP_AT[paper.stage],
                }
            )
    return found


def without_advice(actor: Actor) -> Actor:
    """Return this person without being a legal adviser: a draft sent for advice shows no papers of its case (H13)."""
    return replace(actor, duties=tuple(d for d in actor.duties if d.role is not Role.LEGAL_ADVISER))
