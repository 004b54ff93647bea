"""Matters from before this system: they come in as history, which owes nothing, and leave it by being reopened."""

from dataclasses import dataclass, replace
from datetime import date

from xinfang.procedure.actor_rules import the_import
from xinfang.procedure.articles import REGULATION
from xinfang.procedure.limits import CHOSEN_BY_DEPARTMENT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.step_schema import step_field

from ..facts import Actor, Directory, Facts
from ..limits import NOTICE
from ..rules import DecisionContext, Rule, condition
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
    """An old matter of another system is brought in to be found.

    It doesn't say that anybody was answered: no clock runs, nobody is asked for anything, and the office reopens it if
    somebody is still owed an answer.
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
    reply: str = step_field("原系统记载的答复", default="", long=True, private=True, help="照原表带入，本系统未核实")
    replied: str = step_field("原系统记载的答复时间", default="")

    def change(self, facts: Facts, by: Actor, on: date) -> Facts:
        return replace(super().change(facts, by, on), state=State.HISTORY)

    def says(self, directory: Directory) -> str:
        came = super().says(directory)
        return f"{came}；从“{self.file}”导入。本系统没有办理，是否答复以原系统的记载为准"
