"""信访人死亡（终止）：事项不因此办结，由近亲属（权利承受人）继续；死者的联系方式不再显示（条例第十七条、第二十三条；本厅设定）。"""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.articles.department import (
    CLERK,
    DIRECTORY,
    HANDLER,
    OTHER_HEAD,
    RECEIVED,
    RECEPTION,
    SECOND_CLERK,
    SOMEBODY,
    Case,
)
from tests.articles.stories import accepted, in_hand, registered, replied, served
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import Actor, Facts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.task_rules import task_rules
from xinfang.procedure.words import Material, PersonRole, State

HEIR = {"name": "甲乙", "phone": "13000000009", "address": "某市某路1号", "role": "heir"}
LATER = RECEIVED + timedelta(days=5)
ASKED_FOR = "联系近亲属（权利承受人），登记由谁继续"


def died(case: Case, by: Actor = CLERK) -> Case:
    case.take(StepCode.RECORD_DEATH, by=by, on=LATER)
    return case


def asks_for_relatives(facts: Facts) -> bool:
    return ASKED_FOR in {t.words for t in task_rules(facts)}


def test_a_death_is_recorded_by_two_persons_with_its_proof() -> None:
    case = registered()
    refused = case.refused(StepCode.RECORD_DEATH, by=CLERK)
    assert refused.codes == {"the_death_is_proven"}
    assert "登记死亡（终止）须附证明" in refused and "本厅设定" in refused
    proof = case.proof(Material.EVIDENCE)
    case.take(StepCode.RECORD_DEATH, by=RECEPTION, waits=True, attachment=proof)
    assert case.facts.deceased == () and case.facts.persons[0].phone
    case.confirm(StepCode.RECORD_DEATH, by=SECOND_CLERK)
    assert case.facts.deceased == (1,)


def test_a_death_that_was_recorded_by_mistake_is_taken_back_by_two() -> None:
    """误登死亡（终止）的，由两人更正：此人恢复为信访人，文书不再改发近亲属；联系方式照原件再更正。"""
    case = died(registered())
    assert asks_for_relatives(case.facts)
    alive = {"what": "living", "person": 1, "new_living": "alive", "public_value": "alive", "old_value": "deceased"}
    case.take(StepCode.CORRECT, by=CLERK, waits=True, **alive)
    assert case.facts.deceased == (1,)
    case.confirm(StepCode.CORRECT, by=SECOND_CLERK)
    assert (
        case.facts.history[-1]
        .step.says(DIRECTORY)
        .startswith("误登的死亡（终止）：已登记死亡（终止） → 在世（存续），登记有误")
    )
    assert case.facts.deceased == () and not asks_for_relatives(case.facts)
    case.take(StepCode.CORRECT, by=CLERK, what="phone", person=1, new_value="13000000000")
    assert case.facts.persons[0].phone
    again = case.refused(StepCode.CORRECT, by=CLERK, **alive)
    assert again.codes == {"that_person_or_request_is_there"}
    dead = {**alive, "new_living": "deceased", "public_value": "deceased"}
    assert "the_new_value_fits" in died(registered()).refused(StepCode.CORRECT, by=CLERK, **dead).codes


def test_another_body_s_paper_proves_it_too() -> None:
    """公安、民政、登记机关出具的户籍注销、注销登记等。"""
    case = registered()
    case.take(StepCode.RECORD_DEATH, by=CLERK, attachment=case.proof(Material.OTHER_BODYS_PAPER))
    assert case.facts.deceased == (1,)


@pytest.mark.parametrize("person", [0, 3])
def test_who_died_is_one_of_those_who_brought_the_matter(person: int) -> None:
    case = registered(group_size=2, persons=[SOMEBODY, {**SOMEBODY, "name": "乙某"}])
    proof = case.proof(Material.EVIDENCE)
    refused = case.refused(StepCode.RECORD_DEATH, by=CLERK, person=person, attachment=proof)
    assert refused.codes == {"that_person_is_alive"}


def test_nothing_ends_by_a_death() -> None:
    for make in (registered, accepted, replied, served):
        case = make()
        before = (
            case.facts.state,
            [(r.clock.code, r.due.due, r.stopped_on) for r in running(case.facts, case.calendar)],
        )
        died(case)
        assert (
            case.facts.state,
            [(r.clock.code, r.due.due, r.stopped_on) for r in running(case.facts, case.calendar)],
        ) == before
        assert case.facts.contact_clear_since == RECEIVED, "what is owed is owed on"


def test_how_the_dead_were_reached_is_withheld_and_their_name_stays() -> None:
    person = died(registered()).facts.persons[0]
    assert (person.name, person.phone, person.address, person.id_number) == ("甲某", "", "", "")


def test_who_goes_on_is_asked_for_and_joins_with_the_proof_of_standing() -> None:
    case = died(accepted())
    assert asks_for_relatives(case.facts)
    refused = case.refused(StepCode.SUPPLEMENT, by=CLERK, persons=[HEIR])
    assert refused.codes == {"who_is_added_has_their_proof"} and "亲属关系" in refused
    case.take(StepCode.SUPPLEMENT, by=CLERK, text="其女继续", persons=[HEIR], attachment=case.proof(Material.EVIDENCE))
    assert [p.role for p in case.facts.persons] == [PersonRole.PETITIONER, PersonRole.HEIR]
    assert case.facts.group_size == 1, "they take the place of who died"
    assert not asks_for_relatives(case.facts)


def test_while_one_of_several_lives_nobody_else_has_to_be_found() -> None:
    two = registered(group_size=2, persons=[SOMEBODY, {**SOMEBODY, "name": "乙某"}])
    died(two)
    assert [p.phone for p in two.facts.persons] == ["", SOMEBODY["phone"]], "who lives is reached as before"
    assert not asks_for_relatives(two.facts)
    two.take(StepCode.RECORD_DEATH, by=CLERK, person=2)
    assert asks_for_relatives(two.facts)
    assert "somebody_is_alive" in two.refused(StepCode.RECORD_DEATH, by=CLERK, person=1).codes


def test_nobody_is_to_be_found_for_a_letter_without_a_name() -> None:
    for nobody_died in (registered(), registered(persons=[], anonymous=True)):
        assert not asks_for_relatives(nobody_died.facts)


def test_an_agent_alone_speaks_for_nobody() -> None:
    agent = {**SOMEBODY, "name": "代某", "role": "agent"}
    case = died(registered(persons=[SOMEBODY, agent]))
    assert asks_for_relatives(case.facts)


def test_nobody_is_the_heir_of_the_living() -> None:
    case = registered()
    proof = case.proof(Material.EVIDENCE)
    refused = case.refused(StepCode.SUPPLEMENT, by=CLERK, persons=[HEIR], attachment=proof)
    assert refused.codes == {"an_heir_follows_somebody_who_died"}


def test_a_death_is_recorded_once_by_who_works_on_the_case_and_after_its_end_too() -> None:
    case = died(in_hand(), by=HANDLER)
    assert "that_person_is_alive" in case.refused(StepCode.RECORD_DEATH, by=CLERK, person=1).codes
    assert in_hand().refused(StepCode.RECORD_DEATH, by=OTHER_HEAD).codes >= {"may_see"}
    ended = in_hand()
    ended.facts = replace(ended.facts, state=State.ANSWERED)
    assert died(ended).facts.deceased == (1,)
