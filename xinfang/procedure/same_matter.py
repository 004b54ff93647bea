"""同事: letters of different people about one matter, tied by a person so that they are handled side by side.

A tie says something about two cases and changes neither: each keeps its petitioners, its days, its notice, its reply
and its end. That is the difference to 重复件 (the same person and the same matter), which is a step of the later case.
"""

from dataclasses import dataclass

from .articles import DEPARTMENT_SETTING
from .rules import Reason
from .visibility import REGISTERS
from .words import Role, Word

TIES_CASES = REGISTERS
"""Who says that two letters are about one matter: who registers, and the office."""
WORKS_THROUGH_PAIRS = (Role.OFFICE, Role.OFFICE_HEAD)
"""Who has the list of what the night found."""


class PairVerdict(Word):
    """What a person said of two cases."""

    SAME = "same", "同事"
    APART = "apart", "不是同一事项"
    UNDONE = "undone", "撤销同事"


class PairGround(Word):
    """Why two letters are not about one matter. Words that are chosen: what a letter says is written nowhere else."""

    PLACE = "place", "地点或者单位不同"
    TIME = "time", "时间、批次或者年度不同"
    REQUEST = "request", "诉求不同"
    KIND = "kind", "只是同类问题"
    MISTAKE = "mistake", "认定时点错、填错"
    OTHER = "other", "其他"


@dataclass(frozen=True)
class PairQuestion:
    """What somebody wants to say of two cases, and what is known of them."""

    verdict: PairVerdict
    ground: PairGround | None = None
    last: PairVerdict | None = None
    """What was said of them last."""
    one_case: bool = False
    sealed: bool = False
    """Whether one of them is."""
    repeats: bool = False
    """Whether they are tied as repeats."""


def why_not_tied(q: PairQuestion) -> list[Reason]:
    """Return every reason against saying this of two cases."""
    tied = q.last is PairVerdict.SAME
    found = [
        (q.one_case, "这是同一件", "请填写另一件的编号。", "two_cases"),
        (q.sealed, "密封件不与其他件认定为同事", "请按密封件单独办理。", "no_sealed_case"),
        (
            q.repeats and q.verdict is PairVerdict.SAME,
            "这两件已经认定为重复件（同一信访人、同一事项）",
            "不必再认定同事；认定有误的，请先“撤销重复认定”。",
            "no_repeat",
        ),
        (q.verdict is PairVerdict.SAME and tied, "这两件已经认定为同事", "不必再认定。", "not_tied_yet"),
        (q.verdict is PairVerdict.APART and tied, "这两件现在认定为同事", "请先撤销同事。", "not_tied_now"),
        (
            q.verdict is PairVerdict.APART and q.last is PairVerdict.APART,
            "已经认定这两件不是同一事项",
            "不必再认定。",
            "not_told_apart_yet",
        ),
        (q.verdict is PairVerdict.UNDONE and not tied, "这两件现在没有认定为同事", "不需要撤销。", "tied_now"),
        (
            q.verdict is PairVerdict.UNDONE and q.ground is None,
            "没有选撤销的理由",
            "请选一项。",
            "a_ground_is_given",
        ),
    ]
    return [Reason(text, (DEPARTMENT_SETTING,), todo, code) for holds, text, todo, code in found if holds]
