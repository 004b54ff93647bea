"""What is done for the petitioner beside the answer: visits, help, explanation (H6, H13; N27, N28, N32, N37).

Records of what somebody did, when and how. They stop no clock, change no right, and are a condition of nothing.
"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from xinfang.procedure.actor_rules import a_leader, an_involved_unit, reception, the_office
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..facts import Directory
from ..people_words import AssistanceKind
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..words import EVERY_MATTER, OPEN_STATES, State
from .rating import something_was_told


class NamesRequest(Protocol):
    """A step that may say which request it is about."""

    @property
    def request(self) -> int | None: ...


@condition("没有这一项诉求", CHOSEN_BY_DEPARTMENT, todo="请选择是哪一项诉求；不限于某一项的不选。")
def that_request_is_there(q: DecisionContext[NamesRequest]) -> bool:
    return q.step.request is None or any(r.number == q.step.request for r in q.facts.requests)


@condition(
    "回访由没有承办此件的人员进行",
    CHOSEN_BY_DEPARTMENT,
    todo="请由办公室或者本处室（单位）的其他人员回访。",
    about_case=True,
)
def who_visits_did_not_handle_it(q: CaseContext) -> bool:
    return q.facts.handler not in q.actor.codes


_NEVER_TOLD = (State.HANDED_OVER, State.HISTORY, State.RETURNED)
_STILL_WORKED_ON = tuple(s for s in OPEN_STATES if s not in (State.REPLIED, State.SERVED))
AFTER_BEING_TOLD = tuple(s for s in EVERY_MATTER if s not in (*_STILL_WORKED_ON, *_NEVER_TOLD))
IN_ANY_STATE = tuple(s for s in EVERY_MATTER if s not in (State.HANDED_OVER, State.HISTORY))


def _about(request: int | None) -> str:
    return f"诉求{request}，" if request else ""


@dataclass(frozen=True, kw_only=True)
class FollowUp(Step):
    """Who did not handle the matter asks afterwards: did the paper arrive, was it carried out, what remains."""

    rule = Rule["FollowUp"](
        code=StepCode.FOLLOW_UP,
        label="回访",
        group="回访帮扶",
        cites=(HOUSE_RULES[6], REGULATION[32], CHOSEN_BY_DEPARTMENT),
        who=(the_office, an_involved_unit),
        when=AFTER_BEING_TOLD,
        provided=(something_was_told, who_visits_did_not_handle_it, that_request_is_there),
    )
    when_field = "visited_on"
    visited_on: date | None = step_field("回访日期", default=None)
    place: str = step_field("方式和地点", help="如：电话、上门、信访接待室")
    who_was_there: str = step_field("参加人员")
    request: int | None = step_field("哪一项诉求（序号）", default=None)
    arrived: bool = step_field("已收到书面告知（意见书），知道复查的权利和期限", default=False)
    said: str = step_field("信访人的意见", long=True, max=4000, help="如实记录，不引导、不评价；不询问满意与否")
    carried_out: str = step_field("予以支持的诉求执行情况", default="", long=True, max=2000)
    further: str = step_field("后续处理", default="", long=True, max=2000)

    def says(self, directory: Directory) -> str:
        return f"{_about(self.request)}{self.place}：{self.said}"


@dataclass(frozen=True, kw_only=True)
class GiveAssistance(Step):
    """Who lives in hardship is told where to ask for help, helped to ask, or helped."""

    rule = Rule["GiveAssistance"](
        code=StepCode.GIVE_ASSISTANCE,
        label="帮扶救助",
        group="回访帮扶",
        cites=(HOUSE_RULES[13], REGULATION[27], REGULATION[37]),
        who=(the_office, an_involved_unit),
        when=IN_ANY_STATE,
        provided=(that_request_is_there,),
    )
    when_field = "done_on"
    done_on: date | None = step_field("日期", default=None)
    kind: AssistanceKind = step_field("帮扶救助方式")
    place: str = step_field("方式和地点", help="如：当面告知、陪同前往某社区")
    request: int | None = step_field("哪一项诉求（序号）", default=None)
    body: str = step_field("救助机关、机构", default="", help="受理社会救助申请的机关或者机构")
    text: str = step_field(
        "困难情况和帮扶经过", long=True, max=4000, help="写事实；不作为办理结论，也不以停止信访为条件"
    )

    def says(self, directory: Directory) -> str:
        body = f"（{self.body}）" if self.body else ""
        return f"{_about(self.request)}{self.kind.label}{body}，{self.place}：{self.text}"


@dataclass(frozen=True, kw_only=True)
class Counsel(Step):
    """Somebody explains to the petitioner what was decided and why, and listens; nobody is asked for a promise."""

    rule = Rule["Counsel"](
        code=StepCode.COUNSEL,
        label="疏导教育",
        group="回访帮扶",
        cites=(HOUSE_RULES[2], HOUSE_RULES[6], HOUSE_RULES[11], REGULATION[28], REGULATION[32], REGULATION[37]),
        who=(the_office, an_involved_unit, a_leader, reception),
        when=IN_ANY_STATE,
        provided=(that_request_is_there,),
    )
    when_field = "done_on"
    done_on: date | None = step_field("日期", default=None)
    place: str = step_field("方式和地点", help="如：信访接待室、电话、上门")
    who_was_there: str = step_field("参加人员")
    request: int | None = step_field("哪一项诉求（序号）", default=None)
    text: str = step_field(
        "疏导的经过",
        long=True,
        max=4000,
        help="解释了什么政策、依据和理由，信访人怎样说；不得要求作出不再信访的保证，不影响复查、复核的权利",
    )

    def says(self, directory: Directory) -> str:
        return f"{_about(self.request)}{self.place}：{self.text}"
