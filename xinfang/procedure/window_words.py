"""What a petitioner is told of their own case, in plain words (N18, N21, N23): where it is now, and what comes next.

Said is what the department owes and what it has decided and told. What it only says to itself (who proposed what, who
was asked, who waits for whom) has no words here.
"""

from dataclasses import dataclass

from . import clocks
from .step_codes import StepCode
from .words import State


@dataclass(frozen=True, slots=True)
class PlainState:
    """A state as the petitioner reads it: where the matter is now, and what comes next."""

    now: str
    next: str = ""


_WITH_US = PlainState(
    "已经登记，正在研究由谁、按什么程序办理。",
    "我们会书面告知您：是否受理、由哪里办理、按什么程序；不属于本厅职责的，告诉您该找哪里。",
)
PLAIN_STATES: dict[State, PlainState] = {
    State.REGISTERED: _WITH_US,
    State.PROPOSED: _WITH_US,
    State.INSTRUCTED: _WITH_US,
    State.OBJECTED: PlainState(
        "来文单位转来的这件事，我们认为不属于本厅职责，已经向来文单位说明，等它核定。",
        "核定之后，由本厅办理或者由来文单位另行处理，都会告知您。",
    ),
    State.HANDLING: PlainState(
        "已经受理，正在调查核实、研究答复。", "办结后出具书面意见，逐项答复您的要求；您可以随时补充材料。"
    ),
    State.REPLIED: PlainState("书面意见已经作出，正在送给您。", "送到之后，您不同意的可以请求复查。"),
    State.SERVED: PlainState("书面意见已经送达。", "支持您要求的，由有关单位落实；您不同意的，可以在期限内请求复查。"),
    State.CLOSED: PlainState("已经办结。", "不同意书面意见、还在期限内的，可以请求复查；有新情况可以留言。"),
    State.ARCHIVED: PlainState("已经办结，材料已归档。", "有新情况可以留言，或者另行提出。"),
    State.REDIRECTED: PlainState(
        "经过甄别，这件事不属于本厅职责；您该向哪里提出，写在告知书上。",
        "请向告知书上的机关提出；认为告知有误的，可以留言。",
    ),
    State.RETURNED: PlainState("来文单位同意由它另行处理，已经退回来文单位。", "请向来文单位了解后续办理情况。"),
    State.FORWARDED: PlainState("已经转送有权处理的下级科技部门，由它办理并答复您。", "请向该部门了解办理情况。"),
    State.ROUTED: PlainState(
        "这件事应当通过法律规定的其他途径解决，途径和办法写在告知书上。", "请按告知书写明的途径、期限提出。"
    ),
    State.DECLINED: PlainState("没有受理，理由写在告知书上。", "认为不对的，可以请求重新审查。"),
    State.FILED: PlainState("已经登记存查，没有另行答复。", "认为不对的，可以请求重新审查。"),
    State.HANDED_OVER: PlainState("已经移送有权机关，由它依规依纪依法处理。", "本厅不掌握后续情况。"),
    State.REFUSED_FURTHER: PlainState(
        "这件事的复核意见已经作出，信访程序已经终结，不再受理。", "有新的事实、理由的，可以另行提出。"
    ),
    State.WITHDRAWN: PlainState("您已经撤回，不再办理。", "以后还可以再提出；不是您本人撤回的，请立即告诉我们。"),
    State.ANSWERED: PlainState("已经答复。", "有新情况可以留言，或者另行提出。"),
    State.HISTORY: PlainState("这是以前办结的件，只作查考。", "有新情况请另行提出。"),
    State.UNDONE: PlainState("这个编号因录入有误已经撤销，没有对应的事项。", "请核对编号，或者向本厅信访接待室查询。"),
}
REPORT_OF_WRONGDOING = PlainState(
    "已经由检举控告专管员接收，其他人看不到。", "按规定移送有权机关处理；为了保护您，这里不显示办理过程。"
)
PLAIN_CLOCKS = {
    clock.code: words
    for clock, words in (
        (clocks.NOTICE, "书面告诉您是否受理、由哪里办理"),
        (clocks.SIMPLE_ACCEPTANCE, "告诉您是否受理"),
        (clocks.HANDLING, "办结并书面答复您"),
        (clocks.OWN_DUTY, "依法办理并答复您"),
        (clocks.SIMPLE_HANDLING, "办结并答复您"),
        (clocks.SUGGESTION, "回复您的建议、咨询"),
        (clocks.PROMISED_REPLY, "按承诺答复您"),
        (clocks.EXTENSION_NOTICE, "书面告诉您延期的理由"),
        (clocks.RECONSIDERATION, "答复您的重新审查请求"),
        (clocks.MESSAGE, "答复您的留言"),
        (clocks.OWN_REVIEW, "作出复查意见"),
        (clocks.REVIEW_REQUEST, "把您的复查（复核）请求转送给复查（复核）机关"),
        (clocks.FIRST_REVIEW, "复查机关作出复查意见"),
        (clocks.FINAL_REVIEW, "复核机关作出复核意见"),
    )
}
"""The limits that are owed to the petitioner, as they read them."""
PLAIN_RIGHTS = {
    clocks.REQUEST_FIRST_REVIEW.code: "您可以请求复查的期限",
    clocks.REQUEST_FINAL_REVIEW.code: "您可以请求复核的期限",
    clocks.RATING.code: "您可以评价的期限",
}
"""The time that is the petitioner's own."""
PLAIN_STEPS: dict[StepCode, str] = {
    StepCode.REGISTER: "收到并登记",
    StepCode.ACCEPT: "决定受理",
    StepCode.REDIRECT: "认为不属于本厅职责",
    StepCode.FORWARD: "转送下级科技部门",
    StepCode.DECLINE: "决定不予受理",
    StepCode.FILE_WITHOUT_ACTION: "决定存查",
    StepCode.ISSUE_REPLY: "作出书面意见",
    StepCode.SERVE: "送达书面意见",
    StepCode.CLOSE: "结案",
    StepCode.WITHDRAW: "撤回",
    StepCode.SUPPLEMENT: "收到补充的内容",
    StepCode.REQUEST_FIRST_REVIEW: "提出复查请求",
    StepCode.REQUEST_FINAL_REVIEW: "提出复核请求",
    StepCode.FOLLOW_REVIEW_REQUEST: "复查（复核）请求的进展",
    StepCode.REQUEST_RECONSIDERATION: "提出重新审查请求",
    StepCode.DECIDE_RECONSIDERATION: "对重新审查请求作出决定",
    StepCode.RATE: "收到评价",
    StepCode.REOPEN: "恢复办理",
    StepCode.LEAVE_MESSAGE: "收到留言",
    StepCode.ANSWER_MESSAGE: "答复留言",
    StepCode.CONSENT_ELECTRONIC: "登记是否同意在网上接收文书",
    StepCode.TAKE_DELIVERY: "在网上打开文书，即日送达",
}
"""What happened, as the petitioner reads it, with its day. Steps that aren't named here aren't told."""
