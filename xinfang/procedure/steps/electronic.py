"""Electronic service: the petitioner agrees to it, or no more, and takes delivery of what was sent so (H14, N35).

Neither text knows it; service in court asks for consent and for a way that shows that it arrived (民事诉讼法). What was
sent is served on the day on which the petitioner opens it and never on the day on which it was sent: who reads nothing
loses no day of a right. That it was opened is the receipt, so nobody scans one.
"""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import another_named_officer, the_named_officer, the_office, the_petitioner
from xinfang.procedure.articles import CIVIL_PROCEDURE_LAW, HOUSE_RULES, PERSONAL_INFORMATION_LAW, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.papers import PAPERS, latest_opinion
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import (
    holds_proof,
    is_certainly_the_petitioner,
    is_the_petitioners_own,
    speaks_for_nobody_else,
)
from ..facts import Actor, Directory, Facts
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..words import Material, PaperStage, State
from .attachments import NOT_YET_ARCHIVED
from .papers import NamesPaper, paper_of, that_paper_is_there
from .reply import with_opinion_served
from .service import it_is_issued, served


@condition(
    "已经同意电子送达，或者还没有同意过",
    CHOSEN_BY_DEPARTMENT,
    todo="请核对：没有同意的可以同意，已经同意的可以撤回。",
)
def it_changes_the_consent(q: "DecisionContext[ConsentElectronic]") -> bool:
    if not q.facts.each_of_several:
        return q.step.agree == (q.facts.electronic_since is None)
    named = set(q.step.persons)
    return not (named & q.facts.electronic_persons if q.step.agree else named - q.facts.electronic_persons)


@condition(
    "几位信访人联名的，须写明哪一位同意（不再同意）：一位的同意不是各位的同意",
    REGULATION[20],
    CIVIL_PROCEDURE_LAW[90],
    CHOSEN_BY_DEPARTMENT,
    todo="请选择本人表示同意（不再同意）的信访人；其他各位的文书仍邮寄或者当面送达。",
)
def who_consents_is_named(q: "DecisionContext[ConsentElectronic]") -> bool:
    several, named = q.facts.each_of_several, set(q.step.persons)
    if not several:
        return not named
    return speaks_for_nobody_else(q, named) and named <= several


@condition(
    "代为登记同意电子送达的，须附信访人本人签名的同意书",
    CIVIL_PROCEDURE_LAW[90],
    CHOSEN_BY_DEPARTMENT,
    todo="请先扫描添加为附件，材料种类选“信访人本人的申请（撤回、评价等）”，再在此选择；"
    "本人不再同意的，电话、当面说明即可。",
)
def their_signed_consent_is_attached(q: "DecisionContext[ConsentElectronic]") -> bool:
    own = is_the_petitioners_own(q, StepCode.CONSENT_ELECTRONIC)
    return own or not q.step.agree or holds_proof(q)


@dataclass(frozen=True, kw_only=True)
class ConsentElectronic(Step):
    """The petitioner agrees to get papers electronically, or takes that back; what was opened before stays served."""

    rule = Rule["ConsentElectronic"](
        code=StepCode.CONSENT_ELECTRONIC,
        label="同意电子送达",
        group="文书",
        cites=(CIVIL_PROCEDURE_LAW[90], PERSONAL_INFORMATION_LAW[15], CHOSEN_BY_DEPARTMENT),
        who=(the_petitioner, the_office, the_named_officer),
        then=(the_office, another_named_officer),
        when=NOT_YET_ARCHIVED,
        provided=(who_consents_is_named, it_changes_the_consent, their_signed_consent_is_attached),
    )
    confirmed_when = "同意由办公室代为登记的，或者不能证明出自信访人本人的（只凭工作人员也知道的查询码、电话）"
    proof = (Material.PETITIONERS_WORDS,)
    agree: bool = step_field("同意电子送达", default=True)
    persons: tuple[int, ...] = step_field(
        "同意（不再同意）的信访人", default=(), help="几位信访人联名、没有推选代表的填写：只对所选的人生效"
    )
    attachment: int | None = step_field("信访人签名的同意书（附件序号）", default=None, help="代为登记同意的必填")

    def asks_second_person(self, q: CaseContext) -> bool:
        # The fifteen days end when a notice is sent: to nobody, where it was somebody else who agreed.
        return self.agree and not is_certainly_the_petitioner(q)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        if not self.persons:
            return replace(facts, electronic_since=on if self.agree else None, electronic_persons=frozenset())
        before, named = facts.electronic_persons, set(self.persons)
        who = before | named if self.agree else before - named
        return replace(facts, electronic_since=(facts.electronic_since or on) if who else None, electronic_persons=who)

    def says(self, directory: Directory) -> str:
        return "同意以电子方式接收文书" if self.agree else "不再同意，以后的文书邮寄或者当面送达"


@condition(
    "这份文书没有以电子方式发给信访人",
    CIVIL_PROCEDURE_LAW[90],
    CHOSEN_BY_DEPARTMENT,
    todo="邮寄、当面送达的，以签收为准；可以查看，但查看不算签收。",
)
def it_was_sent_electronically(q: DecisionContext[NamesPaper]) -> bool:
    paper = paper_of(q)
    return paper is None or (paper.electronic and PAPERS[paper.kind].served)


@condition(
    "只凭工作人员也知道的查询码和电话，不能证明是本人签收",
    CIVIL_PROCEDURE_LAW[90],
    CHOSEN_BY_DEPARTMENT,
    todo="可以查看和下载；要在网上签收的，请先设定只有您自己知道的口令，或者当面签收送达回证。",
    about_case=True,
)
def it_is_certainly_them(q: CaseContext) -> bool:
    return not the_petitioner.includes(q.actor, q.facts) or is_certainly_the_petitioner(q)


@dataclass(frozen=True, kw_only=True)
class TakeDelivery(Step):
    """The petitioner opens a paper that was sent electronically: it is served on this day, as with a signed receipt."""

    rule = Rule["TakeDelivery"](
        code=StepCode.TAKE_DELIVERY,
        label="网上签收",
        group="文书",
        cites=(HOUSE_RULES[14], REGULATION[35], CIVIL_PROCEDURE_LAW[90], CHOSEN_BY_DEPARTMENT),
        who=(the_petitioner,),
        when=NOT_YET_ARCHIVED,
        to=(State.SERVED,),
        provided=(it_is_certainly_them, that_paper_is_there, it_is_issued, it_was_sent_electronically),
    )
    paper: int = step_field("文书序号")
    persons: tuple[int, ...] = step_field("收到的信访人（由系统填写）", default=())

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        opinion = latest_opinion(facts)
        if opinion is not None and opinion.number == self.paper and facts.state is State.REPLIED:
            return with_opinion_served(facts, on, on, self.persons)
        return served(facts, self.paper, on, self.persons)

    def says(self, directory: Directory) -> str:
        return f"文书{self.paper}：信访人在网上打开，即日送达"


def may_be_opened(facts: Facts) -> tuple[int, ...]:
    """Return the numbers of the papers that wait for the petitioner to take delivery on the window."""
    return tuple(
        p.number for p in facts.papers if p.stage is PaperStage.ISSUED and p.electronic and PAPERS[p.kind].served
    )
