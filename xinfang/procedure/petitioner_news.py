"""When there is news for the petitioner of a case, of which they are told by a message if they wished for it (N18)."""

from .facts import Facts
from .papers import PAPERS
from .rules import Step
from .steps.messages import AnswerMessage
from .words import PaperStage, State


def _sent(facts: Facts) -> set[int]:
    left = (PaperStage.ISSUED, PaperStage.SERVED)
    return {p.number for p in facts.papers if PAPERS[p.kind].served and p.left_on is not None and p.stage in left}


def is_news(before: Facts, after: Facts, effect: Step | None) -> bool:
    """Tell whether a step is news: a paper left for the petitioner, the time was extended, or they were answered.

    Notices, opinions, a question put to them (补正通知) and a referral all are papers that leave for them. Of a report
    of wrongdoing there never is news: who sees the telephone must not learn of it (N30).
    """
    if after.sealed or after.state in (State.HISTORY, State.UNDONE):
        return False
    longer = after.extended_days > before.extended_days
    return longer or isinstance(effect, AnswerMessage) or bool(_sent(after) - _sent(before))
