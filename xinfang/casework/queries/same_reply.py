"""拟同样的答复: the reply of a tied case as the first text of this case's own, with its people put in.

Nothing is taken: it fills the form of who drafts, who checks it and sends it as every reply. What the text names and
this letter doesn't is said beside it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xinfang.cases.access import CaseView, ViewScope, open_case
from xinfang.cases.queries.case_text import case_text
from xinfang.matters.queries.ties import matter_of
from xinfang.procedure.facts import Actor, RequestFacts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.visibility import NotVisible
from xinfang.search.differences import marked, only_named

SAME_REPLY_STEPS = (StepCode.DRAFT_REPLY, StepCode.ANSWER)
"""Steps that write a reply of this department's own."""
SOMEBODY = "信访人"
_ANSWERED = ("text", "adoption", "adopted_part", "conclusion", "basis")


@dataclass(frozen=True)
class SameReply:
    """The answers to begin with, and what is to be looked at before they are sent."""

    number: str
    answers: Mapping[str, Any]
    named: bool
    """Whether the names of this case's people were put in: that counts as seeing them."""
    unknown: tuple[str, ...]
    """Numbers, days and places that the text names and this letter doesn't."""
    left_open: tuple[int, ...]
    """Requests of this case for which the other has no answer."""


def reply_like(code: str, case: CaseView, number: str, actor: Actor) -> SameReply | None:
    """Return the reply of another case as the beginning of this one's; None where it has none or isn't tied to this.

    About 10 queries, for that one page.
    """
    if code not in SAME_REPLY_STEPS or case.facts.sealed:
        return None
    try:
        other = open_case(actor, number)
    except NotVisible:
        return None
    known = matter_of(case.petition).all - {case.petition.pk}
    if other.petition.pk not in known or other.scope is not ViewScope.FULL or other.facts.sealed:
        return None
    answers, left_open = _draft(case, other) if code == StepCode.DRAFT_REPLY else (_answer(other), ())
    if not answers:
        return None
    words = _Names(case, other)
    answers = _put(answers, words)
    letter = case_text(case.petition, case.facts).letter(case.facts.requests)
    return SameReply(
        number=other.petition.number,
        answers=answers,
        named=words.named,
        unknown=tuple(only_named(marked("\n".join(_texts(answers)), letter))),
        left_open=left_open,
    )


def reply_step(case: CaseView) -> StepCode | None:
    """Return the step by which this case got what others could begin with; None where it has no reply yet."""
    if case.scope is not ViewScope.FULL or case.facts.sealed:
        return None
    if _findings(case):
        return StepCode.DRAFT_REPLY
    return StepCode.ANSWER if _answer(case) else None


def _findings(case: CaseView) -> list[RequestFacts]:
    return [r for r in case.facts.requests if r.concluded]


def _draft(case: CaseView, other: CaseView) -> tuple[dict[str, Any], tuple[int, ...]]:
    """Return the findings request by request: to each the answer to the request that is most like it."""
    theirs = _findings(other)
    if not theirs:
        return {}, ()
    findings, left_open = [], []
    for request in case.facts.requests:
        found = _most_like(request, theirs, alone=len(case.facts.requests) == len(theirs) == 1)
        if found is None:
            left_open.append(request.number)
        findings.append(
            {
                "request": request.number,
                "finding": found.finding if found else "",
                "conclusion": str(found.conclusion or "") if found else "",
                "basis": found.basis if found else "",
            }
        )
    last = other.facts.last(StepCode.DRAFT_REPLY)
    more = {"review_body": last.step.review_body} if last else {}
    return {"findings": findings, "disposition": str(other.facts.disposition or ""), **more}, tuple(left_open)


_ALIKE = 0.4
"""Of the pairs of characters of the shorter request so much is in the other one."""


def _most_like(request: RequestFacts, theirs: list[RequestFacts], *, alone: bool) -> RequestFacts | None:
    if alone:
        return theirs[0]
    best = max(theirs, key=lambda r: (_share(request.text, r.text), -abs(r.number - request.number)))
    return best if _share(request.text, best.text) >= _ALIKE else None


def _share(one: str, other: str) -> float:
    first, second = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (one, other))
    shorter = min(len(first), len(second))
    return len(first & second) / shorter if shorter else float(one == other)


def _answer(other: CaseView) -> dict[str, Any]:
    last = other.facts.last(StepCode.ANSWER)
    if last is None:
        return {}
    return {name: str(getattr(last.step, name) or "") for name in _ANSWERED}


class _Names:
    """Puts this case's people and number where the other case's are."""

    def __init__(self, case: CaseView, other: CaseView) -> None:
        self.named = False
        theirs = [p.full_name for p in other.petition.petitioners.order_by("place")]
        ours = [p.full_name for p in case.petition.petitioners.order_by("place")] if case.may_see_identity else []
        self._instead = {other.petition.number: case.petition.number}
        for place, name in enumerate(theirs):
            if len(name.strip()) > 1:
                self._instead[name] = ours[place] if place < len(ours) else SOMEBODY
        self._people = {name for name in theirs if self._instead.get(name, SOMEBODY) != SOMEBODY}
        # All at once, so that a name put in isn't replaced itself; a long one first, as it may hold a short one.
        longest = sorted(self._instead, key=len, reverse=True)
        self._any = re.compile("|".join(map(re.escape, longest)))

    def put(self, text: str) -> str:
        """Return a text with the names replaced."""
        return self._any.sub(self._one, text)

    def _one(self, match: re.Match[str]) -> str:
        self.named |= match[0] in self._people
        return self._instead[match[0]]


def _put(answers: Any, words: _Names) -> Any:
    if isinstance(answers, str):
        return words.put(answers)
    if isinstance(answers, dict):
        return {k: v if k == "review_body" else _put(v, words) for k, v in answers.items()}
    return [_put(a, words) for a in answers] if isinstance(answers, list) else answers


def _texts(answers: Mapping[str, Any]) -> list[str]:
    rows = [answers, *answers.get("findings", ())]
    return [row[name] for row in rows for name in ("finding", "text", "adopted_part") if row.get(name)]
