"""What a step says of other records.

The category, the first of several equal matters, the concluded matter it is filed for.
"""

from dataclasses import replace

from xinfang.accounts.queries.actors import directory
from xinfang.cases.access import open_case
from xinfang.cases.models import Petition
from xinfang.cases.projection import Projection, UndecidedStep
from xinfang.cases.queries.petitions import facts_of
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.categories.models import Category
from xinfang.core import pk_cache
from xinfang.department.queries import subordinate_bodies
from xinfang.procedure.articles import DEPARTMENT_SETTING, HOUSE_RULES, REGULATION
from xinfang.procedure.conditions import units_headed_by
from xinfang.procedure.facts import SYSTEM, Facts
from xinfang.procedure.rules import Reason, Refused, Step
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps.accused import AddAccused
from xinfang.procedure.steps.corrections import Correct, filled_in
from xinfang.procedure.steps.ends_without_reply import FileWithoutAction, RefuseFurther, Withdraw
from xinfang.procedure.steps.inquiry import SeekLegalAdvice
from xinfang.procedure.steps.intake import LinkRepeat, Register
from xinfang.procedure.steps.joined_repeats import AnswerWithFirst, JoinFirst
from xinfang.procedure.steps.letter_parts import PartWhereabouts, TellParts, where_it_went
from xinfang.procedure.steps.oversight import ChangesWhoMayAct, with_overseers
from xinfang.procedure.steps.reply import draft_in_words
from xinfang.procedure.steps.reviewing import TakeAsReview, review_in_words, who_handled
from xinfang.procedure.steps.screening import AgreedWithinTheSeal, Decline, Forward, leader_who_may_agree
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import OPEN_STATES, CorrectionOf, FilingReason

NO_CATEGORY = Reason("没有这个内容分类", (HOUSE_RULES[5],), "请从列表中选择内容分类。", "category")


class ReferenceLookup(Projection):
    """Looks up what a step refers to; writes nothing."""

    def complete(self, step: Step, context: UndecidedStep) -> Step:
        """Check the records that the step names, and fill in what it needs of them.

        Raises:
            Refused: there is no such category or case, or it can't be referred to.
        """
        if isinstance(step, Register) and step.category and pk_cache.get_one(Category, step.category) is None:
            raise Refused([NO_CATEGORY])
        if isinstance(step, Correct):
            return _with_value(step, context)
        if isinstance(step, FileWithoutAction):
            return _with_the_earlier_case(step, context)
        if isinstance(step, RefuseFurther):
            return _with_the_final_review(step, context)
        if isinstance(step, LinkRepeat):
            return _linked(step, context)
        if isinstance(step, SeekLegalAdvice):
            # The adviser reads the draft itself, not what somebody says of it (H13).
            facts = context.facts
            return replace(step, draft=review_in_words(facts) if facts.review_of else draft_in_words(facts))
        if isinstance(step, JoinFirst):
            first = _first(context)
            return replace(step, first_is_handled=first is not None and _is_handled(first))
        if isinstance(step, AnswerWithFirst):
            return _with_the_answer(step, _first(context))
        if isinstance(step, TellParts):
            shown, all_directed = _whereabouts(context.facts)
            return replace(step, whereabouts=shown, all_directed=all_directed)
        if isinstance(step, ChangesWhoMayAct):
            return _with_who_is_left(step, context)
        if isinstance(step, Withdraw) and context.by.person and len(context.facts.who_still_asks) > 1:
            return replace(step, persons=(context.by.person,))
        if isinstance(step, AgreedWithinTheSeal):
            return replace(step, asked=leader_who_may_agree(context.facts, context.by, directory(context.day)))
        if isinstance(step, Forward | Decline):
            return replace(step, listed=step.body.strip() in subordinate_bodies(context.day))
        if isinstance(step, TakeAsReview):
            return _without_those_who_handled_it(step, context)
        return step


def _with_who_is_left(step: ChangesWhoMayAct, context: UndecidedStep) -> Step:
    """Put with the step which units the accused head, and who is left to see the case after it (N28, N30)."""
    if isinstance(step, Register) and not (step.complained_units or step.complained_staff):
        return step
    people = directory(context.day)
    if isinstance(step, AddAccused) and step.complained_staff:
        headed = units_headed_by(step.complained_staff, people)
        step = replace(step, units_they_head=tuple(sorted(headed)))
    return with_overseers(step, context.facts, context.by, context.day, people)


def _with_value(step: Correct, context: UndecidedStep) -> Correct:
    """Put the new value where its event keeps it, and the old one beside it.

    Raises:
        Refused: there is no such category.
    """
    filled = filled_in(step, context.facts)
    if step.what is CorrectionOf.CATEGORY and pk_cache.get_one(Category, filled.public_value) is None:
        raise Refused([NO_CATEGORY])
    return filled


def _linked(step: LinkRepeat, context: UndecidedStep) -> LinkRepeat:
    seen = visible_to(context.by, each=True).select_related("repeat_of")
    first = seen.filter(number=step.first.strip().upper()).first()
    if first is None or first.number == context.facts.number:
        todo = "请填写您能看到的首件的完整编号。"
        raise Refused([Reason(f"没有找到首件 {step.first}", (HOUSE_RULES[10],), todo, "it_repeats_another")])
    origin = first.repeat_of or first
    if origin.number == context.facts.number:
        raise Refused([Reason("首件就是本件", (HOUSE_RULES[10],), "请到较晚的一件上认定重复。", "it_repeats_another")])
    return replace(step, first=origin.number)


def _without_those_who_handled_it(step: TakeAsReview, context: UndecidedStep) -> TakeAsReview:
    """Put who handled the matter here, under the number it was handed down as, among those who don't review it (N28).

    Raises:
        Refused: this person sees no such case, or it is this very case.
    """
    number = step.handed_down_as.strip().upper()
    if not number:
        return replace(step, handed_down_as="")
    try:
        before = None if number == context.facts.number else open_case(context.by, number).facts
    except NotVisible:
        before = None
    if before is None:
        todo = "请填写您能看到的、本厅转送（交办）该事项时的完整编号；没有的请留空，逐一选择经手人员。"
        raise Refused(
            [
                Reason(
                    f"没有找到 {number}",
                    (REGULATION[28], REGULATION[35], DEPARTMENT_SETTING),
                    todo,
                    "it_was_handed_down_as",
                )
            ]
        )
    handled = {*step.handled_by, *who_handled(before)} - {SYSTEM.code}
    return replace(step, handed_down_as=number, handled_by=tuple(sorted(handled)))


def _with_the_earlier_case(step: FileWithoutAction, context: UndecidedStep) -> FileWithoutAction:
    """Look up whether the matter that another is filed for was answered here (H10).

    A number that somebody types is looked up only among the cases they see: of a hidden one as little is told as of one
    that never was. What came in as history was answered by nobody here.
    """
    number = {
        FilingReason.ANSWERED_REPEAT: context.facts.repeat_of,
        FilingReason.CONCLUDED: step.concluded_number.strip().upper(),
    }.get(step.ground, "")
    among = Petition.objects.all() if number == context.facts.repeat_of else visible_to(context.by, each=True)
    earlier = among.filter(number=number).first() if number and number != context.facts.number else None
    return replace(step, answered=earlier is not None and earlier.replied_on is not None)


def _first(context: UndecidedStep) -> Facts | None:
    number = context.facts.repeat_of
    row = Petition.objects.filter(number=number).first() if number else None
    return facts_of(row) if row else None


def _is_handled(first: Facts) -> bool:
    """Tell whether a repeat can be answered with this case: it is open, not answered, and isn't joined itself."""
    return first.state in OPEN_STATES and not (first.sealed or first.replied_on or first.joined_to)


def _with_the_answer(step: AnswerWithFirst, first: Facts | None) -> AnswerWithFirst:
    if first is None or first.replied_on is None:
        return replace(step, first_is_answered=False, opinion_number="", answered_on=None)
    issued = first.last(StepCode.ISSUE_REPLY)
    number = issued.step.document_number if issued else ""
    return replace(step, first_is_answered=True, opinion_number=number, answered_on=first.replied_on)


def _with_the_final_review(step: RefuseFurther, context: UndecidedStep) -> RefuseFurther:
    """Compare the numbers of the three opinions with the first case, where this one repeats one of this system (N36).

    Raises:
        Refused: a number is another there.
    """
    facts = _first(context)
    if facts is None or facts.review_stage != "final_done":
        return replace(step, on_record=False)
    for code, typed, what in (
        (StepCode.ISSUE_REPLY, step.opinion_number, "处理意见书"),
        (StepCode.FIRST_REVIEW, step.first_review_number, "复查意见书"),
        (StepCode.FINAL_REVIEW, step.final_review_number, "复核意见书"),
    ):
        event = facts.last(code)
        number = event.step.document_number if event else ""
        if number and number != typed.strip():
            reason = f"{what}文号与首件的记录不一致（首件为 {number}）"
            raise Refused([Reason(reason, (REGULATION[36],), "请照首件的记录填写。", "the_final_review_is_on_record")])
    return replace(step, on_record=True)


def _whereabouts(facts: Facts) -> tuple[tuple[PartWhereabouts, ...], bool]:
    """Return where the parts of a letter and what is left of it went, and whether that is settled for all of them.

    2 queries for each part. Of a sealed part no more is told than that it is dealt with (N30).
    """
    found = [(facts, facts.requests)]
    rows = Petition.objects.in_bulk([part.number for part in facts.parts], field_name="number")
    found += [(facts_of(rows[part.number]), part.requests) for part in facts.parts if part.number in rows]
    told = [(f.number, "；".join(r.text for r in requests), where_it_went(f, letter=facts)) for f, requests in found]
    shown = tuple(PartWhereabouts(number=n, requests=asked, where=where) for n, asked, where in told if where)
    return shown, len(shown) == 1 + len(facts.parts)
