"""What the department wrote is found by who reads it, and goes with the words themselves."""

from datetime import date

import pytest

from tests.casework.test_history import OLD, bring, message
from tests.search.test_search import find
from tests.urls import url
from tests.world import HAPPY_PATH, act, as_, register, take, walk, who
from xinfang.accounts.models import Staff
from xinfang.cases.models import Petition, RequiredPaper
from xinfang.core.clock import today
from xinfang.papers.actions import paper_texts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_schema
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import PaperKind
from xinfang.proof.actions.rebuild import rebuild
from xinfang.proof.derived_rows import RowDifference, differences
from xinfang.search.answered import LATEST_ONLY, SEARCHED
from xinfang.search.index import check_index, rebuild_index
from xinfang.search.models import SearchAnswer

MONDAY = date(2026, 3, 2)
NOT_SEARCHED = {
    # The petitioner's own words: those of the letter are in its text, and the rest was not said by the department.
    "register", "import_history", "supplement", "leave_message", "withdraw", "request_reconsideration", "rate",
    # Texts that the letter's index has or that name another case.
    "split_off", "correct", "enter_regional",
    # A legal adviser's draft and opinion: reception and the archive room don't read them (H13).
    "seek_legal_advice", "give_legal_advice",
    # Of members of staff, or of petitioners' families.
    "recuse", "add_accused", "remove_accused", "name_acting_office", "name_officer", "change_leader", "change_handler",
    "record_death",
    # Of sealed and destroyed cases, which have no text here.
    "seal", "unseal", "destroy",
    # Why an import was taken back: the case is no longer searched.
    "undo_import",
    # Not words: numbers of letters, who agreed to what is sent electronically; why an attachment was taken away.
    "serve", "send_paper", "serve_paper", "accept_review", "withdraw_attachment",
}  # fmt: skip


def texts_of(cls: type, before: str = "") -> set[str]:
    found: set[str] = set()
    for shape in step_schema(cls):
        if shape.kind == "list":
            found |= texts_of(shape.item, f"{before}{shape.name}.")
        elif shape.withheld and not shape.private:
            found.add(before + shape.name)
    return found


def test_of_every_step_that_holds_text_it_was_decided_whether_it_is_searched() -> None:
    with_text = {str(code) for code, cls in STEPS.items() if texts_of(cls)}
    assert set(map(str, SEARCHED)) | NOT_SEARCHED == with_text and set(map(str, SEARCHED)).isdisjoint(NOT_SEARCHED)
    for code, (_, fields) in SEARCHED.items():
        assert set(fields) <= texts_of(STEPS[code]), f"{code}: texts, and none that is personal"
    assert set(SEARCHED) >= LATEST_ONLY


@pytest.fixture
def case(db, department) -> str:
    number = register(MONDAY)
    walk(number, "drafted", MONDAY)
    return number


WRITTEN = {"我包案": "批示", "未发放的月份": "办理记录", "预算调整推迟": "答复", "科技特派员管理办法": "答复"}


@pytest.mark.parametrize("typed", WRITTEN)
def test_words_of_replies_instructions_and_notes_are_found(case, typed, django_assert_max_num_queries) -> None:
    register(MONDAY)
    for username in ("clerk", "handler", "head", "leader", "principal"):
        client = as_(username)
        sent = client.post(url("search"), {"q": typed})
        with django_assert_max_num_queries(16):
            answer = client.get(sent["Location"])
        (row,) = answer.context["rows"]
        assert (row["number"], row["excerpt"].word, row["excerpt"].where) == (case, typed, WRITTEN[typed]), username
    assert f"在{WRITTEN[typed]}中" in answer.content.decode()
    assert f"<mark>{typed}</mark>" in answer.content.decode()
    assert find(as_("handler2"), typed).context["rows"] == []


def test_a_word_of_the_letter_and_one_of_the_reply_together(case) -> None:
    register(MONDAY)
    (row,) = find(as_("clerk"), "补助未按时 预算调整").context["rows"]
    assert row["number"] == case and row["excerpt"].where == "答复"
    assert find(as_("clerk"), "补助未按时 非 预算调整").context["rows"] != [row]


def test_an_adviser_finds_nothing_in_it_and_nobody_the_advice(case) -> None:
    walk(case, "advised", MONDAY, path=[*HAPPY_PATH[8:9], ("advised", *HAPPY_PATH[9][1:3], {"text": "程序并无瑕疵。"})])
    for typed in WRITTEN:
        assert find(as_("adviser"), typed).context["rows"] == [], typed
        assert find(as_("adviser"), f"补助未按时 非 {typed}").context["rows"] != [], (
            "nor is anything told by its absence"
        )
    for username in ("clerk", "handler", "adviser", "principal"):
        assert find(as_(username), "并无瑕疵").context["rows"] == [], username
    # A handler who also advises reads the cases of their unit, and no others.
    Staff.objects.get(username="adviser").duties.update(role="handler", unit=Petition.objects.get().handling_unit)
    assert [r["number"] for r in find(as_("adviser"), "预算调整").context["rows"]] == [case]


def test_all_cases_are_narrowed_by_it_too(case) -> None:
    register(MONDAY)
    clerk = as_("clerk")
    sent = clerk.post(f"{url('petitions-find')}?state=open", {"q": "预算调整"})
    (row,) = clerk.get(sent["Location"]).context["rows"]
    assert (row["number"], row["excerpt"].where) == (case, "答复")


def test_an_earlier_draft_is_not_what_was_answered(case) -> None:
    said = {"findings": [{**f, "finding": "已核对全部凭证。"} for f in HAPPY_PATH[7][3]["findings"]]}
    take(case, StepCode.DRAFT_REPLY, "handler", MONDAY.replace(day=12), **{**HAPPY_PATH[7][3], **said})
    assert find(as_("clerk"), "预算调整推迟").context["rows"] == []
    assert len(find(as_("clerk"), "核对全部凭证").context["rows"]) == 1


def test_what_waits_for_a_second_person_was_not_written_yet(case) -> None:
    for name in ("reviewed", "signed_reply", "replied", "served", "carried_out"):
        place = [p[0] for p in HAPPY_PATH].index(name)
        _, code, by, answers = HAPPY_PATH[place]
        if name == "reviewed":
            walk(case, "advised", MONDAY, path=HAPPY_PATH[8:10])
        more = {"served_on": "2026-03-20"} if name == "served" else {}
        (act if name == "replied" else take)(case, code, by, date(2026, 3, 20), **{**answers, **more})
    closing = {"text": "各项均已落实到位。", "review_rights_told": True}
    take(case, StepCode.CLOSE, "head", date(2026, 3, 20), waits=True, **closing)
    assert find(as_("clerk"), "落实到位").context["rows"] == []
    take(case, StepCode.CLOSE, "leader", date(2026, 3, 20), agree=True)
    assert len(find(as_("clerk"), "落实到位").context["rows"]) == 1


def test_long_numbers_are_not_kept(case) -> None:
    said = {
        "place": "电话",
        "who_was_there": "巴特尔",
        "said": "联系电话为 138 0013-8000，2026-03-02已转账至6222020200001234567。",
    }
    take(case, StepCode.TALK, "handler", date(2026, 3, 20), **said)
    kept = SearchAnswer.objects.get().text
    assert "2026-03-02已转账至" in kept and "138" not in kept and "62220" not in kept


def test_words_that_people_put_into_a_paper_once_it_is_issued(db, department) -> None:
    number = register(today())
    walk(number, "accepted", today(), 0)
    owed = RequiredPaper.objects.get(petition__number=number, kind=PaperKind.ACCEPTANCE_NOTICE.value).event.seq
    paper = paper_texts.make_paper(number, PaperKind.ACCEPTANCE_NOTICE, by=who("clerk"), owed_by=owed)
    text = paper_texts.current_text(paper).text + "其木格同志提供的花名册已经收悉。\n"
    clerk = Staff.objects.get(username="clerk")
    paper_texts.save_paper_text(number, 1, text, by=who("clerk"), staff=clerk, revision=1)
    paper_texts.submit_paper(number, 1, by=who("clerk"), revision=2)
    take(number, StepCode.SIGN_PAPER, "office_head", paper=1, agree=True)
    assert find(as_("clerk"), "花名册").context["rows"] == [], "not issued yet"
    paper_texts.issue_paper(number, 1, by=who("clerk"))
    page = find(as_("clerk"), "花名册")
    (row,) = page.context["rows"]
    assert row["excerpt"].where == "文书" and row["excerpt"].before == "其**同志提供的"
    assert "其木格" not in page.content.decode()
    assert check_index() == [] and not [d for d in differences([number]) if isinstance(d, RowDifference)]
    take(number, StepCode.WITHDRAW_PAPER, "clerk", paper=1, reason="文字有误，重新制作")
    assert find(as_("clerk"), "花名册").context["rows"] == []
    assert len(find(as_("clerk"), "文字有误").context["rows"]) == 1


def test_replies_that_came_with_old_messages(db, department) -> None:
    bring(message(1, OLD, reply="奖补名单见厅网站公示栏。"), message(2, OLD))
    page = find(as_("clerk"), "公示栏")
    (row,) = page.context["rows"]
    assert row["excerpt"].where == "答复" and check_index() == []
    assert not [d for d in differences() if isinstance(d, RowDifference)]
    rebuild_index()
    assert len(find(as_("clerk"), "公示栏").context["rows"]) == 1


def test_a_sealed_case_has_none_until_it_is_unsealed(case) -> None:
    take(case, StepCode.SEAL, "office_head", date(2026, 3, 20), reason="反映干部收受财物")
    petition = Petition.objects.get(number=case)
    assert petition.sealed and not SearchAnswer.objects.exists()
    assert not [d for d in differences([case]) if isinstance(d, RowDifference)]
    for username in ("sealed", "principal", "clerk"):
        assert find(as_(username), "预算调整").context["rows"] == [], username
    take(case, StepCode.UNSEAL, "sealed", date(2026, 3, 20), reason="不属检举")
    assert len(find(as_("clerk"), "预算调整").context["rows"]) == 1


def test_it_is_compared_and_made_again(case) -> None:
    assert check_index() == [] and not [d for d in differences([case]) if isinstance(d, RowDifference)]
    kept = SearchAnswer.objects.get()
    SearchAnswer.objects.update(text="别的")
    assert len(check_index()) == 1
    assert {d.table for d in differences([case]) if isinstance(d, RowDifference)} == {SearchAnswer._meta.db_table}
    rebuild([case])
    assert SearchAnswer.objects.get().text == kept.text
    SearchAnswer.objects.all().delete()
    rebuild_index()
    again = SearchAnswer.objects.get()
    assert (again.text, again.kinds) == (kept.text, kept.kinds) and check_index() == []
    assert len(find(as_("clerk"), "预算调整").context["rows"]) == 1
