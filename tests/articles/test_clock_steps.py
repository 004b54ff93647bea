"""What starts and what stops each time limit, written down from the articles and then tried in a case.

Every case comes in on Monday 2 March 2026, and the step that is tried is taken on Thursday 5 March. The tables below
are written by hand: a step that is added to a clock or taken from it must be added or taken here too, with its article.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from tests.articles.department import (
    ADVISER,
    ARCHIVIST,
    CLERK,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE_HEAD,
    PETITIONER,
    RECEIVED,
    SEALED,
    SECOND_CLERK,
    UNIT,
    Case,
)
from tests.articles.stories import (
    accepted,
    assigned,
    classified,
    closed,
    complete,
    drafted,
    duty_accepted,
    duty_answered,
    duty_drafted,
    duty_in_hand,
    duty_numbered,
    handed_down,
    in_hand,
    instructed,
    issue,
    joined,
    registered,
    repeated,
    replied,
    reported,
    review_accepted,
    review_asked,
    review_checked,
    review_drafted,
    review_numbered,
    review_replied,
    review_served,
    send_electronically,
    served,
    signed,
    simple,
    suggested,
    then,
    visitor_in_hand,
)
from xinfang.procedure.articles import cite
from xinfang.procedure.clocks import CLOCKS, MINUTE_CLOCKS, running
from xinfang.procedure.facts import Actor
from xinfang.procedure.papers import OPINIONS, PAPERS, latest_paper
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.timing import ClockRun
from xinfang.procedure.words import OPEN_STATES, Material, MatterClass, PaperKind, Purpose, State

THURSDAY = date(2026, 3, 5)

# ---- cases on their way, all of Monday


def joined_suggestion(**answers: Any) -> Case:
    """A suggestion made twice, answered together with the first."""
    case = registered(**answers)
    case.take(StepCode.CLASSIFY, by=CLERK, matter_class="suggestion", route=None, purpose="suggestion")
    case.take(StepCode.LINK_REPEAT, by=CLERK)
    case.confirm(StepCode.LINK_REPEAT, by=SECOND_CLERK)
    case.take(StepCode.JOIN_FIRST, by=CLERK)
    return case


def nothing() -> Case:
    """A letter that lies on the table and is not registered yet."""
    return Case(today=RECEIVED)


def reply_sent_electronically() -> Case:
    return send_electronically(replied(), PaperKind.REPLY_OPINION)


def review_sent_electronically() -> Case:
    return send_electronically(review_replied(), PaperKind.REVIEW_OPINION)


def reported_back() -> Case:
    """Assigned by the petition bureau, which wants the result by 20 May."""
    return handed_down(source="bureau_assigned", feedback_due="2026-05-20")


def reported_back_and_forwarded() -> Case:
    return then(reported_back(), (StepCode.CLASSIFY, CLERK), (StepCode.FORWARD, CLERK))


def objected() -> Case:
    case = reported_back()
    case.take(StepCode.OBJECT, by=CLERK)
    return case


def filed() -> Case:
    case = registered()
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    return case


def asked_to_look_again(case: Case | None = None) -> Case:
    """It was filed, and who wrote it asks that somebody else look at it."""
    case = case or registered()
    case.take(StepCode.FILE_WITHOUT_ACTION, by=CLERK)
    case.confirm(StepCode.FILE_WITHOUT_ACTION, by=SECOND_CLERK)
    case.take(StepCode.REQUEST_RECONSIDERATION, by=PETITIONER)
    return case


def suggestion_to_look_at_again() -> Case:
    return asked_to_look_again(suggested())


def sent_away() -> Case:
    """A suggestion of which the petitioner was wrongly told that it is somebody else's."""
    return then(suggested(), (StepCode.REDIRECT, CLERK))


def handed_down_and_taken_as_ours() -> Case:
    """The step that says so is `classify`, which stops the clock itself: here only its answer is there."""
    case = handed_down()
    case.facts = replace(case.facts, matter_class=MatterClass.CLAIM)
    return case


def by_two(code: str, before: Case | None = None) -> Case:
    case = before or registered()
    case.take(code, by=CLERK)
    case.confirm(code, by=SECOND_CLERK)
    return case


def anonymous_suggestion() -> Case:
    case = registered(persons=[], anonymous=True)
    case.take(StepCode.CLASSIFY, by=CLERK, matter_class="suggestion", route=None, purpose="suggestion")
    return then(case, (StepCode.REFER, CLERK), (StepCode.STUDY, HANDLER))


def extension_asked(before: Callable[[], Case] = in_hand) -> Case:
    return then(before(), (StepCode.REQUEST_EXTENSION, HANDLER))


def extended(before: Callable[[], Case] = in_hand) -> Case:
    return then(extension_asked(before), (StepCode.GRANT_EXTENSION, LEADER))


def consultation_answered() -> Case:
    return then(consultation_in_hand(), (StepCode.ANSWER, HANDLER))


def consultation_in_hand() -> Case:
    """Accepted though it asks a question: no step leads here, as a question has no route. Its answer ends them."""
    case = in_hand()
    case.facts = replace(case.facts, purpose=Purpose.CONSULTATION)
    return case


def suggestion_in_hand() -> Case:
    return then(suggestion_referred(), (StepCode.SIGN_FOR, HEAD))


def simple_answer_without_acceptance() -> Case:
    """Under the simple procedure a visitor, who was told nothing of the acceptance, is answered there and then."""
    case = simple()
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit=UNIT, responsible_leader="leader", told_by=None, told="")
    case.take(StepCode.ASSIGN, by=CLERK)
    return then(case, (StepCode.SIGN_FOR, HEAD))


def _as_far_as_signed(case: Case, in_hand: bool = False) -> Case:
    for code, by in (
        *(() if in_hand else ((StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD))),
        (StepCode.TALK, HANDLER),
        (StepCode.DRAFT_REPLY, HANDLER),
        (StepCode.SEEK_LEGAL_ADVICE, HANDLER),
    ):
        case.take(code, by=by)
    for code, by in (
        (StepCode.GIVE_LEGAL_ADVICE, ADVISER),
        (StepCode.REVIEW_REPLY, HEAD),
    ):
        case.take(code, by=by)
    case.take(StepCode.SIGN_REPLY, by=LEADER)
    return case


def suggestion_referred() -> Case:
    case = suggested()
    case.take(StepCode.REFER, by=CLERK)
    return case


def simple_accepted() -> Case:
    case = simple()
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit=UNIT, responsible_leader="leader")
    return case


def simple_in_hand() -> Case:
    case = simple_accepted()
    case.take(StepCode.ASSIGN, by=CLERK)
    case.take(StepCode.SIGN_FOR, by=HEAD)
    return case


def letter_in_hand_simply() -> Case:
    case = classified(simple=True)
    case.take(StepCode.ACCEPT, by=CLERK, handling_unit=UNIT, responsible_leader="leader")
    return then(case, (StepCode.ASSIGN, CLERK), (StepCode.SIGN_FOR, HEAD))


def letter_answered_simply() -> Case:
    return then(letter_in_hand_simply(), (StepCode.ANSWER, HANDLER))


def simple_reply_issued() -> Case:
    """A simple claim that came by letter: its answer leaves as a paper."""
    case = letter_answered_simply()
    issue(case, PaperKind.SIMPLE_REPLY)
    return case


def simple_signed() -> Case:
    return _as_far_as_signed(simple_accepted())


def promised(before: Callable[[], Case] = in_hand, by: Actor = HANDLER) -> Case:
    case = before()
    case.take(StepCode.PROMISE_REPLY, by=by, promised_on=date(2026, 3, 20))
    return case


def supervised() -> Case:
    case = assigned()
    case.take(StepCode.SUPERVISE, by=CLERK)
    return case


def advice_sought() -> Case:
    case = drafted()
    case.take(StepCode.SEEK_LEGAL_ADVICE, by=HANDLER)
    return case


def carried_out() -> Case:
    case = served()
    case.take(StepCode.CARRY_OUT, by=HANDLER)
    return case


def submitted() -> Case:
    case = complete()
    case.take(StepCode.SUBMIT_ARCHIVE, by=HANDLER)
    return case


def first_review_asked() -> Case:
    case = served()
    case.take(StepCode.REQUEST_FIRST_REVIEW, by=PETITIONER)
    return case


def first_review_done(got_on: date | None = RECEIVED) -> Case:
    case = first_review_asked()
    case.take(StepCode.FIRST_REVIEW, by=CLERK, served_on=got_on)
    return case


def final_review_asked() -> Case:
    case = first_review_done()
    case.take(StepCode.REQUEST_FINAL_REVIEW, by=PETITIONER)
    return case


ARRIVED = {"news": "arrived"}
GOT_OPINION = {"news": "opinion_got", "attachment": 2}
TAKEN_BACK = {"news": "taken_back", "attachment": 2}


def with_receipt(case: Case) -> Case:
    case.proof(Material.RECEIPT)
    return case


def asked_on_wednesday(case: Case, step: str = StepCode.REQUEST_FIRST_REVIEW) -> Case:
    case.take(step, by=PETITIONER, on=date(2026, 3, 4))
    return case


def first_review_arrived() -> Case:
    case = first_review_asked()
    case.proof(Material.PETITIONERS_WORDS)
    case.take(StepCode.FOLLOW_REVIEW_REQUEST, by=CLERK, **ARRIVED)
    return case


def final_review_arrived() -> Case:
    case = final_review_asked()
    case.proof(Material.PETITIONERS_WORDS)
    case.take(StepCode.FOLLOW_REVIEW_REQUEST, by=CLERK, **ARRIVED)
    return case


def duty_withdrawn() -> Case:
    return then(classified(route="five"), (StepCode.WITHDRAW, PETITIONER))


def own_review_reviewed() -> Case:
    """The body above is asked to review the review."""
    return then(review_served(), (StepCode.REQUEST_FINAL_REVIEW, PETITIONER))


def review_advice_sought() -> Case:
    return then(review_drafted(), (StepCode.SEEK_LEGAL_ADVICE, HANDLER))


def review_declined() -> Case:
    case = review_asked()
    case.take(StepCode.DECLINE_REVIEW, by=CLERK)
    case.confirm(StepCode.DECLINE_REVIEW, by=SECOND_CLERK)
    return case


# ---- the tables


@dataclass(frozen=True)
class Taken:
    """The case, who takes the step, and with which answers; `second` is who confirms it where two persons decide."""

    case: Callable[[], Case]
    by: Actor
    answers: Mapping[str, Any] = field(default_factory=dict)
    second: Actor | None = None

    def take(self, case: Case, step: str) -> int:
        """Take the step on Thursday. Returns the number of the event by which it took effect."""
        case.take(step, by=self.by, on=THURSDAY, **self.answers)
        if self.second:
            case.confirm(step, by=self.second, on=THURSDAY)
        return len(case.facts.history)


@dataclass(frozen=True)
class Starts(Taken):
    """A step that starts a clock: its first day, which doesn't count, and the day on which it is due."""

    first_day: date = THURSDAY
    due: date = THURSDAY
    classified: Mapping[str, Any] | None = None
    """How the matter is classified afterwards, where only that shows which limits it has."""


SENT_BACK = {"result": "redo"}
LEADER_AND_UNIT = {"handling_unit": UNIT, "responsible_leader": "leader"}
LETTER = {"received_on": RECEIVED}
POSTED = {"requested_on": date(2026, 3, 4), "arrived_on": THURSDAY}
FROM_THE_BUREAU = {**LETTER, "source": "bureau_assigned", "sender": "自治区信访局", "sender_number": "转1号"}

LAW = {
    "notice": "条例第二十三条",
    "objection": "规程第八条、条例第二十三条",
    "handling": "规程第十三条、条例第三十四条",
    "extension_notice": "规程第十三条、条例第三十四条",
    "promised_reply": "规程第十一条",
    "assigned_feedback": "条例第二十二条",
    "unit_feedback": "规程第五条",
    "supervision": "规程第五条、本厅设定",
    "bureau_advice": "条例第四十条、本厅设定",
    "request_first_review": "条例第三十五条",
    "request_final_review": "条例第三十六条",
    "first_review": "条例第三十五条",
    "final_review": "条例第三十六条",
    "review_request": "条例第三十五条、条例第三十六条、本厅设定",
    "own_review": "条例第三十五条",
    "own_duty": "条例第三十一条、行政诉讼法第四十七条",
    "compliance": "条例第三十二条、条例第三十五条",
    "simple_acceptance": "简易办理办法",
    "simple_handling": "简易办理办法",
    "suggestion": "条例第二十九条、本厅设定",
    "archive": "规程第十四条、本厅设定",
    "rating": "条例第二十一条、本厅设定",
    "regional_entry": "规程第五条、条例第二十一条、本厅设定",
    "report_hand_over": "条例第二十二条、本厅设定",
    "legal_advice": "规程第十三条、本厅设定",
    "reconsideration": "条例第二十三条、条例第四十四条、本厅设定",
    "message": "条例第二十一条、个人信息保护法第五十条、本厅设定",
}

STARTS: dict[str, dict[str, Starts]] = {
    # 自收到信访事项之日起15日内书面告知信访人; of a matter that ended wrongly too: it was received when it was
    "notice": {
        StepCode.REGISTER: Starts(nothing, CLERK, LETTER, first_day=RECEIVED, due=date(2026, 3, 17)),
        StepCode.REOPEN: Starts(filed, CLERK, first_day=RECEIVED, due=date(2026, 3, 17)),
        StepCode.DECIDE_RECONSIDERATION: Starts(
            asked_to_look_again, OFFICE_HEAD, first_day=RECEIVED, due=date(2026, 3, 17)
        ),
    },
    # 自收到之日起5个工作日内提出异议: the 3rd, 4th, 5th, 6th and 9th
    "objection": {
        StepCode.REGISTER: Starts(nothing, CLERK, FROM_THE_BUREAU, first_day=RECEIVED, due=date(2026, 3, 9)),
    },
    # 自受理之日起60日内办结; once more 60 days where a review sends the matter back to be handled again
    "handling": {
        StepCode.ACCEPT: Starts(instructed, CLERK, due=date(2026, 5, 4)),
        StepCode.JOIN_FIRST: Starts(repeated, CLERK, due=date(2026, 5, 4)),
        StepCode.FIRST_REVIEW: Starts(first_review_asked, CLERK, SENT_BACK, due=date(2026, 5, 4)),
        StepCode.FINAL_REVIEW: Starts(final_review_asked, CLERK, SENT_BACK, due=date(2026, 5, 4)),
    },
    # 并告知信访人延期理由: before the 60 days from Monday are over
    "extension_notice": {StepCode.GRANT_EXTENSION: Starts(extension_asked, LEADER, due=date(2026, 5, 1))},
    # 不能当场处理的告知答复时间: the day that was told
    "promised_reply": {
        StepCode.PROMISE_REPLY: Starts(in_hand, HANDLER, {"promised_on": date(2026, 3, 20)}, due=date(2026, 3, 20)),
    },
    # 要求其在指定办理期限内反馈结果: the day that the letter names
    "assigned_feedback": {
        StepCode.REGISTER: Starts(
            nothing, CLERK, {**FROM_THE_BUREAU, "feedback_due": "2026-05-20"}, first_day=RECEIVED, due=date(2026, 5, 20)
        ),
    },
    # 向各处室和厅属单位转办、交办，督促办理: the day that the office names
    "unit_feedback": {
        StepCode.ASSIGN: Starts(accepted, CLERK, {"feedback_on": date(2026, 4, 1)}, due=date(2026, 4, 1)),
    },
    # 及时督办: seven days unless a day is named
    "supervision": {StepCode.SUPERVISE: Starts(assigned, CLERK, due=date(2026, 3, 12))},
    # 自收到书面答复之日起30日内请求复查: 4 April, a right, so it rolls over the Qingming holiday to the 7th
    "request_first_review": {
        StepCode.SERVE: Starts(replied, HANDLER, due=date(2026, 4, 7)),
        StepCode.TAKE_DELIVERY: Starts(reply_sent_electronically, PETITIONER, due=date(2026, 4, 7)),
        StepCode.ANSWER: Starts(simple_in_hand, HANDLER, due=date(2026, 4, 7)),
        StepCode.SERVE_PAPER: Starts(
            simple_reply_issued, CLERK, {"paper": 1, "served_on": THURSDAY}, due=date(2026, 4, 7)
        ),
    },
    # 对复查意见不服的，自收到书面答复之日起30日内
    "request_final_review": {
        StepCode.FIRST_REVIEW: Starts(first_review_asked, CLERK, {"served_on": THURSDAY}, due=date(2026, 4, 7)),
        StepCode.FOLLOW_REVIEW_REQUEST: Starts(
            lambda: with_receipt(first_review_done(None)), CLERK, GOT_OPINION, due=date(2026, 4, 7)
        ),
        StepCode.SERVE: Starts(review_replied, HANDLER, due=date(2026, 4, 7)),
        StepCode.TAKE_DELIVERY: Starts(review_sent_electronically, PETITIONER, due=date(2026, 4, 7)),
    },
    # 自收到复查请求之日起30日内提出复查意见: from its receipt on Monday, whenever it was seen to be such a request
    "own_review": {
        StepCode.TAKE_AS_REVIEW: Starts(registered, CLERK, first_day=RECEIVED, due=date(2026, 4, 1)),
        StepCode.FINAL_REVIEW: Starts(own_review_reviewed, CLERK, SENT_BACK, due=date(2026, 4, 4)),
    },
    # 在接到申请之日起两个月内: from receipt to the same day two months later
    # 书面反馈采纳情况: thirty days, or as the bureau asks
    "bureau_advice": {StepCode.RECORD_ADVICE: Starts(in_hand, CLERK, due=date(2026, 4, 4))},
    "own_duty": {
        StepCode.REGISTER: Starts(
            nothing, CLERK, LETTER, first_day=RECEIVED, due=date(2026, 5, 2), classified={"route": "five"}
        ),
        StepCode.REOPEN: Starts(duty_withdrawn, CLERK, first_day=RECEIVED, due=date(2026, 5, 2)),
        StepCode.DECIDE_RECONSIDERATION: Starts(
            lambda: asked_to_look_again(classified(route="five")), OFFICE_HEAD, first_day=RECEIVED, due=date(2026, 5, 2)
        ),
    },
    # 责令重新办理: the day that the opinion names for the body below
    "compliance": {
        StepCode.SERVE: Starts(review_replied, HANDLER, due=date(2026, 4, 1)),
        StepCode.TAKE_DELIVERY: Starts(review_sent_electronically, PETITIONER, due=date(2026, 4, 1)),
    },
    # 自收到复查请求之日起30日内: posted on Wednesday, there on Thursday; a duty, so the holiday changes nothing
    "first_review": {
        StepCode.REQUEST_FIRST_REVIEW: Starts(served, CLERK, POSTED, due=date(2026, 4, 4)),
        StepCode.FOLLOW_REVIEW_REQUEST: Starts(first_review_asked, CLERK, ARRIVED, due=date(2026, 4, 4)),
    },
    # 自收到复核请求之日起30日内
    "final_review": {
        StepCode.REQUEST_FINAL_REVIEW: Starts(first_review_done, CLERK, POSTED, due=date(2026, 4, 4)),
        StepCode.FOLLOW_REVIEW_REQUEST: Starts(final_review_asked, CLERK, ARRIVED, due=date(2026, 4, 4)),
    },
    # a request that was handed in here goes on by the next working day
    "review_request": {
        StepCode.REQUEST_FIRST_REVIEW: Starts(served, PETITIONER, due=date(2026, 3, 6)),
        StepCode.REQUEST_FINAL_REVIEW: Starts(first_review_done, PETITIONER, due=date(2026, 3, 6)),
    },
    # 3个工作日内决定是否受理: the 3rd, 4th and 5th
    "simple_acceptance": {
        StepCode.REGISTER: Starts(
            nothing,
            CLERK,
            LETTER,
            first_day=RECEIVED,
            due=date(2026, 3, 5),
            classified={"simple": True},
        ),
    },
    # 受理后10个工作日内: from Friday the 6th to Thursday the 19th
    "simple_handling": {StepCode.ACCEPT: Starts(simple, CLERK, LEADER_AND_UNIT, due=date(2026, 3, 19))},
    # 建议意见认真研究论证，并予以回复: sixty days, set by the department
    "suggestion": {
        StepCode.REGISTER: Starts(
            nothing,
            CLERK,
            LETTER,
            first_day=RECEIVED,
            due=date(2026, 5, 1),
            classified={"matter_class": "suggestion", "route": None, "purpose": "suggestion"},
        ),
        StepCode.REOPEN: Starts(sent_away, CLERK, first_day=RECEIVED, due=date(2026, 5, 1)),
        StepCode.DECIDE_RECONSIDERATION: Starts(
            suggestion_to_look_at_again, OFFICE_HEAD, first_day=RECEIVED, due=date(2026, 5, 1)
        ),
    },
    # 办理完毕后及时交机要室归档
    "archive": {
        StepCode.CLOSE: Starts(carried_out, HEAD, {"review_rights_told": True}, LEADER, due=date(2026, 4, 4)),
    },
    # 方便信访人评价: a right, it rolls
    "rating": {
        StepCode.SERVE: Starts(replied, HANDLER, due=date(2026, 4, 7)),
        StepCode.TAKE_DELIVERY: Starts(reply_sent_electronically, PETITIONER, due=date(2026, 4, 7)),
    },
    # 及时将信访事项录入信访信息系统: three working days
    "regional_entry": {
        StepCode.REGISTER: Starts(nothing, CLERK, LETTER, first_day=RECEIVED, due=date(2026, 3, 5)),
    },
    # 转送有关纪检监察机关依规依纪依法处理: 15 days from receipt
    "report_hand_over": {
        StepCode.REGISTER: Starts(
            nothing,
            CLERK,
            LETTER,
            first_day=RECEIVED,
            due=date(2026, 3, 17),
            classified={"matter_class": "report", "route": None, "purpose": "report"},
        ),
    },
    # set by the department: as long as the first decision has
    "reconsideration": {
        StepCode.REQUEST_RECONSIDERATION: Starts(filed, PETITIONER, due=date(2026, 3, 20)),
    },
    # 及时: fifteen days for each message, also after the end
    "message": {StepCode.LEAVE_MESSAGE: Starts(closed, PETITIONER, due=date(2026, 3, 20))},
    # 及时征求法律顾问意见: five working days, the 6th and the 9th to the 12th
    "legal_advice": {StepCode.SEEK_LEGAL_ADVICE: Starts(drafted, HANDLER, due=date(2026, 3, 12))},
}

STOPS: dict[str, dict[str, Taken]] = {
    # 简易办理可以口头告知; every other notice is a paper, see LEAVES
    "notice": {
        StepCode.ACCEPT: Taken(simple, CLERK, LEADER_AND_UNIT),
        StepCode.ANSWER: Taken(simple_answer_without_acceptance, HANDLER),
    },
    # 提出异议; or the matter is taken as the department's own, or its system's, whatever is decided of it
    "objection": {
        StepCode.OBJECT: Taken(handed_down, CLERK),
        StepCode.CLASSIFY: Taken(handed_down, CLERK),
        StepCode.FORWARD: Taken(handed_down_and_taken_as_ours, CLERK),
        StepCode.FILE_WITHOUT_ACTION: Taken(handed_down, CLERK, second=SECOND_CLERK),
        StepCode.REFUSE_FURTHER: Taken(handed_down_and_taken_as_ours, CLERK, second=SECOND_CLERK),
    },
    # 办结: a simple matter is answered; or a repeat of somebody who can't be written to, with the first case
    "handling": {
        StepCode.ANSWER_WITH_FIRST: Taken(lambda: joined(persons=[], anonymous=True), CLERK),
        StepCode.ANSWER: Taken(simple_in_hand, HANDLER),
    },
    # 告知信访人延期理由: moot once a simple matter is answered
    "extension_notice": {StepCode.ANSWER: Taken(lambda: extended(simple_in_hand), HANDLER)},
    # 告知答复时间: the petitioner is spoken to, or answered under the simple procedure
    "promised_reply": {
        StepCode.TALK: Taken(promised, HANDLER, {"answered": True}),
        StepCode.SETTLE_ON_THE_SPOT: Taken(lambda: promised(visitor_in_hand), HANDLER),
        StepCode.ANSWER: Taken(lambda: promised(simple_in_hand), HANDLER),
    },
    # 反馈结果，提交办结报告; or 核实同意后，交还相关材料
    "assigned_feedback": {
        StepCode.REPORT_UP: Taken(reported_back_and_forwarded, CLERK, {"completion": True}),
        StepCode.OBJECTION_UPHELD: Taken(objected, CLERK),
    },
    # 转办、交办: the unit has drafted or answered, or no longer has the matter
    "unit_feedback": {
        StepCode.DRAFT_REPLY: Taken(in_hand, HANDLER),
        StepCode.DRAFT_DUTY_REPLY: Taken(duty_in_hand, HANDLER),
        StepCode.ANSWER: Taken(simple_in_hand, HANDLER),
        StepCode.SEND_BACK: Taken(assigned, HEAD),
        StepCode.REFER: Taken(assigned, CLERK),
        StepCode.ASSIGN: Taken(assigned, CLERK),
    },
    # 督办: 书面反馈
    "supervision": {StepCode.ANSWER_SUPERVISION: Taken(supervised, HEAD)},
    # 请求复查、请求复核: the right is used
    "request_first_review": {StepCode.REQUEST_FIRST_REVIEW: Taken(served, PETITIONER)},
    "request_final_review": {StepCode.REQUEST_FINAL_REVIEW: Taken(first_review_done, PETITIONER)},
    # 提出复查意见、提出复核意见
    "first_review": {
        StepCode.FIRST_REVIEW: Taken(first_review_arrived, CLERK),
        StepCode.FOLLOW_REVIEW_REQUEST: Taken(first_review_arrived, CLERK, TAKEN_BACK),
    },
    "final_review": {
        StepCode.FINAL_REVIEW: Taken(final_review_arrived, CLERK),
        StepCode.FOLLOW_REVIEW_REQUEST: Taken(final_review_arrived, CLERK, {**TAKEN_BACK, "attachment": 3}),
    },
    # sent on under a number; or decided all the same
    "review_request": {
        StepCode.FOLLOW_REVIEW_REQUEST: Taken(lambda: asked_on_wednesday(served()), CLERK),
        StepCode.FIRST_REVIEW: Taken(lambda: asked_on_wednesday(served()), CLERK),
        StepCode.FINAL_REVIEW: Taken(
            lambda: asked_on_wednesday(first_review_done(), StepCode.REQUEST_FINAL_REVIEW), CLERK
        ),
    },
    # nobody to write to: the decision itself is all there is
    "reconsideration": {
        StepCode.DECIDE_RECONSIDERATION: Taken(
            lambda: asked_to_look_again(registered(persons=[])), OFFICE_HEAD, {"agree": False}
        )
    },
    # 答复留言
    "message": {StepCode.ANSWER_MESSAGE: Taken(lambda: then(closed(), (StepCode.LEAVE_MESSAGE, PETITIONER)), CLERK)},
    # 复查意见的落实
    "compliance": {StepCode.RECORD_COMPLIANCE: Taken(review_served, CLERK)},
    # 简易办理: 受理; 作出处理意见
    "simple_acceptance": {StepCode.ACCEPT: Taken(simple, CLERK, LEADER_AND_UNIT)},
    "simple_handling": {StepCode.ANSWER: Taken(simple_in_hand, HANDLER)},
    # 予以回复: of an anonymous suggestion nobody can be told
    "suggestion": {
        StepCode.ANSWER: Taken(anonymous_suggestion, HANDLER),
        StepCode.ANSWER_WITH_FIRST: Taken(lambda: joined_suggestion(persons=[], anonymous=True), CLERK),
    },
    # 交机要室归档
    "archive": {StepCode.ACCEPT_ARCHIVE: Taken(submitted, ARCHIVIST)},
    # 评价
    "rating": {StepCode.RATE: Taken(served, PETITIONER)},
    # 录入
    "regional_entry": {StepCode.ENTER_REGIONAL: Taken(registered, CLERK)},
    # 转送纪检监察机关
    # 出具法律顾问意见
    "legal_advice": {
        StepCode.GIVE_LEGAL_ADVICE: Taken(advice_sought, ADVISER),
        StepCode.DRAFT_REPLY: Taken(advice_sought, HANDLER),
        StepCode.DRAFT_REVIEW: Taken(review_advice_sought, HANDLER),
        StepCode.DRAFT_DUTY_REPLY: Taken(lambda: then(duty_drafted(), (StepCode.SEEK_LEGAL_ADVICE, HANDLER)), HANDLER),
        StepCode.SUPPLEMENT: Taken(advice_sought, CLERK, {"requests": [{"text": "另请说明原因"}]}),
    },
}

K = PaperKind
LEAVES: dict[str, dict[PaperKind, Callable[[], Case]]] = {
    # 书面告知: 接收情况以及处理途径和程序; 转送去向; 向有权处理的机关、单位提出; what is decided of it, and the reply itself
    "notice": {
        K.ACCEPTANCE_NOTICE: accepted,
        K.RECEIPT_NOTICE: lambda: then(suggested(), (StepCode.ACKNOWLEDGE, CLERK)),
        K.FORWARDING_NOTICE: lambda: then(classified(), (StepCode.FORWARD, CLERK)),
        K.REDIRECT_NOTICE: lambda: then(classified(), (StepCode.REDIRECT, CLERK)),
        K.ROUTE_NOTICE: lambda: then(classified(route="two"), (StepCode.ROUTE, CLERK)),
        K.DECLINE_NOTICE: lambda: then(classified(route="two"), (StepCode.DECLINE, CLERK)),
        K.REFUSAL_NOTICE: lambda: by_two(StepCode.REFUSE_FURTHER, classified()),
        K.FILING_NOTICE: filed,
        K.JOINING_NOTICE: joined,
        K.JOINED_REPLY: lambda: then(joined(), (StepCode.ANSWER_WITH_FIRST, CLERK)),
        K.REVIEW_ACCEPTANCE: review_accepted,
        K.REVIEW_REFUSAL: review_declined,
        K.DUTY_NOTICE: duty_accepted,
        K.DISCLOSURE_NOTICE: lambda: then(classified(), (StepCode.DISCLOSE, CLERK)),
        K.DUTY_REPLY: duty_numbered,
        K.REVIEW_OPINION: review_numbered,
        K.REPLY_OPINION: lambda: then(signed(), (StepCode.ISSUE_REPLY, CLERK)),
        K.SUGGESTION_REPLY: lambda: then(suggestion_referred(), (StepCode.STUDY, HANDLER), (StepCode.ANSWER, HANDLER)),
        K.SIMPLE_REPLY: letter_answered_simply,
    },
    # 办结: the 意见书 leaves; a question is answered
    "handling": {
        K.JOINED_REPLY: lambda: then(joined(), (StepCode.ANSWER_WITH_FIRST, CLERK)),
        K.REPLY_OPINION: lambda: then(signed(), (StepCode.ISSUE_REPLY, CLERK)),
        K.SUGGESTION_REPLY: consultation_answered,
        K.SIMPLE_REPLY: letter_answered_simply,
    },
    # 告知信访人延期理由
    "extension_notice": {
        K.EXTENSION_NOTICE: extended,
        K.REPLY_OPINION: lambda: then(_as_far_as_signed(extended(), in_hand=True), (StepCode.ISSUE_REPLY, CLERK)),
        K.SUGGESTION_REPLY: lambda: then(extended(consultation_in_hand), (StepCode.ANSWER, HANDLER)),
        K.SIMPLE_REPLY: lambda: then(extended(letter_in_hand_simply), (StepCode.ANSWER, HANDLER)),
    },
    "promised_reply": {
        K.FORWARDING_NOTICE: lambda: then(promised(classified, CLERK), (StepCode.FORWARD, CLERK)),
        K.REDIRECT_NOTICE: lambda: then(promised(classified, CLERK), (StepCode.REDIRECT, CLERK)),
        K.ROUTE_NOTICE: lambda: then(promised(lambda: classified(route="two"), CLERK), (StepCode.ROUTE, CLERK)),
        K.DECLINE_NOTICE: lambda: then(promised(lambda: classified(route="two"), CLERK), (StepCode.DECLINE, CLERK)),
        K.REFUSAL_NOTICE: lambda: by_two(StepCode.REFUSE_FURTHER, promised(classified, CLERK)),
        K.FILING_NOTICE: lambda: by_two(StepCode.FILE_WITHOUT_ACTION, promised(registered, CLERK)),
        K.DISCLOSURE_NOTICE: lambda: then(promised(classified, CLERK), (StepCode.DISCLOSE, CLERK)),
        K.REVIEW_REFUSAL: lambda: by_two(StepCode.DECLINE_REVIEW, promised(review_asked, CLERK)),
        K.REPLY_OPINION: lambda: then(promised(signed), (StepCode.ISSUE_REPLY, CLERK)),
        K.REVIEW_OPINION: lambda: then(
            promised(review_checked), (StepCode.SIGN_REPLY, LEADER), (StepCode.ISSUE_REPLY, CLERK)
        ),
        K.DUTY_REPLY: lambda: duty_answered(promised(duty_drafted)),
        K.JOINED_REPLY: lambda: then(
            promised(repeated, CLERK), (StepCode.JOIN_FIRST, CLERK), (StepCode.ANSWER_WITH_FIRST, CLERK)
        ),
        K.SUGGESTION_REPLY: lambda: then(
            promised(suggestion_in_hand), (StepCode.STUDY, HANDLER), (StepCode.ANSWER, HANDLER)
        ),
        K.SIMPLE_REPLY: lambda: then(promised(letter_in_hand_simply), (StepCode.ANSWER, HANDLER)),
    },
    "own_review": {K.REVIEW_OPINION: review_numbered},
    # 转送有关纪检监察机关: when the sealed letter leaves
    "report_hand_over": {K.SEALED_LETTER: lambda: then(reported(), (StepCode.HAND_OVER, SEALED))},
    "reconsideration": {
        K.RECONSIDERATION_NOTICE: lambda: then(asked_to_look_again(), (StepCode.DECIDE_RECONSIDERATION, OFFICE_HEAD))
    },
    "own_duty": {K.DUTY_REPLY: duty_numbered},
    "bureau_advice": {
        K.ADVICE_REPLY: lambda: then(in_hand(), (StepCode.RECORD_ADVICE, CLERK), (StepCode.ANSWER_ADVICE, CLERK))
    },
    "simple_handling": {
        K.REPLY_OPINION: lambda: then(simple_signed(), (StepCode.ISSUE_REPLY, CLERK)),
        K.SIMPLE_REPLY: letter_answered_simply,
    },
    # 予以回复
    "suggestion": {
        K.SUGGESTION_REPLY: lambda: then(suggestion_referred(), (StepCode.STUDY, HANDLER), (StepCode.ANSWER, HANDLER)),
        K.JOINED_REPLY: lambda: then(joined_suggestion(), (StepCode.ANSWER_WITH_FIRST, CLERK)),
    },
}
"""The papers whose leaving stops a clock, with a case in which the step that owes the paper was taken."""

REOPENED = {StepCode.REOPEN, StepCode.DECIDE_RECONSIDERATION}
REPLACED = {
    "notice": REOPENED,
    "suggestion": REOPENED,
    "own_duty": REOPENED,
    "handling": {StepCode.ACCEPT, StepCode.JOIN_FIRST},
}
"""Steps from which a clock counts once more: a run that nothing had stopped before them counts no longer."""

LASTS = {
    "assigned_feedback",
    "request_first_review",
    "request_final_review",
    "first_review",
    "final_review",
    "review_request",
    "compliance",
    "archive",
    "rating",
    "reconsideration",
    "message",
    "regional_entry",
}
"""Limits that the end of the case does not end: what is owed to others, rights, reviews, the file.

The rest fall away with it.
"""


# ---- the tests


def runs_of(case: Case, clock: str) -> list[ClockRun]:
    return [run for run in running(case.facts, case.calendar) if run.clock.code == clock]


def declared(attribute: str) -> dict[str, set[str]]:
    """What the program holds, as sets of codes."""
    return {c.code: {s.rule.code for s in getattr(c, attribute)} for c in CLOCKS.values() if c not in MINUTE_CLOCKS}


def pairs(*tables: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every clock with every step of any of these tables."""
    return list(dict.fromkeys((clock, step) for table in tables for clock, steps in table.items() for step in steps))


@pytest.mark.parametrize(("clock", "step"), pairs(STARTS, declared("starts")))
def test_the_step_starts_the_clock(clock: str, step: str) -> None:
    row = STARTS[clock][step]
    case = row.case()
    before = runs_of(case, clock)
    number = row.take(case, step)
    if row.classified is not None:
        case.take(StepCode.CLASSIFY, by=CLERK, **row.classified)
    started = [run for run in runs_of(case, clock) if run.occurrence == number]
    assert [(run.started_on, run.due.due, run.stopped_on) for run in started] == [(row.first_day, row.due, None)]
    assert number not in [run.occurrence for run in before]


@pytest.mark.parametrize(("clock", "step"), pairs(STOPS, declared("stops")))
def test_the_step_stops_the_clock(clock: str, step: str) -> None:
    row = STOPS[clock][step]
    case = row.case()
    ran = [run.occurrence for run in runs_of(case, clock) if run.stopped_on is None]
    assert len(ran) == 1, "it runs when the step is taken"
    number = row.take(case, step)
    stopped = [run for run in runs_of(case, clock) if run.occurrence in ran]
    assert [(run.stopped_on, run.stopped_by) for run in stopped] == [(THURSDAY, number)]
    assert not stopped[0].overdue(date(2026, 12, 31)), "it was done in time"


@pytest.mark.parametrize(("clock", "kind"), [(c, k) for c, kinds in LEAVES.items() for k in kinds])
@pytest.mark.parametrize("way", [StepCode.SEND_PAPER, StepCode.SERVE_PAPER])
def test_the_clock_stops_on_the_day_on_which_the_paper_leaves_and_not_before(
    clock: str, kind: PaperKind, way: str
) -> None:
    case = LEAVES[clock][kind]()
    way = way if PAPERS[kind].served else StepCode.SEND_PAPER  # a letter to a body is posted
    made = latest_paper(kind, case.facts)
    by = SEALED if case.facts.sealed else CLERK
    number = made.number if made else issue(case, kind, by)
    ran = [run.occurrence for run in runs_of(case, clock) if run.stopped_on is None]
    assert len(ran) == 1, "decided, made, signed and issued, it still runs"
    if way == StepCode.SERVE_PAPER and kind in OPINIONS:
        case.take(StepCode.SERVE, by=HANDLER, on=THURSDAY)
    else:
        dated = {"served_on": THURSDAY} if way == StepCode.SERVE_PAPER else {}
        case.take(way, by=by, on=THURSDAY, paper=number, **dated)
    stopped = [run for run in runs_of(case, clock) if run.occurrence in ran]
    assert [(run.stopped_on, run.stopped_by) for run in stopped] == [(THURSDAY, len(case.facts.history))]
    if not case.facts.sealed:
        case.take(StepCode.REPORT_UP, by=CLERK, on=date(2026, 3, 9))
    assert [run.stopped_on for run in runs_of(case, clock) if run.occurrence in ran] == [THURSDAY]


@pytest.mark.parametrize("clock", STOPS)
def test_what_the_end_of_the_case_does_to_the_clock(clock: str) -> None:
    """The petitioner withdraws while the clock runs; what then falls away was not done by anybody.

    Once the reply was served there is nothing to withdraw: the case is closed.
    """
    case = next(iter(STOPS[clock].values())).case()
    if clock == "assigned_feedback":
        case = reported_back()
    if case.facts.state is State.SERVED:
        if case.facts.review_of is None:
            case.take(StepCode.CARRY_OUT, by=HANDLER, on=THURSDAY)
        case.take(StepCode.CLOSE, by=HEAD, on=THURSDAY)
        case.confirm(StepCode.CLOSE, by=LEADER)
    elif case.facts.sealed:
        # No step ends a report of wrongdoing but its being handed over, which stops the clock.
        case.facts = replace(case.facts, state=State.HANDED_OVER, ended_on=THURSDAY)
    elif case.facts.state in OPEN_STATES:
        case.take(StepCode.WITHDRAW, by=PETITIONER, on=THURSDAY)
    assert case.facts.state not in OPEN_STATES
    run = runs_of(case, clock)[-1]
    assert (run.stopped_on, run.stopped_by) == (None if clock in LASTS else THURSDAY, None)


def test_every_step_that_starts_or_stops_a_clock_stands_in_these_tables_and_no_other() -> None:
    assert declared("starts") == {clock: set(steps) for clock, steps in STARTS.items()}
    assert declared("stops") == {clock: set(STOPS.get(clock, ())) for clock in LAW}
    assert {c.code: set(c.papers) for c in CLOCKS.values() if c.papers} == {c: set(k) for c, k in LEAVES.items()}
    assert declared("restarts") == {clock: REPLACED.get(clock, set()) for clock in LAW}


def test_every_clock_cites_its_articles() -> None:
    assert {c.code: cite(c.cites) for c in CLOCKS.values() if c not in MINUTE_CLOCKS} == LAW


def test_the_printed_words_are_the_names_of_the_steps() -> None:
    for clock in CLOCKS.values():
        for words, steps in ((clock.starts_words, clock.starts), (clock.stops_words, clock.stops)):
            left = clock.papers and steps is clock.stops
            names = words.split("；")[1 if left and steps else 0]
            assert (left and not steps) or names.replace("或", "、").split("、") == (
                [s.rule.label.replace("或", "、") for s in steps] or [names]
            ), clock.code
    words = (
        "转送去向告知书、不属职权告知书、法定途径告知书、不予受理告知书、不再受理告知书、存信告知书、复查不予受理告知书、政府信息公开申请告知书、"
        "信访处理（答复）意见书、建议（咨询）回复、简易办理答复、并案答复告知书、复查意见书或履行职责答复书发出；"
        "接谈、当场处理或回复；接谈限见到（接通）信访人并已答复的，回复限简易办理中已经当面、电话或者网上告知的，或者没有任何联系方式的"
    )
    assert CLOCKS["promised_reply"].stops_words == words
    assert (
        CLOCKS["extension_notice"].stops_words
        == "延期告知书、信访处理（答复）意见书、建议（咨询）回复或简易办理答复发出；回复；至迟在原办结期限届满前；"
        "回复限简易办理中已经当面、电话或者网上告知的，或者没有任何联系方式的"
    )
    assert CLOCKS["request_first_review"].starts_words == (
        "送达、网上签收、回复或送达文书；网上签收限意见书、简易办理答复和申诉求决的并案答复告知书，"
        "回复限简易办理的申诉求决中已经当面、电话或者网上告知的；送达文书限简易办理答复和申诉求决的并案答复告知书；本厅的复查意见除外"
    )
