"""条例第二十一条：及时录入，方便信访人查询、评价。"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.articles.department import (
    ADVISER,
    CLERK,
    DIRECTORY,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE,
    OFFICE_HEAD,
    PETITIONER,
    RECEIVED,
    RECEPTION,
    SECOND_CLERK,
    SOMEBODY,
    UNIT,
    Case,
)
from tests.articles.stories import (
    accepted,
    brought_in,
    closed,
    drafted,
    instructed,
    of_two_matters,
    proposed,
    registered,
    served,
    simple,
    studied,
    then,
)
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import UnitCode, load_step, step_schema
from xinfang.procedure.steps import STEPS
from xinfang.procedure.steps.corrections import FIELD_OF, WORDED, filled_in
from xinfang.procedure.visibility import may_see, may_see_identity
from xinfang.procedure.words import Channel, CorrectionOf, Material, Source, State

ONE = timedelta(days=1)
LATER = RECEIVED + 10 * ONE


@pytest.mark.parametrize("typed", ["2026年2月27日", "2026.2.27", "２０２６-2-27", "20260227"])
def test_a_date_is_corrected_however_it_is_written(typed: str) -> None:
    case = registered()
    case.take(
        StepCode.CORRECT, by=CLERK, what="received_on", new_value=typed, public_value=typed, reason="照收文登记簿"
    )
    assert case.facts.received_on == date(2026, 2, 27)


def test_the_petitioner_rates_office_and_unit_apart_once() -> None:
    case = served()
    case.take(StepCode.RATE, by=PETITIONER, office_rating=0, unit_rating=3)
    assert "已经评价过，评价不能修改（条例第二十一条、本厅设定）" in case.refused(StepCode.RATE, by=PETITIONER)


TWO = [{"text": "请拨付经费"}, {"text": "请公开结果"}]


def served_on_both() -> Case:
    findings = [{"request": n, "finding": "经查属实", "conclusion": "support", "basis": "某办法第三条"} for n in (1, 2)]
    case = of_two_matters()
    then(case, (StepCode.CLASSIFY, CLERK), (StepCode.PROPOSE, CLERK), (StepCode.INSTRUCT, LEADER))
    then(case, (StepCode.ACCEPT, CLERK), (StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD), (StepCode.TALK, HANDLER))
    case.take(StepCode.DRAFT_REPLY, by=HANDLER, findings=findings)
    then(case, (StepCode.SEEK_LEGAL_ADVICE, HANDLER), (StepCode.GIVE_LEGAL_ADVICE, ADVISER))
    then(case, (StepCode.REVIEW_REPLY, HEAD), (StepCode.SIGN_REPLY, LEADER), (StepCode.ISSUE_REPLY, CLERK))
    return then(case, (StepCode.SERVE, HANDLER))


def rating(*ratings: int, **more: Any) -> dict[str, Any]:
    rated = [{"request": n, "rating": r} for n, r in enumerate(ratings, 1)]
    return {"office_rating": 0, "unit_rating": max(ratings), "requests": rated, **more}


def test_each_answered_request_is_rated_once_and_the_unit_by_its_worst() -> None:
    """一项不满意的，统计时不算满意：答复了一项、没有回应另一项，不能用总的评价掩盖。"""
    case = served_on_both()
    for wrong in (rating(0), rating(0, 3, requests=[{"request": 1, "rating": 3}] * 2), rating(0, 3, 0)):
        assert case.refused(StepCode.RATE, by=PETITIONER, **wrong).codes == {"each_answered_request_is_rated_once"}
    best = case.refused(StepCode.RATE, by=PETITIONER, **rating(0, 3, unit_rating=0))
    assert best.codes == {"the_unit_is_rated_by_its_worst"}
    case.take(StepCode.RATE, by=PETITIONER, **rating(0, 3))
    assert case.facts.rated
    assert "诉求1满意，诉求2不满意" in case.facts.history[-1].step.says(DIRECTORY)


def test_they_replied_but_not_to_my_points_is_one_of_the_reasons() -> None:
    case = served_on_both()
    said = rating(0, 3)
    said["requests"][1]["why"] = "not_points"
    case.take(StepCode.RATE, by=PETITIONER, **said, why=["slow"])
    words = case.facts.history[-1].step.says(DIRECTORY)
    assert "办理时间太长、答复了，但没有回应我的诉求" in words


def test_who_is_satisfied_gives_no_reason_against_it() -> None:
    case = served_on_both()
    said = rating(0, 3)
    said["requests"][0]["why"] = "slow"
    assert case.refused(StepCode.RATE, by=PETITIONER, **said).codes == {"a_reason_is_one_of_dissatisfaction"}
    content = case.refused(StepCode.RATE, by=PETITIONER, **rating(0, 1), why=["slow"])
    assert content.codes == {"a_reason_is_one_of_dissatisfaction"}


def test_a_sheet_is_entered_as_it_is_also_without_single_requests() -> None:
    for said in ({"office_rating": 0, "unit_rating": 1, "requests": []}, rating(0, 3, unit_rating=1)):
        case = served_on_both()
        sheet = case.proof(Material.PETITIONERS_WORDS)
        case.take(StepCode.RATE, by=CLERK, attachment=sheet, **said)
        case.confirm(StepCode.RATE, by=SECOND_CLERK)
        assert case.facts.rated
    unknown = served_on_both()
    sheet = unknown.proof(Material.PETITIONERS_WORDS)
    refused = unknown.refused(StepCode.RATE, by=CLERK, attachment=sheet, **rating(0, 0, 0))
    assert refused.codes == {"each_answered_request_is_rated_once"}


def test_what_was_answered_as_a_whole_is_rated_as_a_whole() -> None:
    case = then(studied(), (StepCode.ANSWER, HANDLER))
    case.facts = replace(case.facts, noticed_on=RECEIVED)
    refused = case.refused(StepCode.RATE, by=PETITIONER, requests=[{"request": 1, "rating": 0}])
    assert refused.codes == {"each_answered_request_is_rated_once", "the_unit_is_rated_by_its_worst"}
    case.take(StepCode.RATE, by=PETITIONER)


def test_the_petitioner_follows_the_matter_that_is_proven_to_be_theirs_and_no_other() -> None:
    case = served()
    somebody_else, nobody_proven = (replace(PETITIONER, case=number) for number in ("LX2026000002", ""))
    assert may_see(PETITIONER, case.facts)
    for other in (somebody_else, nobody_proven):
        assert not may_see(other, case.facts)
        assert case.refused(StepCode.RATE, by=other).codes == {"may_see"}
        assert not may_see(other, replace(case.facts, number="")), "no number proves nothing"


def test_what_is_proven_for_one_petitioner_unmasks_nobody() -> None:
    assert not may_see_identity(PETITIONER, served().facts), "others may have signed the same petition"


# Ratings on paper.


def test_what_they_wrote_on_paper_is_entered_from_the_sheet_that_they_signed() -> None:
    case = served()
    refused = case.refused(StepCode.RATE, by=CLERK)
    assert "代为登记评价，须附信访人本人签名的评价表（条例第二十一条、本厅设定）" in refused
    sheet = case.proof(Material.PETITIONERS_WORDS)
    case.take(StepCode.RATE, by=CLERK, attachment=sheet, office_rating=3, unit_rating=0)
    assert not case.facts.rated, "another of the office compares it with the sheet"
    assert case.refused_to_confirm(StepCode.RATE, by=CLERK).codes == {"second_person"}
    case.confirm(StepCode.RATE, by=SECOND_CLERK)
    assert case.facts.rated
    told = case.facts.history[-1]
    assert (told.entered_by or told.by, told.step.says(DIRECTORY)) == (
        "second_clerk",
        f"对办公室不满意，对承办单位满意（凭附件{sheet}评价表代为登记）",
    )


def test_the_first_word_of_the_petitioner_counts_on_paper_or_not() -> None:
    on_screen = then(served(), (StepCode.RATE, PETITIONER))
    sheet = on_screen.proof(Material.PETITIONERS_WORDS)
    assert on_screen.refused(StepCode.RATE, by=CLERK, attachment=sheet).codes == {"not_rated_yet"}
    case = served()
    sheet = case.proof(Material.PETITIONERS_WORDS)
    case.take(StepCode.RATE, by=CLERK, attachment=sheet)
    case.take(StepCode.RATE, by=PETITIONER)
    assert case.facts.rated and not case.facts.pending, "the sheet waited; their own word came first"
    assert case.facts.last(StepCode.RATE).step.attachment is None  # type: ignore[union-attr]


def test_nobody_of_the_unit_that_handled_it_enters_or_agrees_to_a_rating() -> None:
    case = served()
    sheet = case.proof(Material.PETITIONERS_WORDS)
    assert case.refused(StepCode.RATE, by=HANDLER, attachment=sheet).codes == {"who", "nobody_rates_their_own_work"}
    own = served()
    own.facts = replace(own.facts, handling_unit=UnitCode(OFFICE))
    sheet = own.proof(Material.PETITIONERS_WORDS)
    assert "nobody_rates_their_own_work" in own.refused(StepCode.RATE, by=CLERK, attachment=sheet).codes
    own.take(StepCode.RATE, by=RECEPTION, attachment=sheet)
    for of_the_office in (CLERK, OFFICE_HEAD):
        refused = own.refused_to_confirm(StepCode.RATE, by=of_the_office)
        assert refused.codes == {"nobody_rates_their_own_work"}
    own.confirm(StepCode.RATE, by=LEADER)
    assert own.facts.rated


def test_the_day_of_a_rating_is_that_on_the_sheet() -> None:
    case = served()
    sheet = case.proof(Material.PETITIONERS_WORDS)
    day = case.today
    case.take(StepCode.RATE, by=CLERK, attachment=sheet, on=day + 5 * ONE, rated_on=day + 2 * ONE)
    assert case.confirm(StepCode.RATE, by=SECOND_CLERK).happened_on == day + 2 * ONE


def test_there_is_nothing_to_rate_before_something_was_told() -> None:
    refused = instructed().refused(StepCode.RATE, by=PETITIONER)
    assert "意见书或告知书送达之后才能评价（条例第二十一条）" in refused


def test_a_mistake_is_corrected_openly_with_a_reason() -> None:
    case = registered()
    case.take(StepCode.CORRECT, by=CLERK, what="channel", new_value="来访", public_value="来访")
    assert case.facts.channel.label == "来访"
    refused = case.refused(StepCode.CORRECT, by=CLERK, what="channel", new_value="飞鸽", public_value="飞鸽")
    assert "更正后的内容不能这样填写（条例第十九条）" in refused


# Corrections.


def correct(case: Case, what: str, value: str, on: date | None = None) -> None:
    private = what in ("name", "phone", "address")
    case.take(StepCode.CORRECT, by=CLERK, on=on, what=what, new_value=value, public_value="" if private else value)


def refused(case: Case, what: str, value: str, on: date | None = None) -> set[str]:
    return case.refused(StepCode.CORRECT, by=CLERK, on=on, what=what, new_value=value, public_value=value).codes


@pytest.mark.parametrize(
    ("person", "what", "clear"),
    [
        ({"name": "甲某"}, "address", True),
        ({"name": "甲某"}, "name", False),
        ({"name": "甲某"}, "phone", True),
        ({"address": "某路1号"}, "name", True),
        ({"address": "某路1号"}, "address", False),
        ({"address": "某路1号"}, "phone", False),
    ],
)
def test_a_corrected_name_or_address_may_make_it_clear_whom_to_write_to(
    person: dict[str, str], what: str, clear: bool
) -> None:
    case = registered(persons=[person])
    correct(case, what, "乙某", on=LATER)
    assert case.facts.contact_clear_since == (RECEIVED if clear else None), "the letter said it"
    assert getattr(case.facts.persons[0], what) == "乙某"


def test_it_was_clear_before_and_stays_so_from_that_day() -> None:
    case = registered()
    correct(case, "address", "某路2号", on=LATER)
    assert case.facts.contact_clear_since == RECEIVED


def test_no_other_correction_makes_it_clear_whom_to_write_to() -> None:
    case = registered(anonymous=True, persons=[{"address": "某路1号"}])
    for what in ("subject", "phone"):
        correct(case, what, "1")
        assert case.facts.contact_clear_since is None
    two = registered(persons=[{"name": "甲某"}, {"name": "乙某"}], group_size=2)
    correct(two, "address", "某路1号", on=LATER)
    assert two.facts.contact_clear_since == RECEIVED, "one of them is enough"


def test_it_is_said_which_petitioner_is_corrected() -> None:
    case = registered(persons=[{"name": "甲某"}, {"name": "乙某"}], group_size=2)
    case.take(StepCode.CORRECT, by=CLERK, what="name", person=2, new_value="丙某", public_value="")
    assert [p.name for p in case.facts.persons] == ["甲某", "丙某"]
    case.take(StepCode.CORRECT, by=CLERK, what="role", person=2, new_value="代表", public_value="代表")
    assert [p.role.label for p in case.facts.persons] == ["信访人", "代表"]


def test_the_text_of_a_request_is_corrected_and_its_draft_written_again() -> None:
    case = drafted()
    case.take(
        StepCode.CORRECT,
        by=CLERK,
        what="request",
        request=1,
        new_value="请拨付尾款",
        text_value="请拨付尾款",
        public_value="",
    )
    assert case.facts.requests[0].text == "请拨付尾款" and case.facts.reply_stage.value == "none"


def test_only_the_first_petitioner_is_corrected_and_one_who_was_unknown_gets_a_name() -> None:
    case = registered(persons=[{"name": "甲某"}, {"name": "乙某"}], group_size=2)
    correct(case, "name", "丙某")
    assert [p.name for p in case.facts.persons] == ["丙某", "乙某"]
    case = registered(persons=[])
    correct(case, "phone", "1")
    assert [p.phone for p in case.facts.persons] == ["1"]


@pytest.mark.parametrize(
    ("what", "value", "kept"),
    [
        ("subject", "经费", "经费"),
        ("sender_number", "转2号", "转2号"),
        ("sender", "自治区信访局", "自治区信访局"),
        ("sender_date", "2026年2月27日", date(2026, 2, 27)),
        ("feedback_due", "2026-05-31", date(2026, 5, 31)),
        ("group_size", "12", 12),
        ("category", "002", "002"),
        ("channel", "来访", Channel.VISIT),
        ("channel", "phone", Channel.PHONE),
        ("source", "厅领导交办", Source.LEADER_ASSIGNED),
        ("source", "superior", Source.SUPERIOR),
    ],
)
def test_what_is_corrected_has_its_new_value(what: str, value: str, kept: object) -> None:
    case = registered(sender="科技部")
    correct(case, what, value)
    assert getattr(case.facts, what) == kept


def test_the_day_of_receipt_takes_the_day_of_the_address_with_it_where_both_were_one() -> None:
    case = registered(LATER)
    correct(case, "received_on", RECEIVED.isoformat())
    assert (case.facts.received_on, case.facts.contact_clear_since) == (RECEIVED, RECEIVED)
    case = registered(LATER, persons=[{"name": "甲某"}])
    case.take(StepCode.SUPPLEMENT, by=CLERK, on=LATER + ONE, contact_clear=True)
    correct(case, "received_on", RECEIVED.isoformat())
    assert (case.facts.received_on, case.facts.contact_clear_since) == (RECEIVED, LATER + ONE)


def test_a_corrected_day_lies_neither_ahead_nor_before_receipt() -> None:
    case = accepted(LATER)
    for what, value in (("received_on", LATER + ONE), ("accepted_on", LATER + ONE), ("accepted_on", LATER - ONE)):
        assert "the_new_date_is_possible" in refused(case, what, value.isoformat())
    correct(case, "accepted_on", (LATER + ONE).isoformat(), on=LATER + ONE)
    correct(case, "accepted_on", LATER.isoformat())


def test_a_corrected_day_keeps_the_order_of_what_happened() -> None:
    case = instructed(RECEIVED)
    case.take(StepCode.ACCEPT, by=CLERK, on=LATER)
    case.take(StepCode.ASSIGN, by=CLERK, on=LATER + 4 * ONE)
    correct(case, "accepted_on", (LATER + 4 * ONE).isoformat())
    correct(case, "accepted_on", RECEIVED.isoformat())
    assert refused(case, "accepted_on", (LATER + 5 * ONE).isoformat(), LATER + 9 * ONE) == {
        "the_new_date_keeps_the_order"
    }
    assert refused(case, "received_on", (RECEIVED + ONE).isoformat()) >= {"the_new_date_keeps_the_order"}


def test_a_matter_isn_t_accepted_before_it_was_instructed() -> None:
    case = proposed(RECEIVED)
    case.take(StepCode.INSTRUCT, by=LEADER, on=LATER)
    case.take(StepCode.ACCEPT, by=CLERK, on=LATER + 4 * ONE)
    assert refused(case, "accepted_on", (LATER - ONE).isoformat()) == {"the_new_date_keeps_the_order"}
    correct(case, "accepted_on", LATER.isoformat())
    assert case.facts.accepted_on == LATER


def test_history_stays_history_only_while_its_fifteen_days_are_over() -> None:
    case = brought_in()
    last = RECEIVED - timedelta(days=15)
    assert refused(case, "received_on", last.isoformat()) == {"history_is_over_by_the_new_date_too"}
    correct(case, "received_on", (last - ONE).isoformat())
    assert case.facts.received_on == last - ONE


def test_what_is_read_again_is_the_public_value_as_the_typed_one_is_withheld() -> None:
    case = registered()
    case.take(StepCode.CORRECT, by=CLERK, what="channel", new_value="•", public_value="visit")
    assert case.facts.channel is Channel.VISIT
    case.take(StepCode.CORRECT, by=CLERK, what="subject", new_value="经费", public_value="")
    assert case.facts.subject == "经费"


def test_once_the_day_of_receipt_was_wrong_the_acceptance_may_be_before_the_day_it_was_entered_with() -> None:
    """A simple matter is accepted straight from the register, so nothing else lies between."""
    case = simple(LATER)
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit=UNIT, responsible_leader="leader")
    correct(case, "received_on", RECEIVED.isoformat())
    correct(case, "accepted_on", (RECEIVED + ONE).isoformat())
    assert case.facts.accepted_on == RECEIVED + ONE


def test_a_corrected_channel_makes_a_visitor_reachable() -> None:
    """A letter with a name alone reaches nobody; that it was a visit, told at the counter, does (条例第二十三条)."""
    case = registered(persons=[{"name": "甲某"}])
    assert case.facts.contact_clear_since is None
    case.take(StepCode.CORRECT, by=CLERK, what="channel", new_value="visit", public_value="visit")
    assert case.facts.contact_clear_since == case.today


def test_a_matter_without_a_category_has_none() -> None:
    assert registered().facts.category == ""


def test_an_acceptance_is_not_corrected_to_after_the_service_of_its_reply() -> None:
    case = served()
    late = {"what": "accepted_on", "new_value": "2026-03-05", "public_value": "2026-03-05"}
    refused = case.refused(StepCode.CORRECT, by=CLERK, on=case.today + timedelta(days=9), **late)
    assert "the_new_date_is_possible" in refused.codes


def test_a_service_is_not_corrected_to_after_what_followed_it() -> None:
    case = served()
    case.take(StepCode.CARRY_OUT, by=HANDLER, on=case.today + timedelta(days=2))
    day = (case.today + timedelta(days=1)).isoformat()
    refused = case.refused(StepCode.CORRECT, by=CLERK, what="served_on", new_value=day, public_value=day)
    assert "the_new_date_keeps_the_order" in refused.codes


def test_who_wrote_without_a_name_becomes_known_by_the_name_and_not_by_a_number() -> None:
    for what, value, known in (("phone", "13000000000", False), ("name", "甲某", True)):
        case = registered(anonymous=True, persons=[{"phone": "13000000001"}])
        case.take(StepCode.CORRECT, by=CLERK, what=what, new_value=value, public_value="")
        assert (case.facts.contact_clear_since is not None) is known, what


def test_of_two_persons_the_first_is_corrected() -> None:
    case = registered(group_size=2, persons=[{**SOMEBODY, "name": "甲某"}, {**SOMEBODY, "name": "乙某"}])
    case.take(StepCode.CORRECT, by=CLERK, what="name", new_value="丙某", public_value="")
    assert [p.name for p in case.facts.persons] == ["丙某", "乙某"]


def test_a_text_is_kept_apart_from_a_day_or_a_word_and_told_in_the_record() -> None:
    worded = {CorrectionOf.SUBJECT, CorrectionOf.SENDER, CorrectionOf.SENDER_NUMBER, CorrectionOf.REQUEST}
    assert set(WORDED) == worded
    step = load_step(
        STEPS[StepCode.CORRECT], {"what": "subject", "new_value": "经费", "text_value": "经费", "reason": "误"}
    )
    assert step.says(DIRECTORY) == "事由：经费；误"


def test_of_several_persons_the_first_is_corrected() -> None:
    case = registered(persons=[SOMEBODY, {**SOMEBODY, "name": "乙某"}], group_size=2)
    before = case.facts.persons
    case.take(StepCode.CORRECT, by=CLERK, what="phone", new_value="13000000001")
    assert case.facts.persons[1:] == before[1:] and len(case.facts.persons) == 2
    assert (case.facts.persons[0].name, case.facts.persons[0].phone) == (before[0].name, "13000000001")


def test_a_day_that_is_none_is_refused_also_of_what_came_in_as_history() -> None:
    case = brought_in()
    said = {"what": "received_on", "new_value": "去年春天", "public_value": "去年春天"}
    assert "the_new_value_fits" in case.refused(StepCode.CORRECT, by=CLERK, **said).codes


def test_each_item_is_corrected_in_a_field_of_its_own_kind() -> None:
    assert set(FIELD_OF) == set(CorrectionOf)
    kinds = {s.name: s.kind for s in step_schema(STEPS[StepCode.CORRECT])}
    for what, kind in (
        ("received_on", "date"),
        ("sender_date", "date"),
        ("feedback_due", "date"),
        ("group_size", "number"),
        ("channel", "word"),
        ("role", "word"),
        ("category", "category"),
        ("subject", "text"),
        ("name", "line"),
        ("body", "text"),
    ):
        assert kinds[FIELD_OF[CorrectionOf.of(what)]] == kind, what


def filled(case: Case, **typed: object) -> Any:
    step = load_step(STEPS[StepCode.CORRECT], {"reason": "录入有误", **typed})
    return filled_in(step, case.facts)


@pytest.mark.parametrize(
    ("typed", "kept", "says"),
    [
        ({"what": "received_on", "new_day": "2026-02-27"}, ("2026-03-02", "2026-02-27"), "2026-03-02 → 2026-02-27"),
        ({"what": "group_size", "new_number": 3}, ("1", "3"), "1 → 3"),
        ({"what": "channel", "new_channel": "visit"}, ("letter", "visit"), "来信 → 来访"),
        ({"what": "source", "new_source": "leader_assigned"}, ("direct", "leader_assigned"), "直接提出 → 厅领导交办"),
        ({"what": "role", "new_role": "representative"}, ("petitioner", "representative"), "信访人 → 代表"),
    ],
)
def test_the_old_value_is_kept_beside_the_new_one_and_both_are_shown(
    typed: dict[str, object], kept: tuple[str, str], says: str
) -> None:
    case = registered()
    step = filled(case, **typed, new_text="别的栏目里填的不算")
    assert (step.old_value, step.public_value, step.text_value, step.new_day) == (*kept, "", None)
    assert says in step.says(DIRECTORY)
    case.take(StepCode.CORRECT, by=CLERK, **{k: v for k, v in vars(step).items() if v is not None})


def test_a_text_is_kept_with_the_text_before_it_and_nobody_s_data_is_shown() -> None:
    case = registered()
    step = filled(case, what="subject", new_text="补助")
    assert (step.old_text, step.text_value, step.old_value) == ("项目经费拨付", "补助", "")
    assert step.says(DIRECTORY) == "事由：项目经费拨付 → 补助；录入有误"
    person = filled(case, what="phone", new_value="13000000002", new_body="x")
    assert (person.new_value, person.new_body, person.old_value, person.old_text) == ("13000000002", "", "", "")
    assert person.says(DIRECTORY) == "信访人电话：（个人信息，略）；录入有误"


def test_the_words_of_the_letter_are_corrected_by_two_persons_and_the_first_entry_is_kept() -> None:
    case = registered()
    assert case.refused(StepCode.CORRECT, by=CLERK, what="body", public_value="x").codes == {"the_new_value_fits"}
    case.take(StepCode.CORRECT, by=CLERK, waits=True, what="body", public_value="", new_body="来信原文，照原件")
    assert StepCode.CORRECT in case.facts.pending
    case.confirm(StepCode.CORRECT, by=SECOND_CLERK)
    assert case.facts.history[0].step.body == "来信原文"
    assert "原来的录入保留" in case.facts.history[-1].step.says(DIRECTORY)


def test_nothing_is_corrected_to_nothing() -> None:
    for what in ("name", "phone", "subject", "received_on", "group_size"):
        said = {"what": what, "new_value": "", "public_value": ""}
        assert "the_new_value_fits" in registered().refused(StepCode.CORRECT, by=CLERK, **said).codes


def test_an_acceptance_can_be_corrected_after_a_review_that_changed_a_closed_case() -> None:
    """变更的复查意见使已结案的件重新打开执行，没有开始新的一轮办理，受理日期照样可以更正。"""
    case = closed()
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    change = {"request": 1, "decision": "另行补发", "conclusion": "support", "basis": "某办法第五条"}
    case.take(StepCode.FIRST_REVIEW, by=CLERK, result="changed", changes=[change])
    assert case.facts.history[-1].moved and case.facts.state is State.SERVED
    assert "this_round_began_with_an_acceptance" not in refused(case, "accepted_on", "2026-02-01")
