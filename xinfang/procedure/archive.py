"""The file of a case as the archive room gets it (H14): what it must hold, and how long it is kept.

Every end of a case has its file. A paper of the department's own counts as filed once its step was taken: the record is
part of the volume. Two things need more than a record: what was sent out is filed as it was sent, issued here or as a
scan of the sealed sheet, and only the signed receipt itself proves that a paper was served.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from xinfang.procedure.articles import HOUSE_RULES, REGULATION, Article
from xinfang.procedure.facts import CaseEvent, Facts, PaperFacts
from xinfang.procedure.papers import (
    ISSUED_STAGES,
    MUST_LEAVE,
    PAPERS,
    UNFINISHED_STAGES,
    FilingRule,
    tells_a_decision,
)
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import TERMINAL_STATES, Channel, Material, PaperKind, PaperStage, Retention, State

SERVICE_STEPS = (StepCode.SERVE, StepCode.SERVE_PAPER)
"""Steps that record that a paper reached the petitioner: a signed receipt proves each.

What the petitioner opened on the window themselves is its own receipt.
"""
_NO_FILE_HERE = (State.ARCHIVED, State.HANDED_OVER, State.HISTORY, State.UNDONE)
ARCHIVED_STATES = tuple(s for s in TERMINAL_STATES if s not in _NO_FILE_HERE)
"""The ends whose file goes to the archive room.

Of a report of wrongdoing nothing leaves the sealed compartment (N30): the named officer keeps what is left of it. What
came in as history was handled elsewhere and has no file here.
"""


class FiledAs(Enum):
    """How an item of the file is there."""

    PAPER = "paper"
    """As an issued paper, or as its scan."""
    RECORD = "record"
    """As the record of its step; no paper was made of it."""
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ArchivePiece:
    """One item of the set.

    It is owed once one of the steps `recorded_by` was taken so that `when` holds of it (and called for it, where it is
    sent out), and their record counts as the item; with `scan`, only the signed sheet does: an issued paper, or an
    attachment of that material.
    """

    kind: PaperKind
    recorded_by: tuple[str, ...] = ()
    scan: Material | None = None
    when: Callable[[Facts, Any], bool] = lambda facts, step: True


@dataclass(frozen=True, slots=True)
class ArchiveEntry:
    """An item as this case has it. `owed` is False for what is filed only where there is one."""

    kind: PaperKind
    held: FiledAs
    owed: bool
    apart: bool
    papers: tuple[PaperFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class MissingPiece:
    """What the file lacks, why it is needed, and the articles that say so."""

    what: str
    why: str
    cites: tuple[Article, ...]


_K = PaperKind


def _was_written_to(facts: Facts, step: Any) -> bool:
    """Tell whether the answer went out on paper: a question answered there and then was heard (H11)."""
    return _reachable(facts, step) and not facts.answered_at_the_desk


def _reachable(facts: Facts, step: Any) -> bool:
    """Tell whether the petitioner can be written to: not while name or address is unclear (N23)."""
    return facts.contact_clear_since is not None


def _is_agreed(facts: Facts, step: Any) -> bool:
    return bool(step.agree)


def _came_to_terms(facts: Facts, step: Any) -> bool:
    return bool(step.agreed)


_PIECES = (
    ArchivePiece(_K.REGISTRATION_SHEET, (StepCode.REGISTER, StepCode.IMPORT_HISTORY)),
    ArchivePiece(_K.RECEIPT_NOTICE, (StepCode.ACKNOWLEDGE,), when=_reachable),
    ArchivePiece(_K.OBJECTION_LETTER, (StepCode.OBJECT,)),
    ArchivePiece(_K.TRANSFER_SHEET, (StepCode.OBJECTION_UPHELD,)),
    ArchivePiece(_K.REDIRECT_NOTICE, (StepCode.REDIRECT,), when=_reachable),
    ArchivePiece(_K.FORWARDING_LETTER, (StepCode.FORWARD,)),
    ArchivePiece(_K.FORWARDING_NOTICE, (StepCode.FORWARD,), when=_reachable),
    ArchivePiece(_K.SENDER_LETTER, (StepCode.FORWARD,)),
    ArchivePiece(_K.DISCLOSURE_NOTICE, (StepCode.DISCLOSE,), when=_reachable),
    ArchivePiece(_K.ROUTE_NOTICE, (StepCode.ROUTE,), when=_reachable),
    ArchivePiece(_K.DECLINE_NOTICE, (StepCode.DECLINE,), when=_reachable),
    ArchivePiece(_K.FILING_SLIP, (StepCode.FILE_WITHOUT_ACTION,)),
    ArchivePiece(_K.FILING_NOTICE, (StepCode.FILE_WITHOUT_ACTION,), when=_reachable),
    ArchivePiece(_K.JOINING_NOTICE, (StepCode.JOIN_FIRST,), when=_reachable),
    ArchivePiece(_K.PARTS_NOTICE, (StepCode.TELL_PARTS,), when=_reachable),
    ArchivePiece(_K.RECONSIDERATION_NOTICE, (StepCode.DECIDE_RECONSIDERATION,), when=_reachable),
    ArchivePiece(_K.REFUSAL_NOTICE, (StepCode.REFUSE_FURTHER,), when=_reachable),
    ArchivePiece(_K.SEALED_LETTER, (StepCode.HAND_OVER,)),
    ArchivePiece(_K.HAND_OVER_RECEIPT, (StepCode.HAND_OVER,), Material.RECEIPT),
    ArchivePiece(_K.INSTRUCTION_SHEET, (StepCode.INSTRUCT,)),
    ArchivePiece(_K.ACCEPTANCE_NOTICE, (StepCode.ACCEPT,), when=_reachable),
    ArchivePiece(_K.HAND_OVER_SLIP, (StepCode.ASSIGN, StepCode.REFER)),
    ArchivePiece(_K.RECUSAL_DECISION, (StepCode.RECUSE,)),
    ArchivePiece(_K.CONVERSATION_RECORD, (StepCode.TALK,)),
    ArchivePiece(_K.MEDIATION_AGREEMENT, (StepCode.MEDIATE,), when=_came_to_terms),
    ArchivePiece(_K.HEARING_NOTICE, (StepCode.HOLD_HEARING,), when=_reachable),
    ArchivePiece(_K.HEARING_RECORD, (StepCode.HOLD_HEARING,)),
    ArchivePiece(_K.EXTENSION_APPROVAL, (StepCode.GRANT_EXTENSION,), when=_is_agreed),
    ArchivePiece(_K.EXTENSION_NOTICE, (StepCode.GRANT_EXTENSION,), when=_reachable),
    ArchivePiece(_K.LEGAL_ADVICE, (StepCode.GIVE_LEGAL_ADVICE,)),
    ArchivePiece(_K.REPLY_OPINION, (StepCode.ISSUE_REPLY,)),
    ArchivePiece(_K.REVIEW_ACCEPTANCE, (StepCode.ACCEPT_REVIEW,), when=_reachable),
    ArchivePiece(_K.REVIEW_REFUSAL, (StepCode.DECLINE_REVIEW,), when=_reachable),
    ArchivePiece(_K.REVIEW_OPINION, (StepCode.ISSUE_REPLY,)),
    ArchivePiece(_K.DUTY_NOTICE, (StepCode.ACCEPT_DUTY,), when=_reachable),
    ArchivePiece(_K.DUTY_REPLY, (StepCode.ISSUE_REPLY,)),
    ArchivePiece(_K.SIMPLE_REPLY, (StepCode.ANSWER,)),
    ArchivePiece(_K.SUGGESTION_REPLY, (StepCode.ANSWER,), when=_was_written_to),
    ArchivePiece(_K.JOINED_REPLY, (StepCode.ANSWER_WITH_FIRST,), when=_reachable),
    ArchivePiece(_K.ADVICE_REPLY, (StepCode.ANSWER_ADVICE,)),
    ArchivePiece(_K.SERVICE_RECEIPT, (*SERVICE_STEPS, StepCode.TAKE_DELIVERY), Material.RECEIPT),
    ArchivePiece(_K.CLOSING_SHEET, (StepCode.CLOSE,)),
)
"""What belongs into a file, in the order of the volume: of each case what its own steps call for."""
SCANS_IN_FRONT = (Material.LETTER, Material.INSTRUCTION)
"""Scans that are bound right behind the first item: what came in, and what leaders wrote on it."""
SCANS_AT_THE_END = (
    Material.EVIDENCE,
    Material.PETITIONERS_WORDS,
    Material.OTHER_BODYS_PAPER,
    Material.RECORDING,
    Material.PAPER,
    Material.OTHER,
)
"""Scans that are bound behind the papers. With those in front, and receipts by their service, every kind there is."""
STEP_CODES = frozenset(code for piece in _PIECES for code in piece.recorded_by)
"""The steps named here. They are declared above this module: `steps` checks on import that it has them all."""


def terminal_state(facts: Facts) -> State:
    """Return the end of this case: its state before the archive room took it."""
    ended = facts.archived_from if facts.state is State.ARCHIVED else facts.state
    return ended or State.REGISTERED


def ended_on(facts: Facts) -> date | None:
    """Return the day on which the case came to the end that its file is about; None while it goes on."""
    moved = [h for h in facts.history if h.moved and h.code != StepCode.ACCEPT_ARCHIVE]
    return moved[-1].happened_on if moved and facts.state in TERMINAL_STATES else None


def waits_for_the_archive(facts: Facts) -> bool:
    """Tell whether the file was handed over and is neither taken nor given back yet."""
    return facts.archive_submitted and facts.state in ARCHIVED_STATES


def required_archive_pieces(facts: Facts) -> tuple[ArchivePiece, ...]:
    """Return the items that this case owes, in the order of the volume."""
    return tuple(p for p in _PIECES if recording_event(p, facts))


def recording_event(piece: ArchivePiece, facts: Facts) -> CaseEvent | None:
    """Return the latest step that calls for this item, and whose record counts as it.

    None where the case doesn't owe it.
    """
    return next(
        (
            h
            for h in reversed(facts.history)
            if h.code in piece.recorded_by
            and h.stage in ("done", "confirmed")
            and (piece.kind in h.owes or not PAPERS[piece.kind].outward)
            and piece.when(facts, h.step)
        ),
        None,
    )


def volume_contents(facts: Facts) -> Iterator[ArchiveEntry]:
    """Yield what the set asks for and how this case has it, then its other papers (the pledge only if there is one)."""
    listed = set()
    lacking = unfiled_papers(facts)
    for piece in required_archive_pieces(facts):
        listed.add(piece.kind)
        if piece.kind in lacking:
            held = FiledAs.MISSING
        else:
            held = FiledAs.PAPER if _must_be_the_sheet(piece.kind, facts) else _held(piece, facts)
        yield ArchiveEntry(piece.kind, held, True, _apart(piece.kind), _papers(piece.kind, facts))
    for kind in dict.fromkeys(p.kind for p in facts.papers if p.stage in ISSUED_STAGES):
        if kind not in listed and PAPERS[kind].filed is not FilingRule.NOT:
            yield ArchiveEntry(kind, FiledAs.PAPER, False, _apart(kind), _papers(kind, facts))


def missing_pieces(facts: Facts) -> tuple[MissingPiece, ...]:
    """Return why the file can't be handed over yet; nothing when it is complete."""
    found = []
    if lacks_its_letter(facts):
        found.append(
            MissingPiece(
                f"{facts.channel.label}原件的扫描件",
                "信访人的原件是案卷的第一份材料（添加附件，材料种类选“来信（来件）原件”）",
                (HOUSE_RULES[14],),
            )
        )
    if lacking := unfiled_papers(facts):
        names = "、".join(k.label for k in lacking)
        why = "发出的文书要有印发的定稿，或者盖章件的扫描件（先添加附件，再“登记纸质文书”）"
        found.append(MissingPiece(names, why, (HOUSE_RULES[14],)))
    short = len(services_of_papers(facts)) - filed_receipts(facts)
    if short > 0:
        found.append(
            MissingPiece(
                f"{_K.SERVICE_RECEIPT.label}（还差 {short} 份）",
                "每次送达都要有签收的回证",
                (HOUSE_RULES[14],),
            )
        )
    for piece in required_archive_pieces(facts):
        if piece.kind is _K.HAND_OVER_RECEIPT and _held(piece, facts) is FiledAs.MISSING:
            found.append(MissingPiece(piece.kind.label, "接收机关要有签收的回执", PAPERS[piece.kind].cites))
    for paper in facts.papers:
        if paper.stage in UNFINISHED_STAGES:
            found.append(
                MissingPiece(
                    f"{paper.kind.label}（{paper.stage.label}）",
                    "制作中的文书要印发或撤回后才能归档",
                    (HOUSE_RULES[14],),
                )
            )
    found += (
        MissingPiece(
            f"{p.kind.label}的发出记录", "已印发的文书要登记发出或送达，或者撤回", (HOUSE_RULES[14], REGULATION[23])
        )
        for p in issued_and_unsent(facts)
    )
    return tuple(found)


def unfiled_papers(facts: Facts) -> tuple[PaperKind, ...]:
    """Return the papers that were sent out and are neither issued here nor filed as the scan of the sealed sheet."""
    return tuple(
        p.kind for p in required_archive_pieces(facts) if _must_be_the_sheet(p.kind, facts) and not _is_filed(p, facts)
    )


def _is_filed(piece: ArchivePiece, facts: Facts) -> bool:
    """Tell whether the paper of the latest step that calls for it is filed: that of an earlier round is another one."""
    event = recording_event(piece, facts)
    return event is not None and any(
        p.owed_by >= event.seq or not tells_a_decision(p.kind, facts) for p in _papers(piece.kind, facts)
    )


def issued_and_unsent(facts: Facts) -> tuple[PaperFacts, ...]:
    """Return the papers that must leave for the petitioner, were issued here, and have not left, or came back since."""
    return tuple(
        p
        for p in facts.papers
        if p.kind in MUST_LEAVE and p.stage is PaperStage.ISSUED and (not p.left_on or p.failed_on)
    )


def _must_be_the_sheet(kind: PaperKind, facts: Facts) -> bool:
    """Tell whether this paper is sent out, and so must be filed as it was sent.

    In the simple procedure notice and answer may be given without a paper (S4).
    """
    calls = [h for h in facts.history if kind in h.owes]
    if facts.simple and calls and all(h.tells_without_paper for h in calls):
        return False
    return PAPERS[kind].outward and PAPERS[kind].filed is not FilingRule.APART


def services_of_papers(facts: Facts) -> tuple[CaseEvent, ...]:
    """Return each event in which a paper was served."""
    return tuple(h for h in facts.history if h.code in SERVICE_STEPS and h.took_effect)


def filed_receipts(facts: Facts) -> int:
    """Return how many signed receipts are filed, as scans.

    One that was printed here and that nobody signed proves nothing.
    """
    return len(facts.filed(Material.RECEIPT))


def lacks_its_letter(facts: Facts) -> bool:
    """Tell whether the matter came on paper and the paper isn't in the file: it is the first thing one opens.

    The paper of a report of wrongdoing went with it to whom it was handed over (N22).
    """
    on_paper = facts.channel in (Channel.LETTER, Channel.FAX) and not facts.sealed
    return on_paper and not facts.filed(Material.LETTER)


def _papers(kind: PaperKind, facts: Facts) -> tuple[PaperFacts, ...]:
    return tuple(p for p in facts.papers if p.kind is kind and p.stage in ISSUED_STAGES)


def _held(piece: ArchivePiece, facts: Facts) -> FiledAs:
    if piece.kind is _K.SERVICE_RECEIPT and not services_of_papers(facts):
        return FiledAs.RECORD
    if piece.kind is _K.SERVICE_RECEIPT:
        return FiledAs.PAPER if filed_receipts(facts) >= len(services_of_papers(facts)) else FiledAs.MISSING
    if _papers(piece.kind, facts):
        return FiledAs.PAPER
    if piece.scan is None:
        return FiledAs.RECORD
    return FiledAs.PAPER if facts.filed(piece.scan) else FiledAs.MISSING


def _apart(kind: PaperKind) -> bool:
    return PAPERS[kind].filed is FilingRule.APART


# ---- how long it is kept

RETENTION_YEARS = {Retention.YEARS_10: 10, Retention.YEARS_30: 30}
REMIND_MONTHS = 3
"""This many months before a period ends the archive room is reminded."""


def proposed_retention(facts: Facts) -> tuple[Retention, str]:
    """Return the period that the rules propose, and why in words.

    The archive room decides (档案法; 国家档案局令第8号附件).
    """
    if not (facts.last(StepCode.ISSUE_REPLY) or facts.last(StepCode.ANSWER)):
        return Retention.YEARS_10, "没有处理结果"
    if facts.to_principal:
        return Retention.PERMANENT, "有厅主要领导批示和处理结果"
    return Retention.YEARS_30, "有处理结果"


def retained_until(retention: Retention, archived_on: date) -> date | None:
    """Return the last day of the period, None for 永久.

    Periods count in whole years from the year after the file was archived.
    """
    years = RETENTION_YEARS.get(retention)
    return date(archived_on.year + years, 12, 31) if years else None


def period_has_ended(facts: Facts, today: date) -> bool:
    """Tell whether the file may be appraised for destruction."""
    if facts.retention is None or facts.archived_on is None:
        return False
    until = retained_until(facts.retention, facts.archived_on)
    return until is not None and today > until
