"""What is done and recorded where it happens (H11, H15–H18, N20, N26, N47).

Who comes, how many there are, what is registered, seen and decided.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.incidents.reporting import ALL_WHO_ATTEND, the_number_of_people_can_be, with_links_confirmed
from xinfang.procedure.incidents.words import ForbiddenAct, IncidentAnswer
from xinfang.procedure.step_schema import UnitCode, step_field

from ..facts import Actor, Directory
from ..limits import REPRESENTATIVES
from ..rules import condition
from ..words import Role
from .facts import IncidentFacts, Presence
from .kinds import LEADERS, OFFICE, UNITS
from .rules import EventContext, IncidentQuestion, IncidentStep, IncidentStepRule


@condition("没有这个处室（单位）", HOUSE_RULES[15], todo="请从列表中选择。")
def that_unit_exists(q: "IncidentQuestion[CallIn]") -> bool:
    return q.step.unit in q.directory.units


@dataclass(frozen=True, kw_only=True)
class CallIn(IncidentStep):
    """The unit whose matter it is comes too: reception is joint (H15)."""

    rule = IncidentStepRule["CallIn"](
        code="call_in",
        label="请处室（单位）到场",
        cites=(HOUSE_RULES[15],),
        roles=(*OFFICE, *LEADERS),
        provided=(that_unit_exists,),
    )
    unit: UnitCode = step_field("处室（单位）")

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        return replace(facts, units=facts.units | {self.unit})

    def says(self, directory: Directory) -> str:
        return directory.unit_name(self.unit)


def _presence(facts: IncidentFacts, by: Actor, role: Role) -> tuple[Presence, tuple[Presence, ...]]:
    own = next((p for p in facts.present if p.person == by.code), Presence(by.code, role))
    return own, tuple(p for p in facts.present if p.person != by.code)


@condition("您已到场", HOUSE_RULES[16], todo="无须再次填报。", about_case=True)
def not_there_yet(q: EventContext) -> bool:
    return not any(p.person == q.actor.code and p.there_at for p in q.facts.present)


@condition("您已填报在路上", HOUSE_RULES[16], todo="到场后请填报“已到场”。", about_case=True)
def not_on_the_way_yet(q: EventContext) -> bool:
    return not any(p.person == q.actor.code for p in q.facts.present)


@dataclass(frozen=True, kw_only=True)
class SetOut(IncidentStep):
    """Somebody is on the way (H16)."""

    rule = IncidentStepRule["SetOut"](
        code="set_out",
        label="正在赶往现场",
        cites=(HOUSE_RULES[16],),
        roles=ALL_WHO_ATTEND,
        provided=(not_on_the_way_yet,),
    )

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        own, others = _presence(facts, by, role)
        return replace(facts, present=(*others, replace(own, coming_at=at)))


@dataclass(frozen=True, kw_only=True)
class Arrive(IncidentStep):
    """Somebody is there (H15, H16)."""

    rule = IncidentStepRule["Arrive"](
        code="arrive",
        label="已到场",
        cites=(HOUSE_RULES[15], HOUSE_RULES[16]),
        roles=ALL_WHO_ATTEND,
        provided=(not_there_yet,),
    )

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        own, others = _presence(facts, by, role)
        return replace(facts, present=(*others, replace(own, there_at=at)))


@dataclass(frozen=True, kw_only=True)
class AddNote(IncidentStep):
    """What somebody saw or did, in their words; after the end it says that it was added."""

    rule = IncidentStepRule["AddNote"](
        code="note", label="现场情况", cites=(HOUSE_RULES[11], HOUSE_RULES[16]), roles=ALL_WHO_ATTEND, afterwards=True
    )
    text: str = step_field("情况", long=True, private=True, max=4000, help="只写看到的事实和所做的事，不评价来访人员")

    def says(self, directory: Directory) -> str:
        return self.text


@dataclass(frozen=True, kw_only=True)
class CountPeople(IncidentStep):
    """How many there are now."""

    rule = IncidentStepRule["CountPeople"](
        code="count_people",
        label="人数",
        cites=(HOUSE_RULES[15],),
        roles=ALL_WHO_ATTEND,
        provided=(the_number_of_people_can_be,),
    )
    people: int = step_field("现有大约人数")

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        return replace(facts, people=self.people)

    def says(self, directory: Directory) -> str:
        return f"约{self.people}人"


@dataclass(frozen=True, kw_only=True)
class SetPlace(IncidentStep):
    """The place of the event, or where it has moved to."""

    rule = IncidentStepRule["SetPlace"](code="set_place", label="地点", cites=(HOUSE_RULES[16],), roles=ALL_WHO_ATTEND)
    place: str = step_field("现在的地点", max=60)

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        return replace(facts, place=self.place)

    def says(self, directory: Directory) -> str:
        return self.place


@condition(f"代表应为 1 至 {REPRESENTATIVES}", REGULATION[20], todo="请向来访人员说明，由其自行推选代表。")
def as_many_representatives_as_the_law_allows(q: "IncidentQuestion[ChooseRepresentatives]") -> bool:
    return bool(1 <= q.step.representatives <= REPRESENTATIVES.on(q.today).value)


@dataclass(frozen=True, kw_only=True)
class ChooseRepresentatives(IncidentStep):
    """The visitors chose who speaks for them; who they are is written in the registered matters only (N20)."""

    rule = IncidentStepRule["ChooseRepresentatives"](
        code="choose_representatives",
        label="推选代表",
        cites=(REGULATION[20],),
        roles=(*OFFICE, Role.RECEPTION, *UNITS),
        provided=(as_many_representatives_as_the_law_allows,),
    )
    representatives: int = step_field("代表人数")

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        return replace(facts, representatives=self.representatives)

    def says(self, directory: Directory) -> str:
        return f"推选代表{self.representatives}人"


@condition("此件已与本次事件关联", HOUSE_RULES[16], todo="无须再次关联。")
def not_linked_yet(q: "IncidentQuestion[RegisterOnTheSpot]") -> bool:
    return q.step.number not in q.facts.petitions


@dataclass(frozen=True, kw_only=True)
class RegisterOnTheSpot(IncidentStep):
    """A matter raised there was registered, each apart (H16)."""

    rule = IncidentStepRule["RegisterOnTheSpot"](
        code="register_on_the_spot",
        label="现场登记",
        cites=(HOUSE_RULES[16], REGULATION[19]),
        roles=(*OFFICE, Role.RECEPTION),
        provided=(not_linked_yet,),
        afterwards=True,
    )
    number: str = step_field("信访件编号", max=20)

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        return replace(facts, petitions=(*facts.petitions, self.number))

    def says(self, directory: Directory) -> str:
        return self.number


@dataclass(frozen=True, kw_only=True)
class AddPicture(IncidentStep):
    """A picture of the place; its content is kept encrypted, its hash is recorded here."""

    rule = IncidentStepRule["AddPicture"](
        code="add_picture", label="现场照片", cites=(HOUSE_RULES[16],), roles=ALL_WHO_ATTEND, afterwards=True
    )
    digest: str = step_field("内容的 SM3 摘要", max=64)
    kind: str = step_field("文件类型", max=10)

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        return replace(facts, pictures=(*facts.pictures, self.digest))

    def says(self, directory: Directory) -> str:
        return f"SM3 {self.digest[:12]}…"


@dataclass(frozen=True, kw_only=True)
class RecordAct(IncidentStep):
    """An act against N26: the fact, who saw it, what was done. Coming again, or coming often, is none.

    Staff dissuade, criticise or explain (N47); where there is danger the police may be asked at once (H17).
    """

    rule = IncidentStepRule["RecordAct"](
        code="record_act",
        label="记录扰乱秩序的行为",
        cites=(HOUSE_RULES[17], HOUSE_RULES[18], REGULATION[26], REGULATION[47]),
        roles=(*OFFICE, Role.RECEPTION),
    )
    act: ForbiddenAct = step_field("对应条例第二十六条")
    text: str = step_field(
        "事实", long=True, private=True, max=4000, help="何时、何地、何种行为；多次来访本身不是违规行为"
    )
    witness: str = step_field("在场见证的工作人员", private=True, max=100)
    answer: IncidentAnswer = step_field(
        "所采取的做法",
        help="能够劝阻、批评、教育的应当先行劝阻、批评、教育；有危险的立即商请公安机关，不以劝阻为前提",
    )

    def says(self, directory: Directory) -> str:
        return f"{self.act.label}；{self.answer.label}；见证：{self.witness}。{self.text}"


@dataclass(frozen=True, kw_only=True)
class InstructIncident(IncidentStep):
    """What a leader says is to be done (H16)."""

    rule = IncidentStepRule["InstructIncident"](
        code="instruct", label="厅领导指示", cites=(HOUSE_RULES[16],), roles=LEADERS
    )
    text: str = step_field("指示", long=True, private=True, max=2000)

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        return with_links_confirmed(facts, (Role.LEADER,), by.code, at)

    def says(self, directory: Directory) -> str:
        return self.text


ON_SITE: tuple[type[IncidentStep], ...] = (
    CallIn,
    SetOut,
    Arrive,
    AddNote,
    CountPeople,
    SetPlace,
    ChooseRepresentatives,
    RegisterOnTheSpot,
    AddPicture,
    RecordAct,
    InstructIncident,
)
