"""A department made up for the tests, and a case that is taken through its steps: facts in, answers out.

No database: `take` asks `decide` and folds the event into the facts as the records do; `refused` gives the reasons.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from xinfang.procedure.calendar import SHANGHAI, Calendar, seed_calendar
from xinfang.procedure.clocks import current
from xinfang.procedure.conditions import units_headed_by
from xinfang.procedure.facts import (
    ANSWERED_THE_WAY_IT_CAME,
    SYSTEM,
    Actor,
    Directory,
    DutyHeld,
    Facts,
    StaffFacts,
    UnitFacts,
    with_implied_duties,
)
from xinfang.procedure.papers import goes_to_each, tells_a_decision
from xinfang.procedure.printed_procedure import papers_of
from xinfang.procedure.replay import StoredEvent, apply_event
from xinfang.procedure.rules import DecisionContext, Outcome, Reason, Refused, SecondPerson, decide
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, UnitCode, dump_step, load_step, step_schema
from xinfang.procedure.steps import STEPS
from xinfang.procedure.steps.oversight import ChangesWhoMayAct, with_overseers
from xinfang.procedure.steps.rating import rateable_requests
from xinfang.procedure.steps.screening import leader_who_may_agree
from xinfang.procedure.timing import ClockRun
from xinfang.procedure.words import Material, PaperKind, Role, State

NUMBER = "LX2026000001"
"""The number of every case here."""
OFFICE, UNIT, OTHER_UNIT, ARCHIVE, OUTSIDE = "office", "results", "platforms", "archive", "canteen"


def _somebody(code: str, *duties: tuple[Role, str]) -> Actor:
    return Actor(StaffCode(code), code, with_implied_duties(DutyHeld(r, UnitCode(u)) for r, u in duties))


CLERK = _somebody("clerk", (Role.OFFICE, OFFICE))
SECOND_CLERK = _somebody("second_clerk", (Role.OFFICE, OFFICE))
RECEPTION = _somebody("reception", (Role.RECEPTION, OFFICE))
OFFICE_HEAD = _somebody("office_head", (Role.OFFICE_HEAD, OFFICE))
PRINCIPAL = _somebody("principal", (Role.PRINCIPAL_LEADER, ""))
LEADER = _somebody("leader", (Role.LEADER, ""))
OTHER_LEADER = _somebody("other_leader", (Role.LEADER, ""))
HEAD = _somebody("head", (Role.UNIT_HEAD, UNIT))
HANDLER = _somebody("handler", (Role.HANDLER, UNIT))
SECOND_HANDLER = _somebody("second_handler", (Role.HANDLER, UNIT))
OTHER_HEAD = _somebody("other_head", (Role.UNIT_HEAD, OTHER_UNIT))
ADVISER = _somebody("adviser", (Role.LEGAL_ADVISER, ""))
SECOND_ADVISER = _somebody("second_adviser", (Role.LEGAL_ADVISER, ""))
ARCHIVIST = _somebody("archivist", (Role.ARCHIVE_ROOM, ARCHIVE))
SEALED = _somebody("sealed", (Role.SEALED_OFFICER, OFFICE))
OTHER_SEALED = _somebody("other_sealed", (Role.SEALED_OFFICER, OFFICE))
BOTH = _somebody("both", (Role.OFFICE, OFFICE), (Role.SEALED_OFFICER, OFFICE))
"""A clerk of the office who is also the officer for sealed reports."""
PETITIONER = replace(_somebody("petitioner", (Role.PETITIONER, "")), case=NUMBER, person=1, own_secret=True)
"""Who proved it by what nobody of the office knows."""
BY_CODE = replace(PETITIONER, own_secret=False)
"""Who proved it by a code and a telephone number that who registered the case knows too."""

STAFF = (
    CLERK,
    SECOND_CLERK,
    RECEPTION,
    OFFICE_HEAD,
    PRINCIPAL,
    LEADER,
    OTHER_LEADER,
    HEAD,
    HANDLER,
    SECOND_HANDLER,
    OTHER_HEAD,
    ADVISER,
    SECOND_ADVISER,
    ARCHIVIST,
    SEALED,
    OTHER_SEALED,
    BOTH,
)
EVERYBODY = (*STAFF, PETITIONER, SYSTEM)
DIRECTORY = Directory(
    units={
        UnitCode(code): UnitFacts(UnitCode(code), name, can_handle)
        for code, name, can_handle in (
            (OFFICE, "办公室", True),
            (UNIT, "成果处", True),
            (OTHER_UNIT, "平台处", True),
            (ARCHIVE, "机要室", False),
            (OUTSIDE, "食堂", False),
        )
    },
    staff={
        a.code: StaffFacts(
            a.code, a.name, frozenset(d.role for d in a.duties), frozenset(d.unit for d in a.duties if d.unit), a.duties
        )
        for a in STAFF
    },
)

RECEIVED = date(2026, 3, 2)
"""A Monday. Unless a test says otherwise everything begins here."""
SOMEBODY = {"name": "甲某", "address": "某市某路1号", "phone": "13000000000"}
FINDING = {"request": 1, "finding": "经查属实", "conclusion": "support", "basis": "某办法第三条"}

ANSWERS: dict[str, dict[str, Any]] = {
    StepCode.REGISTER: {
        "secrecy": "no",
        "channel": "letter",
        "subject": "项目经费拨付",
        "body": "来信原文",
        "persons": [SOMEBODY],
        "requests": [{"text": "请拨付经费"}],
    },
    StepCode.IMPORT_HISTORY: {
        "channel": "online",
        "received_on": RECEIVED - timedelta(days=400),
        "subject": "补助何时发放",
        "body": "留言原文",
        "persons": [{"name": "甲某"}],
        "file": "2025年留言.xlsx",
        "reply": "已于当年发放",
        "replied": "2025-02-01",
    },
    StepCode.UNDO_IMPORT: {"reason": "选错了工作表"},
    StepCode.LINK_REPEAT: {"first": "LX2026000009", "same_person": True, "same_matter": True, "reason": "同人同事"},
    StepCode.UNLINK_REPEAT: {"reason": "事实不同"},
    StepCode.JOIN_FIRST: {"reason": "同一事项，首件正在办理", "first_is_handled": True},
    StepCode.HANDLE_APART: {"reason": "首件已撤回"},
    StepCode.ANSWER_WITH_FIRST: {
        "requests": [1],
        "first_is_answered": True,
        "opinion_number": "内科信答〔2026〕1号",
        "answered_on": "2026-03-02",
    },
    StepCode.SPLIT_OFF: {
        "requests": [2],
        "subject": "公开结果",
        "body": "另请公开结果",
        "reason": "性质不同",
        "part": "LX2026000098",
    },
    StepCode.TELL_PARTS: {
        "whereabouts": [
            {"number": "LX2026000001", "requests": "请拨付经费", "where": "由本厅办理"},
            {"number": "LX2026000098", "requests": "请公开结果", "where": "本厅已经答复"},
        ],
        "all_directed": True,
    },
    StepCode.SUPPLEMENT: {"text": "补充材料一份"},
    StepCode.LEAVE_MESSAGE: {"kind": "message", "text": "请告知办到哪一步了"},
    StepCode.ANSWER_MESSAGE: {"message": 1, "text": "正在调查核实"},
    StepCode.RECORD_DEATH: {"person": 1, "text": "其女甲乙称将继续"},
    StepCode.CORRECT: {"what": "subject", "new_value": "经费", "public_value": "经费", "reason": "录入有误"},
    StepCode.WITHDRAW: {"reason": "本人要求撤回"},
    StepCode.ATTACH: {
        "what": "evidence",
        "name": "照片.jpg",
        "kind": "jpg",
        "kilobytes": 120,
        "digest": "66c7f0f4" * 8,
    },
    StepCode.WITHDRAW_ATTACHMENT: {"attachment": 1, "reason": "传错了文件"},
    StepCode.MAKE_PAPER: {"kind": "acceptance_notice", "owed_by": 0},
    StepCode.SUBMIT_PAPER: {"paper": 1, "digest": "ab" * 32},
    StepCode.CHECK_PAPER: {"paper": 1},
    StepCode.SIGN_PAPER: {"paper": 1},
    StepCode.REVISE_PAPER: {"paper": 1, "reason": "地址有误"},
    StepCode.ISSUE_PAPER: {
        "paper": 1,
        "document_number": "内科信告〔2026〕1号",
        "pages": 1,
        "pdf": "66c7f0f4" * 8,
        "word": "66c7f0f4" * 8,
        "ofd": "66c7f0f4" * 8,
    },
    StepCode.FILE_PAPER_SCAN: {
        "attachment": 1,
        "kind": "acceptance_notice",
        "document_number": "内科信告〔2026〕7号",
    },
    StepCode.SEND_PAPER: {"paper": 1, "method": "post", "mail_number": "XA0000000115"},
    StepCode.SERVE_PAPER: {"paper": 1, "served_on": RECEIVED, "method": "in_person", "receiver": "本人"},
    StepCode.CONSENT_ELECTRONIC: {},
    StepCode.TAKE_DELIVERY: {"paper": 1},
    StepCode.WITHDRAW_PAPER: {"paper": 1, "reason": "地址有误"},
    StepCode.ENTER_REGIONAL: {"external_number": "NM-1"},
    StepCode.CLASSIFY: {"matter_class": "claim", "route": "six", "purpose": "claim"},
    StepCode.REDIRECT: {"body": "某市人力资源和社会保障局", "reason": "属于劳动监察"},
    StepCode.OBJECT: {"reason": "不属于科技部门职权"},
    StepCode.OBJECTION_UPHELD: {"answered_on": RECEIVED, "answer_number": "复1号"},
    StepCode.OBJECTION_REJECTED: {"answered_on": RECEIVED, "answer_number": "复2号"},
    StepCode.FORWARD: {
        "body": "某市科技局",
        "contact": "市府路1号，0000-0000001",
        "reason": "属于市级项目",
        "listed": True,
    },
    StepCode.DISCLOSE: {
        "information": "2025年科技项目经费安排",
        "information_only": True,
        "body": "本厅政府信息公开工作机构",
        "reason": "诉求均为获取政府信息",
    },
    StepCode.COORDINATE: {"question": "agreed", "bodies": "某市人力资源和社会保障局", "result": "正在协商"},
    StepCode.ROUTE: {
        "route_name": "行政复议",
        "law": "行政复议法第十一条",
        "body": "自治区人民政府",
        "time_limit": "60日内",
        "reason": "可以复议",
    },
    StepCode.DECLINE: {
        "ground": "in_lawful_procedure",
        "body": "某市劳动人事争议仲裁委员会",
        "reference": "案字1号",
        "law": "劳动争议调解仲裁法第二条",
        "way": "向该委员会查询",
        "reason": "已经仲裁受理",
        "listed": True,
    },
    StepCode.FILE_WITHOUT_ACTION: {"ground": "no_value", "reason": "广告"},
    StepCode.REOPEN: {"reason": "存信有误"},
    StepCode.REQUEST_RECONSIDERATION: {"against": "filed", "reason": "信中写明了请求"},
    StepCode.DECIDE_RECONSIDERATION: {"reason": "来信有明确的诉求"},
    StepCode.HAND_OVER: {"body": "派驻纪检监察组"},
    StepCode.SEAL: {"reason": "来信第二段反映承办人员收受礼金"},
    StepCode.UNSEAL: {"reason": "所述是对政策的意见，没有反映违纪违法"},
    StepCode.REFUSE_FURTHER: {
        "opinion_number": "答1号",
        "first_review_number": "查1号",
        "final_review_number": "核1号",
        "same_facts": True,
        "on_record": True,
        "reason": "同一事实和理由",
    },
    StepCode.PROPOSE: {"text": "拟由成果处承办", "unit": UNIT, "leader": "leader"},
    StepCode.INSTRUCT: {"text": "同意"},
    StepCode.CIRCULATE_SHEET: {"readers": ["other_leader", "principal"]},
    StepCode.READ_SHEET: {},
    StepCode.ACCEPT: {},
    StepCode.ACKNOWLEDGE: {"text": "已收到，正在研究"},
    StepCode.REFER: {"handling_unit": UNIT},
    StepCode.ASSIGN: {"handling_unit": UNIT},
    StepCode.SIGN_FOR: {"handler": "handler"},
    StepCode.SEND_BACK: {"reason": "不属本处职责"},
    StepCode.TALK: {"place": "信访接待室", "who_was_there": "承办人、甲某", "said": "陈述事实和理由"},
    StepCode.SETTLE_ON_THE_SPOT: {"said": "拨款单写错了单位名称", "text": "当场更正"},
    StepCode.PROMISE_REPLY: {},
    StepCode.ASK_TO_MEET: {"reason": "要求面谈"},
    StepCode.DECIDE_MEETING: {"reason": "周五上午"},
    StepCode.SEEK_LEGAL_ADVICE: {"adviser": "adviser", "draft": "拟支持"},
    StepCode.GIVE_LEGAL_ADVICE: {"text": "合法"},
    StepCode.MEDIATE: {"both_consent": True, "agreed": True, "text": "双方达成协议"},
    StepCode.HOLD_HEARING: {"notified_on": RECEIVED, "text": "听取双方意见"},
    StepCode.REQUEST_EXTENSION: {"days": 30, "reason": "须外地取证"},
    StepCode.GRANT_EXTENSION: {"days": 30, "reason": "情况复杂"},
    StepCode.LEAVE_SIMPLE: {"reason": "争议较大"},
    StepCode.STUDY: {"studied_by": "成果处、办公室", "result": "可行，拟纳入明年计划"},
    StepCode.ANSWER: {
        "text": "已采纳",
        "conclusion": "support",
        "basis": "某办法",
        "adoption": "full",
        "refuses_nothing": True,
    },
    StepCode.SUGGEST_COMMENDATION: {"adopted": "采纳了简化申报的建议", "achieved": "材料减少三份", "form": "致感谢信"},
    StepCode.DRAFT_REPLY: {"findings": [FINDING], "disposition": "solve", "review_body": "自治区人民政府"},
    StepCode.REVIEW_REPLY: {},
    StepCode.SIGN_REPLY: {"digest": "cd" * 32},
    StepCode.ISSUE_REPLY: {"document_number": "答1号"},
    StepCode.SERVE: {"method": "in_person", "receiver": "本人"},
    StepCode.SERVICE_FAILED: {
        "tried_on": RECEIVED,
        "method": "post",
        "mail_number": "XA0000000115",
        "why": "returned",
        "next_way": "other_address",
        "text": "另寄单位地址。",
    },
    StepCode.CARRY_OUT: {"request": 1, "text": "经费已拨付"},
    StepCode.FOLLOW_UP: {"place": "电话", "who_was_there": "办公室人员、甲某", "said": "已收到意见书"},
    StepCode.GIVE_ASSISTANCE: {"kind": "told", "place": "信访接待室", "text": "告知可以向街道申请临时救助"},
    StepCode.COUNSEL: {"place": "信访接待室", "who_was_there": "承办人、甲某", "text": "解释了办法第三条"},
    StepCode.CLOSE: {"text": "已办结", "review_rights_told": True},
    StepCode.SUBMIT_ARCHIVE: {"complete": True, "pages": 30},
    StepCode.ACCEPT_ARCHIVE: {"volume": "2026-1"},
    StepCode.RETURN_ARCHIVE: {"reason": "缺送达回证"},
    StepCode.CHANGE_RETENTION: {"retention": "permanent", "reason": "有继续保存的价值"},
    StepCode.DESTROY: {"reason": "保管期限届满，没有继续保存的价值"},
    StepCode.REQUEST_FIRST_REVIEW: {"body": "自治区人民政府"},
    StepCode.FIRST_REVIEW: {"result": "upheld", "document_number": "查1号"},
    StepCode.REQUEST_FINAL_REVIEW: {"body": "国家机关"},
    StepCode.FOLLOW_REVIEW_REQUEST: {"news": "sent", "mail_number": "XA0000000215"},
    StepCode.FINAL_REVIEW: {"result": "upheld", "document_number": "核1号"},
    StepCode.TAKE_AS_REVIEW: {
        "body": "某市科技局",
        "opinion_number": "市科信答〔2026〕3号",
        "got_on": RECEIVED - timedelta(days=10),
        "decided": "不予支持",
        "reason": "没有核对拨款凭证",
    },
    StepCode.DECLINE_REVIEW: {
        "ground": "not_above",
        "reason": "处理意见由某旗科技局作出",
        "way": "请向某市科技局请求复查",
    },
    StepCode.ACCEPT_REVIEW: {"reviewers": ["handler", "second_handler"]},
    StepCode.DRAFT_REVIEW: {
        "finding": "拨款凭证没有核对",
        "result": "redo",
        "reason": "认定事实不清",
        "basis": "《信访工作条例》第三十二条",
        "order": "核对拨款凭证后重新作出处理意见",
        "final_body": "自治区人民政府",
    },
    StepCode.ACCEPT_DUTY: {"law": "《科学技术活动违规行为处理暂行规定》第十条"},
    StepCode.DRAFT_DUTY_REPLY: {
        "findings": [FINDING],
        "disposition": "lawful",
        "reconsideration_body": "自治区人民政府（行政复议办公室）",
        "court": "某市中级人民法院",
    },
    StepCode.RECORD_COMPLIANCE: {"document_number": "市科信答〔2026〕9号", "text": "重新作出处理意见，予以支持"},
    StepCode.SUPERVISE: {"ground": "overdue", "text": "请尽快办理"},
    StepCode.ANSWER_SUPERVISION: {"text": "正在办理"},
    StepCode.RECORD_ADVICE: {"kind": "improve", "body": "自治区信访局", "text": "建议完善首访登记"},
    StepCode.ANSWER_ADVICE: {"adoption": "full", "text": "已修订首访登记表"},
    StepCode.RECUSE: {"person": "handler", "reason": "亲属"},
    StepCode.ADD_ACCUSED: {"complained_staff": ["handler"], "reason": "信访人来电补充反映"},
    StepCode.REMOVE_ACCUSED: {"complained_staff": ["second_handler"], "reason": "登记时误选同名人员"},
    StepCode.NAME_ACTING_OFFICE: {"unit": OTHER_UNIT, "reason": "此件反映办公室"},
    StepCode.NAME_OFFICER: {"person": "head", "reason": "此件反映专管员"},
    StepCode.CHANGE_LEADER: {"leader": "other_leader", "reason": "分工调整"},
    StepCode.CHANGE_HANDLER: {"handler": "second_handler", "reason": "出差"},
    StepCode.REPORT_UP: {"body": "自治区信访局"},
    StepCode.SPOT_CHECK: {"result": "approved", "reason": "来信确系广告"},
    StepCode.RATE: {"office_rating": 0, "unit_rating": 1},
    StepCode.WARN: {"clock": "handling", "due": RECEIVED, "level": "三日内"},
    StepCode.MARK_OVERDUE: {"clock": "handling", "due": RECEIVED},
    StepCode.ESCALATE: {"clock": "handling", "due": RECEIVED, "why": "超期十一日仍未办", "told": ["principal"]},
    StepCode.RECOMPUTE_DEADLINE: {"clock": "handling", "was": RECEIVED, "due": RECEIVED, "why": "放假安排公布"},
}
"""What each step is answered with where a test has nothing else to say."""


def without(*people: Actor) -> Directory:
    """The department after these have left."""
    left = {p.code for p in people}
    return replace(DIRECTORY, staff={code: s for code, s in DIRECTORY.staff.items() if code not in left})


def with_away(*people: Actor) -> Directory:
    """The department while these are away and nobody deputises for them."""
    away = {p.code for p in people}
    return replace(DIRECTORY, staff={code: replace(s, away=code in away) for code, s in DIRECTORY.staff.items()})


NOON = time(12)
AGREED = {
    StepCode.CLASSIFY,
    StepCode.REDIRECT,
    StepCode.OBJECT,
    StepCode.OBJECTION_UPHELD,
    StepCode.FORWARD,
    StepCode.ROUTE,
    StepCode.DISCLOSE,
    StepCode.DECLINE,
    StepCode.WITHDRAW,
    StepCode.WITHDRAW_PAPER,
    StepCode.RECORD_DEATH,
    StepCode.CORRECT,
    StepCode.ACCEPT,
    StepCode.JOIN_FIRST,
    StepCode.REFER,
    StepCode.ASSIGN,
    StepCode.LEAVE_SIMPLE,
    StepCode.ANSWER,
    StepCode.ANSWER_WITH_FIRST,
    StepCode.REOPEN,
    StepCode.SERVE,
    StepCode.SEND_PAPER,
    StepCode.SERVE_PAPER,
    StepCode.CHANGE_LEADER,
    StepCode.HAND_OVER,
    StepCode.SEAL,
    StepCode.UNSEAL,
    StepCode.ADD_ACCUSED,
    StepCode.REQUEST_FIRST_REVIEW,
    StepCode.FIRST_REVIEW,
    StepCode.REQUEST_FINAL_REVIEW,
    StepCode.FINAL_REVIEW,
    StepCode.FOLLOW_REVIEW_REQUEST,
}
"""Steps to which the second person agrees at once in most tests, which are about something else."""
PROOF = {
    StepCode.OBJECTION_UPHELD: Material.OTHER_BODYS_PAPER,
    StepCode.DECLINE: Material.OTHER_BODYS_PAPER,
    StepCode.FIRST_REVIEW: Material.OTHER_BODYS_PAPER,
    StepCode.FINAL_REVIEW: Material.OTHER_BODYS_PAPER,
    StepCode.RECORD_ADVICE: Material.OTHER_BODYS_PAPER,
    StepCode.WITHDRAW: Material.PETITIONERS_WORDS,
    StepCode.RECORD_COMPLIANCE: Material.OTHER_BODYS_PAPER,
    StepCode.RECORD_DEATH: Material.EVIDENCE,
}
"""What these steps rest on."""


@dataclass
class Refusal:
    """Why a step was refused: all reasons, each with its articles."""

    reasons: tuple[Reason, ...]

    @property
    def codes(self) -> set[str]:
        return {r.code for r in self.reasons}

    @property
    def text(self) -> str:
        return "\n".join(map(str, self.reasons))

    def __contains__(self, words: str) -> bool:
        """`"规程第十三条" in refused`: whether the refusal says these words."""
        return words in self.text


@dataclass
class Case:
    """One case on its way. `today` moves when a step is taken `on` a later day."""

    facts: Facts = field(default_factory=lambda: Facts(number=NUMBER))
    today: date = RECEIVED
    calendar: Calendar = field(default_factory=seed_calendar)
    taken: list[str] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
    directory: Directory = DIRECTORY

    def question(self, step: Any, by: Actor) -> DecisionContext[Any]:
        return DecisionContext(
            step=step, facts=self.facts, actor=by, today=self.today, calendar=self.calendar, directory=self.directory
        )

    def _step(self, code: str, answers: dict[str, Any], by: Actor = CLERK) -> Any:
        given = {**ANSWERS[code], **answers}
        if code in PROOF:
            given.setdefault("attachment", self.attached(PROOF[code]) or None)
        if code == StepCode.REGISTER:
            given.setdefault("received_on", self.today)
        if code == StepCode.SERVE:
            given.setdefault("served_on", self.today)
        if code == StepCode.SEND_PAPER:
            given.setdefault("sent_on", self.today)
            if (paper := self.facts.paper(given["paper"])) and goes_to_each(paper):
                # Who sends it sends it to each.
                given.setdefault("persons", sorted(self.facts.still_to_get(paper)))
        if code == StepCode.FILE_PAPER_SCAN:
            given.setdefault("dated_on", self.today)
        if code == StepCode.RATE and "requests" not in answers and self.facts.served_on and "attachment" not in answers:
            # What a test says of the unit, it says of each request that was answered.
            given["requests"] = [{"request": n, "rating": given["unit_rating"]} for n in rateable_requests(self.facts)]
        if code == StepCode.DRAFT_REVIEW:
            given.setdefault("term", self.today + timedelta(days=30))
        if code == StepCode.SERVICE_FAILED and "tried_on" not in answers:
            given["tried_on"] = self.today
        if code == StepCode.ASSIGN:
            given.setdefault("feedback_on", self.today + timedelta(days=30))
        if code == StepCode.PROMISE_REPLY:
            given.setdefault("promised_on", self.today + timedelta(days=10))
        if code in (StepCode.ADD_ACCUSED, StepCode.REMOVE_ACCUSED) and "complained_units" in answers:
            given["complained_staff"] = answers.get("complained_staff", [])
        several = {
            StepCode.WITHDRAW: len(self.facts.who_still_asks) > 1,
            StepCode.REQUEST_FIRST_REVIEW: bool(self.facts.each_of_several),
            StepCode.CONSENT_ELECTRONIC: bool(self.facts.each_of_several),
        }
        if several.get(StepCode(code)) and by.person:
            given.setdefault("persons", [by.person])
        if code in (StepCode.HAND_OVER, StepCode.UNSEAL):
            given.setdefault("asked", leader_who_may_agree(self.facts, by, self.directory))
        if code == StepCode.ADD_ACCUSED:
            given.setdefault(
                "units_they_head", tuple(sorted(units_headed_by(given.get("complained_staff", ()), self.directory)))
            )
        if (
            code == StepCode.MAKE_PAPER
            and "owed_by" not in answers
            and tells_a_decision(PaperKind(given["kind"]), self.facts)
        ):
            given["owed_by"] = max((h.seq for h in self.facts.history if given["kind"] in h.owes), default=0)
        orally = self.facts.simple_claim and self.facts.channel in ANSWERED_THE_WAY_IT_CAME
        if code in (StepCode.ACCEPT, StepCode.ANSWER) and orally and "told_by" not in answers:
            given |= {"told_by": self.facts.channel.value, "told": "今日由承办人告知"}
        if code.startswith("objection_") and "answered_on" not in answers:
            given["answered_on"] = self.today
        cls = STEPS[code]
        if issubclass(cls, ChangesWhoMayAct):
            bare = load_step(cls, given) if not any(given.get(s.name) == "" for s in step_schema(cls)) else None
            if isinstance(bare, ChangesWhoMayAct) and {"overseer", "sealed_overseer"}.isdisjoint(answers):
                known = with_overseers(bare, self.facts, CLERK, self.today, self.directory)
                given |= {"overseer": known.overseer, "sealed_overseer": known.sealed_overseer}
        # A form would not let a required line be empty, an import might: the rule must say so too.
        blank = {s.name: "" for s in step_schema(STEPS[code]) if s.required and given.get(s.name) == ""}
        return replace(load_step(STEPS[code], {**given, **dict.fromkeys(blank, "x")}), **blank)

    def take(
        self, code: str, *, by: Actor, on: date | None = None, waits: bool = False, alone: bool = False, **answers: Any
    ) -> Outcome:
        """Take a step; it must be allowed.

        Where a second person is needed it waits for them; of steps of `AGREED` the first who may agrees at once, unless
        the test wants to see it waiting (`waits`). One that says `alone` must need nobody else. What a step rests on is
        attached first.
        """
        self.today = on or self.today
        attachable = self.facts.state is not State.ARCHIVED and not by.has(Role.PETITIONER)
        if code in PROOF and "attachment" not in answers and attachable:
            answers = {**answers, "attachment": self.proof(PROOF[code])}
        if code == StepCode.SUPPLEMENT and answers.get("contact_clear"):
            # Where to write to was said later, by the petitioner.
            answers = {"attachment": self.proof(Material.PETITIONERS_WORDS), **answers}
        outcome = self._happen(self._step(code, answers, by), code, by)
        assert not (alone and outcome.stage == "proposed"), f"{code} waits for a second person"
        if outcome.stage == "proposed" and code in AGREED and not waits:
            return self._happen(SecondPerson(), code, self.second_person(code))
        return outcome

    def proof(self, what: Material, by: Actor | None = None) -> int:
        """The number of an attachment of this kind, which is added if there is none."""
        if not self.attached(what):
            digest = f"{0x40 + len(self.facts.files):02x}" * 32
            self.take(StepCode.ATTACH, by=by or CLERK, what=what.value, kind="pdf", digest=digest)
        return self.attached(what)

    def attached(self, what: Material) -> int:
        """The number of the first attachment of this kind that proves no review yet; 0 if there is none."""
        reviews = (h for h in self.facts.history if h.code in (StepCode.FIRST_REVIEW, StepCode.FINAL_REVIEW))
        used = {h.step.attachment for h in reviews if h.took_effect}
        found = (f.number for f in self.facts.files if f.what is what and not f.withdrawn)
        return next((number for number in found if number not in used), 0)

    def second_person(self, code: str) -> Actor:
        """The first who may agree to what waits."""
        for actor in EVERYBODY:
            try:
                decide(SecondPerson(), code, self.question(SecondPerson(), actor))
            except Refused as refused:
                why = refused
            else:
                return actor
        raise why

    def confirm(
        self, code: str, *, by: Actor, on: date | None = None, agree: bool = True, opinion: str = ""
    ) -> Outcome:
        """The second person agrees, or not and why."""
        self.today = on or self.today
        return self._happen(SecondPerson(agree=agree, opinion=opinion), code, by)

    def _happen(self, step: Any, code: str, by: Actor) -> Outcome:
        outcome = decide(step, code, self.question(step, by))
        seq = len(self.facts.history) + 1
        at = datetime.combine(self.today, NOON, SHANGHAI)
        event = StoredEvent(seq, code, outcome.stage, dump_step(step), outcome.happened_on, at, by.code)
        before = self.facts
        self.facts = apply_event(before, step, event)
        assert replace(self.facts, history=before.history) == outcome.after, "what is decided is what is read again"
        assert set(outcome.papers) <= set(papers_of(STEPS[code])), "a paper the printed procedure doesn't know"
        self.papers += [p.label for p in outcome.papers]
        if outcome.stage in ("done", "confirmed"):
            self.taken.append(code)
        return outcome

    def refused(self, code: str, *, by: Actor, on: date | None = None, **answers: Any) -> Refusal:
        """Try a step that must be refused; the case stays as it was. `on` is the day of the attempt only."""
        day, self.today = self.today, on or self.today
        try:
            step = self._step(code, answers, by)
            decide(step, code, self.question(step, by))
        except Refused as refused:
            return Refusal(refused.reasons)
        finally:
            self.today = day
        raise AssertionError(f"{code} was not refused")

    def refused_to_confirm(self, code: str, *, by: Actor, on: date | None = None, **words: Any) -> Refusal:
        day, self.today = self.today, on or self.today
        try:
            step = SecondPerson(**words)
            decide(step, code, self.question(step, by))
        except Refused as refused:
            return Refusal(refused.reasons)
        finally:
            self.today = day
        raise AssertionError(f"{code} could be confirmed")

    def clock(self, code: str) -> ClockRun:
        """The latest run of a clock, which must have run."""
        run = current(code, self.facts, self.calendar)
        assert run is not None, f"{code} has not run"
        return run

    def runs(self, code: str) -> bool:
        """Whether a clock has ever run in this case."""
        return current(code, self.facts, self.calendar) is not None
