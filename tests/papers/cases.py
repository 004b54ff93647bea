"""For every kind of paper a case that owes it, walked there step by step, and what the paper must then say."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.world import HAPPY_PATH, perform_duty, proof, register, review, take, walk
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material, PaperKind

K = PaperKind
DAY = date(2026, 3, 2)
"""A Monday. Every case here is registered on it."""
LATER = date(2026, 3, 3)
SUBJECT, NAME, WHERE, PHONE = "请求说明科技特派员补助发放情况", "其木格", "某盟某旗某苏木", "15000000001"
REQUESTS = ("说明未发放原因", "补发补助")
BUREAU = {
    "source": "bureau_assigned",
    "sender": "自治区信访局",
    "sender_number": "转字9号",
    "feedback_due": "2026-04-20",
}
CHANGED = {"request": 1, "decision": "书面说明各月情况", "conclusion": "support", "basis": "特派员管理办法"}
CLAIM = {"matter_class": "claim", "route": "six", "purpose": "claim"}

Built = tuple[str, str]
"""A case's number and the step that owes the paper."""


def _road(until: str, code: str, **changes: Any) -> Callable[[], Built]:
    def build() -> Built:
        number = register(DAY, **changes)
        walk(number, until, LATER)
        return number, code

    return build


def _screened(
    code: str, by: str = "clerk", *, second: str = "", first: dict[str, Any] | None = None, **answers: Any
) -> Callable[[], Built]:
    """Registered, classified (`first` answers to register), and ended by one step, perhaps confirmed by `second`."""

    def build() -> Built:
        given = dict(first or {})
        classes = given.pop("classes", CLAIM)
        number = register(DAY, **given)
        if classes:
            take(number, StepCode.CLASSIFY, "clerk", LATER, **classes)
        take(number, code, by, LATER, **answers)
        if second:
            take(number, code, second, LATER, agree=True)
        return number, code

    return build


def _joined() -> tuple[str, str]:
    """A case that is being handled, and its repeat that was joined to it."""
    first, repeat = register(DAY), register(DAY)
    walk(first, "accepted", LATER, 0)
    take(repeat, StepCode.CLASSIFY, "clerk", LATER, **CLAIM)
    same = {"first": first, "same_person": True, "same_matter": True, "reason": "同一封信"}
    take(repeat, StepCode.LINK_REPEAT, "clerk", LATER, **same)
    take(repeat, StepCode.LINK_REPEAT, "clerk2", LATER, agree=True)
    take(repeat, StepCode.JOIN_FIRST, "clerk", LATER, reason="同一事项，首件正在办理")
    return first, repeat


def _joined_and_answered() -> Built:
    first, repeat = _joined()
    day = walk(first, "served", LATER + timedelta(days=1), 0, HAPPY_PATH[4:])
    take(repeat, StepCode.ANSWER_WITH_FIRST, "clerk", day, requests=[1, 2])
    return repeat, StepCode.ANSWER_WITH_FIRST


def _split() -> Built:
    """A letter of two matters: one handled here, one that another body has to answer."""
    number = register(DAY, requests=[{"text": REQUESTS[0]}, {"text": "请求调整用地"}])
    words = {"subject": "请求调整用地", "body": "另请调整用地。", "reason": "性质不同"}
    part = take(number, StepCode.SPLIT_OFF, "clerk", LATER, requests=[2], **words).facts.parts[-1].number
    elsewhere = {"competence": "elsewhere", "not_ours": "土地管理法", "matter_class": "claim", "purpose": "claim"}
    take(part, StepCode.CLASSIFY, "clerk", LATER, **elsewhere)
    told = {"body": "某旗自然资源局", "how": "到其窗口提出", "reason": "土地管理法"}
    take(part, StepCode.REDIRECT, "clerk", LATER, **told)
    walk(number, "accepted", LATER, 0)
    take(number, StepCode.TELL_PARTS, "clerk", LATER + timedelta(days=9))
    return number, StepCode.TELL_PARTS


def _looked_at_again() -> Built:
    number, _ = _screened(StepCode.FILE_WITHOUT_ACTION, second="clerk2", ground="no_value", reason="广告")()
    asked = {"against": "filed", "reason": "信中写明了诉求"}
    own = proof(number, Material.PETITIONERS_WORDS, LATER)
    take(number, StepCode.REQUEST_RECONSIDERATION, "clerk", LATER, attachment=own, **asked)
    take(number, StepCode.DECIDE_RECONSIDERATION, "office_head", LATER, agree=True, reason="来信有明确的诉求")
    return number, StepCode.DECIDE_RECONSIDERATION


def _on_the_road(until: str, code: str, by: str, *, second: str = "", **answers: Any) -> Callable[[], Built]:
    """Walked some way, and then a step aside."""

    def build() -> Built:
        number = register(DAY)
        day = walk(number, until, LATER) + timedelta(days=1)
        for step, who, given in ((StepCode.REQUEST_EXTENSION, "handler", {"days": 20, "reason": "需要外地核实"}),):
            if code == StepCode.GRANT_EXTENSION:
                take(number, step, who, day, **given)
        take(number, code, by, day, **answers)
        if second:
            take(number, code, second, day, agree=True)
        return number, code

    return build


def _suggestion(code: str, **answers: Any) -> Callable[[], Built]:
    def build() -> Built:
        number = register(DAY, channel="online")
        take(number, StepCode.CLASSIFY, "clerk", LATER, matter_class="suggestion", purpose="suggestion")
        take(number, StepCode.REFER, "clerk", LATER, handling_unit="funds")
        take(number, StepCode.SIGN_FOR, "head", LATER, handler="handler")
        take(number, StepCode.STUDY, "handler", LATER, studied_by="经费处", result="可行")
        take(number, code, "clerk" if code == StepCode.ACKNOWLEDGE else "handler", LATER, **answers)
        return number, code

    return build


def _simple() -> Built:
    number = register(DAY)
    take(number, StepCode.CLASSIFY, "clerk", LATER, **CLAIM, simple=True)
    take(number, StepCode.ACCEPT, "clerk", LATER, handling_unit="funds", responsible_leader="leader")
    take(number, StepCode.ASSIGN, "clerk", LATER, handling_unit="funds", feedback_on="2099-12-31")
    take(number, StepCode.SIGN_FOR, "head", LATER, handler="handler")
    said = {
        "text": "补助已于三月到账。",
        "conclusion": "explain",
        "basis": "特派员管理办法第九条",
        "refuses_nothing": True,
    }
    take(number, StepCode.ANSWER, "handler", LATER, **said)
    return number, StepCode.ANSWER


def _reviewed(final: bool) -> Callable[[], Built]:
    def build() -> Built:
        number = register(DAY)
        day = walk(number, "served", LATER) + timedelta(days=1)
        take(number, StepCode.REQUEST_FIRST_REVIEW, "clerk", day, body="自治区人民政府", reason="对认定的月份有异议")
        take(number, StepCode.FIRST_REVIEW, "clerk", day, result="upheld", document_number="复查〔2026〕3号")
        if not final:
            return number, StepCode.FIRST_REVIEW
        take(number, StepCode.REQUEST_FINAL_REVIEW, "clerk", day, body="国家有关部门", reason="仍对月份有异议")
        take(
            number,
            StepCode.FINAL_REVIEW,
            "clerk",
            day,
            result="changed",
            changes=[CHANGED],
            document_number="复核〔2026〕4号",
        )
        return number, StepCode.FINAL_REVIEW

    return build


def _reviewing(until: str, code: str) -> Callable[[], Built]:
    """A request to review the opinion of a city's bureau."""

    def build() -> Built:
        number = register(DAY)
        review(number, until, LATER)
        return number, code

    return build


def _performing(until: str, code: str) -> Callable[[], Built]:
    """A matter that the department performs in its own power."""

    def build() -> Built:
        number = register(DAY)
        perform_duty(number, until, LATER)
        return number, code

    return build


def _review_declined() -> Built:
    number, _ = _reviewing("asked", "")()
    given = {"ground": "not_above", "reason": "意见由某旗科技局作出", "way": "请向某市科学技术局请求复查"}
    take(number, StepCode.DECLINE_REVIEW, "clerk", LATER, **given)
    take(number, StepCode.DECLINE_REVIEW, "clerk2", LATER, agree=True)
    return number, StepCode.DECLINE_REVIEW


def _group() -> Built:
    people = [{"name": n, "role": "representative", "phone": "15000000009"} for n in ("乌云", "宝音")]
    return register(DAY, by="clerk", channel="visit", group_size=8, persons=people), StepCode.REGISTER


_ROUTE = {
    "route_name": "劳动人事争议仲裁",
    "law": "劳动争议调解仲裁法第二条",
    "body": "某旗仲裁委员会",
    "time_limit": "一年内",
    "reason": "属于劳动争议",
}
_DECLINE = {
    "ground": "in_lawful_procedure",
    "body": "某旗仲裁委员会",
    "reference": "案字1号",
    "law": "劳动争议调解仲裁法第二条",
    "way": "向该委员会查询",
    "reason": "已经仲裁受理",
}
_FOUR = {"classes": {"matter_class": "claim", "route": "two", "purpose": "claim"}}
_REPORT = {"classes": {"matter_class": "report", "purpose": "report"}}
_BASIS = ("旗科技局因预算调整推迟发放", "应发12个月补助属实", "科技特派员管理办法")
_ASKED = (NAME, SUBJECT, *REQUESTS)

PAPERS_OF_CASES: dict[PaperKind, tuple[Callable[[], Built], tuple[str, ...]]] = {
    K.REGISTRATION_SHEET: (
        _road("classified", StepCode.REGISTER),
        (*_ASKED, WHERE, PHONE, "本人担任科技特派员", "2026年3月2日", "乌兰", "个人信息"),
    ),
    K.RECEIPT: (_road("classified", StepCode.REGISTER), (NAME, SUBJECT, "2026年3月2日", "15日内书面告知", "乌兰")),
    K.CONVERSATION_RECORD: (_road("heard", StepCode.TALK), (NAME, "核对了未发放的月份", "巴特尔、信访人", "电话")),
    K.REPRESENTATIVES_SHEET: (_group, ("乌云", "宝音", "不超过5人", "共8人")),
    K.ACCEPTANCE_NOTICE: (
        _road("accepted", StepCode.ACCEPT),
        (
            *_ASKED,
            "2026年3月2日",
            "2026年3月6日",
            "60日内",
            "2026年5月5日",
            "回避",
            "复查",
            "资源配置与经费处",
            "0471-0000000",
        ),
    ),
    K.RECEIPT_NOTICE: (
        _suggestion(StepCode.ACKNOWLEDGE, text="由经费处研究论证"),
        (NAME, "由经费处研究论证", "2026年5月1日", "资源配置与经费处"),
    ),
    K.FORWARDING_NOTICE: (
        _screened(StepCode.FORWARD, body="某盟科技局", contact="盟府路1号，0000-0000001", reason="属盟市职责"),
        (NAME, "某盟科技局", "地址和电话：盟府路1号，0000-0000001。", "属盟市职责", "15日内"),
    ),
    K.FORWARDING_LETTER: (
        _screened(StepCode.FORWARD, body="某盟科技局", reason="属盟市职责"),
        (*_ASKED, "某盟科技局", "属盟市职责", PHONE, WHERE, "5个工作日"),
    ),
    K.SENDER_LETTER: (
        _screened(StepCode.FORWARD, first=BUREAU, body="某盟科技局", reason="属盟市职责"),
        ("自治区信访局", "转字9号", "某盟科技局", "属盟市职责"),
    ),
    K.REDIRECT_NOTICE: (
        _screened(StepCode.REDIRECT, body="某市住建局", how="市民中心三楼", reason="供暖不属科技职权"),
        (NAME, "某市住建局", "市民中心三楼", "供暖不属科技职权"),
    ),
    K.DISCLOSURE_NOTICE: (
        _screened(
            StepCode.DISCLOSE,
            information="2025年科技项目经费安排",
            information_only=True,
            body="本厅政府信息公开办公室（0000-0000002）",
            how="请补充身份证明",
            reason="诉求均为获取信息",
        ),
        (
            NAME,
            "经费安排",
            "公开办公室",
            "请补充身份证明",
            "不作为信访事项办理",
            "2026年3月2日",
            "20个工作日",
            "不需要重新提出",
        ),
    ),
    K.ROUTE_NOTICE: (_screened(StepCode.ROUTE, first=_FOUR, **_ROUTE), (NAME, *_ROUTE.values())),
    K.DECLINE_NOTICE: (
        _screened(StepCode.DECLINE, first=_FOUR, **_DECLINE),
        (NAME, "不予受理", *(text for field, text in _DECLINE.items() if field != "ground")),
    ),
    K.REFUSAL_NOTICE: (
        _screened(
            StepCode.REFUSE_FURTHER,
            second="clerk2",
            opinion_number="答1号",
            first_review_number="查2号",
            final_review_number="核3号",
            same_facts=True,
            reason="没有新的证据",
        ),
        (NAME, "答1号", "查2号", "核3号", "没有新的证据", "新的事实"),
    ),
    K.FILING_NOTICE: (
        _screened(
            StepCode.FILE_WITHOUT_ACTION,
            second="clerk2",
            ground="unclear",
            contact_attempt="两次去电",
            reason="字迹不清",
        ),
        (NAME, "仍不能确认", "字迹不清", "恢复办理"),
    ),
    K.JOINING_NOTICE: (
        lambda: (_joined()[1], StepCode.JOIN_FIRST),
        (NAME, "正在办理的信访事项", "同一事项", "不因合并延长"),
    ),
    K.JOINED_REPLY: (_joined_and_answered, (NAME, "合并办理", "即为对本件的答复", "内科信答")),
    K.PARTS_NOTICE: (_split, (NAME, "请求调整用地", "不属于本厅的职权", "某旗自然资源局", "不因分件延长")),
    K.RECONSIDERATION_NOTICE: (
        _looked_at_again,
        (NAME, "存信", "信中写明了诉求", "撤销原决定", "来信有明确的诉求", "2026年3月2日"),
    ),
    K.FILING_SLIP: (
        _screened(
            StepCode.FILE_WITHOUT_ACTION,
            second="clerk2",
            ground="unclear",
            contact_attempt="两次去电",
            reason="字迹不清",
        ),
        ("经联系仍内容不清", "两次去电", "字迹不清", "乌兰", "孟和"),
    ),
    K.SUPPLEMENT_NOTICE: (_road("classified", ""), (NAME, SUBJECT, "补充")),
    K.SEALED_LETTER: (
        _screened(StepCode.HAND_OVER, "sealed", first=_REPORT, body="派驻纪检监察组", receipt_number="回7号"),
        ("派驻纪检监察组", "密封", "2026年3月2日", "不得将检举"),
    ),
    K.HAND_OVER_RECEIPT: (
        _screened(StepCode.HAND_OVER, "sealed", first=_REPORT, body="派驻纪检监察组", receipt_number="回7号"),
        ("派驻纪检监察组", "回7号", "2026年3月3日"),
    ),
    K.OBJECTION_LETTER: (
        _screened(
            StepCode.OBJECT, first={"classes": None, **BUREAU}, reason="收费监管不属科技职权", right_body="教育部门"
        ),
        ("自治区信访局", "转字9号", "收费监管不属科技职权", "教育部门", "5个工作日"),
    ),
    K.TRANSFER_SHEET: (lambda: _returned(), ("自治区信访局", "转字9号", "复字3号", "2026年3月4日")),
    K.INSTRUCTION_SHEET: (
        _road("instructed", StepCode.PROPOSE),
        (*_ASKED, "属本厅职责，建议由经费处承办", "资源配置与经费处", "白音", "同意，我包案", "2026年3月17日"),
    ),
    K.HAND_OVER_SLIP: (
        _road("assigned", StepCode.ASSIGN),
        (*_ASKED, "资源配置与经费处", "交办", "2099年12月31日", "2026年5月5日", "白音"),
    ),
    K.INQUIRY_RECORD: (_road("heard", ""), (SUBJECT, "回避")),
    K.INQUIRY_REPORT: (_road("drafted", ""), (*_ASKED, *_BASIS)),
    K.EVIDENCE_LIST: (_road("heard", ""), (SUBJECT, "资源配置与经费处")),
    K.LEGAL_ADVICE: (
        _road("advised", StepCode.GIVE_LEGAL_ADVICE),
        ("应发12个月补助属实", "无不同意见", "卢明律", "不对外"),
    ),
    K.HEARING_NOTICE: (
        _on_the_road("heard", StepCode.HOLD_HEARING, "handler", notified_on="2026-03-10", text="双方陈述。"),
        (NAME, "听证", "回避"),
    ),
    K.HEARING_RECORD: (
        _on_the_road("heard", StepCode.HOLD_HEARING, "handler", notified_on="2026-03-10", text="双方陈述。"),
        (NAME, "双方陈述"),
    ),
    K.HEARING_REPORT: (
        _on_the_road("heard", StepCode.HOLD_HEARING, "handler", notified_on="2026-03-10", text="双方陈述。"),
        (*_ASKED, "双方陈述"),
    ),
    K.MEDIATION_CONSENT: (_road("heard", ""), (SUBJECT, "自愿")),
    K.MEDIATION_AGREEMENT: (
        _on_the_road("heard", StepCode.MEDIATE, "handler", both_consent=True, agreed=True, text="六月底前补发。"),
        (*_ASKED, "六月底前补发"),
    ),
    K.RECUSAL_REQUEST: (
        _on_the_road(
            "signed", StepCode.RECUSE, "clerk", second="office_head", person="handler", reason="与信访人是亲属"
        ),
        (SUBJECT, "巴特尔", "与信访人是亲属"),
    ),
    K.RECUSAL_DECISION: (
        _on_the_road(
            "signed", StepCode.RECUSE, "clerk", second="office_head", person="handler", reason="与信访人是亲属"
        ),
        (SUBJECT, "巴特尔", "与信访人是亲属", "高娃", "同意"),
    ),
    K.EXTENSION_APPROVAL: (
        _on_the_road("heard", StepCode.GRANT_EXTENSION, "leader", days=15, reason="情况复杂"),
        (NAME, "20日", "需要外地核实", "15日", "情况复杂", "2026年5月5日", "2026年5月20日", "白音", "巴特尔"),
    ),
    K.EXTENSION_NOTICE: (
        _on_the_road("heard", StepCode.GRANT_EXTENSION, "leader", days=15, reason="情况复杂"),
        (NAME, "15日", "情况复杂", "2026年5月5日", "2026年5月20日"),
    ),
    K.REPLY_OPINION: (
        _road("replied", StepCode.ISSUE_REPLY),
        (*_ASKED, *_BASIS, "予以支持", "解释说明", "30日内", "自治区人民政府", "2026年3月2日"),
    ),
    K.SIMPLE_REPLY: (_simple, (NAME, "补助已于三月到账", "特派员管理办法第九条", "30日内")),
    K.SUGGESTION_REPLY: (
        _suggestion(
            StepCode.ANSWER, text="将纳入明年计划", adoption="partly", adopted_part="简化申报表", refuses_nothing=True
        ),
        (NAME, "将纳入明年计划", "部分采纳", "简化申报表", "进行了研究论证", "所提建议"),
    ),
    K.SERVICE_RECEIPT: (
        _road("served", StepCode.SERVE),
        (NAME, WHERE, "邮寄送达", "XA0000000115", "内科信答〔2026〕1号", "巴特尔"),
    ),
    K.COMPLETION_REPORT: (
        lambda: _reported(completion=True),
        (*_ASKED, *_BASIS, "自治区信访局", "转字9号", "内科信答〔2026〕1号", "已电话回访"),
    ),
    K.REPORT_PACKAGE: (lambda: _reported(completion=False), (NAME, SUBJECT, "自治区信访局", "转字9号", "已电话回访")),
    K.SUPERVISION_LETTER: (
        _on_the_road(
            "heard", StepCode.SUPERVISE, "clerk", ground="no_feedback", text="请说明进展", feedback_on="2099-01-05"
        ),
        ("未按规定反馈办理结果", "请说明进展", "2099年1月5日", "资源配置与经费处"),
    ),
    K.SUPERVISION_ANSWER: (lambda: _pressed(), ("未按规定反馈办理结果", "请说明进展", "已约谈并补发两个月")),
    K.ADVICE_REPLY: (
        lambda: _advised(),
        ("自治区信访局", "信建〔2026〕2号", "改进工作", "建议完善首访登记", "部分采纳", "已修订登记表"),
    ),
    K.REVIEW_APPLICATION: (_reviewed(False), (NAME, WHERE, PHONE, "对认定的月份有异议", "自治区人民政府", "30日内")),
    K.DUTY_NOTICE: (
        _performing("accepted", StepCode.ACCEPT_DUTY),
        (*_ASKED, "第三十一条第五项", "《规则》第八条", "2026年5月2日", "回避", "资源配置与经费处", "0471-0000000"),
    ),
    K.DUTY_REPLY: (
        _performing("replied", StepCode.ISSUE_REPLY),
        (*_ASKED, *_BASIS, "《规则》第八条", "行政复议机构", "60日内", "某市中级人民法院", "6个月内"),
    ),
    K.REVIEW_ACCEPTANCE: (
        _reviewing("accepted", StepCode.ACCEPT_REVIEW),
        (NAME, "某市科学技术局", "市科信答〔2026〕3号", "30日内", "2026年4月1日", "巴特尔", "回避", "复核"),
    ),
    K.REVIEW_REFUSAL: (
        _review_declined,
        (NAME, "本厅不是作出意见机关的上一级", "第三十五条", "意见由某旗科技局作出", "请向某市科学技术局请求复查"),
    ),
    K.REVIEW_OPINION: (
        _reviewing("replied", StepCode.ISSUE_REPLY),
        (
            NAME,
            "某市科学技术局",
            "对补发补助的请求不予支持",
            "没有核对拨款凭证",
            "没有调取项目的拨款凭证",
            "主要事实不清",
            "第三十二条",
            "责令重新办理。由某市科学技术局至迟于",
            "逐月核对",
            "自治区人民政府信访事项复查复核机构",
            "30日内",
            "复核",
        ),
    ),
    K.FINAL_REVIEW_OPINION: (_reviewed(True), (NAME, SUBJECT, "仍对月份有异议", "变更", "不再受理", "新的事实")),
    K.URGENT_REPORT: (_road("classified", ""), (SUBJECT, *REQUESTS)),
    K.GROUP_VISIT_RECORD: (_group, ("乌云", "宝音", "8")),
    K.CLOSING_SHEET: (
        _road("closed", StepCode.CLOSE),
        (
            *_ASKED,
            "已办结",
            "斯琴",
            "白音",
            "已补发",
            "解释说明",
            "予以支持",
            "内科信答〔2026〕1号",
            "不以信访人作出任何承诺为条件",
        ),
    ),
    K.VOLUME_LIST: (_road("closed", ""), (NAME, SUBJECT, "信访事项登记表", "受理告知书", "送达回证")),
    K.FOLLOW_UP_RECORD: (_road("served", ""), (NAME, SUBJECT)),
    K.SETTLEMENT_PLEDGE: (_road("served", ""), (NAME, SUBJECT, "本承诺出于自愿", "不作为兑现处理意见的条件")),
}


def _returned() -> Built:
    number, _ = _screened(
        StepCode.OBJECT, first={"classes": None, **BUREAU}, reason="不属职权", right_body="教育部门"
    )()
    take(
        number, StepCode.OBJECTION_UPHELD, "clerk", date(2026, 3, 4), answer_number="复字3号", answered_on="2026-03-04"
    )
    return number, StepCode.OBJECTION_UPHELD


def _reported(*, completion: bool) -> Built:
    number = register(DAY, **BUREAU)
    day = walk(number, "served", LATER) + timedelta(days=1)
    take(number, StepCode.REPORT_UP, "clerk", day, body="自治区信访局", completion=completion, text="已电话回访")
    return number, StepCode.REPORT_UP


def _advised() -> Built:
    number = register(DAY)
    day = walk(number, "heard", LATER) + timedelta(days=1)
    said = {"kind": "improve", "body": "自治区信访局", "document_number": "信建〔2026〕2号", "text": "建议完善首访登记"}
    take(number, StepCode.RECORD_ADVICE, "clerk", day, **said)
    take(number, StepCode.ANSWER_ADVICE, "clerk", day, adoption="partly", text="已修订登记表")
    return number, StepCode.ANSWER_ADVICE


def _pressed() -> Built:
    number, _ = _on_the_road(
        "heard", StepCode.SUPERVISE, "clerk", ground="no_feedback", text="请说明进展", feedback_on="2099-01-05"
    )()
    take(number, StepCode.ANSWER_SUPERVISION, "head", date(2026, 3, 20), text="已约谈并补发两个月")
    return number, StepCode.ANSWER_SUPERVISION


PLACES = tuple(place for place, *_ in HAPPY_PATH)
