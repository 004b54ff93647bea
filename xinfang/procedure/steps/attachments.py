"""Attachments: letters as they came, evidence, recordings, receipts. Added and withdrawn, never deleted (H14, N23)."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import (
    an_involved_unit,
    reception,
    the_named_officer,
    the_office,
    the_petitioner,
)
from xinfang.procedure.articles import HOUSE_RULES
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..conditions import a_reason_is_given
from ..facts import Actor, Directory, Facts, FileFacts
from ..rules import DecisionContext, Rule, Step, condition
from ..words import EVERY_MATTER, Material, Role, State

NOT_YET_ARCHIVED = tuple(s for s in EVERY_MATTER if s is not State.ARCHIVED)
PAGED_KINDS = ("pdf", "ofd", "jpg", "png", "gif", "webp", "bmp", "tiff", "avif")
"""Kinds of files that have pages which can be drawn: a scan is one of them."""


@condition("此件已有内容相同的附件", CHOSEN_BY_DEPARTMENT, todo="无须重复上传；传错的请先撤下原来的附件。")
def not_attached_already(q: "DecisionContext[Attach]") -> bool:
    return all(f.digest != q.step.digest or f.withdrawn for f in q.facts.files)


@dataclass(frozen=True, kw_only=True)
class Attach(Step):
    """A file joins the case; its SM3 hash says what it holds.

    Its name may name a person and stays out of the event.
    """

    rule = Rule["Attach"](
        code=StepCode.ATTACH,
        label="添加附件",
        group="附件",
        cites=(HOUSE_RULES[14],),
        who=(reception, the_office, an_involved_unit, the_named_officer, the_petitioner),
        when=NOT_YET_ARCHIVED,
        provided=(not_attached_already,),
    )
    what: Material = step_field("材料种类", default=Material.OTHER)
    name: str = step_field("文件名", private=True, max=120)
    kind: str = step_field("文件类型", plain=True, max=10)
    kilobytes: int = step_field("大小（KB）")
    digest: str = step_field("内容的 SM3 摘要", plain=True, max=64)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        added = FileFacts(len(facts.files) + 1, self.what, self.digest, by.code, self.kind)
        return replace(facts, files=(*facts.files, added))

    def says(self, directory: Directory) -> str:
        return f"{self.what.label}（{self.kind}，{self.kilobytes} KB）"


@condition("没有这个序号的附件，或者已经撤下", CHOSEN_BY_DEPARTMENT, todo="请核对附件的序号。")
def that_attachment_is_there(q: "DecisionContext[WithdrawAttachment]") -> bool:
    return any(f.number == q.step.attachment and not f.withdrawn for f in q.facts.files)


@condition(
    "这是已印发文书的定稿，不能作为附件撤下",
    HOUSE_RULES[14],
    todo="要撤回文书的，请在“文书”栏办理，定稿仍会保留。",
)
def it_is_no_issued_paper(q: "DecisionContext[WithdrawAttachment]") -> bool:
    return not any(f.number == q.step.attachment and q.facts.frozen_as(f.digest) for f in q.facts.files)


@condition(
    "附件只能由添加它的人或办公室（密封件由专管员）撤下",
    CHOSEN_BY_DEPARTMENT,
    todo="请与添加人或办公室联系。",
)
def added_by_oneself_or_office(q: "DecisionContext[WithdrawAttachment]") -> bool:
    if q.actor.has(Role.OFFICE, Role.OFFICE_HEAD, Role.SEALED_OFFICER):
        return True
    return all(f.by in q.actor.codes for f in q.facts.files if f.number == q.step.attachment)


@dataclass(frozen=True, kw_only=True)
class WithdrawAttachment(Step):
    """What was attached by mistake is marked as withdrawn, with the reason; it can still be read."""

    rule = Rule["WithdrawAttachment"](
        code=StepCode.WITHDRAW_ATTACHMENT,
        label="撤下附件",
        group="附件",
        cites=(CHOSEN_BY_DEPARTMENT,),
        who=(reception, the_office, an_involved_unit, the_named_officer),
        when=NOT_YET_ARCHIVED,
        provided=(that_attachment_is_there, it_is_no_issued_paper, added_by_oneself_or_office, a_reason_is_given),
    )
    attachment: int = step_field("附件序号")
    reason: str = step_field("理由", long=True, max=500, help="撤下后仍可查看，并注明理由")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(
            facts, files=tuple(replace(f, withdrawn=True) if f.number == self.attachment else f for f in facts.files)
        )

    def says(self, directory: Directory) -> str:
        return f"附件{self.attachment}：{self.reason}"
