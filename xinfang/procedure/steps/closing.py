"""From the served reply to the archive: close the case, hand its file over, take it or give it back."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import (
    a_handler,
    a_head_of_the_handling_unit,
    the_archive_room,
    the_office_itself,
    the_responsible_leader,
)
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field
from xinfang.procedure.words import Conclusion, PaperKind, Retention, State

from .. import archive
from ..conditions import a_reason_is_given
from ..facts import Actor, Directory, Facts
from ..papers import UNFINISHED_STAGES, unsent_papers
from ..rules import CaseContext, DecisionContext, Rule, Step, condition


@condition(
    "意见书尚未送达，或者公告还没有期满",
    HOUSE_RULES[14],
    REGULATION[35],
    todo="请先送达并记录送达回证；公告送达的，期满后办理。",
    about_case=True,
)
def the_reply_was_served(q: CaseContext) -> bool:
    return q.facts.served_on is not None and q.facts.served_on <= q.today


@condition(
    "几位信访人联名、没有推选代表，还有人没有收到意见书",
    REGULATION[35],
    CHOSEN_BY_DEPARTMENT,
    todo="请逐位送达意见书（找不到的公告送达），或者补充登记推选的代表。",
    about_case=True,
)
def everybody_got_the_reply(q: CaseContext) -> bool:
    return not q.facts.still_to_be_served


@condition("予以支持的诉求尚未执行或安排执行", REGULATION[32], todo="请先逐项记录“执行”。", about_case=True)
def supported_requests_are_carried_out(q: CaseContext) -> bool:
    return all(r.carried_out for r in q.facts.requests if r.conclusion is Conclusion.SUPPORT)


@condition(
    "须确认已告知信访人复查权利（依法履职的为行政复议、诉讼等救济途径）",
    REGULATION[31],
    REGULATION[35],
    todo="请确认后勾选。",
)
def review_rights_were_told(q: "DecisionContext[Close]") -> bool:
    return bool(q.step.review_rights_told)


@dataclass(frozen=True, kw_only=True)
class Close(Step):
    """The head asks, the responsible leader closes. A pledge is never asked for."""

    rule = Rule["Close"](
        code=StepCode.CLOSE,
        label="销号结案",
        group="结案归档",
        cites=(HOUSE_RULES[6], REGULATION[32], REGULATION[35]),
        who=(a_head_of_the_handling_unit,),
        then=(the_responsible_leader,),
        when=(State.SERVED,),
        to=(State.CLOSED,),
        provided=(
            the_reply_was_served,
            everybody_got_the_reply,
            supported_requests_are_carried_out,
            review_rights_were_told,
        ),
        papers=(PaperKind.CLOSING_SHEET,),
    )
    text: str = step_field("结案说明", long=True, max=4000)
    review_rights_told: bool = step_field("已告知信访人复查权利（救济途径）", default=False)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.CLOSED, closed_on=on)

    def says(self, directory: Directory) -> str:
        return self.text


@condition("已经移交机要室，等待接收", HOUSE_RULES[14], todo="请等待机要室接收或退回。", about_case=True)
def it_is_not_submitted(q: CaseContext) -> bool:
    return not q.facts.archive_submitted


@condition("尚未移交机要室", HOUSE_RULES[14], todo="请由承办处室（单位）先移交。", about_case=True)
def it_is_submitted(q: CaseContext) -> bool:
    return q.facts.archive_submitted


@condition(
    "卷内缺送达回证：每次送达都要有一份",
    HOUSE_RULES[14],
    todo="请将签收的回证扫描后添加为附件，材料种类选“送达回证”；承诺书没有则不必。",
    about_case=True,
)
def each_service_has_its_receipt(q: CaseContext) -> bool:
    return archive.filed_receipts(q.facts) >= len(archive.services_of_papers(q.facts))


@condition(
    "卷内缺已发出文书的定稿：意见书、告知书、函件等要有在本系统印发的定稿，或者盖章件的扫描件",
    HOUSE_RULES[14],
    todo="请在“文书”栏印发；纸质件已盖章的，扫描添加为附件（材料种类选“文书”），再“登记纸质文书”。",
    about_case=True,
)
def what_left_the_house_is_filed(q: CaseContext) -> bool:
    return not archive.unfiled_papers(q.facts)


@condition(
    "卷内缺来信（传真）的原件",
    HOUSE_RULES[14],
    todo="请将原件扫描后添加为附件，材料种类选“来信（来件）原件”。",
    about_case=True,
)
def the_letter_is_in_its_file(q: CaseContext) -> bool:
    return not archive.lacks_its_letter(q.facts)


@condition("还没有逐项核对卷内材料", HOUSE_RULES[14], todo="请对照卷内目录逐项核对后勾选。")
def the_file_was_checked(q: "DecisionContext[SubmitArchive]") -> bool:
    return bool(q.step.complete)


@condition("没有填写页数", HOUSE_RULES[14], CHOSEN_BY_DEPARTMENT, todo="请按装订好的案卷填写总页数。")
def its_pages_are_counted(q: "DecisionContext[SubmitArchive]") -> bool:
    return q.step.pages > 0


@condition(
    "检举控告件不移交机要室", REGULATION[30], HOUSE_RULES[14], todo="请由检举控告专管员密封保管。", about_case=True
)
def it_is_no_sealed_case(q: CaseContext) -> bool:
    return not q.facts.sealed


@condition("卷内有文书还在制作", HOUSE_RULES[14], todo="请先印发或撤回这些文书。", about_case=True)
def no_paper_is_under_way(q: CaseContext) -> bool:
    return all(p.stage not in UNFINISHED_STAGES for p in q.facts.papers)


@condition(
    "还有应当发给信访人的文书没有发出或者送达",
    HOUSE_RULES[14],
    REGULATION[23],
    todo="请在“文书”栏制作、印发，登记发出或者送达；多余的请撤回。",
    about_case=True,
)
def what_must_leave_has_left(q: CaseContext) -> bool:
    return not archive.issued_and_unsent(q.facts) and not unsent_papers(q.facts)


@condition(
    "信访人请求重新审查，还没有决定",
    REGULATION[44],
    CHOSEN_BY_DEPARTMENT,
    todo="请先由没有参与原决定的人“决定重新审查”并告知信访人。",
    about_case=True,
)
def nothing_is_reconsidered(q: CaseContext) -> bool:
    return q.facts.reconsidering is None


@dataclass(frozen=True, kw_only=True)
class SubmitArchive(Step):
    """The handling unit hands the whole file to the archive room, whatever its end was."""

    rule = Rule["SubmitArchive"](
        code=StepCode.SUBMIT_ARCHIVE,
        label="移交归档",
        group="结案归档",
        cites=(HOUSE_RULES[14],),
        who=(a_handler, the_office_itself),
        when=archive.ARCHIVED_STATES,
        provided=(
            it_is_no_sealed_case,
            it_is_not_submitted,
            the_letter_is_in_its_file,
            what_left_the_house_is_filed,
            each_service_has_its_receipt,
            no_paper_is_under_way,
            nothing_is_reconsidered,
            what_must_leave_has_left,
            the_file_was_checked,
            its_pages_are_counted,
        ),
        papers=(PaperKind.VOLUME_LIST,),
    )
    complete: bool = step_field("已逐项核对卷内材料", default=False)
    pages: int = step_field("页数", default=0)
    note: str = step_field("说明", default="", long=True, max=2000, help="如有自愿提交的承诺书，在此注明；没有则不必")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, archive_submitted=True)

    def says(self, directory: Directory) -> str:
        return f"共 {self.pages} 页。{self.note}"


@condition(
    "移交之后卷内又缺了材料",
    HOUSE_RULES[14],
    todo="请退回补齐后再接收；缺什么见此件的“归档”栏。",
    about_case=True,
)
def nothing_was_taken_out_since(q: CaseContext) -> bool:
    return not archive.missing_pieces(q.facts)


@condition(
    "清点的页数与移交的不同，须写明原因",
    HOUSE_RULES[14],
    CHOSEN_BY_DEPARTMENT,
    todo="请写明差在哪里（如附有实物、光盘，或有缺页）；不能接受的，请退回补齐。",
)
def a_difference_of_pages_is_explained(q: "DecisionContext[AcceptArchive]") -> bool:
    submitted = q.facts.last(SubmitArchive.rule.code)
    same = q.step.counted_pages is None or submitted is None or q.step.counted_pages == submitted.step.pages
    counted = q.step.counted_pages is None or q.step.counted_pages > 0
    return counted and (same or bool(q.step.difference))


@dataclass(frozen=True, kw_only=True)
class AcceptArchive(Step):
    """The archive room takes the file."""

    rule = Rule["AcceptArchive"](
        code=StepCode.ACCEPT_ARCHIVE,
        label="接收归档",
        group="结案归档",
        cites=(HOUSE_RULES[14],),
        who=(the_archive_room,),
        when=archive.ARCHIVED_STATES,
        to=(State.ARCHIVED,),
        provided=(
            it_is_submitted,
            no_paper_is_under_way,
            nothing_is_reconsidered,
            nothing_was_taken_out_since,
            a_difference_of_pages_is_explained,
        ),
    )
    volume: str = step_field(
        "档号", default="", plain=True, max=40, help="不填则由系统按年度和保管期限取号，如：A012-WS·2026-D30-BGS-0012"
    )
    retention: Retention | None = step_field(
        "保管期限",
        default=None,
        help="不填则按规则拟定：有厅主要领导批示和处理结果的永久，其他有处理结果的30年，没有处理结果的10年",
    )
    counted_pages: int | None = step_field("清点的页数", default=None, help="不填则与移交的一致")
    difference: str = step_field("与移交页数不同的原因", default="", long=True, max=500)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(
            facts,
            state=State.ARCHIVED,
            archived_from=facts.state,
            archived_on=on,
            volume=self.volume,
            retention=self.retention or archive.proposed_retention(facts)[0],
        )

    def says(self, directory: Directory) -> str:
        pages = f"清点 {self.counted_pages} 页" if self.counted_pages is not None else ""
        label = self.retention.label if self.retention else ""
        return "，".join(p for p in (self.volume, label, pages, self.difference) if p)


@dataclass(frozen=True, kw_only=True)
class ReturnArchive(Step):
    """The archive room gives an incomplete file back, saying what is missing."""

    rule = Rule["ReturnArchive"](
        code=StepCode.RETURN_ARCHIVE,
        label="退回补齐",
        group="结案归档",
        cites=(HOUSE_RULES[14],),
        who=(the_archive_room,),
        when=archive.ARCHIVED_STATES,
        provided=(it_is_submitted, a_reason_is_given),
    )
    reason: str = step_field("缺什么", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, archive_submitted=False)

    def says(self, directory: Directory) -> str:
        return self.reason
