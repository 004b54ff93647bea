"""What the department performs in its own power: routes (四) and (五) of N31 where it holds the power itself.

Such a matter is neither led to another body nor declined (N44(二)), and no petition opinion concludes it: the law that
governs it does. It goes the ordinary way, with a term, an answer and a remedy of its own. What differs is here.
"""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import a_handler, the_leader_who_instructed, the_office
from xinfang.procedure.articles import HOUSE_RULES, LITIGATION_LAW, RECONSIDERATION_LAW, REGULATION
from xinfang.procedure.limits import ADMINISTRATIVE_RECONSIDERATION, CHOSEN_BY_DEPARTMENT, LITIGATION, OWN_DUTY
from xinfang.procedure.rules import CaseContext, DecisionContext, Rule, condition
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import (
    it_is_in_our_own_power,
    the_leader_is_a_leader,
    the_leader_is_not_recused,
    the_unit_can_handle,
    the_unit_has_a_head,
    the_unit_has_signed_for_it,
    the_unit_is_not_complained_of,
)
from ..facts import Actor, Directory, DutyTerm, Facts
from ..words import PaperKind, State
from .handling import DEPARTURE, Acceptance, acceptance_names_unit_and_leader, not_accepted_before_receipt
from .reply import FindingsDraft, each_request_is_concluded, findings_answer_the_requests, the_reply_is_not_signed
from .screening import a_law_is_named

MAX_MONTHS, MAX_DAYS = 24, 365


@condition(
    f"法律另定期限的，须写明几个月或者几日（二者填一项，不超过{MAX_MONTHS}个月、{MAX_DAYS}日）和规定该期限的条款",
    REGULATION[31],
    LITIGATION_LAW[47],
    CHOSEN_BY_DEPARTMENT,
    todo=f"请补齐期限和条款；法律没有另外规定的，三项都留空，按{OWN_DUTY}办理。",
)
def another_term_has_its_article(q: "DecisionContext[AcceptDuty]") -> bool:
    terms = ((q.step.term_months, MAX_MONTHS), (q.step.term_days, MAX_DAYS))
    given = [(number, most) for number, most in terms if number is not None]
    if len(given) != 1:
        return not given and not q.step.term_source
    [(number, most)] = given
    return 1 <= number <= most and bool(q.step.term_source)


@dataclass(frozen=True, kw_only=True)
class AcceptDuty(Acceptance):
    """Accepted in the department's own power, under the law that is named; the petitioner is told how it goes on.

    A term that differs from the two months takes effect only when the leader who instructed agrees.
    """

    rule = Rule["AcceptDuty"](
        code=StepCode.ACCEPT_DUTY,
        label="受理（依法履职）",
        group="依法履职",
        cites=(HOUSE_RULES[7], REGULATION[23], REGULATION[31], REGULATION[44], LITIGATION_LAW[47]),
        who=(the_office,),
        then=(the_leader_who_instructed,),
        when=(State.INSTRUCTED,),
        to=(State.HANDLING,),
        provided=(
            it_is_in_our_own_power,
            not_accepted_before_receipt,
            acceptance_names_unit_and_leader,
            the_unit_can_handle,
            the_unit_has_a_head,
            the_unit_is_not_complained_of,
            the_leader_is_a_leader,
            the_leader_is_not_recused,
            a_law_is_named,
            another_term_has_its_article,
        ),
        papers=(PaperKind.DUTY_NOTICE,),
    )
    confirmed_when = f"{DEPARTURE}，或者按法律规定另定期限的"
    accepted_on: date | None = step_field("受理日期（印在告知书上）", default=None)
    law: str = step_field("所适用的法律、法规、规章", long=True, max=1000, help="写明名称和条款，印在告知书上")
    procedure: str = step_field(
        "启动的程序", default="", max=100, help="途径（四）填写，如：行政处罚、行政确认；途径（五）可以不填"
    )
    term_months: int | None = step_field("法律另定的期限（月）", default=None, help=f"不填则自收到之日起{OWN_DUTY}")
    term_days: int | None = step_field("法律另定的期限（日）", default=None, help="自受理之日起算；与月只填一项")
    term_source: str = step_field("规定该期限的条款", default="", max=200)

    def asks_second_person(self, q: CaseContext) -> bool:
        return super().asks_second_person(q) or bool(self.term_months or self.term_days)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        other = bool(self.term_months or self.term_days)
        term = DutyTerm(self.term_months or 0, self.term_days or 0, self.term_source) if other else None
        return replace(super().change(facts, by, on), duty_term=term)

    def says(self, directory: Directory) -> str:
        months, days = self.term_months, self.term_days
        term = f"{months}个月" if months else f"{days}日" if days else ""
        return f"依据{self.law}受理{f'；期限{term}（{self.term_source}）' if term else ''}"


@condition(
    "应写明对本答复不服的救济途径：行政复议机关和有管辖权的人民法院，或者法律另外规定的途径",
    REGULATION[31],
    RECONSIDERATION_LAW[20],
    LITIGATION_LAW[46],
    todo="请填写行政复议机关和人民法院；法律另有规定的，填写“法律另外规定的救济途径”，写明向谁、依据什么、多少日内。",
)
def its_own_remedy_is_named(q: "DecisionContext[DraftDutyReply]") -> bool:
    return bool(q.step.other_remedy) or bool(q.step.reconsideration_body and q.step.court)


@condition(
    "履行职责的答复不适用信访复查、复核",
    REGULATION[31],
    REGULATION[35],
    todo="请删去“复查”“复核”，写明行政复议、行政诉讼或者法律另外规定的途径。",
)
def its_remedy_is_no_petition_review(q: "DecisionContext[DraftDutyReply]") -> bool:
    return not any(word in q.step.other_remedy for word in ("复查", "复核"))


@dataclass(frozen=True, kw_only=True)
class DraftDutyReply(FindingsDraft):
    """The handler drafts what was done or answered under the governing law, with the remedy that this law gives."""

    rule = Rule["DraftDutyReply"](
        code=StepCode.DRAFT_DUTY_REPLY,
        label="拟写履行职责答复书",
        group="依法履职",
        cites=(HOUSE_RULES[13], REGULATION[31], RECONSIDERATION_LAW[20], LITIGATION_LAW[46]),
        who=(a_handler,),
        when=(State.HANDLING,),
        provided=(
            it_is_in_our_own_power,
            the_unit_has_signed_for_it,
            the_reply_is_not_signed,
            each_request_is_concluded,
            findings_answer_the_requests,
            its_own_remedy_is_named,
            its_remedy_is_no_petition_review,
        ),
    )
    reconsideration_body: str = step_field(
        "行政复议机关", default="", help=f"名称和地址，写明自收到之日起{ADMINISTRATIVE_RECONSIDERATION}内可以申请"
    )
    court: str = step_field("有管辖权的人民法院", default="", help=f"写明自收到之日起{LITIGATION}内可以起诉")
    other_remedy: str = step_field(
        "法律另外规定的救济途径",
        default="",
        long=True,
        max=1000,
        help="法律另有规定的填写，如：须先申请行政复议、不可诉；填写后以此为准",
    )
