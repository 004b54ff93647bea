"""The file of a case as the archive room gets it (H14): what it must hold, and how long it is kept.

A paper that a step records counts as there once the step was taken: the record is part of the volume, with the issued paper where one
was made. A receipt is different: only the signed sheet itself proves that a paper was served, so each service needs one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from .articles import HOUSE, NATIONAL, Article
from .facts import Facts, Happening, PaperFacts
from .papers import PAPERS, Filed
from .words import Material, PaperKind, PaperStage, Retention, State

DONE = (PaperStage.ISSUED, PaperStage.SERVED)
UNDER_WAY = (PaperStage.DRAFT, PaperStage.CHECKING, PaperStage.SIGNING, PaperStage.SIGNED)
SERVICES = ("serve", "serve_paper")
"""Steps by which a paper reached the petitioner."""


class Held(Enum):
    """How a piece of the file is there."""

    PAPER = "paper"
    """As an issued paper, or as its scan."""
    RECORD = "record"
    """As the record of its step; no paper was made of it."""
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the set. It is owed once one of the steps `recorded_by` was taken, and their record stands for it; with `scan`,
    only the signed sheet does: an issued paper, or an attachment of that material.
    """

    kind: PaperKind
    recorded_by: tuple[str, ...] = ()
    scan: Material | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A piece as this case has it. `owed` is False for what is filed only where there is one."""

    kind: PaperKind
    held: Held
    owed: bool
    apart: bool
    papers: tuple[PaperFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """What the file lacks, why it is needed, and the articles that say so."""

    what: str
    why: str
    cites: tuple[Article, ...]


_K = PaperKind
_REGISTERED = Piece(_K.REGISTRATION_SHEET, ("register",))
_SETS: dict[State, tuple[Piece, ...]] = {
    State.CLOSED: (
        Piece(_K.INSTRUCTION_SHEET, ("instruct",)),
        Piece(_K.ACCEPTANCE_NOTICE, ("accept",)),
        Piece(_K.HAND_OVER_SLIP, ("assign", "refer")),
        Piece(_K.CONVERSATION_RECORD, ("talk",)),
        Piece(_K.LEGAL_ADVICE, ("give_legal_advice",)),
        Piece(_K.REPLY_OPINION, ("issue_reply",)),
        Piece(_K.CLOSING_SHEET, ("close",)),
    ),
    State.ANSWERED: (
        Piece(_K.RECEIPT_NOTICE, ("acknowledge",)),
        Piece(_K.SUGGESTION_REPLY, ("answer",)),
    ),
    State.FORWARDED: (
        Piece(_K.FORWARDING_LETTER, ("forward",)),
        Piece(_K.FORWARDING_NOTICE, ("forward",)),
    ),
    State.FILED: (Piece(_K.FILING_SLIP, ("file_without_action",)), Piece(_K.FILING_NOTICE, ("file_without_action",))),
    State.HANDED_OVER: (
        Piece(_K.SEALED_LETTER, ("hand_over",)),
        Piece(_K.HAND_OVER_RECEIPT, ("hand_over",), Material.RECEIPT),
    ),
    State.REDIRECTED: (Piece(_K.REDIRECT_NOTICE, ("redirect",)),),
    State.ROUTED: (Piece(_K.ROUTE_NOTICE, ("route",)),),
    State.DECLINED: (Piece(_K.DECLINE_NOTICE, ("route",)),),
    State.RETURNED: (
        Piece(_K.OBJECTION_LETTER, ("object",)),
        Piece(_K.TRANSFER_SHEET, ("objection_upheld",)),
    ),
    State.REFUSED_FURTHER: (Piece(_K.REFUSAL_NOTICE, ("refuse_further",)),),
    State.WITHDRAWN: (),
}
"""What belongs into the file of each end, beside the registration sheet and the receipts."""


def ended_as(facts: Facts) -> State:
    """The end whose set this file follows: where the case stood before the archive room took it."""
    ended = facts.archived_from if facts.state is State.ARCHIVED else facts.state
    return ended or State.REGISTERED


def archive_set(facts: Facts) -> tuple[Piece, ...]:
    """The pieces that this case owes, in the order of the volume."""
    pieces = [p for p in _SETS.get(ended_as(facts), ()) if any(facts.last(code) for code in p.recorded_by)]
    receipt = [Piece(_K.SERVICE_RECEIPT, SERVICES, Material.RECEIPT)] if services(facts) else []
    at = next((i for i, p in enumerate(pieces) if p.kind is _K.CLOSING_SHEET), len(pieces))
    return (_REGISTERED, *pieces[:at], *receipt, *pieces[at:])


def contents(facts: Facts) -> Iterator[Entry]:
    """What the set asks for and how this case has it, then whatever other papers it has (the pledge only if there is one)."""
    listed = set()
    for piece in archive_set(facts):
        listed.add(piece.kind)
        yield Entry(piece.kind, _held(piece, facts), True, _apart(piece.kind), _papers(piece.kind, facts))
    for kind in dict.fromkeys(p.kind for p in facts.papers if p.stage in DONE):
        if kind not in listed and PAPERS[kind].filed is not Filed.NOT:
            yield Entry(kind, Held.PAPER, False, _apart(kind), _papers(kind, facts))


def missing(facts: Facts) -> tuple[Missing, ...]:
    """Why the file can't be handed over yet; nothing when it is complete."""
    found = []
    short = len(services(facts)) - receipts(facts)
    if short > 0:
        found.append(
            Missing(
                f"{_K.SERVICE_RECEIPT.label}（还差 {short} 份）", "每次送达都要有签收的回证", (HOUSE[14], NATIONAL[35])
            )
        )
    for entry in contents(facts):
        if entry.held is Held.MISSING and entry.kind is not _K.SERVICE_RECEIPT:
            found.append(Missing(entry.kind.label, "接收机关要有签收的回执", PAPERS[entry.kind].cites))
    for paper in facts.papers:
        if paper.stage in UNDER_WAY:
            found.append(
                Missing(
                    f"{paper.kind.label}（{paper.stage.label}）",
                    "制作中的文书要印发或撤回后才能归档",
                    (HOUSE[13], HOUSE[14]),
                )
            )
    return tuple(found)


def services(facts: Facts) -> tuple[Happening, ...]:
    """Each time a paper was served."""
    return tuple(h for h in facts.history if h.code in SERVICES and h.stage == "done")


def receipts(facts: Facts) -> int:
    """How many receipts are filed: scans, and receipts that were made as papers here."""
    scans = sum(f.what is Material.RECEIPT and not f.withdrawn for f in facts.files)
    return scans + len(_papers(_K.SERVICE_RECEIPT, facts))


def _papers(kind: PaperKind, facts: Facts) -> tuple[PaperFacts, ...]:
    return tuple(p for p in facts.papers if p.kind is kind and p.stage in DONE)


def _held(piece: Piece, facts: Facts) -> Held:
    if piece.kind is _K.SERVICE_RECEIPT:
        return Held.PAPER if receipts(facts) >= len(services(facts)) else Held.MISSING
    if _papers(piece.kind, facts):
        return Held.PAPER
    if piece.scan is None:
        return Held.RECORD
    return Held.PAPER if any(f.what is piece.scan and not f.withdrawn for f in facts.files) else Held.MISSING


def _apart(kind: PaperKind) -> bool:
    return PAPERS[kind].filed is Filed.APART


# ---- how long it is kept

YEARS = {Retention.YEARS_10: 10, Retention.YEARS_30: 30}
REMIND_MONTHS = 3
"""So many months before a period ends the archive room is reminded."""


def proposed_retention(facts: Facts) -> tuple[Retention, str]:
    """The period that the rules propose, and why in words; the archive room decides (档案法; 国家档案局令第8号附件)."""
    if facts.replied_on is None:
        return Retention.YEARS_10, "没有处理结果"
    if facts.to_principal:
        return Retention.PERMANENT, "有厅主要领导批示和处理结果"
    return Retention.YEARS_30, "有处理结果"


def retained_until(retention: Retention, archived_on: date) -> date | None:
    """The last day of the period, None for 永久. Periods count in whole years from the year after the file was archived."""
    years = YEARS.get(retention)
    return date(archived_on.year + years, 12, 31) if years else None


def period_has_ended(facts: Facts, today: date) -> bool:
    """Whether the file may be appraised for destruction."""
    if facts.retention is None or facts.archived_on is None:
        return False
    until = retained_until(facts.retention, facts.archived_on)
    return until is not None and today > until
