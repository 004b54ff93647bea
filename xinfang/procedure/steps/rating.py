"""The petitioner's own word on how the matter was handled: given once, by them, and changed by nobody (N21)."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import a_leader, reception, the_office, the_petitioner
from xinfang.procedure.articles import REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import holds_proof, is_the_petitioners_own
from ..facts import Actor, Directory, Facts
from ..people_words import DissatisfactionReason
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..words import EVERY_MATTER, Material, ReplyStage, Role, State

RATINGS = {0: "满意", 1: "基本满意", 3: "不满意"}
"""What can be said, by the number that the regional system keeps of it; a higher one is worse."""
NOT_SATISFIED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRating:
    """What the petitioner says of how one request was handled."""

    request: int = step_field("诉求序号")
    rating: int = step_field("对承办单位", help="0 满意 1 基本满意 3 不满意")
    why: DissatisfactionReason | None = step_field("不满意的原因", default=None)


def rateable_requests(facts: Facts) -> tuple[int, ...]:
    """Return the requests that the petitioner was answered on, each of which is rated apart; none before the service.

    A suggestion, a question and a notice are answered as a whole.
    """
    answered = facts.served_on is not None and facts.reply_stage is ReplyStage.ISSUED
    return tuple(r.number for r in facts.requests if r.concluded) if answered else ()


@condition("已经评价过，评价不能修改", REGULATION[21], CHOSEN_BY_DEPARTMENT, todo="无须再次评价。", about_case=True)
def not_rated_yet(q: CaseContext) -> bool:
    return not q.facts.rated


@condition("意见书或告知书送达之后才能评价", REGULATION[21], todo="请在收到书面告知后评价。", about_case=True)
def something_was_told(q: CaseContext) -> bool:
    return q.facts.noticed_on is not None or q.facts.served_on is not None


@condition("评价应在 0 满意、1 基本满意、3 不满意 中选择", REGULATION[21], CHOSEN_BY_DEPARTMENT, todo="请选择。")
def the_rating_is_one(q: "DecisionContext[Rate]") -> bool:
    given = (q.step.office_rating, q.step.unit_rating, *(r.rating for r in q.step.requests))
    return all(rating in RATINGS for rating in given)


@condition(
    "逐项评价与意见书答复的诉求不符：本人评价的每项评价一次，凭评价表登记的照表填写，没有答复的诉求不评价",
    REGULATION[21],
    CHOSEN_BY_DEPARTMENT,
    todo="请核对诉求序号；意见书送达以前、没有逐项答复的，只作总的评价。",
)
def each_answered_request_is_rated_once(q: "DecisionContext[Rate]") -> bool:
    rated, may = [r.request for r in q.step.requests], rateable_requests(q.facts)
    fits = len(set(rated)) == len(rated) and set(rated) <= set(may)
    return fits and (set(rated) == set(may) or not is_the_petitioners_own(q, StepCode.RATE))


@condition(
    "逐项评价的，对承办单位的评价以其中最低的一项计",
    REGULATION[21],
    CHOSEN_BY_DEPARTMENT,
    todo="请按最低的一项填写：一项不满意的，统计时不算满意。",
)
def the_unit_is_rated_by_its_worst(q: "DecisionContext[Rate]") -> bool:
    own = is_the_petitioners_own(q, StepCode.RATE)
    return not (own and q.step.requests) or q.step.unit_rating == max(r.rating for r in q.step.requests)


@condition(
    "没有评为不满意的，不填写不满意的原因",
    CHOSEN_BY_DEPARTMENT,
    todo="请核对评价，或者删去原因；其他意见写在“说明”中。",
)
def a_reason_is_one_of_dissatisfaction(q: "DecisionContext[Rate]") -> bool:
    requests = all(r.why is None or r.rating == NOT_SATISFIED for r in q.step.requests)
    return requests and (not q.step.why or NOT_SATISFIED in (q.step.office_rating, q.step.unit_rating))


@condition(
    "代为登记评价，须附信访人本人签名的评价表",
    REGULATION[21],
    CHOSEN_BY_DEPARTMENT,
    todo="请先将评价表扫描添加为附件，材料种类选“信访人本人的申请（撤回、评价等）”，再在此选择。"
    "没有评价表的，不得代为评价。",
)
def the_sheet_that_they_signed_is_attached(q: "DecisionContext[Rate]") -> bool:
    return is_the_petitioners_own(q, StepCode.RATE) or holds_proof(q)


@condition(
    "承办、协办处室（单位）的人员不得登记对本单位的评价",
    REGULATION[28],
    CHOSEN_BY_DEPARTMENT,
    todo="请将评价表交办公室（由办公室承办的，交接待登记人员）登记。",
    about_case=True,
)
def nobody_rates_their_own_work(q: CaseContext) -> bool:
    return not q.facts.units & q.actor.units(Role.HANDLER, Role.UNIT_HEAD)


@dataclass(frozen=True, kw_only=True)
class Rate(Step):
    """The petitioner's own word, of the office once and of the unit request by request; nobody asks for or edits it.

    What they wrote on paper is entered for them by two persons, from the sheet that they signed; the first word counts.
    """

    rule = Rule["Rate"](
        code=StepCode.RATE,
        label="评价",
        group="监督",
        cites=(REGULATION[21],),
        who=(the_petitioner, the_office, reception),
        then=(the_office, a_leader),
        when=tuple(s for s in EVERY_MATTER if s is not State.REGISTERED),
        provided=(
            something_was_told,
            not_rated_yet,
            nobody_rates_their_own_work,
            the_rating_is_one,
            each_answered_request_is_rated_once,
            the_unit_is_rated_by_its_worst,
            a_reason_is_one_of_dissatisfaction,
            the_sheet_that_they_signed_is_attached,
        ),
    )
    when_field = "rated_on"
    confirmed_when = "凭信访人签名的评价表代为登记的"
    proof = (Material.PETITIONERS_WORDS,)
    office_rating: int = step_field("对办公室", help="0 满意 1 基本满意 3 不满意")
    unit_rating: int = step_field(
        "对承办单位", help="0 满意 1 基本满意 3 不满意；信访人逐项评价的，以最低的一项计；凭评价表登记的，照表填写"
    )
    requests: tuple[RequestRating, ...] = step_field("逐项评价", default=())
    why: tuple[DissatisfactionReason, ...] = step_field("不满意的原因", default=(), help="信访人说明的才填写，可以多选")
    text: str = step_field("说明", default="", long=True, max=2000, help="照评价表所写，不改写、不概括")
    rated_on: date | None = step_field("评价日期", default=None, help="评价表上的日期")
    attachment: int | None = step_field("评价表（附件序号）", default=None)

    def asks_second_person(self, q: CaseContext) -> bool:
        return not the_petitioner.includes(q.actor, q.facts)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, rated=True)

    def says(self, directory: Directory) -> str:
        given = f"对办公室{RATINGS.get(self.office_rating, '')}，对承办单位{RATINGS.get(self.unit_rating, '')}"
        source = f"（凭附件{self.attachment}评价表代为登记）" if self.attachment else "（信访人本人评价）"
        each = "".join(f"，诉求{r.request}{RATINGS.get(r.rating, '')}" for r in self.requests)
        told = "、".join(dict.fromkeys(w.label for w in (*self.why, *(r.why for r in self.requests)) if w))
        words = "。".join(part for part in (told, self.text) if part)
        return f"{given}{each}{source}{f'：{words}' if words else ''}"
