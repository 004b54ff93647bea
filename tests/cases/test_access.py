"""The one door to a case: who gets in, and how much of it they are shown."""

from datetime import date

import pytest

from tests.archive.test_disposal import archived
from tests.cases.test_visibility import petitioner_of
from tests.world import FINDINGS, make_department, register, take, walk, who
from xinfang.accounts.models import Duty, Staff
from xinfang.archive.models import ArchiveVolume
from xinfang.calendars.queries import calendar
from xinfang.cases.access import CaseView, ViewScope, open_case
from xinfang.cases.models import EventText, Petition
from xinfang.cases.redaction import REDACTED_NUMBER
from xinfang.core.clock import today
from xinfang.procedure.clocks import running
from xinfang.procedure.facts import SYSTEM
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.visibility import NotVisible
from xinfang.procedure.words import PaperKind, Role
from xinfang.vault.sm_ciphers import DecryptionFailed

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def department(db: None) -> None:
    make_department()


def seen_by(username: str, number: str) -> CaseView:
    return open_case(who(username), number)


def refused(actor, number: str) -> str:
    with pytest.raises(NotVisible) as refusal:
        open_case(actor, number)
    return type(refusal.value).__name__


def test_hidden_and_missing_are_one_refusal() -> None:
    number = register(MONDAY)
    assert refused(who("head"), number) == refused(who("head"), "LX2019000077")
    assert seen_by("clerk", number.lower()).petition.number == number, "however the number is written"


def test_it_costs_two_queries_and_three_with_a_link(django_assert_num_queries) -> None:
    number = register(MONDAY)
    clerk = who("clerk")
    with django_assert_num_queries(2):
        open_case(clerk, number)
    _linked(register(MONDAY), number)
    later = Petition.objects.latest("pk").number
    with django_assert_num_queries(3):
        open_case(clerk, later)


def test_the_events_decide_and_not_the_columns() -> None:
    number = register(MONDAY)
    take(number, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    Petition.objects.update(sealed=False)
    assert refused(who("clerk"), number)
    assert seen_by("sealed", number).scope is ViewScope.FULL
    assert seen_by("sealed", number).petition.sealed, "who asks the row later hears the same"


def test_damaged_text_is_told_only_to_who_may_see_the_case() -> None:
    number = register(MONDAY)
    EventText.objects.update(sealed=b"damaged")
    with pytest.raises(DecryptionFailed):
        seen_by("clerk", number)
    assert refused(who("head"), number)


def _linked(later: str, first: str) -> None:
    take(later, StepCode.LINK_REPEAT, "clerk", first=first, same_person=True, same_matter=True, reason="同人同事")
    take(later, StepCode.LINK_REPEAT, "clerk2", agree=True)


def test_the_number_of_a_hidden_case_is_left_out_wherever_the_facts_name_it() -> None:
    first, later = register(MONDAY), register(MONDAY)
    _linked(later, first)
    walk(later, "signed", MONDAY)
    whole, cut = seen_by("clerk", later), seen_by("handler", later)
    assert (whole.facts.repeat_of, whole.hides_links) == (first, False)
    assert (cut.facts.repeat_of, cut.hides_links) == (REDACTED_NUMBER, True)
    assert first in repr(whole.facts) and first not in repr(cut.facts)
    assert len(cut.events) == len(cut.facts.history)


class TestTheAdviser:
    """H13: the draft that was sent to them, and nothing else."""

    @pytest.fixture
    def number(self) -> str:
        number = register(MONDAY, complained_staff=["clerk2"])
        walk(number, "advice_sought", MONDAY)
        return number

    def test_reads_the_draft_and_nothing_else(self, number: str) -> None:
        case, whole = seen_by("adviser", number), seen_by("clerk", number)
        assert case.scope is ViewScope.ADVICE and whole.scope is ViewScope.FULL
        assert [h.code for h in case.facts.history] == [StepCode.SEEK_LEGAL_ADVICE]
        draft = case.facts.history[0].step.draft
        assert FINDINGS[0]["finding"] in draft and FINDINGS[1]["basis"] in draft, (
            "the draft, and no words of the sender"
        )
        assert [e.seq for e in case.events] == [h.seq for h in case.facts.history]
        assert whole.facts.persons and whole.facts.requests and whole.facts.handler
        for field in (
            "persons",
            "requests",
            "handler",
            "handling_unit",
            "complained_staff",
            "files",
            "papers",
            "pending",
        ):
            assert not getattr(case.facts, field), field
        assert not case.may_see_identity and not case.may_read(PaperKind.REPLY_OPINION)
        assert {r.clock.code for r in running(case.facts, calendar())} == {"legal_advice"}

    def test_reads_what_they_said_themselves(self, number: str) -> None:
        take(number, StepCode.GIVE_LEGAL_ADVICE, "adviser", text="无不同意见。")
        assert [h.code for h in seen_by("adviser", number).facts.history] == [
            StepCode.SEEK_LEGAL_ADVICE,
            StepCode.GIVE_LEGAL_ADVICE,
        ]

    def test_does_not_read_what_another_adviser_was_asked_and_said(self, number: str) -> None:
        other = Staff.objects.create(username="adviser2", name="另一名法律顾问")
        Duty.objects.create(staff=other, role=Role.LEGAL_ADVISER.value, since=date(2020, 1, 1))
        take(number, StepCode.GIVE_LEGAL_ADVICE, "adviser", text="无不同意见。")
        changed = [{**FINDINGS[0], "finding": "改后的事实。"}, FINDINGS[1]]
        answers = {"findings": changed, "disposition": "solve", "review_body": "自治区人民政府"}
        take(number, StepCode.DRAFT_REPLY, "handler", **answers)
        take(number, StepCode.SEEK_LEGAL_ADVICE, "handler", adviser="adviser2", question="改后是否妥当？")
        take(number, StepCode.GIVE_LEGAL_ADVICE, "adviser2", text="须补充依据。")
        said = {name: repr(seen_by(name, number).facts) for name in ("adviser", "adviser2")}
        assert "无不同意见。" in said["adviser"] and "改后" not in said["adviser"] and "须补充" not in said["adviser"]
        assert "须补充依据。" in said["adviser2"] and "无不同意见。" not in said["adviser2"]

    def test_who_sees_the_case_anyway_sees_all_of_it(self, number: str) -> None:
        Duty.objects.create(
            staff=Staff.objects.get(username="clerk"), role=Role.LEGAL_ADVISER.value, since=date(2020, 1, 1)
        )
        assert seen_by("clerk", number).scope is ViewScope.FULL


def test_of_a_destroyed_file_everybody_sees_that_it_is_destroyed() -> None:

    Duty.objects.update(since=date(2010, 1, 1))
    number = archived()
    assert seen_by("clerk", number).scope is ViewScope.FULL
    ArchiveVolume.objects.update(destroyed_on=today())
    assert seen_by("clerk", number).scope is ViewScope.FULL, "the events say so, and they don't say it yet"
    take(number, StepCode.DESTROY, "archivist", reason="期满")
    take(number, StepCode.DESTROY, "office_head", agree=True)
    case, adviser = seen_by("clerk", number), seen_by("adviser", number)
    assert case.scope is adviser.scope is ViewScope.DESTROYED
    assert adviser.only_advises and not case.only_advises
    assert not case.may_see_identity and not case.may_read(PaperKind.REPLY_OPINION)


def test_who_gives_no_name_sees_how_far_a_case_is() -> None:
    number, report = register(MONDAY), register(MONDAY)
    take(report, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    case = open_case(None, number)
    assert case.scope is ViewScope.PROGRESS and not case.may_see_identity and not case.may_read(PaperKind.RECEIPT)
    assert refused(None, report) == refused(None, "LX2019000077")


def test_the_petitioner_gets_at_the_case_proven_theirs_and_no_page_of_the_staff() -> None:
    number, other = register(MONDAY), register(MONDAY)
    case = open_case(petitioner_of(number), number)
    assert case.scope is ViewScope.OWN and not case.may_see_identity
    assert refused(petitioner_of(number), other) == refused(petitioner_of(""), number)


def test_the_system_sees_everything() -> None:
    number = register(MONDAY)
    take(number, StepCode.CLASSIFY, "clerk", MONDAY, matter_class="report")
    assert open_case(SYSTEM, number).scope is ViewScope.FULL
