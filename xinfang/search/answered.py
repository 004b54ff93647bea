"""What the department wrote in a case, as far as it is searched: replies, instructions, and what was noted on the way.

Not searched: what the petitioner wrote (it is in the letter's text), a legal adviser's draft and opinion (H13: not all
who see a case read them), what is said of members of staff (回避, 被反映), and numbers of telephones and accounts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import F

from xinfang.papers.models import PaperText
from xinfang.procedure.facts import CaseEvent, Facts
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import PaperStage
from xinfang.search.folding import fold_text


class Where(StrEnum):
    """In what of a case a word was found; the value is a letter kept for each row of its text."""

    REPLY = "r"
    INSTRUCTION = "i"
    NOTE = "n"
    PAPER = "p"


WHERE_WORDS: Mapping[str, str] = {
    Where.REPLY: "答复",
    Where.INSTRUCTION: "批示",
    Where.NOTE: "办理记录",
    Where.PAPER: "文书",
}
S = StepCode
SEARCHED: Mapping[str, tuple[Where, tuple[str, ...]]] = {
    # What was answered, or is about to be.
    S.ACKNOWLEDGE: (Where.REPLY, ("text",)),
    S.PROMISE_REPLY: (Where.REPLY, ("text",)),
    S.SETTLE_ON_THE_SPOT: (Where.REPLY, ("text",)),
    S.ANSWER: (Where.REPLY, ("text", "adopted_part", "basis", "told")),
    S.DRAFT_REPLY: (Where.REPLY, ("findings.finding", "findings.basis", "review_body")),
    S.DRAFT_REVIEW: (Where.REPLY, ("finding", "reason", "basis", "order", "final_body")),
    S.DRAFT_DUTY_REPLY: (
        Where.REPLY,
        ("findings.finding", "findings.basis", "reconsideration_body", "court", "other_remedy"),
    ),
    S.ANSWER_WITH_FIRST: (Where.REPLY, ("note",)),
    S.ANSWER_MESSAGE: (Where.REPLY, ("text",)),
    S.TELL_PARTS: (Where.REPLY, ("note",)),
    S.REDIRECT: (Where.REPLY, ("body", "how", "reason")),
    S.ROUTE: (Where.REPLY, ("route_name", "law", "body", "time_limit", "reason")),
    S.DECLINE: (Where.REPLY, ("body", "reference", "law", "way", "reason")),
    S.DISCLOSE: (Where.REPLY, ("information", "body", "how", "reason")),
    S.FILE_WITHOUT_ACTION: (Where.REPLY, ("concluded_number", "contact_attempt", "reason")),
    S.REFUSE_FURTHER: (Where.REPLY, ("reason",)),
    S.DECLINE_REVIEW: (Where.REPLY, ("reason", "way")),
    S.ACCEPT: (Where.REPLY, ("told",)),
    S.ACCEPT_DUTY: (Where.REPLY, ("law", "procedure", "term_source")),
    S.FIRST_REVIEW: (Where.REPLY, ("document_number", "changes.decision", "changes.basis")),
    S.FOLLOW_REVIEW_REQUEST: (Where.NOTE, ("text",)),
    S.FINAL_REVIEW: (Where.REPLY, ("document_number", "changes.decision", "changes.basis")),
    S.RECORD_COMPLIANCE: (Where.REPLY, ("document_number", "text")),
    S.DECIDE_RECONSIDERATION: (Where.REPLY, ("reason",)),
    S.DECIDE_MEETING: (Where.REPLY, ("reason",)),
    # What a leader, or who answers for a text, wrote to colleagues.
    S.INSTRUCT: (Where.INSTRUCTION, ("text",)),
    S.READ_SHEET: (Where.INSTRUCTION, ("opinion",)),
    S.REVIEW_REPLY: (Where.INSTRUCTION, ("opinion",)),
    S.SIGN_REPLY: (Where.INSTRUCTION, ("opinion",)),
    S.CHECK_PAPER: (Where.INSTRUCTION, ("opinion",)),
    S.SIGN_PAPER: (Where.INSTRUCTION, ("opinion",)),
    S.SUPERVISE: (Where.INSTRUCTION, ("text",)),
    # What was noted and found on the way.
    S.CLASSIFY: (Where.NOTE, ("not_ours",)),
    S.OBJECT: (Where.NOTE, ("reason", "right_body", "late_reason")),
    S.OBJECTION_UPHELD: (Where.NOTE, ("answer_number",)),
    S.OBJECTION_REJECTED: (Where.NOTE, ("answer_number",)),
    S.FORWARD: (Where.NOTE, ("body", "reason")),
    S.COORDINATE: (Where.NOTE, ("bodies", "result", "competent")),
    S.REOPEN: (Where.NOTE, ("reason",)),
    S.HAND_OVER: (Where.NOTE, ("body", "receipt_number", "rest")),
    S.JOIN_FIRST: (Where.NOTE, ("reason",)),
    S.HANDLE_APART: (Where.NOTE, ("reason",)),
    S.LINK_REPEAT: (Where.NOTE, ("reason",)),
    S.UNLINK_REPEAT: (Where.NOTE, ("reason",)),
    S.PROPOSE: (Where.NOTE, ("text",)),
    S.CIRCULATE_SHEET: (Where.NOTE, ("note",)),
    S.REFER: (Where.NOTE, ("note",)),
    S.ASSIGN: (Where.NOTE, ("note",)),
    S.SEND_BACK: (Where.NOTE, ("reason",)),
    S.TALK: (Where.NOTE, ("place", "said")),
    S.ASK_TO_MEET: (Where.NOTE, ("reason",)),
    S.MEDIATE: (Where.NOTE, ("text",)),
    S.HOLD_HEARING: (Where.NOTE, ("text",)),
    S.REQUEST_EXTENSION: (Where.NOTE, ("reason",)),
    S.GRANT_EXTENSION: (Where.NOTE, ("reason",)),
    S.LEAVE_SIMPLE: (Where.NOTE, ("reason",)),
    S.STUDY: (Where.NOTE, ("result",)),
    S.SERVICE_FAILED: (Where.NOTE, ("text",)),
    S.CARRY_OUT: (Where.NOTE, ("text",)),
    S.FOLLOW_UP: (Where.NOTE, ("place", "said", "carried_out", "further")),
    S.GIVE_ASSISTANCE: (Where.NOTE, ("place", "body", "text")),
    S.COUNSEL: (Where.NOTE, ("place", "text")),
    S.CLOSE: (Where.NOTE, ("text",)),
    S.SUBMIT_ARCHIVE: (Where.NOTE, ("note",)),
    S.ACCEPT_ARCHIVE: (Where.NOTE, ("difference",)),
    S.RETURN_ARCHIVE: (Where.NOTE, ("reason",)),
    S.CHANGE_RETENTION: (Where.NOTE, ("reason",)),
    S.TAKE_AS_REVIEW: (Where.NOTE, ("body", "opinion_number", "decided")),
    S.REQUEST_FIRST_REVIEW: (Where.NOTE, ("body",)),
    S.REQUEST_FINAL_REVIEW: (Where.NOTE, ("body",)),
    S.ANSWER_SUPERVISION: (Where.NOTE, ("text",)),
    S.RECORD_ADVICE: (Where.NOTE, ("body", "document_number", "text")),
    S.ANSWER_ADVICE: (Where.NOTE, ("text",)),
    S.REPORT_UP: (Where.NOTE, ("body", "external_number", "text")),
    S.SPOT_CHECK: (Where.NOTE, ("reason",)),
    S.SUGGEST_COMMENDATION: (Where.NOTE, ("adopted", "achieved", "form")),
    S.REVISE_PAPER: (Where.NOTE, ("reason",)),
    S.WITHDRAW_PAPER: (Where.NOTE, ("reason",)),
}
"""Which answers of which step are searched: texts only, and never personal ones."""
LATEST_ONLY = frozenset({S.DRAFT_REPLY, S.DRAFT_REVIEW, S.DRAFT_DUTY_REPLY})
"""Drafts: what an earlier one said was not answered."""
WRITTEN_BY = frozenset({*SEARCHED, S.ISSUE_PAPER, S.WITHDRAW_PAPER, S.ISSUE_REPLY, S.IMPORT_HISTORY})
"""The steps that may change what the department wrote in a case; all others leave it as it is."""
_OUT = (PaperStage.ISSUED, PaperStage.SERVED)
_DAY_OR_LONG_NUMBER = re.compile(r"((?<!\d)\d{4}-\d\d?-\d\d?(?![\d-]))|[0-9０-９][0-9０-９ \-—]{5,}[0-9０-９XxＸｘ]")
"""Telephones, ID and account numbers are nowhere kept in plain; a day is no such number."""


class AnsweredText(NamedTuple):
    """The folded text of what the department wrote, a row each, and for each row in what it is written."""

    text: str
    kinds: str


NOTHING = AnsweredText("", "")


IMPORTED_WORDS = ("reply", "result")
"""What a matter that came in as history says of an answer given elsewhere; facts don't hold it."""


def answered_text(petition_id: int, facts: Facts, imported: Sequence[str] = ()) -> AnsweredText:
    """Return what the department wrote in this case (1 query if papers were issued).

    `imported` is what an earlier system answered. Of a sealed or destroyed case: nothing.

    Raises:
        DecryptionFailed: the text of a paper was altered.
        KeyMissing: the case's key can't be used.
    """
    if facts.sealed or facts.destroyed_on is not None:
        return NOTHING
    found: dict[tuple[str, str], None] = {}
    written = [*((Where.REPLY, text) for text in imported), *_of_steps(facts), *_of_papers(petition_id, facts)]
    for where, text in written:
        folded = fold_text(_DAY_OR_LONG_NUMBER.sub(lambda m: m[1] or " ", text))
        if folded:
            found.setdefault((where, folded))
    return AnsweredText("\n".join(text for _, text in found), "".join(where for where, _ in found))


def _of_steps(facts: Facts) -> Iterator[tuple[Where, str]]:
    for h in facts.history:
        searched = SEARCHED.get(h.code)
        if searched and h.took_effect and (h.code not in LATEST_ONLY or facts.last(h.code) is h):
            where, fields = searched
            for field in fields:
                for text in _said(h, field):
                    yield where, text


def _said(h: CaseEvent, field: str) -> Iterator[str]:
    name, _, of_each = field.partition(".")
    value: Any = getattr(h.step, name)
    yield from (getattr(item, of_each) for item in value) if of_each else (value,)


def _of_papers(petition_id: int, facts: Facts) -> Iterator[tuple[Where, str]]:
    """Yield the paragraphs of papers that went out and whose text people changed.

    One that was left as it was composed says what its steps say, in words that all of its kind have.
    """
    out = [p.number for p in facts.papers if p.stage in _OUT and PAPERS[p.kind].outward and not p.is_scan]
    if not out:
        return
    rows = PaperText.objects.filter(
        paper__petition=petition_id, paper__place__in=out, revision=F("paper__revision")
    ).exclude(how="composed")
    for row in rows.select_related("paper__petition").order_by("paper__place"):
        # Imported here: papers load much that most steps have no need of.
        from xinfang.papers import wording
        from xinfang.papers.content import Paragraph

        if text := row.text:
            for block in wording.paper_content(row.paper.paper_kind, text).blocks:
                if isinstance(block, Paragraph):
                    yield Where.PAPER, block.text
