"""Supervision, recusal, changes of who answers, reports upward, ratings, and what the deadline sweep records."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import (
    a_head_of_the_handling_unit,
    a_leader,
    another_named_officer,
    anyone_concerned,
    the_named_officer,
    the_office,
    the_office_head,
    the_petitioner,
    the_pressed_office,
    the_pressed_unit,
    the_system,
)
from xinfang.procedure.articles import ALL_ARTICLES, HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, step_field

from ..conditions import a_reason_is_given
from ..facts import Actor, Directory, Facts
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..voided import without_a_part_of
from ..words import EVERY_MATTER, OPEN_STATES, PaperKind, State, SupervisionGround
from .oversight import ChangesWhoMayAct, somebody_is_left_to_lead_it_on


@condition("已有未反馈的督办", HOUSE_RULES[5], todo="请等待反馈。", about_case=True)
def no_supervision_is_open(q: CaseContext) -> bool:
    return not q.facts.supervised


@condition(
    "此件尚未交给处室（单位），由办公室办理，办公室不能督办自己",
    HOUSE_RULES[5],
    todo="请先交办；办公室拖延的，由厅领导督办办公室。",
    about_case=True,
)
def nobody_presses_themselves(q: CaseContext) -> bool:
    return q.facts.handed_over_to_unit or a_leader.includes(q.actor, q.facts)


@condition("反馈日期应在今天之后", HOUSE_RULES[5], CHOSEN_BY_DEPARTMENT, todo="不填则为{supervision}后。")
def the_feedback_lies_ahead(q: "DecisionContext[Supervise]") -> bool:
    return bool(q.step.feedback_on is None or q.step.feedback_on > q.today)


@dataclass(frozen=True, kw_only=True)
class Supervise(Step):
    """The office or a leader presses the unit, with a ground and a date; before the hand-over a leader the office."""

    rule = Rule["Supervise"](
        code=StepCode.SUPERVISE,
        label="督办",
        group="监督",
        cites=(HOUSE_RULES[5], REGULATION[14], REGULATION[40]),
        who=(the_office, a_leader),
        when=OPEN_STATES,
        provided=(
            nobody_presses_themselves,
            no_supervision_is_open,
            the_feedback_lies_ahead,
        ),
        papers=(PaperKind.SUPERVISION_LETTER,),
    )
    ground: SupervisionGround = step_field("督办事由")
    text: str = step_field("督办要求", long=True, max=4000)
    feedback_on: date | None = step_field("反馈日期", default=None, help="不填则为{supervision}后")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, supervised=True, office_pressed=not facts.handed_over_to_unit)

    def says(self, directory: Directory) -> str:
        return f"{self.ground.label}：{self.text}"


@condition("没有待反馈的督办", HOUSE_RULES[5], HOUSE_RULES[6], todo="无须反馈。", about_case=True)
def a_supervision_is_open(q: CaseContext) -> bool:
    return q.facts.supervised


@dataclass(frozen=True, kw_only=True)
class AnswerSupervision(Step):
    """Who was pressed reports back: the unit, or the office where the case hadn't been handed over."""

    rule = Rule["AnswerSupervision"](
        code=StepCode.ANSWER_SUPERVISION,
        label="督办反馈",
        group="监督",
        cites=(HOUSE_RULES[5], HOUSE_RULES[6]),
        who=(the_pressed_unit, the_pressed_office),
        when=OPEN_STATES,
        provided=(a_supervision_is_open,),
    )
    text: str = step_field("反馈内容", long=True, max=4000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, supervised=False)

    def says(self, directory: Directory) -> str:
        return self.text


@condition("所填人员不存在", REGULATION[28], todo="请从人员列表中选择。")
def that_person_exists(q: "DecisionContext[Recuse]") -> bool:
    return q.step.person in q.directory.staff


@condition("该人员已经回避", REGULATION[28], todo="无须再次提出。")
def not_recused_yet(q: "DecisionContext[Recuse]") -> bool:
    return q.step.person not in q.facts.recused


@condition(
    "您对同一人员提出的回避已经作出决定（或者已由您收回），不能就同一人员再次提出",
    REGULATION[28],
    CHOSEN_BY_DEPARTMENT,
    todo="有新的事实的，请由其他经办人员或者信访人提出；反复提出会使已经签发的意见书不能印发。",
)
def it_was_not_decided_before(q: "DecisionContext[Recuse]") -> bool:
    if StepCode.RECUSE in q.facts.pending or the_petitioner.includes(q.actor, q.facts):
        return True
    theirs = (h for h in q.facts.history if h.code == StepCode.RECUSE and h.stage == "proposed")
    return not any(h.by in q.actor.codes and h.step.person == q.step.person for h in theirs)


@dataclass(frozen=True, kw_only=True)
class Recuse(ChangesWhoMayAct):
    """Anyone concerned may ask; a superior decides; the recused lose the case at once.

    In the sealed compartment no superior sees the case (N30): they decide by naming another officer, who confirms it.
    """

    rule = Rule["Recuse"](
        code=StepCode.RECUSE,
        label="回避",
        group="监督",
        cites=(REGULATION[28],),
        who=(anyone_concerned,),
        then=(a_leader, the_office_head, another_named_officer),
        when=OPEN_STATES,
        provided=(
            that_person_exists,
            not_recused_yet,
            it_was_not_decided_before,
            somebody_is_left_to_lead_it_on,
            a_reason_is_given,
        ),
        papers=(PaperKind.RECUSAL_DECISION,),
    )
    person: StaffCode = step_field("应当回避的人员")
    reason: str = step_field("利害关系", long=True, max=2000)

    def concerns(self) -> frozenset[StaffCode]:
        return frozenset({self.person})

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        facts = replace(without_a_part_of(facts, self.person), recused=facts.recused | {self.person})
        return self.overseen(facts)

    def says(self, directory: Directory) -> str:
        return f"{directory.staff_name(self.person)}：{self.reason}"


@condition("所选人员不是厅领导，或应当回避", HOUSE_RULES[4], REGULATION[28], todo="请从厅领导名单中另选。")
def the_new_leader_is_fit(q: "DecisionContext[ChangeLeader]") -> bool:
    leader = q.step.leader
    return q.directory.is_leader(leader) and leader not in q.facts.unfit


@dataclass(frozen=True, kw_only=True)
class ChangeLeader(Step):
    """Another leader takes the case: after a recusal, or when somebody leaves office."""

    rule = Rule["ChangeLeader"](
        code=StepCode.CHANGE_LEADER,
        label="改定包案厅领导",
        group="监督",
        cites=(HOUSE_RULES[4], REGULATION[28]),
        who=(the_office_head, a_leader, the_office),
        then=(a_leader, the_office),
        when=(State.INSTRUCTED, State.HANDLING, State.REPLIED, State.SERVED, State.PROPOSED),
        provided=(the_new_leader_is_fit, a_reason_is_given),
    )
    confirmed_when = "由办公室提出的"
    leader: StaffCode = step_field("包案厅领导")
    reason: str = step_field("理由", long=True, max=2000)

    def asks_second_person(self, q: CaseContext) -> bool:
        return not a_leader.includes(q.actor, q.facts)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        if facts.state is State.PROPOSED:
            return replace(facts, proposed_leader=self.leader, awaiting_principal=False)
        return replace(facts, responsible_leader=self.leader)

    def says(self, directory: Directory) -> str:
        return f"{directory.staff_name(self.leader)}：{self.reason}"


@condition(
    "所选人员不在承办处室（单位），或应当回避", HOUSE_RULES[6], REGULATION[28], todo="请从本处室（单位）人员中另选。"
)
def the_new_handler_is_fit(q: "DecisionContext[ChangeHandler]") -> bool:
    person = q.directory.staff.get(q.step.handler)
    return person is not None and q.facts.handling_unit in person.units and q.step.handler not in q.facts.unfit


@dataclass(frozen=True, kw_only=True)
class ChangeHandler(Step):
    """Somebody else of the unit handles it: at the head's word, or when all open work is handed over."""

    rule = Rule["ChangeHandler"](
        code=StepCode.CHANGE_HANDLER,
        label="改派承办人",
        group="监督",
        cites=(HOUSE_RULES[6],),
        who=(a_head_of_the_handling_unit, the_office_head, the_office),
        when=(State.HANDLING, State.REPLIED, State.SERVED, State.CLOSED),
        provided=(the_new_handler_is_fit, a_reason_is_given),
    )
    handler: StaffCode = step_field("承办人")
    reason: str = step_field("理由", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        after = replace(facts, handler=self.handler)
        if facts.review_of is None:
            return after
        # Who reviews in place of the first reviewer.
        others = tuple(r for r in facts.review_of.reviewers if r not in (facts.handler, self.handler))
        return replace(after, review_of=replace(facts.review_of, reviewers=(self.handler, *others)))

    def says(self, directory: Directory) -> str:
        return f"{directory.staff_name(self.handler)}：{self.reason}"


@condition(
    "此件还没有答复、办结，不能报送办结报告",
    REGULATION[22],
    todo="请先答复信访人并办结；中途报送进展的，不要选“这是办结报告”。",
)
def it_is_concluded(q: "DecisionContext[ReportUp]") -> bool:
    f = q.facts
    return not q.step.completion or f.state not in OPEN_STATES or f.replied_on is not None


@dataclass(frozen=True, kw_only=True)
class ReportUp(Step):
    """What was sent up: to the regional bureau or the authority that handed it down (办结报告)."""

    rule = Rule["ReportUp"](
        code=StepCode.REPORT_UP,
        label="报送",
        group="监督",
        cites=(HOUSE_RULES[5], HOUSE_RULES[12], REGULATION[22]),
        who=(the_office, the_named_officer),
        when=EVERY_MATTER,
        provided=(it_is_concluded,),
        papers=(PaperKind.REPORT_PACKAGE,),
    )
    when_field = "reported_on"
    body: str = step_field("报送到")
    external_number: str = step_field("对方编号", default="")
    completion: bool = step_field("这是办结报告", default=False)
    reported_on: date | None = step_field("报送日期", default=None)
    text: str = step_field("内容", default="", long=True)

    def says(self, directory: Directory) -> str:
        return f"{'办结报告，' if self.completion else ''}{self.body} {self.external_number}"


@dataclass(frozen=True, kw_only=True)
class Warn(Step):
    """The sweep told the people concerned that a limit comes near."""

    rule = Rule["Warn"](
        code=StepCode.WARN,
        label="临期提醒",
        group="监督",
        cites=(HOUSE_RULES[5], REGULATION[34]),
        who=(the_system,),
        when=EVERY_MATTER,
    )
    clock: str = step_field("期限", plain=True)
    due: date = step_field("到期日")
    level: str = step_field("提醒层级", plain=True)

    def says(self, directory: Directory) -> str:
        return f"{self.level}，{self.due} 到期"


@dataclass(frozen=True, kw_only=True)
class MarkOverdue(Step):
    """The sweep found a limit passed; it stays on record whatever is done later."""

    rule = Rule["MarkOverdue"](
        code=StepCode.MARK_OVERDUE,
        label="记录逾期",
        group="监督",
        cites=(HOUSE_RULES[5], REGULATION[44], REGULATION[45]),
        who=(the_system,),
        when=EVERY_MATTER,
    )
    clock: str = step_field("期限", plain=True)
    due: date = step_field("到期日")

    def says(self, directory: Directory) -> str:
        return f"{self.due} 到期未办"


@dataclass(frozen=True, kw_only=True)
class Escalate(Step):
    """The sweep told the principal leader that a limit is long overdue, or a supervision unanswered."""

    rule = Rule["Escalate"](
        code=StepCode.ESCALATE,
        label="报厅主要领导",
        group="监督",
        cites=(HOUSE_RULES[5], CHOSEN_BY_DEPARTMENT),
        who=(the_system,),
        when=EVERY_MATTER,
    )
    clock: str = step_field("期限", plain=True)
    due: date = step_field("到期日")
    why: str = step_field("原因", plain=True)
    told: tuple[StaffCode, ...] = step_field("已告知", default=())

    def says(self, directory: Directory) -> str:
        names = "、".join(directory.staff_name(code) for code in self.told)
        return f"{self.why}，{f'已告知{names}' if names else '没有可以告知的厅主要领导（未任命或应当回避）'}"


@dataclass(frozen=True, kw_only=True)
class RecomputeDeadline(Step):
    """A published schedule moved a date; the old and the new one stay on record."""

    rule = Rule["RecomputeDeadline"](
        code=StepCode.RECOMPUTE_DEADLINE,
        label="期限重算",
        group="监督",
        cites=(ALL_ARTICLES["C203"],),
        who=(the_system,),
        when=EVERY_MATTER,
    )
    clock: str = step_field("期限", plain=True)
    was: date = step_field("原到期日")
    due: date = step_field("现到期日")
    why: str = step_field("原因", plain=True)

    def says(self, directory: Directory) -> str:
        return f"{self.was} → {self.due}（{self.why}）"
