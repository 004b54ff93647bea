"""What becomes of a request for review that was handed to this department: it goes on to the body that reviews.

The request counts on the day on which the petitioner made it. The body's thirty days count from the day on which it has
it, so somebody must carry it there, and what the body doesn't take comes back to the petitioner with its right.
"""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import the_office
from xinfang.procedure.articles import REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import is_attached
from ..facts import Actor, Directory, Facts
from ..people_words import ReviewRequestNews
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..words import Material, State
from .review import AFTER_SERVICE, latest_request
from .service import is_mail_number


@condition(
    "没有已经提出、等待处理的复查（复核）请求，也没有收到日期待补的复查意见",
    REGULATION[35],
    REGULATION[36],
    todo="请先登记“请求复查”“请求复核”。",
    about_case=True,
)
def a_request_is_on_its_way(q: CaseContext) -> bool:
    f = q.facts
    return f.review_asked or (f.review_stage == "first_done" and f.review_served_on is None)


@condition(
    "与此件的复查（复核）进展不符：请求已经转送、已经收到，或者复查意见的收到日期已经登记",
    REGULATION[35],
    REGULATION[36],
    todo="请核对进展：先转送，再登记收到；复查机关已经作出意见的，请登记“复查意见”“复核意见”。",
)
def it_follows_what_is_recorded(q: "DecisionContext[FollowReviewRequest]") -> bool:
    f = q.facts
    if q.step.news is ReviewRequestNews.OPINION_GOT:
        return f.review_stage == "first_done" and f.review_served_on is None
    if q.step.news is ReviewRequestNews.SENT:
        return f.review_request_waits
    if q.step.news is ReviewRequestNews.TAKEN_BACK and len(f.review_askers) > 1 and f.review_stage == "first_asked":
        return False  # the others' requests stand
    return f.review_asked and (q.step.news is not ReviewRequestNews.ARRIVED or f.review_arrived_on is None)


@condition(
    "转送、收到须有邮寄（快递）单号，或者复查（复核）机关的收件回执",
    REGULATION[35],
    CHOSEN_BY_DEPARTMENT,
    todo="请填写单号；当面递交、公文交换的，请将收件回执添加为附件，材料种类选“送达回证”或者“其他机关的来函、文书”，再在此选择。",
)
def it_went_on_with_its_proof(q: "DecisionContext[FollowReviewRequest]") -> bool:
    if q.step.news not in (ReviewRequestNews.SENT, ReviewRequestNews.ARRIVED):
        return True
    receipt = is_attached(q.facts, q.step.attachment, Material.RECEIPT, Material.OTHER_BODYS_PAPER)
    return receipt or is_mail_number(q.step.mail_number)


@condition(
    "请求没有被收下、由信访人收回的，复查意见补登收到日期的，须附相应的书面材料（已归档的案卷除外）",
    REGULATION[35],
    CHOSEN_BY_DEPARTMENT,
    todo="请先添加为附件：没有收下的附该机关的来函，收回的附信访人本人的申请，收到日期附送达回证，再在此选择。",
)
def that_it_came_back_is_proven(q: "DecisionContext[FollowReviewRequest]") -> bool:
    needed = _PROVEN_BY.get(q.step.news)
    return needed is None or q.facts.state is State.ARCHIVED or is_attached(q.facts, q.step.attachment, *needed)


_PROVEN_BY = {
    ReviewRequestNews.NOT_TAKEN: (Material.OTHER_BODYS_PAPER,),
    ReviewRequestNews.TAKEN_BACK: (Material.PETITIONERS_WORDS,),
    ReviewRequestNews.OPINION_GOT: (Material.RECEIPT, Material.OTHER_BODYS_PAPER),
}


@condition(
    "日期早于信访人提出请求（复查意见）的日期",
    REGULATION[35],
    REGULATION[36],
    todo="请填写实际转送、收到、退回的日期。",
)
def it_happened_after_the_request(q: "DecisionContext[FollowReviewRequest]") -> bool:
    got = q.step.news is ReviewRequestNews.OPINION_GOT
    earlier = q.facts.last(StepCode.FIRST_REVIEW) if got else latest_request(q.facts)
    return earlier is None or q.step.day(q.today) >= earlier.happened_on


@dataclass(frozen=True, kw_only=True)
class FollowReviewRequest(Step):
    """It was sent on, arrived, wasn't taken or was taken back; or the petitioner got the opinion of the first review.

    What wasn't taken, or was taken back, was no review: the petitioner may ask again while their thirty days run, and
    later with the reason. Each of these takes two and its paper; that it was sent on takes its number or receipt.
    """

    rule = Rule["FollowReviewRequest"](
        code=StepCode.FOLLOW_REVIEW_REQUEST,
        label="登记复查（复核）请求进展",
        group="复查复核",
        cites=(REGULATION[35], REGULATION[36], CHOSEN_BY_DEPARTMENT),
        who=(the_office,),
        then=(the_office,),
        when=AFTER_SERVICE,
        provided=(
            a_request_is_on_its_way,
            it_follows_what_is_recorded,
            it_went_on_with_its_proof,
            that_it_came_back_is_proven,
            it_happened_after_the_request,
        ),
    )
    when_field = "happened_on"
    confirmed_when = "请求没有被收下、由信访人收回的，补登复查意见收到日期的"
    proof = (Material.RECEIPT, Material.OTHER_BODYS_PAPER, Material.PETITIONERS_WORDS)
    news: ReviewRequestNews = step_field("进展")
    happened_on: date | None = step_field(
        "日期", default=None, help="转送、收到、退回、收回的日期；复查（复核）机关的期限自其收到的次日起算"
    )
    mail_number: str = step_field("挂号（快递）单号", default="", max=40, help="邮寄转送的必填")
    attachment: int | None = step_field("收件回执、来函或者信访人的申请（附件序号）", default=None)
    text: str = step_field("说明", default="", long=True, max=2000, help="没有收下的，写明理由和应当向谁提出")

    def asks_second_person(self, q: CaseContext) -> bool:
        return self.news in _PROVEN_BY

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        if self.news is ReviewRequestNews.SENT:
            return replace(facts, review_sent_on=on)
        if self.news is ReviewRequestNews.ARRIVED:
            return replace(facts, review_sent_on=facts.review_sent_on or on, review_arrived_on=on)
        if self.news is ReviewRequestNews.OPINION_GOT:
            return replace(facts, review_served_on=on)
        before = "first_done" if facts.review_stage == "final_asked" else ""
        askers = facts.review_askers if before else frozenset()
        return replace(facts, review_stage=before, review_askers=askers, review_sent_on=None, review_arrived_on=None)

    def says(self, directory: Directory) -> str:
        number = f"，单号 {self.mail_number}" if self.mail_number else ""
        return f"{self.news.label}{number}{f'：{self.text}' if self.text else ''}"
