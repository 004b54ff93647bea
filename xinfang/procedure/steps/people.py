"""Somebody who brought the matter dies, or ceases to be: the matter goes on, with those who take their place.

Neither text speaks of it. N23 and N32 owe an answer to what was asked, and not to who lives; that relatives, or the
body that took over the rights, go on is borrowed from the law on administrative reconsideration.
"""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import (
    a_handler,
    another_named_officer,
    reception,
    the_named_officer,
    the_office,
)
from xinfang.procedure.articles import REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import holds_proof
from ..facts import Actor, Directory, Facts
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..words import OPEN_STATES, Material, PersonRole, State


@condition(
    "没有登记信访人，或者登记的信访人都已登记死亡（终止）", REGULATION[17], todo="请核对信访人名单。", about_case=True
)
def somebody_is_alive(q: CaseContext) -> bool:
    return len(q.facts.deceased) < len(q.facts.persons)


@condition("没有这一位信访人，或者已经登记死亡（终止）", CHOSEN_BY_DEPARTMENT, todo="请选择是哪一位信访人。")
def that_person_is_alive(q: "DecisionContext[RecordDeath]") -> bool:
    person = q.step.person
    return 1 <= person <= len(q.facts.persons) and person not in q.facts.deceased


@condition(
    "登记死亡（终止）须附证明：死亡证明、户籍注销证明、注销登记等",
    CHOSEN_BY_DEPARTMENT,
    todo="请先添加为附件，材料种类选“证据材料”或“其他机关的来函、文书”，再在此选择。",
)
def the_death_is_proven(q: "DecisionContext[RecordDeath]") -> bool:
    return holds_proof(q)


@dataclass(frozen=True, kw_only=True)
class RecordDeath(Step):
    """One of those who brought the matter has died, or the organisation was dissolved: it ends nothing.

    How to reach them is kept from here on only in the history. Who goes on joins by 补充, with the proof of standing.
    """

    rule = Rule["RecordDeath"](
        code=StepCode.RECORD_DEATH,
        label="登记信访人死亡（终止）",
        group="来件",
        cites=(CHOSEN_BY_DEPARTMENT,),
        who=(reception, the_office, a_handler, the_named_officer),
        then=(the_office, another_named_officer),
        when=(*OPEN_STATES, State.CLOSED, State.ANSWERED),
        provided=(somebody_is_alive, that_person_is_alive, the_death_is_proven),
    )
    proof = (Material.EVIDENCE, Material.OTHER_BODYS_PAPER)
    person: int = step_field("哪一位信访人（序号）")
    died_on: date | None = step_field("死亡（终止）日期", default=None, help="照证明填写；不详的不填")
    attachment: int | None = step_field("证明（附件序号）", default=None)
    text: str = step_field(
        "联系近亲属（权利承受人）的情况",
        long=True,
        max=2000,
        help="由谁继续、如何联系，或者正在寻找；确定后办理“补充”，增加身份为“近亲属（权利承受人）”的人员",
    )

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        people = tuple(
            replace(p, phone="", address="", id_number="") if place == self.person else p
            for place, p in enumerate(facts.persons, 1)
        )
        # Who agreed to be written to electronically may be the one who died.
        others = facts.electronic_persons - {self.person}
        since = facts.electronic_since if others else None
        return replace(
            facts,
            persons=people,
            deceased=(*facts.deceased, self.person),
            electronic_since=since,
            electronic_persons=others,
        )

    def says(self, directory: Directory) -> str:
        return f"第{self.person}位信访人{f'，{self.died_on}' if self.died_on else ''}。{self.text}"


def nobody_is_left(facts: Facts) -> bool:
    """Tell whether all who brought the matter have died: an agent alone speaks for nobody."""
    people = [place for place, p in enumerate(facts.persons, 1) if p.role is not PersonRole.AGENT]
    return bool(people) and set(people) <= {*facts.deceased, *facts.gone}
