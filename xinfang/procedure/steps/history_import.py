"""Matters from before this system: they come in as history, which owes nothing, and leave it by being reopened."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import the_import
from xinfang.procedure.articles import REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import StaffCode, step_field

from ..conditions import a_reason_is_given
from ..facts import Actor, Directory, Facts
from ..limits import NOTICE
from ..rules import CaseContext, DecisionContext, Rule, Step, condition
from ..words import State
from .corrections import is_history
from .intake import Register


@condition(
    f"收到之日起{NOTICE}的书面告知期限尚未届满，不能作为历史件",
    REGULATION[23],
    todo="请作为在办件登记，按期办理。",
)
def its_days_to_inform_are_over(q: "DecisionContext[ImportHistory]") -> bool:
    return is_history(q.step.received_on, q.today)


@dataclass(frozen=True, kw_only=True)
class ImportHistory(Register):
    """An old matter of another system or ledger is brought in to be found.

    It doesn't say that anybody was answered: no clock runs, nobody is asked for anything, and the office reopens it if
    somebody is still owed an answer. Its number there is the external number.
    """

    rule = Rule["ImportHistory"](
        code=StepCode.IMPORT_HISTORY,
        label="导入历史件",
        group="来件",
        new=True,
        cites=(REGULATION[23], CHOSEN_BY_DEPARTMENT),
        who=(the_import,),
        when=(),
        to=(State.HISTORY,),
        provided=(*Register.rule.provided, its_days_to_inform_are_over),
    )

    when_field = ""
    """It happens on the day of the import, whenever the matter was received."""

    file: str = step_field("导入的文件")
    file_digest: str = step_field("文件的 SM3 值", default="", plain=True)
    place: str = step_field("在文件中的位置", default="", help="工作表和 Excel 显示的行号")
    brought_by: StaffCode = step_field("导入人", default=StaffCode(""))
    reply: str = step_field("原系统记载的答复", default="", long=True, private=True, help="照原表带入，本系统未核实")
    replied: str = step_field("原系统记载的答复时间", default="")
    handled_by: str = step_field("原表记载的承办处室（单位）", default="")
    result: str = step_field("原表记载的办理结果", default="", long=True, private=True)
    ended: str = step_field("原表记载的办结时间", default="")
    noted: str = step_field("原表其他各栏", default="", long=True, private=True, help="逐栏照录，一栏一行")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(super().change(facts, by, on), state=State.HISTORY)

    def says(self, directory: Directory) -> str:
        came = super().says(directory)
        who = f"由{directory.staff_name(self.brought_by)}" if self.brought_by else ""
        return f"{came}；{who}从“{self.file}”{self.place}导入。本系统没有办理，是否答复以原系统的记载为准"


@condition(
    "导入之后已有人在此件上办理，不能撤销导入",
    CHOSEN_BY_DEPARTMENT,
    todo="请保留此件；登记有误的，在该件上办理“更正”。",
    about_case=True,
)
def nobody_worked_on_it_since(q: CaseContext) -> bool:
    return all(h.code == StepCode.IMPORT_HISTORY for h in q.facts.history)


@dataclass(frozen=True, kw_only=True)
class UndoImport(Step):
    """An import was a mistake: what came in by it leaves the lists. Number and record stay, and nothing is deleted.

    Only as long as nobody worked on it. The same ledger can be brought in again, under new numbers.
    """

    rule = Rule["UndoImport"](
        code=StepCode.UNDO_IMPORT,
        label="撤销导入",
        group="来件",
        cites=(CHOSEN_BY_DEPARTMENT,),
        who=(the_import,),
        when=(State.HISTORY,),
        to=(State.UNDONE,),
        provided=(nobody_worked_on_it_since, a_reason_is_given),
    )
    undone_by: StaffCode = step_field("撤销人", default=StaffCode(""))
    reason: str = step_field("理由", long=True, max=2000)

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(facts, state=State.UNDONE)

    def says(self, directory: Directory) -> str:
        who = f"由{directory.staff_name(self.undone_by)}撤销：" if self.undone_by else ""
        return f"{who}{self.reason}。此件不再列出，编号和记录保留"
