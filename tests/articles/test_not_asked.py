"""读者可能以为要求、其实不要求的事项，和不设的功能：表中每一条都由程序的规则核对。"""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.incidents.replay import INCIDENT_STEPS
from xinfang.procedure.not_asked import NOT_ASKED, NOT_BUILT
from xinfang.procedure.printed_procedure import conditions, papers_of
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import FieldSpec, step_schema
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import PaperKind, Role, State

from .department import CLERK, HANDLER, HEAD, LEADER, PETITIONER, RECEIVED, RECEPTION, SECOND_CLERK, SOMEBODY
from .events import Event
from .stories import (
    closed,
    handed_down,
    in_hand,
    proposed,
    registered,
    replied,
    review_checked,
    served,
    signed,
    simple,
    suggested,
)

HELD: dict[str, Callable[[], None]] = {}
PROGRAM = Path(__file__).resolve().parents[2] / "xinfang"


def held(code: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """This function holds the entry of the table."""

    def note(check: Callable[[], None]) -> Callable[[], None]:
        HELD[code] = check
        return check

    return note


@pytest.mark.parametrize("entry", (*NOT_ASKED, *NOT_BUILT), ids=lambda n: n.code)
def test_each_entry_is_true(entry) -> None:
    assert entry.articles and entry.why.endswith("。")
    HELD[entry.code]()


def test_every_check_is_of_an_entry() -> None:
    codes = [n.code for n in (*NOT_ASKED, *NOT_BUILT)]
    assert sorted(HELD) == sorted(codes)


def every_field(of: type) -> list[FieldSpec]:
    return [inner for f in step_schema(of) for inner in (f, *(every_field(f.item) if f.item else ()))]


ALL_FIELDS = [(code, f) for code, step in STEPS.items() for f in every_field(step)]


@held("name")
def _() -> None:
    assert registered(persons=[], anonymous=True).facts.state is State.REGISTERED


@held("address")
def _() -> None:
    assert registered(persons=[{"name": "甲某"}]).facts.state is State.REGISTERED


@held("id_number")
def _() -> None:
    registered(persons=[SOMEBODY])
    asked = [f.label for c, f in ALL_FIELDS if c == StepCode.REGISTER and "证件" in f.label and f.required]
    assert asked == []


@held("representatives")
def _() -> None:
    case = registered(channel="visit", group_size=30, persons=[SOMEBODY])
    assert case.facts.state is State.REGISTERED


@held("right_place")
def _() -> None:
    case = registered(channel="visit")
    case.take(StepCode.CLASSIFY, by=CLERK, competence="elsewhere", not_ours="属于劳动监察")
    case.take(StepCode.REDIRECT, by=CLERK)


@held("in_writing")
def _() -> None:
    assert registered(channel="visit", body="口述如记录", requests=[], told_orally=True).facts.state is State.REGISTERED


@held("chinese")
def _() -> None:
    registered(persons=[{**SOMEBODY, "language": "蒙古语", "translate": True}])
    assert "it_can_be_read_here" in [c.code for c in STEPS[StepCode.FILE_WITHOUT_ACTION].rule.provided]


@held("paper_of_the_bureau")
def _() -> None:
    assert registered(channel="visit", source="at_bureau").facts.state is State.REGISTERED


@held("proposal_for_a_suggestion")
def _() -> None:
    case = suggested()
    case.take(StepCode.REFER, by=CLERK)
    assert case.facts.state is State.HANDLING


@held("instruction_for_a_simple_case")
def _() -> None:
    case = simple()
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit="results", responsible_leader="leader")
    assert case.facts.state is State.HANDLING


@held("both_leaders")
def _() -> None:
    case = proposed()
    case.take(StepCode.INSTRUCT, by=LEADER)
    assert case.facts.state is State.INSTRUCTED
    both = proposed(to_principal=True)
    both.take(StepCode.INSTRUCT, by=LEADER)
    assert both.facts.state is State.PROPOSED, "it waits for the principal leader"


@held("number_before_paper")
def _() -> None:
    """Numbers that must be typed are those of papers that exist: another body's, or of an earlier opinion."""
    exist = {
        StepCode.OBJECTION_UPHELD,
        StepCode.REFUSE_FURTHER,
        StepCode.FIRST_REVIEW,
        StepCode.FINAL_REVIEW,
        StepCode.TAKE_AS_REVIEW,
    }
    typed = {code for code, f in ALL_FIELDS if f.required and "文号" in f.label}
    assert typed == exist


@held("consent_to_hearing")
def _() -> None:
    assert not [f.label for f in every_field(STEPS[StepCode.HOLD_HEARING]) if "同意" in f.label]
    assert [f.label for f in every_field(STEPS[StepCode.MEDIATE]) if "同意" in f.label] == ["争议双方同意"]
    in_hand().take(StepCode.HOLD_HEARING, by=HANDLER)


@held("hearing_or_mediation")
def _() -> None:
    taken = {e.code for e in signed().facts.history}
    assert not taken & {StepCode.HOLD_HEARING, StepCode.MEDIATE}


@held("advice_on_a_notice")
def _() -> None:
    asking = {code for code, s in STEPS.items() if "legal_advice_is_on_file" in {c.code for c in s.rule.provided}}
    assert asking == {StepCode.SIGN_REPLY, StepCode.ISSUE_REPLY}


@held("pledge")
def _() -> None:
    assert not [s for s in STEPS.values() if PaperKind.SETTLEMENT_PLEDGE in papers_of(s)]
    says = [c.says for c in conditions()] + [f.label for _, f in ALL_FIELDS]
    assert not [text for text in says if "息诉" in text or "承诺书" in text]
    assert closed().facts.state is State.CLOSED


@held("satisfied")
def _() -> None:
    case = closed()
    assert StepCode.RATE not in {e.code for e in case.facts.history}
    codes = {c.code for code in (StepCode.CLOSE, StepCode.SUBMIT_ARCHIVE) for c in STEPS[code].rule.provided}
    assert not [code for code in codes if "rat" in code.split("_") or "satisf" in code]


@held("end_of_review_term")
def _() -> None:
    case = closed()
    served_on = case.facts.served_on
    assert served_on is not None and case.today < served_on + timedelta(days=30)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)


@held("visit_or_counsel")
def _() -> None:
    care = {StepCode.FOLLOW_UP, StepCode.GIVE_ASSISTANCE, StepCode.COUNSEL}
    assert not care & {e.code for e in closed().facts.history}


@held("no_new_petition")
def _() -> None:
    says = [c.says for c in conditions()]
    assert not [s for s in says if "再次信访" in s or "再次上访" in s]
    assert registered().facts.state is State.REGISTERED


@held("timely_request")
def _() -> None:
    case = served()
    late = case.today + timedelta(days=60)
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER, on=late, late_reason="住院")


@held("hearing_in_a_review")
def _() -> None:
    case = review_checked()
    assert StepCode.TALK not in {e.code for e in case.facts.history}
    case.take(StepCode.SIGN_REPLY, by=LEADER)


@held("timely_objection")
def _() -> None:
    case = handed_down()
    late = RECEIVED + timedelta(days=12)
    outcome = case.take(StepCode.OBJECT, by=CLERK, on=late, waits=True, late_reason="材料不全，补齐后才能认定")
    assert outcome.stage == "proposed", "it waits for a second person"
    case.confirm(StepCode.OBJECT, by=SECOND_CLERK)
    assert case.facts.state is State.OBJECTED


@held("dissuasion")
def _() -> None:
    event = Event().do("report", CLERK, kind="disturbance", text="持刀进入接待室。")
    event.do("record_act", CLERK, act="weapons", text="持刀。", witness="接待人员", answer="asked_police")


@held("written_notice_before_a_report")
def _() -> None:
    Event().do("report", CLERK, kind="report_to_bureau", ground="threat", text="来电称将携带汽油到厅机关。")


@held("reason_for_an_emergency")
def _() -> None:
    called = INCIDENT_STEPS["called"]
    assert not called.rule.provided
    assert [f.label for f in step_schema(called)] == ["拨打了"]


@held("meeting_after_referral")
def _() -> None:
    registered(channel="visit").take(StepCode.ASK_TO_MEET, by=RECEPTION)


READINGS = {"readings_house.py", "readings_national.py", "clauses_house.py", "clauses_national.py", "not_asked.py"}
"""Where it is said that these things aren't there."""


def mentions(words: str) -> list[str]:
    """Where a word stands in what the program says, asks or keeps."""
    found = []
    for path in PROGRAM.rglob("*"):
        if path.suffix in {".py", ".html", ".txt", ".js"} and path.name not in READINGS:
            lines = path.read_text(encoding="utf-8").splitlines()
            found += [f"{path.name}: {line.strip()}" for line in lines if re.search(words, line)]
    return found


@held("labels")
def _() -> None:
    assert mentions("风险等级|重点人员|稳控|维稳|缠访|闹访|扬言|进京访") == []


@held("tracking")
def _() -> None:
    assert mentions("行程|行踪|人脸|手机定位|社交账号|失联") == []


@held("blocking")
def _() -> None:
    assert mentions("黑名单") == []
    assert not [c.says for c in STEPS[StepCode.REGISTER].rule.provided if "次" in c.says]


@held("scores")
def _() -> None:
    """Where these words stand, it is said that there is no such thing."""
    said = mentions("打分|排名|评分|满意率|重复信访率")
    assert [s for s in said if not re.search("不(给|打分|排名|评分|计算)|没有评分|自动提出，不打分", s)] == []


@held("machine_decides")
def _() -> None:
    alone = {code for code, step in STEPS.items() if {r for who in step.rule.who for r in who.roles} == {Role.SYSTEM}}
    takes = {code for code, step in STEPS.items() if any(Role.SYSTEM in who.roles for who in step.rule.who)}
    assert takes - alone == {StepCode.REGISTER, StepCode.ENTER_REGIONAL}
    assert alone == {
        StepCode.IMPORT_HISTORY,
        StepCode.UNDO_IMPORT,
        StepCode.WARN,
        StepCode.MARK_OVERDUE,
        StepCode.ESCALATE,
        StepCode.RECOMPUTE_DEADLINE,
    }


@held("default_rating")
def _() -> None:
    ratings = [f for f in step_schema(STEPS[StepCode.RATE]) if f.label.startswith("对")]
    assert len(ratings) == 2 and all(f.required for f in ratings)
    case = served()
    case.take(StepCode.RATE, by=PETITIONER)
    assert "已经评价过，评价不能修改" in case.refused(StepCode.RATE, by=PETITIONER)
    assert not CLOCKS["rating"].stops or [s.rule.code for s in CLOCKS["rating"].stops] == [StepCode.RATE]


@held("quiet_end")
def _() -> None:
    assert "意见书尚未送达" in replied().refused(StepCode.CLOSE, by=HEAD)
    told = served().refused(StepCode.CLOSE, by=HEAD, review_rights_told=False)
    assert "须确认已告知信访人复查权利" in told
    for code in (StepCode.FILE_WITHOUT_ACTION, StepCode.DECLINE, StepCode.REFUSE_FURTHER, StepCode.CLOSE):
        assert STEPS[code].rule.then, f"{code} is done by one person"


@held("backdating")
def _() -> None:
    case = in_hand(RECEIVED)
    before = len(case.facts.history)
    corrected = {"what": "subject", "new_value": "经费", "public_value": "经费"}
    assert case.refused(StepCode.CORRECT, by=CLERK, **corrected, reason="")
    case.take(StepCode.CORRECT, by=CLERK, **corrected, reason="录入有误")
    assert len(case.facts.history) == before + 1


@held("report_leaks")
def _() -> None:
    assert "检举控告除外" in CLOCKS["regional_entry"].starts_words
    assert "检举控告除外" in CLOCKS["notice"].starts_words


@held("required_pledge")
def _() -> None:
    HELD["pledge"]()


@held("required_id")
def _() -> None:
    HELD["id_number"]()
    HELD["name"]()


@held("outside_services")
def _() -> None:
    """What the program needs to run has no client of such a service."""
    needed = (PROGRAM.parent / "requirements.in").read_text(encoding="utf-8")
    assert not re.search("openai|anthropic|dashscope|transformers|boto3|requests|httpx", needed)
