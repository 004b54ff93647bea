"""What a step says of other records.

The category, the first of several equal matters, the concluded matter it is filed for.
"""

from dataclasses import replace

from xinfang.cases.models import Petition
from xinfang.cases.projection import Projection, UndecidedStep
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.categories.models import Category
from xinfang.core import pk_cache
from xinfang.procedure.articles import HOUSE_RULES
from xinfang.procedure.rules import Reason, Refused, Step
from xinfang.procedure.steps.corrections import PERSONAL, WORDED, Correct
from xinfang.procedure.steps.ends_without_reply import FileWithoutAction
from xinfang.procedure.steps.inquiry import SeekLegalAdvice
from xinfang.procedure.steps.intake import LinkRepeat, Register
from xinfang.procedure.steps.reply import draft_in_words
from xinfang.procedure.words import CorrectionOf, FilingReason, State

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
            return _with_value(step)
        if isinstance(step, FileWithoutAction):
            _refuse_history_as_the_answer(step, context)
        if isinstance(step, LinkRepeat):
            return _linked(step, context)
        if isinstance(step, SeekLegalAdvice):
            # The adviser reads the draft itself, not what somebody says of it (H13).
            return replace(step, draft=draft_in_words(context.facts))
        return step


def _with_value(step: Correct) -> Correct:
    """Put the new value where its event keeps it.

    A person's only among the withheld, a text withheld too, all else in plain.

    Raises:
        Refused: there is no such category.
    """
    if step.what is CorrectionOf.CATEGORY and pk_cache.get_one(Category, step.new_value) is None:
        raise Refused([NO_CATEGORY])
    if step.what in PERSONAL:
        return replace(step, public_value="", text_value="")
    if step.what in WORDED:
        return replace(step, public_value="", text_value=step.new_value)
    return replace(step, public_value=step.new_value, text_value="")


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


def _refuse_history_as_the_answer(step: FileWithoutAction, context: UndecidedStep) -> None:
    """Refuse to file a matter because of a case that was brought in as history: nobody here answered that (H10).

    A number that somebody types is looked up only among the cases they see: of a hidden one as little is told as of one
    that never was.

    Raises:
        Refused: the concluded matter is such a case.
    """
    history = Petition.objects.filter(state=State.HISTORY.value)
    seen = visible_to(context.by, each=True).filter(state=State.HISTORY.value)
    number, among = {
        FilingReason.ANSWERED_REPEAT: (context.facts.repeat_of, history),
        FilingReason.CONCLUDED: (step.concluded_number.strip().upper(), seen),
    }.get(step.ground, ("", seen))
    if number and among.filter(number=number).exists():
        named = f"{number} " if seen.filter(number=number).exists() else "首件"
        reason = f"{named}是历史件，本系统没有办理，不能据以存信"
        todo = "请继续办理本件；原件如确已答复完结，先对原件“恢复办理”并办结。"
        raise Refused([Reason(reason, (HOUSE_RULES[10],), todo, "history_is_no_answer")])
