"""The written report (专报) of an event: drafted by the office, signed by a leader, sent up (H18, N25)."""

from dataclasses import dataclass, replace
from datetime import datetime

from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_schema import step_field

from ..facts import Actor, Directory
from ..rules import condition
from ..words import Role
from .facts import IncidentFacts
from .kinds import LEADERS, OFFICE
from .rules import EventContext, IncidentQuestion, IncidentStep, IncidentStepRule
from .words import ReportStage


@condition("专报已经报送", REGULATION[25], todo="有新情况的，请用“现场情况”记录，并另行续报。", about_case=True)
def not_sent_yet(q: EventContext) -> bool:
    return q.facts.report_stage is not ReportStage.SENT


@dataclass(frozen=True, kw_only=True)
class DraftReport(IncidentStep):
    """The office writes it, from the log; a new draft takes the place of the last, and asks for a new signature."""

    rule = IncidentStepRule["DraftReport"](
        code="draft_report",
        label="拟专报",
        cites=(HOUSE_RULES[18], REGULATION[25]),
        roles=OFFICE,
        provided=(not_sent_yet,),
        afterwards=True,
    )
    text: str = step_field("专报内容", long=True, private=True, max=20_000, help="只写事实，不作预测")

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        return replace(facts, report_stage=ReportStage.DRAFTED, report_text=self.text)


@condition("没有等待签发的专报", REGULATION[25], todo="请办公室先拟稿。", about_case=True)
def a_draft_waits(q: EventContext) -> bool:
    return q.facts.report_stage is ReportStage.DRAFTED


@condition("不同意签发时应写明意见", CHOSEN_BY_DEPARTMENT, todo="请填写意见。")
def a_refusal_says_why(q: "IncidentQuestion[SignReport]") -> bool:
    return bool(q.step.agree or q.step.opinion)


@dataclass(frozen=True, kw_only=True)
class SignReport(IncidentStep):
    """A leader signs it, or sends it back and says why."""

    rule = IncidentStepRule["SignReport"](
        code="sign_report",
        label="签发专报",
        cites=(HOUSE_RULES[18], REGULATION[25]),
        roles=LEADERS,
        provided=(a_draft_waits, a_refusal_says_why),
        afterwards=True,
    )
    agree: bool = step_field("同意签发", default=True)
    opinion: str = step_field("意见", default="", long=True, private=True, max=2000)

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        if not self.agree:
            return replace(facts, report_stage=ReportStage.NONE)
        return replace(facts, report_stage=ReportStage.SIGNED, report_signer=by.code)

    def says(self, directory: Directory) -> str:
        return f"{'同意' if self.agree else '退回'}{'：' + self.opinion if self.opinion else ''}"


@condition("专报尚未签发", REGULATION[25], todo="请厅领导先签发。", about_case=True)
def it_is_signed(q: EventContext) -> bool:
    return q.facts.report_stage is ReportStage.SIGNED


@dataclass(frozen=True, kw_only=True)
class SendReport(IncidentStep):
    """It was sent: the number is given, the paper frozen, its hash in the log."""

    rule = IncidentStepRule["SendReport"](
        code="send_report",
        label="报送专报",
        cites=(HOUSE_RULES[18], REGULATION[25]),
        roles=OFFICE,
        provided=(it_is_signed,),
        afterwards=True,
    )
    body: str = step_field("报送到", max=100)
    document_number: str = step_field("文号", default="", max=60, help="不填则由系统编号")
    digest: str = step_field("专报文件的 SM3 摘要", default="", max=64, help="由系统填写")

    def change(self, facts: IncidentFacts, by: Actor, role: Role, at: datetime) -> IncidentFacts:
        return replace(facts, report_stage=ReportStage.SENT, report_number=self.document_number)

    def says(self, directory: Directory) -> str:
        return f"{self.document_number} 报送{self.body}"


WRITTEN: tuple[type[IncidentStep], ...] = (DraftReport, SignReport, SendReport)
