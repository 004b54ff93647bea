"""What may become of each limit, and by which steps: start, stop, move, fall away. Printed with who takes those steps.

What starts, stops and restarts a clock is declared with it (`clocks`), and the end of a case ends those that don't
survive it. What else a clock looks at is declared here; the walks of tests/procedure fail when a step does something to
a limit that isn't in this table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from .clock_days import always
from .clocks import CLOCKS
from .rules import Step
from .steps import ALL_STEPS
from .steps.corrections import Correct
from .steps.ends_without_reply import Reopen
from .steps.inquiry import GrantExtension, LeaveSimple
from .steps.intake import Supplement
from .steps.letter_parts import TellParts
from .steps.own_power import AcceptDuty
from .steps.papers import WithdrawPaper
from .steps.reconsideration import DecideReconsideration
from .steps.reply import ServeReply
from .steps.review import FinalReview, FirstReview
from .steps.reviewing import TakeAsReview
from .steps.screening import Classify
from .steps.sealing import SealCase, UnsealCase
from .steps.service import SendPaper, ServePaper
from .words import TERMINAL_STATES, Word

Steps = tuple[type[Step], ...]


class LimitChange(Word):
    """What became of a limit."""

    STARTS = "starts", "起算"
    STOPS = "stops", "停止"
    RESTARTS = "restarts", "重新起算"
    MOVES = "moves", "改期"
    REMOVES = "removes", "不再适用"
    ENDS = "ends", "随事项终结"
    RESUMES = "resumes", "恢复计算"


@dataclass(frozen=True, slots=True)
class Influence:
    """Something of a case that a clock looks at besides its own steps, and the steps that change it."""

    words: str
    steps: Steps
    does: tuple[LimitChange, ...]


REOPENING: Steps = (Reopen, DecideReconsideration)
"""The steps by which a case that ended aside is open again."""

LEAVES: Steps = (SendPaper, ServePaper, ServeReply)
"""The steps by which a paper leaves the house; what the petitioner opens on the window has left before."""

RECEIPT = Influence("更正收到日期", (Correct,), (LimitChange.MOVES,))
DATES = Influence("更正收到、受理日期", (Correct,), (LimitChange.MOVES,))
SERVICE = Influence("更正送达日期", (Correct,), (LimitChange.MOVES,))
CONTACT = Influence("姓名、联系方式由不清变为清楚", (Supplement, Correct), (LimitChange.STARTS,))
ANSWERED = Influence("联系方式清楚以前，意见书（回复）已经送到信访人", LEAVES, (LimitChange.REMOVES,))
UNANSWERED = Influence("送到信访人的意见书（回复）撤回", (WithdrawPaper,), (LimitChange.STARTS,))
TAKEN_BACK = Influence("撤回已经送达的意见书", (WithdrawPaper,), (LimitChange.REMOVES,))
SENDER = Influence("更正来源", (Correct,), (LimitChange.STARTS, LimitChange.REMOVES))
FEEDBACK = Influence("更正来源、反馈日期", (Correct,), (LimitChange.STARTS, LimitChange.MOVES, LimitChange.REMOVES))
MATTER = Influence(
    "改变类别、途径，认定为复查请求",
    (Classify, TakeAsReview),
    (LimitChange.STARTS, LimitChange.RESTARTS, LimitChange.REMOVES),
)
SIMPLE = Influence(
    "转为普通程序（含恢复办理、复查后重办）",
    (LeaveSimple, *REOPENING, FirstReview, FinalReview),
    (LimitChange.STARTS, LimitChange.REMOVES),
)
SEALING = Influence("转入、移出密封区", (Classify, SealCase, UnsealCase), (LimitChange.STARTS, LimitChange.REMOVES))
GOVERNING_LAW = Influence("受理时写明法律另定的期限", (AcceptDuty,), (LimitChange.MOVES,))
EXTENSION = Influence("批准延期", (GrantExtension,), (LimitChange.MOVES,))
HEARING = Influence("复核举行听证", (FinalReview,), (LimitChange.MOVES,))
REDONE = Influence("复查、复核后重新办理", (FirstReview, FinalReview), (LimitChange.REMOVES,))
ON_PAPER = Influence(
    "简易办理时当面、电话告知的，转为普通程序（含复查后重办）后须书面告知",
    (LeaveSimple, *REOPENING, FirstReview, FinalReview),
    (LimitChange.RESUMES,),
)

KNOWN_LATE = Influence(
    "终结以后才知道怎样联系信访人，应当告知（答复）的仍须告知", (Supplement, Correct), (LimitChange.RESUMES,)
)
PARTS = Influence("终结后才告知来信各部分的去向", (TellParts,), (LimitChange.RESUMES,))

LOOKS_AT: Mapping[str, tuple[Influence, ...]] = MappingProxyType(
    {
        "notice": (RECEIPT, CONTACT, SEALING, ON_PAPER, ANSWERED, UNANSWERED, PARTS, KNOWN_LATE),
        "objection": (RECEIPT, SENDER),
        "handling": (DATES, EXTENSION, MATTER, KNOWN_LATE),
        "extension_notice": (DATES, CONTACT, KNOWN_LATE),
        "promised_reply": (KNOWN_LATE,),
        "assigned_feedback": (RECEIPT, FEEDBACK),
        "unit_feedback": (SEALING,),
        "supervision": (SEALING,),
        "request_first_review": (SERVICE, MATTER, TAKEN_BACK),
        "request_final_review": (SERVICE, MATTER, TAKEN_BACK),
        "own_review": (RECEIPT, MATTER, KNOWN_LATE),
        "own_duty": (DATES, MATTER, GOVERNING_LAW, KNOWN_LATE),
        "compliance": (SERVICE, MATTER, TAKEN_BACK),
        "first_review": (),
        "final_review": (HEARING,),
        "review_request": (),
        "simple_acceptance": (RECEIPT, MATTER, SIMPLE, SEALING),
        "simple_handling": (DATES, MATTER, SIMPLE, SEALING, KNOWN_LATE),
        "suggestion": (RECEIPT, MATTER, SEALING, KNOWN_LATE),
        "archive": (REDONE, TAKEN_BACK),
        "rating": (SERVICE, TAKEN_BACK),
        "regional_entry": (RECEIPT, SEALING),
        "report_hand_over": (RECEIPT, SEALING),
        "legal_advice": (SEALING,),
        "reconsideration": (),
        "message": (),
        "bureau_advice": (SEALING,),
        "incident_office": (),
        "incident_leader": (),
    }
)
ENDING: Steps = tuple(s for s in ALL_STEPS if any(state in TERMINAL_STATES for state in s.rule.to))
"""The steps that may end a case."""


@cache
def changes_of(code: str) -> Mapping[LimitChange, Steps]:
    """Return by which steps this limit may be changed, and how.

    Raises:
        KeyError: the code is no clock's.
    """
    clock = CLOCKS[code]
    found: dict[LimitChange, list[type[Step]]] = {change: [] for change in LimitChange}
    found[LimitChange.STARTS] += clock.starts
    found[LimitChange.STOPS] += (*clock.stops, *(LEAVES if clock.papers else ()))
    found[LimitChange.RESTARTS] += clock.restarts
    if clock.starts and clock.survives_the_end is not always:
        found[LimitChange.ENDS] += ENDING
        found[LimitChange.RESUMES] += (*REOPENING, FirstReview, FinalReview)
        if clock.survives_the_end:
            # Once it ended, it runs until the paper has left that is still owed; without one it is over.
            found[LimitChange.ENDS] += (*LEAVES, WithdrawPaper)
    if clock.papers:
        # What never reached anybody stopped nothing; of a clock that began again only the last run is left.
        found[LimitChange.RESUMES].append(WithdrawPaper)
        if clock.restarts:
            found[LimitChange.REMOVES].append(WithdrawPaper)
    for influence in LOOKS_AT[code]:
        for change in influence.does:
            found[change] += influence.steps
    return MappingProxyType({change: tuple(dict.fromkeys(steps)) for change, steps in found.items() if steps})


HEADS = ("期限", "变动", "由哪些步骤（由谁办理；第二人）", "缘由")


def change_rows() -> Iterator[tuple[str, str, str, str]]:
    """Yield what may become of each limit, by which steps and whose they are, and for what reason."""
    for clock in CLOCKS.values():
        for change, steps in changes_of(clock.code).items():
            if change is LimitChange.ENDS:
                left = "；应当书面告知（答复）的，到文书发出为止" if clock.survives_the_end else ""
                yield clock.label, change.label, f"使事项终结的步骤{left}", ""
                continue
            why = [i.words for i in LOOKS_AT[clock.code] if change in i.does]
            yield clock.label, change.label, "、".join(map(_with_its_people, steps)), "；".join(why)


def _with_its_people(step: type[Step]) -> str:
    who = "、".join(dict.fromkeys(w.label for w in step.rule.who))
    second = "、".join(dict.fromkeys(w.label for w in step.rule.then))
    return f"{step.rule.label}（{who}{'；第二人：' if second else ''}{second}）"
