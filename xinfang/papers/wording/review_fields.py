"""What the papers of a review by this department may say of it: the opinion that is reviewed, and what was decided."""

from typing import Any

from xinfang.papers.wording import fields as f
from xinfang.papers.wording.case_data import WordingData
from xinfang.papers.wording.fields import WordingField, answer_field
from xinfang.procedure.facts import OpinionUnderReview
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import ReviewDeclineGround


def _opinion(t: WordingData) -> OpinionUnderReview | None:
    return t.facts.review_of


def _asked(t: WordingData, attribute: str) -> Any:
    return f.earlier_answer(t, StepCode.TAKE_AS_REVIEW, attribute)


def _drafted(t: WordingData, attribute: str) -> Any:
    return f.earlier_answer(t, StepCode.DRAFT_REVIEW, attribute)


def _of_opinion(attribute: str) -> Any:
    return lambda t: getattr(_opinion(t), attribute, None)


IS_REVIEW = WordingField("本厅复查", "是否为请求本厅复查的事项", lambda t: _opinion(t) is not None, yes_no=True)
TERM = WordingField("复查期限", "本厅应当作出复查意见的日期", lambda t: t.due("own_review"), day=True)
RESULT = WordingField("复查结论", "维持、撤销、变更或责令重新办理", _of_opinion("result"))
ASKED = (
    WordingField("原办理机关", "作出处理意见的机关", _of_opinion("body")),
    WordingField("原意见书文号", "所复查的处理意见书文号", _of_opinion("number")),
    WordingField("收到原意见日期", "信访人收到处理意见书的日期", _of_opinion("got_on"), day=True),
    WordingField("原意见内容", "处理意见的内容", lambda t: _asked(t, "decided")),
    WordingField("复查请求日期", "信访人请求复查的日期；未填写的为空", lambda t: _asked(t, "requested_on"), day=True),
    WordingField("复查请求理由", "信访人请求复查的事实和理由，加引号", lambda t: f.quoted(_asked(t, "reason") or "")),
)
"""The opinion, and why the petitioner does not accept it."""
ACCEPTED = (
    TERM,
    WordingField(
        "复查人员",
        "批示确定的复查人员",
        lambda t: "、".join(t.staff(code) for code in _of_opinion("reviewers")(t) or ()),
    ),
    WordingField(
        "承办电话",
        "受理复查时填写的联系方式；未填写的取系统设置",
        lambda t: t.said("contact") or t.setting("contact_phone"),
    ),
)
_BASIS = {
    # The article that each ground stands in.
    ReviewDeclineGround.LATE: "第三十五条",
    ReviewDeclineGround.NOT_ABOVE: "第三十五条",
    ReviewDeclineGround.ELSEWHERE: "第十九条第三款",
    ReviewDeclineGround.NO_OPINION: "第三十一条、第三十五条",
    ReviewDeclineGround.CONCLUDED: "第三十六条第三款",
}
REFUSED = (
    answer_field("不予受理理由", "五种不予受理的理由之一", "ground"),
    WordingField("不予受理依据", "该理由在《信访工作条例》中的条款", lambda t: _BASIS.get(t.said("ground"), "")),
    answer_field("说明", "事实和理由", "reason"),
    answer_field("可以采取的途径", "信访人可以采取的途径", "way"),
)
DECIDED = (
    RESULT,
    WordingField("复查查明事实", "复查查明的事实", lambda t: _drafted(t, "finding")),
    WordingField("复查理由", "作出复查结论的理由", lambda t: _drafted(t, "reason")),
    WordingField("复查依据", "法律法规依据", lambda t: _drafted(t, "basis")),
    WordingField("落实要求", "变更的内容或者重新办理的要求", lambda t: _drafted(t, "order")),
    WordingField("落实期限", "原办理机关重新作出或者落实的期限", _of_opinion("term"), day=True),
    WordingField("复核机关", "复核机关的名称和地址", lambda t: f.with_address(t, _drafted(t, "final_body") or "")),
)
"""What the review found and decided."""
