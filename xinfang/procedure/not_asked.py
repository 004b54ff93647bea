"""What a reader might expect to be required and is not, and what is not built: each with its reason.

A table of refusals says only what must be there. Somebody who is new to the procedure also wants to know what needn't
be, so that nobody is sent away, and no false statement is typed, for a thing that no text asks for. Every entry is
held by a test of its own (`tests/articles/test_not_asked.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from .articles import ALL_ARTICLES, Article, cite


@dataclass(frozen=True)
class NotAsked:
    """One thing that is not required: when somebody might expect it, what it is, why it isn't."""

    code: str
    when: str
    what: str
    articles: tuple[Article, ...]
    why: str


@dataclass(frozen=True)
class NotBuilt:
    """One thing that the program doesn't have and must not get."""

    code: str
    what: str
    articles: tuple[Article, ...]
    why: str


def _cited(names: str) -> tuple[Article, ...]:
    return tuple(ALL_ARTICLES[name] for name in names.split())


def _not(code: str, when: str, what: str, articles: str, why: str) -> NotAsked:
    return NotAsked(code, when, what, _cited(articles), why)


def _never(code: str, what: str, articles: str, why: str) -> NotBuilt:
    return NotBuilt(code, what, _cited(articles), why)


NOT_ASKED: tuple[NotAsked, ...] = (
    _not("name", "登记", "姓名：匿名的照样登记", "N23",
        "“应当予以登记”没有附条件；姓名不清只免除书面告知。"),
    _not("address", "登记", "住址和电话", "N19 N23",
        "住址是信访人应当写明的，不是登记的条件；缺少的再请补充。"),
    _not("id_number", "登记", "身份证件号码", "N17 N19",
        "条例只要求载明姓名（名称）、住址。"),
    _not("representatives", "集体来访的登记", "先推选代表", "N20 N23",
        "推选代表是信访人的义务，登记是机关的义务；没有推选的照样登记，以后补登。"),
    _not("right_place", "登记", "属于本厅、属于本级：走错地方的照样登记", "N20 N23",
        "不属于本厅的也要登记，再告知向有权处理的机关提出。"),
    _not("in_writing", "登记", "书面材料：口头提出的由接待人员如实记录", "N19",
        "对采用口头形式提出的应当如实记录。"),
    _not("chinese", "登记、存信", "用汉文书写：蒙古文等来信照样登记，不得以看不懂存信", "N17 N23",
        "以翻译解决，翻译不停止期限。"),
    _not("paper_of_the_bureau", "登记在自治区信访部门上访的", "来文机关和来文编号", "H12",
        "到自治区信访部门上访的往往没有来文。"),
    _not("proposal_for_a_suggestion", "转办建议意见、咨询", "先拟办、批示", "N29",
        "条例对建议意见只要求研究论证和回复；需要厅领导决定的可以先拟办。"),
    _not("instruction_for_a_simple_case", "简易办理的受理", "厅领导批示", "S",
        "简易办理的期限短，等不到批示；答复仍须另一人确认。"),
    _not("both_leaders", "批示", "主要领导和分管领导两位都批示（未勾选再报主要领导的）", "H7 H8",
        "见“拟办报给谁”的读法。"),
    _not("number_before_paper", "各种告知、受理、批准", "先填写告知书的文号", "N23",
        "作出决定时文书还不存在；文号在印发时编定，不跳号。"),
    _not("consent_to_hearing", "听证", "双方当事人同意", "N31",
        "条例只要求调解须双方同意（第三十三条），听证由办理机关决定。"),
    _not("hearing_or_mediation", "签发意见书", "经过听证或者调解", "N31 N33",
        "条例都写“可以”。"),
    _not("advice_on_a_notice", "受理、回复", "法律顾问意见", "H13",
        "规程只对信访事项的办理意见（意见书）要求。"),
    _not("pledge", "结案、归档、执行", "息诉罢访承诺书，不再信访的承诺", "H14 N35 N36",
        "见“息诉罢访承诺书”的读法。"),
    _not("satisfied", "结案、归档", "信访人满意、评价、同意处理意见", "N21 N32",
        "意见书写明结论并送达即可；不同意的可以请求复查。"),
    _not("end_of_review_term", "结案", "等待请求复查的30日届满", "N34 N35",
        "是否请求由信访人决定；结案以后仍可请求。"),
    _not("visit_or_counsel", "结案、归档", "回访、帮扶救助、疏导教育的记录", "H6 N27 N37",
        "做了就记；列为条件，就会为了结案而填写。"),
    _not("no_new_petition", "结案", "没有再次信访", "H6 N17",
        "见“不以任何形式再次上访”的读法。"),
    _not("timely_request", "请求复查、复核", "在30日内提出：逾期的写明理由照样登记", "N35 N36",
        "是否收下由复查、复核机关决定。"),
    _not("hearing_in_a_review", "签发本厅的复查意见", "听取信访人陈述", "N31 N35",
        "条例只对处理意见写“应当听取”；可以接谈并记录。"),
    _not("timely_objection", "提出异议", "在5个工作日内：逾期的写明理由、两人办理", "H8 N23",
        "见“超过5个工作日”的读法。"),
    _not("dissuasion", "报警、商请公安机关", "先劝阻、批评、教育", "N47 H17",
        "有危险的立即报警；要求先填写劝阻，只会得到不真实的记录。"),
    _not("written_notice_before_a_report", "向信访主管部门报告事项", "已当面给予书面告知", "N25 H18",
        "电话中的威胁无从当面告知；有没有给予，如实填写即可。"),
    _not("reason_for_an_emergency", "拨打120、110的记录", "理由、人数、身份", "H17",
        "先救人，后记录。"),
    _not("meeting_after_referral", "要求见厅领导", "已经转办、交办", "H11",
        "来访当天即可登记要求。"),
)  # fmt: skip

NOT_BUILT: tuple[NotBuilt, ...] = (
    _never("labels", "给信访人分风险等级，贴重点人员、缠访、闹访等标签，预测谁会再次信访", "N17 N18 N26",
        "信访是权利；条例只规定行为，没有规定人的等级。个人信息保护法要求最小必要。"),
    _never("tracking", "记录去向、行程、手机位置、亲属和社交账号，人脸识别，与公安、征信数据合并", "N18 N26",
        "超出履行职责所必需；登记去向就是监视。"),
    _never("blocking", "黑名单，按次数限制登记", "N23",
        "应当予以登记。"),
    _never("scores", "给单位、人员打分、排名，按件数、满意率、重复信访率奖惩", "H19 H20 N39",
        "以数字奖惩会使人压低登记、索要好评；考核由党委和政府进行。"),
    _never("machine_decides", "由程序自动分类、受理、不予受理、存信、拟写结论、签发", "N28 N31 N44",
        "决定须由人作出并负责；程序只提醒、计算期限、核对记录。"),
    _never("default_rating", "默认满意，由经办人代填、修改、删除评价", "N21",
        "评价只能出自信访人。"),
    _never("quiet_end", "不送达、不告知复查权利即结案，隐去的“存”，一人存信、不予受理、不再受理、结案", "N32 N35 N44",
        "见各步骤的条件和第二人。"),
    _never("backdating", "倒填日期，删除、改写办理记录", "N44 N45",
        "更正是新的一条记录，原值保留，已经记录的逾期不消除。"),
    _never("report_leaks", "把检举控告录入其他系统、列入检索和统计明细、告知被检举的人和单位", "N30",
        "条例第三十条第三款、第四十六条第（五）项。"),
    _never("required_pledge", "把息诉罢访承诺书、不再信访设为任何步骤的必填", "N35 N36",
        "妨碍复查复核的权利。"),
    _never("required_id", "以实名、身份证件为登记条件", "N19 N23",
        "登记不附条件。"),
    _never("outside_services", "把信访内容送往外部的识别、翻译、大模型服务", "H3 N30",
        "严守秘密；程序运行时不连接互联网。"),
)  # fmt: skip

NOT_ASKED_HEADS = ("办理什么时", "不要求什么", "条文", "理由")
NOT_BUILT_HEADS = ("不设什么", "条文", "理由")


def not_asked_rows() -> Iterator[tuple[str, ...]]:
    """Yield what is not required as a table."""
    for n in NOT_ASKED:
        yield n.when, n.what, cite(n.articles), n.why


def not_built_rows() -> Iterator[tuple[str, ...]]:
    """Yield what is not built as a table."""
    for n in NOT_BUILT:
        yield n.what, cite(n.articles), n.why
