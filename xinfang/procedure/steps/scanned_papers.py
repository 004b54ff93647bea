"""A paper that was made outside the system: signed and sealed by hand, its scan says which paper it is (H13, H14).

It takes the place of the one that the system would have made, so it stops what that one would have stopped once it
left. A scan is easy to claim, so a second person compares it with the sheet before it counts.
"""

import re
from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import the_named_officer, the_office
from xinfang.procedure.articles import HOUSE_RULES, REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field
from xinfang.procedure.steps.attachments import NOT_YET_ARCHIVED, PAGED_KINDS
from xinfang.procedure.steps.papers import MAKERS
from xinfang.procedure.words import Material, PaperKind, PaperStage

from ..facts import Actor, Directory, Facts, FileFacts, PaperFacts
from ..papers import (
    PAPERS,
    UNFINISHED_STAGES,
    FilingRule,
    calling_event,
    made_elsewhere,
    opinion_kind,
    tells_a_decision,
)
from ..rules import DecisionContext, Rule, Step, condition

NEVER_AS_SCANS = (
    PaperKind.REPLY_OPINION,
    PaperKind.LEGAL_ADVICE,
    PaperKind.SERVICE_RECEIPT,
    PaperKind.HAND_OVER_RECEIPT,
)
"""Advice and reply are bound to a text that is kept here; receipts are filed as what they are."""
KINDS_THAT_CAN_BE_SCANNED = tuple(
    kind for kind, rule in PAPERS.items() if kind not in NEVER_AS_SCANS and rule.filed is not FilingRule.NOT
)
_NUMBER = re.compile(r"[^\s〔〕]+〔([0-9]{4})〕[1-9][0-9]{0,5}号")
"""As GB/T 9704-2012 7.2.5 writes it: no blank, no leading zero, so that one number has one form."""


def waiting_scans(facts: Facts) -> tuple[FileFacts, ...]:
    """Return the attachments that are papers by their material and of which nobody has said which paper they are."""
    return tuple(f for f in facts.filed(Material.PAPER) if not facts.frozen_as(f.digest))


def kinds_to_file(facts: Facts) -> tuple[PaperKind, ...]:
    """Return the kinds that a scan may be filed as now; first what a step calls for and is sent out."""
    called = {k: calling_event(k, facts) for k in KINDS_THAT_CAN_BE_SCANNED}
    may = (
        k
        for k in KINDS_THAT_CAN_BE_SCANNED
        if k is not opinion_kind(facts) and (called[k] or not tells_a_decision(k, facts))
    )
    return tuple(sorted(may, key=lambda k: (not called[k], not PAPERS[k].outward)))


def _scan(q: "DecisionContext[FilePaperScan]") -> FileFacts | None:
    return next((f for f in waiting_scans(q.facts) if f.number == q.step.attachment), None)


@condition(
    "没有这个序号的“文书”附件，或者它已经撤下、已经登记为另一份文书",
    CHOSEN_BY_DEPARTMENT,
    todo="请先添加盖章件的扫描件，材料种类选“文书”，再登记。",
)
def the_scan_is_there(q: "DecisionContext[FilePaperScan]") -> bool:
    return _scan(q) is not None


@condition("登记的文书须是扫描件：PDF 或图片", CHOSEN_BY_DEPARTMENT, todo="请扫描盖章的纸质件后添加为附件。")
def it_is_a_picture_of_the_sheet(q: "DecisionContext[FilePaperScan]") -> bool:
    scan = _scan(q)
    return scan is None or scan.kind in PAGED_KINDS


@condition(
    "意见书、法律意见、送达回证和回执不能这样登记",
    CHOSEN_BY_DEPARTMENT,
    todo="意见书请在“文书”栏按审核、签发过的文本印发，法律意见由法律顾问提出；回证、回执请添加附件，材料种类选“送达回证”。",
)
def it_may_be_filed_as_a_scan(q: "DecisionContext[FilePaperScan]") -> bool:
    return q.step.kind in KINDS_THAT_CAN_BE_SCANNED and q.step.kind is not opinion_kind(q.facts)


@condition(
    "这种文书写明一项决定或者答复，本件没有作出该决定、答复，或者该文书已经印发",
    HOUSE_RULES[13],
    REGULATION[23],
    todo="请先办理相应的步骤；要换一份的，请先撤回已印发的文书并写明理由。",
)
def a_step_called_for_it(q: "DecisionContext[FilePaperScan]") -> bool:
    return not tells_a_decision(q.step.kind, q.facts) or calling_event(q.step.kind, q.facts) != 0


@condition(
    "文书上的日期早于作出决定的日期、早于收到日期，或者在今天之后",
    REGULATION[23],
    CHOSEN_BY_DEPARTMENT,
    todo="请按纸面上的成文日期填写；纸面日期有误的，请重做。",
)
def its_date_is_possible(q: "DecisionContext[FilePaperScan]") -> bool:
    owed_by = calling_event(q.step.kind, q.facts, q.step.dated_on)
    decided = next((h.happened_on for h in q.facts.history if h.seq == owed_by), q.facts.received_on)
    return q.step.dated_on <= q.today and (decided is None or q.step.dated_on >= decided)


@condition(
    "有编号的文书须写明文号，文号中的年份须与文书日期一致",
    CHOSEN_BY_DEPARTMENT,
    todo="请按纸面填写，如“内科信告〔2026〕12号”，年份用六角括号。",
)
def its_number_is_of_its_year(q: "DecisionContext[FilePaperScan]") -> bool:
    if not q.step.document_number:
        return not PAPERS[q.step.kind].series
    year = _NUMBER.fullmatch(q.step.document_number)
    # What another body numbers has that body's form.
    return made_elsewhere(q.step.kind, q.facts) or (year is not None and int(year[1]) == q.step.dated_on.year)


def _is_draft_of(paper: PaperFacts, kind: PaperKind, owed_by: int) -> bool:
    return paper.kind is kind and paper.owed_by == owed_by and paper.stage in UNFINISHED_STAGES


@dataclass(frozen=True, kw_only=True)
class FilePaperScan(Step):
    """The scan of a paper made outside is filed as that paper, issued on its own date; a draft of it is dropped."""

    rule = Rule["FilePaperScan"](
        code=StepCode.FILE_PAPER_SCAN,
        label="登记纸质文书",
        group="附件",
        cites=(HOUSE_RULES[14], CHOSEN_BY_DEPARTMENT),
        who=MAKERS,
        then=(the_office, the_named_officer),
        when=NOT_YET_ARCHIVED,
        provided=(
            the_scan_is_there,
            it_is_a_picture_of_the_sheet,
            it_may_be_filed_as_a_scan,
            a_step_called_for_it,
            its_date_is_possible,
            its_number_is_of_its_year,
        ),
    )
    attachment: int = step_field("扫描件（附件序号）", help="盖章件扫描后添加的附件，材料种类为“文书”")
    kind: PaperKind = step_field("是哪一份文书")
    document_number: str = step_field("文号", default="", plain=True, max=40, help="按纸面填写；没有编号的文书不填")
    dated_on: date = step_field("文书上的日期", help="纸面上的成文日期；何时发出另行登记")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        owed_by = calling_event(self.kind, facts, self.dated_on)
        scan = next(f for f in facts.files if f.number == self.attachment)
        filed = PaperFacts(
            number=len(facts.papers) + 1,
            kind=self.kind,
            stage=PaperStage.ISSUED,
            owed_by=owed_by,
            by=by.code,
            document_number=self.document_number,
            files=(scan.digest,),
            issued_on=self.dated_on,
        )
        others = (
            replace(p, stage=PaperStage.WITHDRAWN) if _is_draft_of(p, self.kind, owed_by) else p for p in facts.papers
        )
        return replace(facts, papers=(*others, filed))

    def says(self, directory: Directory) -> str:
        return "，".join(
            p for p in (f"附件{self.attachment}：{self.kind.label}", self.document_number, f"{self.dated_on}") if p
        )
