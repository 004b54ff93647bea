"""奖惩 (H19, H20): what may be recorded of people's decisions about a unit or a member of staff, and who confirms it.

The system records; it decides nothing. There is no score, no ranking, no count for a person and no target from which
one could be made: docs/security.md and tests/repository/test_never_built.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_schema import StaffCode, UnitCode, step_field

from .facts import NO_UNIT, NOBODY, Actor
from .personnel_words import DecisionKind, DisciplineGround
from .rules import DecisionContext, Reason, condition
from .visibility import DecisionFacts, DecisionStage
from .words import Role

RECORDS_DECISIONS = (Role.OFFICE_HEAD,)
CONFIRMS_DECISIONS = (Role.LEADER, Role.PRINCIPAL_LEADER)


@dataclass(frozen=True, kw_only=True)
class RecordedDecision:
    """What the head of the office writes down of a decision. All of it is kept encrypted but the day."""

    kind: DecisionKind = step_field("种类")
    unit: UnitCode = step_field("有关处室（单位）", default=NO_UNIT, help="单位和人员只选一项")
    person: StaffCode = step_field("有关人员", default=NOBODY)
    ground: DisciplineGround | None = step_field(
        "追责情形", default=None, help="条例第四十二条至第四十六条中的一项；由有权机关认定，系统不作认定"
    )
    basis: str = step_field("依据", max=500, help="有关规定的名称和条款，如：某某办法第几条")
    body: str = step_field("决定机关", help="作出决定的机关、单位或会议")
    decided_on: date = step_field("决定日期")
    document_number: str = step_field("决定文号", max=60)
    outcome: str = step_field(
        "决定的内容", max=500, help="如：通报表扬；责令改正；诫勉。处分由有权机关依规依纪依法作出"
    )
    text: str = step_field("事由和说明", long=True, max=4000)
    about: str = step_field("有关信访事项或事件的编号", default="", max=20, help="没有可不填；只能填您能看到的")
    corrects: str = step_field("更正的记录", default="", max=20, help="只在更正时填写，如：JC2026-0001")
    reason: str = step_field("更正理由", default="", long=True, max=2000)


@dataclass(frozen=True, kw_only=True)
class DecisionContextFacts:
    """What the records know of what was written.

    Whether the petition or event can be seen, and which decision is corrected.
    """

    about_seen: bool = True
    corrected: DecisionFacts | None = None
    corrected_already: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionQuestion(DecisionContext[RecordedDecision]):
    """A question about a decision: `step` is what was recorded."""

    given: DecisionContextFacts = field(default_factory=DecisionContextFacts)


@condition(
    "须选定一个处室（单位）或者一名人员，只选一项",
    HOUSE_RULES[19],
    HOUSE_RULES[20],
    todo="请从列表中选择；涉及几个的分别记录。",
)
def one_unit_or_one_person(q: DecisionQuestion) -> bool:
    """Tell whether the decision names a unit or a person, and not both."""
    return bool(q.step.unit) != bool(q.step.person)


@condition("列表中没有所选的处室（单位）或人员", HOUSE_RULES[19], HOUSE_RULES[20], todo="请从列表中选择。")
def it_concerns_somebody_here(q: DecisionQuestion) -> bool:
    """Tell whether the unit or the person is the department's."""
    unit_known = not q.step.unit or q.step.unit in q.directory.units
    return unit_known and (not q.step.person or q.step.person in q.directory.staff)


@condition("不能记录、确认涉及您本人的决定", REGULATION[28], todo="请由代行人员或另一位有权人员办理。")
def it_does_not_concern_the_writer(q: DecisionQuestion) -> bool:
    """Tell whether it is about somebody else than the person who records or confirms it (N28)."""
    return q.step.person not in q.actor.codes


@condition("决定日期在今天之后", CHOSEN_BY_DEPARTMENT, todo="请填写决定作出的日期；尚未作出的决定不能记录。")
def it_was_decided(q: DecisionQuestion) -> bool:
    """Tell whether it was decided already: today (Asia/Shanghai) or before."""
    return bool(q.step.decided_on <= q.today)


@condition(
    "追责问责须写明是条例第四十二条至第四十六条中的哪一项",
    HOUSE_RULES[20],
    *(REGULATION[n] for n in range(42, 47)),
    todo="请选择追责情形；不属于其中任何一项的，不是本规程所说的追责。",
)
def discipline_names_its_ground(q: DecisionQuestion) -> bool:
    """Tell whether discipline names its ground of articles 42 to 46."""
    return q.step.kind is not DecisionKind.DISCIPLINE or q.step.ground is not None


@condition("表扬奖励不填追责情形", HOUSE_RULES[19], todo="请清空“追责情形”，或者改选种类。")
def commendation_names_none(q: DecisionQuestion) -> bool:
    """Tell whether a commendation is without a ground of discipline."""
    return q.step.kind is not DecisionKind.COMMENDATION or q.step.ground is None


@condition("没有找到这件信访事项或事件", HOUSE_RULES[19], HOUSE_RULES[20], todo="请填写您能看到的完整编号，或者不填。")
def what_it_is_about_is_seen(q: DecisionQuestion) -> bool:
    """Tell whether the writer can see the petition or event that it is about, if it names one."""
    return not q.step.about or q.given.about_seen


@condition(
    "没有找到要更正的记录，或者它未经确认",
    CHOSEN_BY_DEPARTMENT,
    todo="请核对编号；未确认的由确认人写明“不同意”。",
)
def what_is_corrected_stands(q: DecisionQuestion) -> bool:
    """Tell whether the decision that it corrects exists and is confirmed, if it corrects one."""
    old = q.given.corrected
    return not q.step.corrects or (old is not None and old.stage is DecisionStage.CONFIRMED)


@condition("这条记录已被另一条更正", CHOSEN_BY_DEPARTMENT, todo="请更正最新的那一条。")
def it_was_not_corrected_before(q: DecisionQuestion) -> bool:
    """Tell whether no other decision corrects the same one."""
    return not q.given.corrected_already


@condition(
    "更正须写明理由，只有更正才填写理由",
    CHOSEN_BY_DEPARTMENT,
    todo="请写明原记录错在哪里；不是更正的不填。",
)
def a_correction_says_why(q: DecisionQuestion) -> bool:
    """Tell whether a correction gives its reason, and nothing else gives one."""
    return bool(q.step.corrects) == bool(q.step.reason)


CONDITIONS = (
    one_unit_or_one_person,
    it_concerns_somebody_here,
    it_does_not_concern_the_writer,
    it_was_decided,
    discipline_names_its_ground,
    commendation_names_none,
    what_it_is_about_is_seen,
    what_is_corrected_stands,
    it_was_not_corrected_before,
    a_correction_says_why,
)


def _wrong_person(verb: str, roles: Sequence[Role]) -> Reason:
    names = "、".join(r.label for r in roles)
    return Reason(
        f"奖惩决定由{names}{verb}，您目前没有这项职责",
        (HOUSE_RULES[19], HOUSE_RULES[20]),
        f"请交由{names}办理。",
        "who",
    )


def why_not_recorded(question: DecisionQuestion) -> list[Reason]:
    """Return every reason why this may not be recorded by this person; empty where it may."""
    reasons = [] if question.actor.has(*RECORDS_DECISIONS) else [_wrong_person("记录", RECORDS_DECISIONS)]
    return reasons + [Reason(c.says, c.cites, c.todo, c.code) for c in CONDITIONS if not c.holds(question)]


def why_not_confirmed(decision: DecisionFacts, actor: Actor, *, agree: bool, opinion: str) -> list[Reason]:
    """Return every reason why this person may not confirm or reject a recorded decision; empty where they may."""
    cites, reasons = (HOUSE_RULES[19], HOUSE_RULES[20], CHOSEN_BY_DEPARTMENT), []
    if not actor.has(*CONFIRMS_DECISIONS):
        reasons.append(_wrong_person("确认", CONFIRMS_DECISIONS))
    if decision.by == actor.code:
        reasons.append(Reason("这项决定是您本人记录的，须由另一人确认", cites, "请由一位厅领导确认。", "second_person"))
    if decision.person in actor.codes and decision.person:
        c = it_does_not_concern_the_writer
        reasons.append(Reason(c.says, c.cites, c.todo, c.code))
    if decision.stage is not DecisionStage.WAITING:
        reasons.append(Reason("这条记录已经办理，不能再确认", cites, "有错误的请另记一条更正。", "when"))
    if not agree and not opinion:
        reasons.append(Reason("不同意时必须写明理由", cites, "请填写意见。", "a_reason_is_given"))
    return reasons
