"""The papers of the procedure: what each is, who checks and signs it, what numbers it, whether it goes to the archive.

The numbers D1 to D34 are those of the list of papers that the department agreed on (docs/decisions/0010).
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto

from xinfang.procedure.actor_rules import (
    ActorRule,
    a_head_of_the_handling_unit,
    a_leader,
    the_counter,
    the_office_head,
    the_responsible_leader,
)
from xinfang.procedure.articles import (
    ALL_ARTICLES,
    DEPARTMENT_SETTING,
    DISCLOSURE_RULES,
    HOUSE_RULES,
    REGULATION,
    Article,
)

from .dated_rules import ALWAYS, InForce
from .facts import CaseEvent, Facts, PaperFacts
from .rounds import begins_again
from .step_codes import StepCode
from .words import Channel, PaperKind, PaperStage, State


class FilingRule(Enum):
    """What a paper is to the archive (H14)."""

    MUST = auto()
    """The file is not complete without it, once it is owed."""
    IF_ANY = auto()
    """Filed where there is one; nobody may be asked for it."""
    APART = auto()
    """Filed in a sealed cover of its own: the legal adviser's opinion, and what concerns a report of wrongdoing."""
    NOT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRule:
    """One kind of paper.

    `series` is the word of its 文号 (内科信告〔2026〕12号), empty where papers of this kind are not numbered.
    """

    kind: PaperKind
    code: str
    cites: tuple[Article, ...]
    series: str = ""
    checks: tuple[ActorRule, ...] = ()
    signs: tuple[ActorRule, ...] = ()
    outward: bool = False
    """It is sent out: in the department's name and under its seal, and somebody receives it."""
    served: bool = False
    """It goes to the petitioner, who signs for it (送达回证)."""
    decides: bool = False
    """It says what a step decided: it can be made of that step alone, never freely (N23, N31, N32, N34, N36)."""
    elsewhere: bool = False
    """Another body makes it, and this department files what it received (N35, N36).

    The papers of a first review are made here where this department is the reviewing body (`made_elsewhere`).
    """
    filed: FilingRule = FilingRule.MUST
    in_force: InForce = ALWAYS
    """On which days a step that calls for it owes it."""

    @property
    def label(self) -> str:
        """The name of the kind, for people."""
        return self.kind.label


def _notice(kind: PaperKind, code: str, *cites: Article, series: str = "内科信告", decides: bool = True) -> PaperRule:
    return PaperRule(
        kind=kind,
        code=code,
        cites=cites,
        series=series,
        signs=(the_office_head,),
        outward=True,
        served=True,
        decides=decides,
    )


def _letter(
    kind: PaperKind, code: str, *cites: Article, decides: bool = True, filed: FilingRule = FilingRule.MUST
) -> PaperRule:
    return PaperRule(
        kind=kind,
        code=code,
        cites=cites,
        series="内科信函",
        signs=(the_office_head,),
        outward=True,
        decides=decides,
        filed=filed,
    )


def _inside(kind: PaperKind, code: str, *cites: Article, filed: FilingRule = FilingRule.MUST) -> PaperRule:
    return PaperRule(kind=kind, code=code, cites=cites, filed=filed)


_K = PaperKind
_ALL = (
    _inside(_K.REGISTRATION_SHEET, "D1", HOUSE_RULES[7], REGULATION[19]),
    _inside(_K.RECEIPT, "D2", REGULATION[21], REGULATION[23], filed=FilingRule.IF_ANY),
    _inside(_K.CONVERSATION_RECORD, "D3", HOUSE_RULES[11], REGULATION[19], REGULATION[31]),
    _inside(_K.REPRESENTATIVES_SHEET, "D4", REGULATION[20], filed=FilingRule.IF_ANY),
    _notice(_K.ACCEPTANCE_NOTICE, "D5", HOUSE_RULES[5], REGULATION[23]),
    _notice(_K.DUTY_NOTICE, "D5", REGULATION[23], REGULATION[31]),
    _notice(_K.RECEIPT_NOTICE, "D5", REGULATION[23], REGULATION[29]),
    _notice(_K.FORWARDING_NOTICE, "D6", HOUSE_RULES[8], REGULATION[23]),
    _notice(_K.REDIRECT_NOTICE, "D7", HOUSE_RULES[7], REGULATION[23]),
    _notice(_K.DISCLOSURE_NOTICE, "D7", REGULATION[23], DISCLOSURE_RULES[39]),
    _notice(_K.ROUTE_NOTICE, "D8", HOUSE_RULES[9], REGULATION[31]),
    _notice(_K.DECLINE_NOTICE, "D9", HOUSE_RULES[9], REGULATION[19], REGULATION[23], REGULATION[31]),
    _notice(_K.REFUSAL_NOTICE, "D10", REGULATION[36]),
    _notice(_K.FILING_NOTICE, "D10", HOUSE_RULES[10], REGULATION[23]),
    _notice(_K.RECONSIDERATION_NOTICE, "D10", REGULATION[23], REGULATION[44], DEPARTMENT_SETTING),
    _inside(_K.FILING_SLIP, "D10", HOUSE_RULES[10]),
    _notice(_K.JOINING_NOTICE, "D6", REGULATION[23], DEPARTMENT_SETTING),
    _notice(_K.PARTS_NOTICE, "D6", REGULATION[23], REGULATION[31]),
    _notice(_K.SUPPLEMENT_NOTICE, "D11", REGULATION[19], DEPARTMENT_SETTING, decides=False),
    _letter(_K.FORWARDING_LETTER, "D12", HOUSE_RULES[8], REGULATION[23]),
    _letter(_K.SENDER_LETTER, "D12", HOUSE_RULES[8], REGULATION[23]),
    # It is handed over with the report itself, so it is made before that step is taken.
    _letter(_K.SEALED_LETTER, "D12", REGULATION[22], REGULATION[30], decides=False, filed=FilingRule.APART),
    _inside(_K.HAND_OVER_RECEIPT, "D12", REGULATION[22], REGULATION[30], filed=FilingRule.APART),
    _letter(_K.OBJECTION_LETTER, "D13", HOUSE_RULES[8], REGULATION[23]),
    _inside(_K.TRANSFER_SHEET, "D13", HOUSE_RULES[8], REGULATION[23]),
    _inside(_K.INSTRUCTION_SHEET, "D14", HOUSE_RULES[7], HOUSE_RULES[8]),
    _inside(_K.HAND_OVER_SLIP, "D15", HOUSE_RULES[5], HOUSE_RULES[7]),
    _inside(_K.INQUIRY_RECORD, "D16", REGULATION[31], filed=FilingRule.IF_ANY),
    PaperRule(
        kind=_K.INQUIRY_REPORT,
        code="D16",
        cites=(REGULATION[31],),
        checks=(a_head_of_the_handling_unit,),
        filed=FilingRule.IF_ANY,
    ),
    _inside(_K.EVIDENCE_LIST, "D16", HOUSE_RULES[14], REGULATION[31], filed=FilingRule.IF_ANY),
    _inside(_K.LEGAL_ADVICE, "D17", HOUSE_RULES[13], HOUSE_RULES[14], filed=FilingRule.APART),
    _notice(_K.HEARING_NOTICE, "D18", REGULATION[31], decides=False),
    _inside(_K.HEARING_RECORD, "D18", REGULATION[31]),
    _inside(_K.HEARING_REPORT, "D18", REGULATION[31], filed=FilingRule.IF_ANY),
    _inside(_K.MEDIATION_CONSENT, "D19", REGULATION[33], filed=FilingRule.IF_ANY),
    _inside(_K.MEDIATION_AGREEMENT, "D19", REGULATION[33]),
    _inside(_K.RECUSAL_REQUEST, "D20", REGULATION[28], filed=FilingRule.IF_ANY),
    PaperRule(
        kind=_K.RECUSAL_DECISION,
        code="D20",
        cites=(REGULATION[28],),
        signs=(the_office_head, a_leader),
        decides=True,
    ),
    _inside(_K.EXTENSION_APPROVAL, "D21", HOUSE_RULES[13], REGULATION[34]),
    _notice(_K.EXTENSION_NOTICE, "D21", HOUSE_RULES[13], REGULATION[34], series="内科信延"),
    PaperRule(
        kind=_K.REPLY_OPINION,
        code="D22",
        cites=(HOUSE_RULES[13], REGULATION[32], REGULATION[35]),
        series="内科信答",
        checks=(a_head_of_the_handling_unit,),
        signs=(the_responsible_leader,),
        outward=True,
        served=True,
        decides=True,
    ),
    PaperRule(
        kind=_K.DUTY_REPLY,
        code="D22",
        cites=(HOUSE_RULES[13], REGULATION[31]),
        series="内科信答",
        checks=(a_head_of_the_handling_unit,),
        signs=(the_responsible_leader,),
        outward=True,
        served=True,
        decides=True,
    ),
    PaperRule(
        kind=_K.SIMPLE_REPLY,
        code="D23",
        cites=(ALL_ARTICLES["S4"], REGULATION[32], REGULATION[35]),
        series="内科信答",
        checks=(a_head_of_the_handling_unit,),
        signs=(the_responsible_leader,),
        outward=True,
        served=True,
        decides=True,
        filed=FilingRule.IF_ANY,
    ),
    PaperRule(
        kind=_K.SUGGESTION_REPLY,
        code="D24",
        cites=(REGULATION[29],),
        series="内科信答",
        checks=(a_head_of_the_handling_unit,),
        signs=(the_office_head, the_responsible_leader),
        outward=True,
        served=True,
        decides=True,
    ),
    _notice(_K.JOINED_REPLY, "D24", REGULATION[34], DEPARTMENT_SETTING, series="内科信答"),
    _inside(_K.SERVICE_RECEIPT, "D25", HOUSE_RULES[14], REGULATION[35]),
    PaperRule(
        kind=_K.COMPLETION_REPORT,
        code="D26",
        cites=(HOUSE_RULES[5], REGULATION[22]),
        series="内科信",
        signs=(the_responsible_leader, a_leader),
        outward=True,
        filed=FilingRule.IF_ANY,
    ),
    PaperRule(
        kind=_K.REPORT_PACKAGE,
        code="D26",
        cites=(HOUSE_RULES[5], HOUSE_RULES[12], REGULATION[22]),
        series="内科信",
        signs=(the_office_head, a_leader),
        outward=True,
        filed=FilingRule.IF_ANY,
    ),
    PaperRule(
        kind=_K.SUPERVISION_LETTER,
        code="D27",
        cites=(HOUSE_RULES[5],),
        series="内科信督",
        signs=(the_office_head, a_leader),
        filed=FilingRule.IF_ANY,
    ),
    _inside(_K.SUPERVISION_ANSWER, "D27", HOUSE_RULES[5], HOUSE_RULES[6], filed=FilingRule.IF_ANY),
    PaperRule(
        kind=_K.ADVICE_REPLY,
        code="D27",
        cites=(REGULATION[40],),
        series="内科信函",
        signs=(the_office_head, a_leader),
        outward=True,
        decides=True,
    ),
    _inside(_K.REVIEW_APPLICATION, "D28", REGULATION[35], REGULATION[36], filed=FilingRule.IF_ANY),
    PaperRule(
        kind=_K.REVIEW_ACCEPTANCE,
        code="D28",
        cites=(REGULATION[23], REGULATION[35]),
        series="内科信复",
        signs=(the_office_head,),
        outward=True,
        served=True,
        elsewhere=True,
    ),
    _notice(_K.REVIEW_REFUSAL, "D28", REGULATION[19], REGULATION[23], REGULATION[35], series="内科信复"),
    PaperRule(
        kind=_K.REVIEW_OPINION,
        code="D28",
        cites=(REGULATION[35],),
        series="内科信复",
        checks=(a_head_of_the_handling_unit,),
        signs=(the_responsible_leader,),
        outward=True,
        served=True,
        elsewhere=True,
        filed=FilingRule.IF_ANY,
    ),
    PaperRule(
        kind=_K.FINAL_REVIEW_OPINION,
        code="D28",
        cites=(REGULATION[36],),
        series="内科信复",
        signs=(a_leader,),
        outward=True,
        served=True,
        elsewhere=True,
        filed=FilingRule.IF_ANY,
    ),
    PaperRule(
        kind=_K.URGENT_REPORT,
        code="D29",
        cites=(HOUSE_RULES[16], HOUSE_RULES[18], REGULATION[25]),
        series="内科信",
        signs=(a_leader,),
        outward=True,
        filed=FilingRule.IF_ANY,
    ),
    _inside(_K.GROUP_VISIT_RECORD, "D30", HOUSE_RULES[15], HOUSE_RULES[16], filed=FilingRule.IF_ANY),
    _inside(_K.CLOSING_SHEET, "D31", HOUSE_RULES[6], REGULATION[32]),
    _inside(_K.VOLUME_LIST, "D32", HOUSE_RULES[14], filed=FilingRule.NOT),
    _inside(_K.FOLLOW_UP_RECORD, "D33", DEPARTMENT_SETTING, filed=FilingRule.IF_ANY),
    _inside(_K.SETTLEMENT_PLEDGE, "D34", HOUSE_RULES[14], filed=FilingRule.IF_ANY),
)
PAPERS: dict[PaperKind, PaperRule] = {rule.kind: rule for rule in _ALL}
"""Every kind of paper."""


def checkers(kind: PaperKind, facts: Facts) -> tuple[ActorRule, ...]:
    """Return who checks a paper of this kind before it is signed.

    In the sealed compartment only the named officers see it (N30).
    """
    return () if facts.sealed else PAPERS[kind].checks


def signers(kind: PaperKind, facts: Facts) -> tuple[ActorRule, ...]:
    """Return who signs a paper of this kind.

    In the sealed compartment only the named officers see it, so nobody else can (N30). A letter that presses the office
    is not signed by its head.
    """
    if facts.sealed:
        return ()
    if kind is _K.SUPERVISION_LETTER and facts.office_pressed:
        return (a_leader,)
    return (*PAPERS[kind].signs, the_counter) if may_be_signed_at_the_counter(kind, facts) else PAPERS[kind].signs


AT_THE_COUNTER = (_K.ACCEPTANCE_NOTICE, _K.RECEIPT_NOTICE, _K.SUPPLEMENT_NOTICE)
"""Papers that are handed to a visitor there and then: they end nothing and refuse nothing (N23)."""


def may_be_signed_at_the_counter(kind: PaperKind, facts: Facts) -> bool:
    """Tell whether whom the head of the office has authorised may sign this paper for the visitor before them."""
    # As it was registered: who wrote a letter doesn't stand at the counter by a correction.
    came_as = facts.history[0].step.channel if facts.history else facts.channel
    return kind in AT_THE_COUNTER and came_as is Channel.VISIT and facts.channel is Channel.VISIT


ISSUED_STAGES = (PaperStage.ISSUED, PaperStage.SERVED)
UNFINISHED_STAGES = (PaperStage.DRAFT, PaperStage.CHECKING, PaperStage.SIGNING, PaperStage.SIGNED)

NOTICES = (
    _K.ACCEPTANCE_NOTICE,
    _K.RECEIPT_NOTICE,
    _K.FORWARDING_NOTICE,
    _K.REDIRECT_NOTICE,
    _K.ROUTE_NOTICE,
    _K.DECLINE_NOTICE,
    _K.REFUSAL_NOTICE,
    _K.FILING_NOTICE,
    _K.JOINING_NOTICE,
    _K.REVIEW_ACCEPTANCE,
    _K.REVIEW_REFUSAL,
    _K.DUTY_NOTICE,
    _K.DISCLOSURE_NOTICE,
)
"""Papers that tell the petitioner within the 15 days what becomes of the matter (N23)."""
ENDS = (
    _K.FORWARDING_NOTICE,
    _K.REDIRECT_NOTICE,
    _K.ROUTE_NOTICE,
    _K.DECLINE_NOTICE,
    _K.REFUSAL_NOTICE,
    _K.FILING_NOTICE,
    _K.REVIEW_REFUSAL,
    _K.DISCLOSURE_NOTICE,
)
"""Those of them that say how the matter ended without a reply: who was promised one is answered by them."""
REPLIES = (_K.REPLY_OPINION, _K.SUGGESTION_REPLY, _K.SIMPLE_REPLY)
"""Papers that answer the petitioner (N29, N32); who was told orally under the simple procedure needs none (S4)."""

REVIEWABLE = (_K.SIMPLE_REPLY, _K.JOINED_REPLY)
"""Answers beside the opinion of a case from whose service the petitioner may ask for a review (N35)."""
OPINIONS = (_K.REPLY_OPINION, _K.REVIEW_OPINION, _K.DUTY_REPLY)
"""Opinions that are checked and signed by steps of the case before they are papers (N32, N35)."""
ANSWERS = (*REPLIES, _K.JOINED_REPLY, _K.REVIEW_OPINION, _K.DUTY_REPLY)
"""Papers that answer the petitioner; a review opinion only where the review is this department's."""

MUST_LEAVE = (*NOTICES, *ANSWERS, _K.EXTENSION_NOTICE, _K.PARTS_NOTICE, _K.RECONSIDERATION_NOTICE)
"""Papers that a step owes the petitioner, and that stop a clock of the department only when they left (N23, N34)."""
_NOBODY_IS_TOLD = (
    State.WITHDRAWN,
    State.RETURNED,
    State.HANDED_OVER,
    State.HISTORY,
    State.UNDONE,
    State.ARCHIVED,
)
"""Ends of which the sender, another body or nobody is told; and the archive, which asked for every paper before."""


def opinion_kind(facts: Facts) -> PaperKind:
    """Return the kind of the opinion that a case ends with: a reply, a review (N35), or what was performed (N31)."""
    if facts.review_of is not None:
        return _K.REVIEW_OPINION
    return _K.DUTY_REPLY if facts.own_power else _K.REPLY_OPINION


def drafting_step(facts: Facts) -> StepCode:
    """Return the step by which the opinion that a case ends with is drafted."""
    if facts.review_of is not None:
        return StepCode.DRAFT_REVIEW
    return StepCode.DRAFT_DUTY_REPLY if facts.own_power else StepCode.DRAFT_REPLY


def latest_opinion(facts: Facts) -> PaperFacts | None:
    """Return the latest paper of the case's own opinion that was not withdrawn, or None."""
    return latest_paper(opinion_kind(facts), facts)


def made_elsewhere(kind: PaperKind, facts: Facts) -> bool:
    """Tell whether another body makes papers of this kind in this case (N35, N36)."""
    here = facts.review_of is not None and kind is not _K.FINAL_REVIEW_OPINION
    return PAPERS[kind].elsewhere and not here


def tells_a_decision(kind: PaperKind, facts: Facts) -> bool:
    """Tell whether papers of this kind can be made of the step alone that decided what they say."""
    return PAPERS[kind].decides or (PAPERS[kind].elsewhere and not made_elsewhere(kind, facts))


def latest_paper(kind: PaperKind, facts: Facts) -> PaperFacts | None:
    """Return the latest paper of a kind that was not withdrawn, or None."""
    return next((p for p in reversed(facts.papers) if p.kind is kind and p.stage is not PaperStage.WITHDRAWN), None)


def with_paper_changed(facts: Facts, number: int, change: Callable[[PaperFacts], PaperFacts]) -> Facts:
    """Return the facts with one paper changed."""
    return replace(facts, papers=tuple(change(p) if p.number == number else p for p in facts.papers))


def goes_to_each(paper: PaperFacts) -> bool:
    """Tell whether this is a notice that each of several petitioners must get; of opinions the service says who."""
    return PAPERS[paper.kind].served and paper.kind not in OPINIONS


def with_paper_left(facts: Facts, number: int, on: date, persons: Collection[int] = ()) -> Facts:
    """Return the facts once a paper left the house; what left first counts, and tells the petitioner (N23).

    What had come back is on its way once more. Of several whom nobody represents a notice tells nobody else than those
    to whom it went: it has left once it went to each.
    """
    paper = facts.paper(number)
    if paper is not None and goes_to_each(paper):
        facts = with_paper_changed(facts, number, lambda p: replace(p, gone_to=p.gone_to | set(persons)))
        paper = facts.paper(number)
        if paper is not None and facts.still_to_get(paper):
            return facts
    told = paper is not None and paper.kind in (*NOTICES, *ANSWERS) and _owed_now(paper, facts)
    answered = told and paper is not None and paper.kind in ANSWERS
    return replace(
        with_paper_changed(facts, number, lambda p: replace(p, left_on=p.left_on or on, failed_on=None)),
        noticed_on=facts.noticed_on or (on if told else None),
        replied_on=facts.replied_on or (on if answered else None),
    )


def with_paper_withdrawn(facts: Facts, number: int) -> Facts:
    """Return the facts once a paper was taken back: what it told counts as told no more (N23, N34)."""
    taken = facts.paper(number)
    after = with_paper_changed(facts, number, lambda p: replace(p, stage=PaperStage.WITHDRAWN))
    counts = [p for p in after.papers if p.stage is not PaperStage.WITHDRAWN and _owed_now(p, facts)]
    told, answered = facts.noticed_on, facts.replied_on
    if taken is not None and taken.kind in (*NOTICES, *ANSWERS) and taken.left_on == told:
        told = _first_left(counts)
    if taken is not None and taken.kind in ANSWERS and taken.left_on == answered:
        answered = _first_left(p for p in counts if p.kind in ANSWERS)
    return replace(after, noticed_on=told, replied_on=answered)


def _first_left(papers: Iterable[PaperFacts]) -> date | None:
    """Return the day on which the first notice or reply of these left; None where none has."""
    return min((p.left_on for p in papers if p.left_on and p.kind in (*NOTICES, *ANSWERS)), default=None)


def still_counts(event: CaseEvent, facts: Facts) -> bool:
    """Tell whether the paper that left by this event was not taken back since, and still tells what the case is.

    That a suggestion came in tells nobody what becomes of a claim: found to be one, it is owed a notice of its own,
    from the day of receipt on (N23).
    """
    if event.sent is _K.RECEIPT_NOTICE and not facts.short_path:
        return False
    return any(
        p.kind is event.sent and p.left_on == event.happened_on and p.stage is not PaperStage.WITHDRAWN
        for p in facts.papers
    )


def _owed_now(paper: PaperFacts, facts: Facts) -> bool:
    """Tell whether a step owes this paper since the case began, or began again.

    What was decided before that tells the petitioner nothing of what has to be told now.
    """
    began = next((h.seq for h in reversed(facts.history) if begins_again(h)), 0)
    return paper.owed_by >= began and not made_elsewhere(paper.kind, facts)


def calling_event(kind: PaperKind, facts: Facts, dated_on: date | None = None) -> int:
    """Return the number of the event that calls for a paper of this kind and has none issued; 0 without one.

    It is the latest one, of a paper with a date the latest that had happened by then, if there is one.
    """
    issued = {p.owed_by for p in facts.papers if p.kind is kind and p.stage in ISSUED_STAGES}
    called = [h for h in reversed(facts.history) if kind in h.owes and h.seq not in issued]
    by_then = (h for h in called if dated_on is None or h.happened_on <= dated_on)
    event = next(by_then, called[0] if called else None)
    return event.seq if event else 0


def left_for_the_first_time(before: Facts, after: Facts) -> PaperKind | None:
    """Return the kind of the paper that left the house between these facts and is owed still, or None."""
    already = {p.number for p in before.papers if p.left_on}
    left = (p for p in after.papers if p.left_on and p.number not in already)
    return next((p.kind for p in left if _owed_now(p, after)), None)


@dataclass(frozen=True, slots=True)
class UnsentPaper:
    """A paper that a step owes the petitioner and that hasn't left; `paper` is None while nobody has made it."""

    kind: PaperKind
    owed_by: int
    paper: PaperFacts | None


def unsent_papers(facts: Facts) -> tuple[UnsentPaper, ...]:
    """Return what must still leave for the petitioner: notices until one has told them, and replies.

    That the term was extended is told until the reply is there (N34).

    No notice while nobody can be written to (N23), and nothing of a report of wrongdoing (N22), nor of a matter that
    was taken back; but where the parts of a letter went is told whatever became of it. A reply leaves all the same, at
    last by public notice.
    """
    if facts.state is State.ARCHIVED:
        return ()
    of_the_letter_alone = facts.sealed or facts.state in _NOBODY_IS_TOLD
    found: dict[PaperKind, UnsentPaper] = {}
    for event in facts.history:
        if begins_again(event):
            found.clear()
        for kind in event.owes:
            if kind in MUST_LEAVE and not asks_for_no_paper(facts, event):
                found[kind] = UnsentPaper(kind, event.seq, _made_for(event, kind, facts))
    return tuple(
        u
        for u in found.values()
        if not (u.paper and u.paper.left_on)
        and (u.kind is _K.PARTS_NOTICE or not of_the_letter_alone)
        and (u.kind in OPINIONS or facts.contact_clear_since is not None)
        and (u.kind not in NOTICES or facts.noticed_on is None)
        and (u.kind is not _K.EXTENSION_NOTICE or facts.replied_on is None)
    )


def unsent_sealed_letter(facts: Facts) -> UnsentPaper | None:
    """Return the letter by which a report of wrongdoing goes to the body in charge, while it hasn't left (N22)."""
    if facts.state is not State.HANDED_OVER:
        return None
    called = next((h for h in reversed(facts.history) if _K.SEALED_LETTER in h.owes), None)
    letters = [p for p in facts.papers if p.kind is _K.SEALED_LETTER and p.stage is not PaperStage.WITHDRAWN]
    if called is None or any(p.left_on for p in letters):
        return None
    return UnsentPaper(_K.SEALED_LETTER, called.seq, letters[-1] if letters else None)


def asks_for_no_paper(facts: Facts, event: CaseEvent) -> bool:
    """Tell whether no paper has to leave for what a step decided.

    What was accepted under the simple procedure needs its notice once the matter has left that procedure (S4, N23).
    """
    left_it = event.code == StepCode.ACCEPT and not facts.simple_claim
    return event.tells_without_paper and not left_it


def told_on_paper(facts: Facts) -> date | None:
    """Return the day on which a notice or an answer first left for the petitioner as a paper; None before."""
    return _first_left(facts.papers)


def _made_for(event: CaseEvent, kind: PaperKind, facts: Facts) -> PaperFacts | None:
    mine = (p for p in reversed(facts.papers) if p.kind is kind and p.owed_by == event.seq)
    return next((p for p in mine if p.stage is not PaperStage.WITHDRAWN), None)
