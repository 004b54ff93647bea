"""From which day a clock counts, how long, and what of a step stops it: what the table of clocks says of a case.

All dates are calendar days in Asia/Shanghai; None where a clock doesn't run.
"""

from collections.abc import Callable
from datetime import date, timedelta

from xinfang.procedure.facts import CaseEvent, Facts
from xinfang.procedure.steps.handling import TalkWithPetitioner
from xinfang.procedure.steps.inquiry import AnswerPetition, GrantExtension
from xinfang.procedure.steps.reply import ServeReply
from xinfang.procedure.steps.supervision import ReportUp

from . import limits
from .calendar import SHANGHAI
from .papers import ANSWERS, REVIEWABLE, opinion_kind, unsent_papers, unsent_sealed_letter
from .people_words import ReviewRequestNews
from .rounds import begins_a_round, last_service, sends_back, serves_the_opinion
from .rules import Step
from .step_codes import StepCode
from .steps.electronic import TakeDelivery
from .steps.intake import Supplement
from .steps.papers import WithdrawPaper
from .steps.review import FinalReview, FirstReview, RequestFinalReview, RequestFirstReview
from .steps.review_requests import FollowReviewRequest
from .steps.reviewing import TakeAsReview
from .steps.service import ServePaper, taken_as_served_on
from .timing import months_after
from .words import Competence


def received_on(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day of receipt, as it was corrected."""
    return facts.received_on


def happened(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day of the starting step."""
    return h.happened_on


def handed_down(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day of receipt of what was handed down (N23)."""
    return facts.received_on if facts.handed_down else None


def extended_by(facts: Facts, h: CaseEvent) -> int:
    """Return the days by which this round of handling was extended."""
    first = not any(e.seq < h.seq and begins_a_round(e) for e in facts.history)
    days = facts.extended_in_letter if first else 0
    for later in facts.history:
        if later.seq > h.seq and sends_back(later):
            break
        if later.seq > h.seq and later.code == GrantExtension.rule.code and later.step.agree:
            days = later.step.days
    return days


def simple_received(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day of receipt under the simple procedure (S4)."""
    return facts.received_on if facts.simple_claim else None


def suggested(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day of receipt of a suggestion or consultation (N29)."""
    return facts.received_on if facts.short_path and h.moved else None


def served_from(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day of a service of the opinion: each has its own; a correction amends only the latest.

    None of a notice that the petitioner took delivery of; and none once the opinion that was served was withdrawn: what
    counts from its service counts from that of the new one.
    """
    if not serves_the_opinion(h):
        return None
    opinion = opinion_kind(facts)
    taken = [
        e.step.paper for e in facts.history if e.code == WithdrawPaper.rule.code and e.took_effect and e.seq > h.seq
    ]
    if any((p := facts.paper(n)) and p.kind is opinion and p.left_on for n in taken):
        return None
    if h is last_service(facts) and facts.served_on:
        return facts.served_on
    return taken_as_served_on(h.step) if h.code == ServeReply.rule.code else h.happened_on


def reviewable_from(facts: Facts, h: CaseEvent) -> date | None:
    """Return from when a first review may be asked for: the reply's service, or the answer under the simple procedure.

    None for a review opinion: of it only a final review is asked; and for what the department performed in its own
    power: the governing law gives the remedy.
    """
    if facts.review_of is not None or facts.own_power:
        return None
    if h.code == AnswerPetition.rule.code:
        return h.happened_on if h.tells_without_paper and h.step.conclusion else None
    if h.code in (ServePaper.rule.code, TakeDelivery.rule.code):
        paper = facts.paper(h.step.paper)
        if paper is not None and paper.kind in REVIEWABLE and not facts.short_path:
            return h.happened_on
        if h.code == ServePaper.rule.code:
            return None
    return served_from(facts, h)


def review_served(facts: Facts, h: CaseEvent) -> date | None:
    """Return when the petitioner got the review; None for one that sent the case back.

    Such a review of another body leaves nothing to ask a further review of. What this department decided as the
    reviewing body can be reviewed once more whatever it decided (N36).
    """
    if h.code in (ServeReply.rule.code, TakeDelivery.rule.code):
        return served_from(facts, h) if facts.review_of is not None else None
    if h.code == FollowReviewRequest.rule.code:
        return h.happened_on if h.step.news is ReviewRequestNews.OPINION_GOT else None
    return None if sends_back(h) else h.step.served_on


def own_review_begins(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day from which this department's review counts: its receipt, or the opinion that sends it back.

    What was registered as a review more than once counts from there once.
    """
    if facts.review_of is None:
        return None
    if h.code == FinalReview.rule.code:
        return h.happened_on if sends_back(h) else None
    return facts.received_on if h is facts.last(TakeAsReview.rule.code) else None


def in_own_power(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day of receipt of what the department performs in its own power: the law says 接到申请之日."""
    return facts.received_on if facts.own_power else None


def term_of_the_governing_law(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day by which the governing law wants it done, where it says another term; None: two months.

    It counts from the acceptance, or from the fifteenth day, if that is earlier: no delay lengthens the wait.
    """
    term = facts.duty_term
    if term is None or facts.received_on is None:
        return None
    latest = facts.received_on + timedelta(days=limits.NOTICE.on(facts.received_on).value)
    return months_after(min(facts.accepted_on or latest, latest), term.months) + timedelta(days=term.days)


def ordered_by_a_review(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day from which the body below has its term; None where nothing was ordered of it."""
    latest = h is last_service(facts)
    return served_from(facts, h) if latest and term_of_the_review(facts, h) else None


def term_of_the_review(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day by which the body below must have done what the review ordered."""
    return facts.review_of.term if facts.review_of is not None else None


_REQUESTS = (RequestFirstReview.rule.code, RequestFinalReview.rule.code)


def _is_about(request: type[Step], facts: Facts, h: CaseEvent) -> bool:
    """Tell whether a step says what became of a request for this review, and not of one for the other."""
    asked = next((e for e in reversed(facts.history) if e.seq < h.seq and e.took_effect and e.code in _REQUESTS), None)
    return asked is not None and asked.code == request.rule.code


def arrived_for(request: type[Step]) -> Callable[[Facts, CaseEvent], date | None]:
    """Return from which day the body has that counts: it got the request of the petitioner, or from here (N35, N36)."""

    def begins(facts: Facts, h: CaseEvent) -> date | None:
        if h.code == request.rule.code:
            day: date | None = h.step.arrived_on
            return day
        return h.happened_on if h.step.news is ReviewRequestNews.ARRIVED and _is_about(request, facts, h) else None

    return begins


def decided_or_came_back(request: type[Step]) -> Callable[[Facts, CaseEvent], bool]:
    """Return what ends the term of the body that reviews: its opinion, or that it hasn't the request any more."""

    def stops(facts: Facts, h: CaseEvent) -> bool:
        return h.code != FollowReviewRequest.rule.code or (h.step.news.ends_it and _is_about(request, facts, h))

    return stops


def it_did_not_come_back(facts: Facts, h: CaseEvent) -> bool:
    """Tell whether a request uses up the right: one that the body didn't take, or that was taken back, doesn't."""
    later = (e for e in facts.history if e.seq > h.seq and e.took_effect)
    for e in later:
        if e.code in _REQUESTS:
            return True
        if e.code == FollowReviewRequest.rule.code and e.step.news.ends_it:
            return False
    return True


def handed_in_here(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day on which this department had a request that must go on; None where the other body has it.

    That is when it was recorded, unless it turns out later that it had gone on before.
    """
    if h.step.arrived_on:
        return None
    codes = (FollowReviewRequest.rule.code, FirstReview.rule.code, FinalReview.rule.code)
    later = (e.happened_on for e in facts.history if e.seq > h.seq and e.took_effect and e.code in codes)
    recorded = h.recorded_at.astimezone(SHANGHAI).date()
    return min(recorded, next(later, recorded))


def went_on(facts: Facts, h: CaseEvent) -> bool:
    """Tell whether the request lies here no more: it was sent on, arrived, came back, or was decided all the same."""
    return h.code != FollowReviewRequest.rule.code or h.step.news is not ReviewRequestNews.OPINION_GOT


def always(facts: Facts) -> bool:
    """Tell that a clock runs on whatever ends the case."""
    return True


def somebody_must_be_told(facts: Facts) -> bool:
    """Tell whether the case ended by a decision of which the petitioner was not told yet (N23)."""
    return bool(unsent_papers(facts))


def the_sealed_letter_must_leave(facts: Facts) -> bool:
    """Tell whether a report of wrongdoing was handed over while its letter is still in the house (N22)."""
    return unsent_sealed_letter(facts) is not None


def an_answer_must_leave(facts: Facts) -> bool:
    """Tell whether the matter counts as answered while the answer is still in the house (N29)."""
    return any(u.kind in ANSWERS for u in unsent_papers(facts))


def extended(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day of an extension that the petitioner can be told of; None for one that was not granted (N34)."""
    return h.happened_on if h.step.agree and facts.contact_clear_since is not None else None


def is_the_completion_report(facts: Facts, h: CaseEvent) -> bool:
    """Tell whether this counts as the 办结报告: a report made on the way doesn't (N22)."""
    return h.code != ReportUp.rule.code or bool(h.step.completion)


def told_the_petitioner(facts: Facts, h: CaseEvent) -> bool:
    """Tell whether the petitioner was answered: no call that nobody took keeps a promise, nor a talk about it (H11)."""
    if h.code == AnswerPetition.rule.code:
        return h.tells_without_paper
    return h.code != TalkWithPetitioner.rule.code or (h.step.answered and not h.step.missed)


def changes_what_was_asked(facts: Facts, h: CaseEvent) -> bool:
    """Tell whether this takes away the draft that the adviser was sent: what is only added to the file doesn't."""
    return h.code != Supplement.rule.code or bool(h.step.requests)


def answers_that_message(facts: Facts, left: CaseEvent, answered: CaseEvent) -> bool:
    """Tell whether this answer is to the message that began here: each has its own days."""
    number = sum(h.code == left.code and h.took_effect and h.seq <= left.seq for h in facts.history)
    return bool(answered.step.message == number)


def never(facts: Facts, h: CaseEvent) -> date | None:
    """Return None: such a clock is counted in minutes beside an event (`incidents.report_chain`), never in a case."""
    return None


def to_be_entered(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day of receipt; None for a report of wrongdoing, of which the regional system is told nothing (N30).

    Sealed later, it is not owed from then on; what was entered before stays there.
    """
    return None if facts.sealed else facts.received_on


def to_be_handed_over(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day of receipt of a report of wrongdoing, no matter how late it was found to be one (N22)."""
    return facts.received_on if facts.sealed else None


def asked_inside(facts: Facts, h: CaseEvent) -> date | None:
    """Return the day of the step; None while the case is sealed: who was asked then sees it no more (N30)."""
    return None if facts.sealed else h.happened_on


def isnt_found_elsewhere(facts: Facts, event: CaseEvent) -> bool:
    """Tell whether this ends the days to object: a classification as another body's calls for the objection (N23)."""
    return event.code != StepCode.CLASSIFY or event.step.competence is not Competence.ELSEWHERE
