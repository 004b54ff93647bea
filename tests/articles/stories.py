"""Cases as far as a test needs them: each story takes a case of the made-up department through its steps."""

from datetime import date
from typing import Any

from xinfang.procedure.archive import lacks_its_letter, unfiled_papers
from xinfang.procedure.facts import SYSTEM, Actor
from xinfang.procedure.papers import MUST_LEAVE, OPINIONS, PAPERS, opinion_kind
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import PaperKind, PaperStage

from .department import (
    ADVISER,
    ARCHIVIST,
    CLERK,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    PETITIONER,
    RECEIVED,
    SECOND_CLERK,
    Case,
)


def registered(on: date = RECEIVED, **answers: Any) -> Case:
    case = Case(today=on)
    case.take(StepCode.REGISTER, by=CLERK, **answers)
    return case


def repeated(on: date = RECEIVED, **answers: Any) -> Case:
    """A claim that was found to repeat another case."""
    case = registered(on, **answers)
    case.take(StepCode.CLASSIFY, by=CLERK)
    case.take(StepCode.LINK_REPEAT, by=CLERK)
    case.confirm(StepCode.LINK_REPEAT, by=SECOND_CLERK)
    return case


def joined(on: date = RECEIVED, **answers: Any) -> Case:
    """A repeat that is handled together with the first case."""
    case = repeated(on, **answers)
    case.take(StepCode.JOIN_FIRST, by=CLERK)
    return case


def of_two_matters(on: date = RECEIVED, **answers: Any) -> Case:
    """A letter that asks for two things."""
    return registered(on, **{"requests": [{"text": "请拨付经费"}, {"text": "请公开结果"}], **answers})


def split(on: date = RECEIVED, **answers: Any) -> Case:
    """A letter of which the second request became a case of its own."""
    case = of_two_matters(on, **answers)
    case.take(StepCode.SPLIT_OFF, by=CLERK)
    return case


def forwarded(on: date = RECEIVED) -> Case:
    """A matter of a city's bureau, sent there."""
    case = classified(on)
    case.take(StepCode.FORWARD, by=CLERK)
    if StepCode.FORWARD in case.facts.pending:
        case.confirm(StepCode.FORWARD, by=SECOND_CLERK)
    return case


def brought_in(on: date = RECEIVED, **answers: Any) -> Case:
    """An old message as history."""
    case = Case(today=on)
    case.take(StepCode.IMPORT_HISTORY, by=SYSTEM, **answers)
    return case


def handed_down(on: date = RECEIVED, **answers: Any) -> Case:
    return registered(
        on, **{"source": "bureau_forwarded", "sender": "自治区信访局", "sender_number": "转1号", **answers}
    )


def classified(on: date = RECEIVED, **answers: Any) -> Case:
    case = registered(on)
    case.take(StepCode.CLASSIFY, by=CLERK, **answers)
    return case


def proposed(on: date = RECEIVED, **answers: Any) -> Case:
    case = classified(on)
    case.take(StepCode.PROPOSE, by=CLERK, **answers)
    return case


def instructed(on: date = RECEIVED) -> Case:
    case = proposed(on)
    case.take(StepCode.INSTRUCT, by=LEADER)
    return case


def accepted(on: date = RECEIVED) -> Case:
    """Received, instructed and accepted on one day: the 60 days count from it."""
    case = instructed(on)
    case.take(StepCode.ACCEPT, by=CLERK)
    return case


def then(case: Case, *steps: tuple[str, Actor]) -> Case:
    """Take these steps one after the other; the paper of a reply is made and issued with it."""
    for code, by in steps:
        case.take(code, by=by)
        if code == StepCode.ISSUE_REPLY:
            issue(case, opinion_kind(case.facts))
    return case


def issue(case: Case, kind: PaperKind, by: Actor = CLERK) -> int:
    """Make, sign and issue a paper that a step of this case owes. Returns its number in the case."""
    digest = case.facts.signed_text if kind in OPINIONS else ""
    case.take(StepCode.MAKE_PAPER, by=by, kind=kind, digest=digest)
    paper = case.facts.papers[-1]
    checked = (PAPERS[kind].checks or PAPERS[kind].signs) and not case.facts.sealed
    if paper.stage is PaperStage.DRAFT and checked:
        case.take(StepCode.SUBMIT_PAPER, by=by, paper=paper.number)
    for stage, step, who in (
        (PaperStage.CHECKING, StepCode.CHECK_PAPER, HEAD),
        (PaperStage.SIGNING, StepCode.SIGN_PAPER, LEADER if kind is PaperKind.SIMPLE_REPLY else OFFICE_HEAD),
    ):
        if case.facts.papers[-1].stage is stage:
            case.take(step, by=who, paper=paper.number)
    digest = f"{0xC0 + paper.number:02x}" * 32
    case.take(StepCode.ATTACH, by=by, what="paper", digest=digest)
    clerk = by if case.facts.sealed else CLERK
    case.take(StepCode.ISSUE_PAPER, by=clerk, paper=paper.number, pdf=digest, word=digest, ofd=digest)
    return paper.number


def tried_twice(case: Case, on: date | None = None, by: Actor = HANDLER, **answers: Any) -> Case:
    """A paper came back by post, and nobody was found at the door either."""
    case.take(StepCode.SERVICE_FAILED, by=by, on=on, **answers)
    case.take(StepCode.SERVICE_FAILED, by=by, on=on, method="in_person", mail_number="", **answers)
    return case


def tell(case: Case, kind: PaperKind = PaperKind.ACCEPTANCE_NOTICE, on: date | None = None) -> Case:
    """The notice that a step of this case owes is made, signed, issued and posted."""
    number = issue(case, kind)
    case.take(StepCode.SEND_PAPER, by=CLERK, paper=number, on=on)
    return case


TO_THE_SIGNATURE = (
    (StepCode.TALK, HANDLER),
    (StepCode.DRAFT_REPLY, HANDLER),
    (StepCode.SEEK_LEGAL_ADVICE, HANDLER),
    (StepCode.GIVE_LEGAL_ADVICE, ADVISER),
    (StepCode.REVIEW_REPLY, HEAD),
    (StepCode.SIGN_REPLY, LEADER),
)
"""How a matter that a handler has goes on until its reply is signed."""
TO_THE_SERVICE = (*TO_THE_SIGNATURE, (StepCode.ISSUE_REPLY, CLERK), (StepCode.SERVE, HANDLER))


def assigned(on: date = RECEIVED) -> Case:
    case = accepted(on)
    case.take(StepCode.ASSIGN, by=CLERK)
    return case


def in_hand(on: date = RECEIVED) -> Case:
    """The unit has signed for it and the handler works on it."""
    case = assigned(on)
    case.take(StepCode.SIGN_FOR, by=HEAD)
    return case


def visitor_in_hand(on: date = RECEIVED) -> Case:
    """What a visitor asks for, with the unit that has signed for it."""
    case = then(registered(on, channel="visit"), (StepCode.CLASSIFY, CLERK), (StepCode.PROPOSE, CLERK))
    then(case, (StepCode.INSTRUCT, LEADER), (StepCode.ACCEPT, CLERK))
    return then(case, (StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD))


def heard(on: date = RECEIVED) -> Case:
    """The handler has talked with the petitioner."""
    case = in_hand(on)
    case.take(StepCode.TALK, by=HANDLER)
    return case


def drafted(on: date = RECEIVED, **answers: Any) -> Case:
    case = heard(on)
    case.take(StepCode.DRAFT_REPLY, by=HANDLER, **answers)
    return case


def advised(on: date = RECEIVED, **answers: Any) -> Case:
    """The legal adviser has spoken of the draft."""
    case = drafted(on, **answers)
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    case.take(StepCode.GIVE_LEGAL_ADVICE, by=ADVISER)
    return case


def signed(on: date = RECEIVED, **answers: Any) -> Case:
    case = advised(on, **answers)
    case.take(StepCode.REVIEW_REPLY, by=HEAD)
    case.take(StepCode.SIGN_REPLY, by=LEADER)
    return case


def numbered(on: date = RECEIVED, **answers: Any) -> Case:
    """The reply has its number; its paper isn't made yet."""
    case = signed(on, **answers)
    case.take(StepCode.ISSUE_REPLY, by=CLERK)
    return case


def replied(on: date = RECEIVED, **answers: Any) -> Case:
    """The reply has its number, and its paper is made and issued; it is still in the house."""
    case = numbered(on, **answers)
    issue(case, PaperKind.REPLY_OPINION)
    return case


def served(on: date = RECEIVED, **answers: Any) -> Case:
    case = replied(on, **answers)
    case.take(StepCode.SERVE, by=HANDLER)
    return case


def closed(on: date = RECEIVED) -> Case:
    case = served(on)
    case.take(StepCode.CARRY_OUT, by=HANDLER)
    case.take(StepCode.CLOSE, by=HEAD)
    case.confirm(StepCode.CLOSE, by=LEADER)
    return case


def complete(on: date = RECEIVED) -> Case:
    """Closed, with notice, reply and the receipt for it in the file as scans."""
    case = closed(on)
    case.take(StepCode.ATTACH, by=HANDLER, what="receipt")
    file_papers(case, HANDLER)
    return case


def file_papers(case: Case, by: Actor) -> None:
    """The letter, and what was sent without being issued here, join the file as scans."""
    if lacks_its_letter(case.facts):
        case.take(StepCode.ATTACH, by=by, what="letter", digest="1e" * 32)
    for place, kind in enumerate(unfiled_papers(case.facts)):
        file_scan(case, kind, by, f"a{place}" * 32)
        if kind in MUST_LEAVE:
            case.take(StepCode.SEND_PAPER, by=CLERK, paper=len(case.facts.papers))


def file_scan(case: Case, kind: PaperKind, by: Actor, digest: str = "5c" * 32, **answers: Any) -> None:
    """A sheet that was signed and sealed by hand is scanned, and another person has compared it."""
    case.take(StepCode.ATTACH, by=by, what="paper", kind="pdf", digest=digest)
    numbered = {} if PAPERS[kind].series else {"document_number": ""}
    file = {"attachment": len(case.facts.files), "kind": kind.value}
    case.take(StepCode.FILE_PAPER_SCAN, by=by, **{**file, **numbered, **answers})
    case.confirm(StepCode.FILE_PAPER_SCAN, by=SECOND_CLERK if by is CLERK else CLERK)


def paper_instruction(case: Case, leader: str = "leader", by: Actor = CLERK, **answers: Any) -> None:
    """The office enters what a leader wrote on the sheet, with its scan; it waits for another of the office."""
    case.take(StepCode.ATTACH, by=by, what="instruction", kind="pdf", digest=f"{len(case.facts.files):02x}" * 32)
    sheet = {"paper_leader": leader, "attachment": len(case.facts.files)}
    case.take(StepCode.INSTRUCT, by=by, **{**sheet, **answers})


def archived(on: date = RECEIVED) -> Case:
    """In the archive room, for ten years."""
    case = complete(on)
    case.take(StepCode.SUBMIT_ARCHIVE, by=HANDLER)
    case.take(StepCode.ACCEPT_ARCHIVE, by=ARCHIVIST, retention="years_10")
    return case


def paper_begun(kind: str = "acceptance_notice", on: date = RECEIVED) -> Case:
    """A paper of this kind is being written."""
    case = in_hand(on)
    case.take(StepCode.MAKE_PAPER, by=HANDLER, kind=kind)
    return case


def paper_submitted(kind: str = "acceptance_notice", on: date = RECEIVED) -> Case:
    """The paper waits to be checked or signed."""
    case = paper_begun(kind, on)
    case.take(StepCode.SUBMIT_PAPER, by=HANDLER)
    return case


def paper_signed(on: date = RECEIVED) -> Case:
    """A notice that the head of the office has signed, with its files in the case."""
    case = paper_submitted(on=on)
    case.take(StepCode.SIGN_PAPER, by=OFFICE_HEAD)
    case.take(StepCode.ATTACH, by=CLERK, what="paper")
    return case


def paper_issued(on: date = RECEIVED) -> Case:
    case = paper_signed(on)
    case.take(StepCode.ISSUE_PAPER, by=CLERK)
    return case


def send_electronically(case: Case, kind: PaperKind) -> Case:
    """The petitioner agrees to it, and this paper, which is issued, is sent so."""
    case.take(StepCode.CONSENT_ELECTRONIC, by=PETITIONER)
    number = next(p.number for p in reversed(case.facts.papers) if p.kind is kind)
    case.take(StepCode.SEND_PAPER, by=CLERK, alone=True, paper=number, method="electronic", mail_number="")
    return case


def sent_electronically(on: date = RECEIVED) -> Case:
    """A notice that waits for the petitioner to open it."""
    return send_electronically(paper_issued(on), PaperKind.ACCEPTANCE_NOTICE)


def suggested(on: date = RECEIVED) -> Case:
    """A suggestion, not yet with a unit."""
    return classified(on, matter_class="suggestion", route=None, purpose="suggestion")


def studied(on: date = RECEIVED) -> Case:
    """A suggestion that its unit has studied."""
    return then(suggested(on), (StepCode.REFER, CLERK), (StepCode.STUDY, HANDLER))


def simple(on: date = RECEIVED) -> Case:
    """A visitor's claim under the simple procedure."""
    case = registered(on, channel="visit")
    case.take(StepCode.CLASSIFY, by=CLERK, simple=True)
    return case


def sealed_late(on: date = RECEIVED) -> Case:
    """While the unit handles it, its handler finds that it is a report of wrongdoing."""
    return then(in_hand(on), (StepCode.SEAL, HANDLER))


def about_the_office(on: date = RECEIVED, **answers: Any) -> Case:
    """Somebody complains about the office itself."""
    return registered(on, complained_units=["office"], **answers)


def about_the_officers(on: date = RECEIVED) -> Case:
    """A report of wrongdoing that names every officer for such reports."""
    case = registered(on, complained_staff=["sealed", "other_sealed", "both"])
    case.take(StepCode.CLASSIFY, by=CLERK, matter_class="report", route=None, purpose="report")
    return case


def with_accused(on: date = RECEIVED) -> Case:
    """A matter in hand, of which a second handler was said to be complained of."""
    case = in_hand(on)
    case.take(StepCode.ADD_ACCUSED, by=CLERK, complained_staff=["second_handler"])
    return case


def reported(on: date = RECEIVED, **answers: Any) -> Case:
    """A report of wrongdoing, sealed from its classification on."""
    case = registered(on, **answers)
    case.take(StepCode.CLASSIFY, by=CLERK, matter_class="report", route=None, purpose="report")
    return case


# What the department performs in its own power (N31(四)(五)).


def duty_instructed(on: date = RECEIVED, route: str = "five") -> Case:
    """The petitioner asks that a wrong be looked into that it is this department's duty to look into."""
    return then(classified(on, route=route), (StepCode.PROPOSE, CLERK), (StepCode.INSTRUCT, LEADER))


def duty_accepted(on: date = RECEIVED, **answers: Any) -> Case:
    case = duty_instructed(on)
    case.take(StepCode.ACCEPT_DUTY, by=CLERK, **answers)
    return case


def duty_in_hand(on: date = RECEIVED) -> Case:
    return then(duty_accepted(on), (StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD))


def duty_drafted(on: date = RECEIVED, **answers: Any) -> Case:
    case = then(duty_in_hand(on), (StepCode.TALK, HANDLER))
    case.take(StepCode.DRAFT_DUTY_REPLY, by=HANDLER, **answers)
    return case


def duty_numbered(on: date = RECEIVED, **answers: Any) -> Case:
    """The answer is advised on, checked, signed and numbered; its paper isn't made yet."""
    return duty_answered(duty_drafted(on, **answers))


def duty_answered(case: Case) -> Case:
    """The draft of this case is advised on, checked, signed and numbered."""
    for code, by in (*TO_THE_SIGNATURE[2:], (StepCode.ISSUE_REPLY, CLERK)):
        case.take(code, by=by)
    return case


def duty_served(on: date = RECEIVED, **answers: Any) -> Case:
    case = duty_numbered(on, **answers)
    issue(case, PaperKind.DUTY_REPLY)
    case.take(StepCode.SERVE, by=HANDLER)
    return case


# This department reviews the opinion of a city's bureau.


def review_asked(on: date = RECEIVED, **answers: Any) -> Case:
    """The matter is registered as a request to review another body's opinion."""
    case = registered(on)
    case.take(StepCode.TAKE_AS_REVIEW, by=CLERK, **answers)
    return case


def review_instructed(on: date = RECEIVED, **answers: Any) -> Case:
    case = review_asked(on, **answers)
    case.take(StepCode.PROPOSE, by=CLERK, text="拟由成果处复查")
    case.take(StepCode.INSTRUCT, by=LEADER)
    return case


def review_accepted(on: date = RECEIVED, **answers: Any) -> Case:
    """The reviewers are named."""
    case = review_instructed(on, **answers)
    case.take(StepCode.ACCEPT_REVIEW, by=CLERK)
    return case


def review_drafted(on: date = RECEIVED, **answers: Any) -> Case:
    case = review_accepted(on)
    case.take(StepCode.DRAFT_REVIEW, by=HANDLER, **answers)
    return case


def review_advised(on: date = RECEIVED, **answers: Any) -> Case:
    return then(
        review_drafted(on, **answers), (StepCode.SEEK_LEGAL_ADVICE, HANDLER), (StepCode.GIVE_LEGAL_ADVICE, ADVISER)
    )


def review_checked(on: date = RECEIVED, **answers: Any) -> Case:
    return then(review_advised(on, **answers), (StepCode.REVIEW_REPLY, HEAD))


def review_numbered(on: date = RECEIVED, **answers: Any) -> Case:
    """The opinion is signed and has its number; its paper isn't made yet."""
    case = then(review_checked(on, **answers), (StepCode.SIGN_REPLY, LEADER))
    case.take(StepCode.ISSUE_REPLY, by=CLERK)
    return case


def review_replied(on: date = RECEIVED, **answers: Any) -> Case:
    case = review_numbered(on, **answers)
    issue(case, PaperKind.REVIEW_OPINION)
    return case


def review_served(on: date = RECEIVED, **answers: Any) -> Case:
    return then(review_replied(on, **answers), (StepCode.SERVE, HANDLER))
