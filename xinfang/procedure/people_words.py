"""The words of what is asked, looked at once more and done beside the decision itself."""

from .words import Word


class Secrecy(Word):
    """Whether what came in may hold a secret of the state or of the work (H3): asked before it is registered."""

    NO = "no", "不涉及"
    YES = "yes", "涉及"
    UNSURE = "unsure", "不能确定"


class Overseer(Word):
    """Who sees a case that those who see every other may not see, as they are accused or must withdraw (H4, N28)."""

    PRINCIPAL = "principal", "厅主要领导"
    LEADERS = "leaders", "其他厅领导"
    OFFICERS = "officers", "检举控告专管员"
    HEADS = "heads", "其他处室（单位）负责人"


class ReconsideredDecision(Word):
    """What the petitioner asks to be looked at once more, by somebody who took no part in it."""

    FILED = "filed", "存信"
    DECLINED = "declined", "不予受理"
    MERGED = "merged", "认定重复（并案）"
    REDIRECTED = "redirected", "告知向有权机关提出"
    DISCLOSED = "disclosed", "转为政府信息公开申请"
    ROUTED = "routed", "导入法定途径"
    ANSWERED = "answered", "按建议意见、咨询回复"
    WITHDRAWN = "withdrawn", "按撤回终结"
    FORWARDED = "forwarded", "转送下级科技部门"
    RETURNED = "returned", "退回来文机关"
    REFUSED_FURTHER = "refused", "不再受理"


class ReviewRequestNews(Word):
    """What became of a request for review that somebody else decides on (N35, N36)."""

    SENT = "sent", "已转送复查（复核）机关"
    ARRIVED = "arrived", "复查（复核）机关已经收到"
    NOT_TAKEN = "not_taken", "复查（复核）机关没有收下"
    TAKEN_BACK = "taken_back", "信访人收回请求"
    OPINION_GOT = "opinion_got", "信访人收到复查意见（补登）"

    @property
    def ends_it(self) -> bool:
        """Whether there is no review: the right is as it was before the request."""
        return self in (ReviewRequestNews.NOT_TAKEN, ReviewRequestNews.TAKEN_BACK)


class SampleResult(Word):
    """What a leader says of a case of the monthly sample."""

    APPROVED = "approved", "认可"
    REDO = "redo", "要求重办"


class NextAttempt(Word):
    """How a paper that did not arrive is brought to its receiver next."""

    OTHER_ADDRESS = "other_address", "另寄其他地址"
    PHONE = "phone", "电话联系，请其前来领取或者提供地址"
    AT_THE_DOOR = "at_the_door", "上门送达"
    ELECTRONIC = "electronic", "经同意以电子方式发送"
    PUBLIC = "public", "其他方式无法送达，公告"


class AssistanceKind(Word):
    """What was done for somebody who lives in hardship (N27, N37)."""

    TOLD = "told", "告知可以申请社会救助"
    HELPED_TO_ASK = "helped", "帮助申请社会救助"
    JUDICIAL = "judicial", "告知、转请有关政法部门给予司法救助"
    OTHER = "other", "其他帮扶"


class MessageKind(Word):
    """What a petitioner writes about, at any time (N18, N21, N28; PIPL 45, 46)."""

    MESSAGE = "message", "留言"
    CORRECT = "correct", "请求更正、补充或者删除本人信息"
    ACCESS = "access", "请求查阅、复制本人信息，或者说明怎样处理本人信息"
    RECUSAL = "recusal", "申请有关人员回避"


class MessageOutcome(Word):
    """Whether what a petitioner asked for in a message was done."""

    DONE = "done", "已照办"
    REFUSED = "refused", "不照办"


class DissatisfactionReason(Word):
    """Why a petitioner is not satisfied, where they say it; nobody asks for it, and none is a reason against them."""

    NOT_MY_POINTS = "not_points", "答复了，但没有回应我的诉求"
    SLOW = "slow", "办理时间太长"
    MANNER = "manner", "接待、办理的态度不好"
    NOT_DONE = "not_done", "答应的事没有做到"
    RESULT = "result", "不同意处理结果"
    OTHER = "other", "其他"
