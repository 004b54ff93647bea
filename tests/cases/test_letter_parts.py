"""A letter of several matters in the database: its parts, who sees which, its files, and the one notice."""

from datetime import date
from typing import Any

import pytest

from tests.world import act, as_, make_department, proof, register, take, who
from xinfang.cases.access import open_case
from xinfang.cases.actions.perform import StepResult
from xinfang.cases.models import Petition, Request
from xinfang.cases.queries.petitions import facts_of
from xinfang.cases.queries.visible_petitions import visible_to
from xinfang.cases.redaction import REDACTED_NUMBER
from xinfang.papers.models import Paper
from xinfang.procedure.facts import ClassInLetter, LetterPart, PersonFacts
from xinfang.procedure.rules import Refused
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import Competence, Material, MatterClass, Route
from xinfang.proof.derived_rows import differences
from xinfang.search.finding import find_page

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
THURSDAY = date(2026, 3, 5)
THREE = [{"text": "请补发补助"}, {"text": "请调整宅基地"}, {"text": "反映评审人员收受礼金"}]
CLAIM = {"requests": [1], "subject": "请补发补助", "body": "去年的补助没有发。", "reason": "性质不同，分别办理。"}
LAND = {**CLAIM, "requests": [2], "subject": "请调整宅基地", "body": "宅基地的事也请管一管。"}


@pytest.fixture(autouse=True)
def department(db: None) -> None:
    make_department()


def letter(**more: Any) -> str:
    return register(MONDAY, subject="三件事", body="补助、宅基地，还有评审收礼。", requests=THREE, **more)


def split(number: str, by: str = "clerk", take: Any = take, **answers: Any) -> str:
    done: StepResult = take(number, StepCode.SPLIT_OFF, by, THURSDAY, **answers)
    return done.facts.parts[-1].number


def row(number: str) -> Petition:
    return Petition.objects.get(number=number)


def test_the_part_is_registered_with_the_day_of_the_letter_its_people_and_its_own_words() -> None:
    first = letter()
    part = row(split(first, **CLAIM))
    facts = facts_of(part)
    assert part.received_on == MONDAY and part.subject == "请补发补助" and part.body == "去年的补助没有发。"
    assert [p.phone for p in part.petitioners.all()] == ["15000000001"]
    assert facts.part_of == first and facts.persons[0].__class__ is PersonFacts
    assert [r.text for r in Request.objects.filter(petition=part)] == ["请补发补助"]
    assert sorted(Request.objects.filter(petition__number=first).values_list("number", flat=True)) == [2, 3]
    assert part.inquiry_code != row(first).inquiry_code


def test_what_both_cases_say_follows_from_their_events() -> None:
    first = letter()
    part = split(first, **CLAIM)
    for number in (first, part):
        assert not [d for d in differences([number]) if not isinstance(d, int)], number


def test_a_part_takes_the_class_of_its_letter_along_and_is_turned_away_by_two_only() -> None:
    """条例第四十四条：已按途径（六）分类的来信，分件以后由一人改作不属本厅职权，要等另一人确认。"""
    first = letter()
    take(first, StepCode.CLASSIFY, "clerk", THURSDAY, matter_class="claim", route="six")
    part = split(first, **CLAIM)
    was = facts_of(row(part)).class_in_letter
    assert was == ClassInLetter(matter_class=MatterClass.CLAIM, route=Route.SIX, competence=Competence.OURS)
    turned = {"matter_class": "claim", "competence": "elsewhere", "not_ours": "属于市级项目"}
    assert act(part, StepCode.CLASSIFY, "clerk", THURSDAY, **turned).event.stage == "confirmed"
    take(first, StepCode.SEAL, "clerk", THURSDAY, reason="反映评审人员收受礼金")
    officers = split(first, by="sealed", **LAND)
    assert facts_of(row(officers)).class_in_letter == was, "sealed on its way, it was classified before"
    seen = open_case(who("clerk"), officers).facts
    assert seen.class_in_letter is None and seen.history[0].step.letter_class == (), "as if there were no letter"


def test_a_part_is_registered_only_by_splitting() -> None:
    with pytest.raises(Refused, match="分出件不能单独登记"):
        register(MONDAY, part_of="LX2026000001")


def test_a_split_that_is_refused_registers_nothing() -> None:
    first = letter()
    with pytest.raises(Refused):
        split(first, **{**CLAIM, "requests": [1, 2, 3]})
    assert Petition.objects.count() == 1


def test_the_handler_of_the_claim_never_sees_the_report() -> None:
    """条例第二十二、三十条。"""
    first = letter()
    part = split(first, **CLAIM)
    take(first, StepCode.CLASSIFY, "clerk", THURSDAY, matter_class="report")
    with pytest.raises(NotVisible):
        open_case(who("clerk"), first)
    seen = open_case(who("clerk"), part).facts
    assert seen.part_of == "" and seen.history[0].step.part_of == "", "as if there were no letter"
    (there,) = open_case(who("sealed"), first).facts.parts
    assert there.number == REDACTED_NUMBER, "ordinary cases are hidden from the officer"
    page = as_("clerk").get(f"/petitions/{part}/").content.decode()
    assert first not in page and "同一来信" not in page and "收受礼金" not in page
    assert [p.number for p in find_page("补助", visible_to(who("clerk")), 10)] == [part]


def test_who_sees_both_finds_each_from_the_other() -> None:
    first = letter()
    part = split(first, **CLAIM)
    clerk = as_("clerk")
    assert f"/petitions/{part}/" in clerk.get(f"/petitions/{first}/").content.decode()
    page = clerk.get(f"/petitions/{part}/").content.decode()
    assert f"/petitions/{first}/" in page and "同一来信" in page


def test_a_sealed_part_is_left_out_of_the_letter_for_who_may_not_see_it() -> None:
    first = register(MONDAY, subject="三件事", body="补助和宅基地的事。", requests=THREE)
    part = split(first, **{**CLAIM, "requests": [3], "subject": "反映评审收礼"})
    take(part, StepCode.CLASSIFY, "clerk", THURSDAY, matter_class="report")
    seen = open_case(who("clerk"), first).facts
    assert seen.parts == (LetterPart(REDACTED_NUMBER, ()),)
    assert seen.history[-1].step.part != part and seen.history[-1].step.subject == ""
    assert "评审收礼" not in as_("clerk").get(f"/petitions/{first}/").content.decode()


def test_the_chosen_attachments_go_with_the_part_as_files_of_its_own() -> None:
    first = letter()
    for _ in range(2):
        proof(first, Material.EVIDENCE, MONDAY)
    part = split(first, take=act, **{**CLAIM, "attachments": [2]})
    mine, theirs = (row(n).attachments.order_by("place") for n in (part, first))
    assert [a.digest for a in mine] == [theirs[1].digest] and mine[0].address != theirs[1].address
    assert mine[0].name == theirs[1].name and mine[0].what == "evidence"


def test_the_letter_leaves_the_words_of_the_part_out_of_nothing_but_its_requests() -> None:
    first = letter()
    split(first, **CLAIM)
    assert row(first).body == "补助、宅基地，还有评审收礼。", "the letter stays whole"


def test_one_notice_says_where_each_part_went() -> None:
    first = letter()
    claim, land = split(first, **CLAIM), split(first, **LAND)
    take(first, StepCode.CLASSIFY, "clerk", THURSDAY, matter_class="report")
    with pytest.raises(Refused, match="还有部分没有确定去向"):
        take(first, StepCode.TELL_PARTS, "sealed", THURSDAY)
    take(
        land,
        StepCode.CLASSIFY,
        "clerk",
        THURSDAY,
        matter_class="claim",
        purpose="claim",
        competence="elsewhere",
        not_ours="土地管理法",
    )
    take(land, StepCode.REDIRECT, "clerk", THURSDAY, body="某旗自然资源局", how="到其窗口提出", reason="土地管理法")
    take(claim, StepCode.CLASSIFY, "clerk", THURSDAY, matter_class="claim", purpose="claim", route="six")
    take(claim, StepCode.PROPOSE, "clerk", THURSDAY, text="请经费处办理", unit="funds", leader="leader")
    take(claim, StepCode.INSTRUCT, "leader", THURSDAY, handling_unit="funds", responsible_leader="leader", text="办")
    take(
        claim,
        StepCode.ACCEPT,
        "clerk",
        THURSDAY,
        accepted_on=THURSDAY.isoformat(),
        handling_unit="funds",
        responsible_leader="leader",
    )
    with pytest.raises(Refused, match="还有部分没有确定去向"):
        take(first, StepCode.TELL_PARTS, "sealed", THURSDAY)
    take(first, StepCode.HAND_OVER, "sealed", THURSDAY, body="驻厅纪检监察组")
    done = act(first, StepCode.TELL_PARTS, "sealed", THURSDAY)
    text = Paper.objects.get(petition=done.petition, kind="parts_notice").texts.latest("pk").text
    for said in ("请补发补助", claim, "由本厅办理", "请调整宅基地", "某旗自然资源局", "已依照规定移送有权处理的机关"):
        assert said in text, said
