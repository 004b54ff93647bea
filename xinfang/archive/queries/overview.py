"""What the archive room's pages show: a file with its documents, its number and how long it is kept."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypedDict

from django.urls import reverse

from xinfang.accounts.queries.actors import directory
from xinfang.archive.dossier.gathering import DossierPart
from xinfang.archive.models import ArchiveVolume
from xinfang.archive.queries.page_counts import BoundPages
from xinfang.cases.models import Petition
from xinfang.procedure import archive
from xinfang.procedure.articles import cite
from xinfang.procedure.facts import Facts
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import Material, PaperKind, Retention
from xinfang.web.dates import Chip, chinese_date, short_date
from xinfang.web.form_types import Field

_HELD = {
    archive.FiledAs.PAPER: ("ok", "有"),
    archive.FiledAs.RECORD: ("plain", "有办理记录"),
    archive.FiledAs.MISSING: ("late", "缺"),
}


class Piece(TypedDict):
    """A document of the archive set, and whether it is there."""

    label: str
    kind: str
    words: str
    notes: str


class Missing(TypedDict):
    """What a file lacks, with the articles that ask for it."""

    reason: str
    cites: str


class WaitingCard(TypedDict):
    """A file that waits for the archive room."""

    number: str
    subject: str
    unit: str
    ended: str
    submitted: str
    pages: int
    differs: str
    """How that differs from the pages as they would be bound; empty where it doesn't, or they weren't counted."""
    counted: bool
    note: str
    pieces: list[Piece]
    missing: list[Missing]
    why: str
    accept: str
    give_back: str
    key: str
    seen: int
    fields: list[Field]


class KeptRow(TypedDict):
    """A file in the archive room."""

    volume: str
    number: str
    url: str
    subject: str
    retention: str
    archived: str
    until: str
    over: bool
    waits: bool
    chip: Chip


class Handled(TypedDict):
    """That a step was taken, when and by whom: all that is left of it."""

    day: str
    label: str
    who: str


class DestroyedContext(TypedDict):
    """What is left to be seen of a case whose file was destroyed."""

    petition: Petition
    destroyed_text: str
    facts: list[tuple[str, str]]
    steps: list[Handled]


def piece_rows(facts: Facts) -> list[Piece]:
    """Return each document of the archive set and of what else is there, in the order of the volume."""
    rows: list[Piece] = []
    counts: dict[Material, int] = Counter(
        f.what for f in facts.files if not f.withdrawn and f.what is not Material.PAPER
    )
    if archive.services_of_papers(facts):
        counts.pop(Material.RECEIPT, None)  # told with the services

    def scans(*materials: Material) -> Iterator[Piece]:
        for what in materials:
            if count := counts.pop(what, 0):
                yield {"label": what.label, "kind": "ok", "words": f"{count} 份", "notes": "附件"}

    for number, entry in enumerate(archive.volume_contents(facts)):
        kind, words = _HELD[entry.held]
        numbers = "、".join(p.document_number for p in entry.papers if p.document_number)
        if entry.kind is PaperKind.SERVICE_RECEIPT:
            words = f"{archive.filed_receipts(facts)} 份" if entry.held is archive.FiledAs.PAPER else words
        notes = [*([numbers] if numbers else []), *(["密封卷"] if entry.apart or facts.sealed else [])]
        rows.append({"label": entry.kind.label, "kind": kind, "words": words, "notes": "，".join(notes)})
        if entry.kind in (PaperKind.SERVICE_RECEIPT, PaperKind.HAND_OVER_RECEIPT):
            rows += scans(Material.RECEIPT)
        if number == 0:
            rows += scans(*archive.SCANS_IN_FRONT)
    return [*rows, *scans(Material.RECEIPT, *archive.SCANS_AT_THE_END)]


def missing_rows(facts: Facts) -> list[Missing]:
    """Return what the file lacks, as reasons."""
    return [{"reason": f"{m.what}：{m.why}", "cites": cite(m.cites)} for m in archive.missing_pieces(facts)]


def waiting_card(petition: Petition, facts: Facts, key: str, bound: BoundPages | None) -> WaitingCard:
    """Return a file that waits for the archive room; `bound` is None where its pages weren't counted."""
    submitted = facts.last(StepCode.SUBMIT_ARCHIVE)
    retention, why = archive.proposed_retention(facts)
    pages = submitted.step.pages if submitted else 0
    return {
        "number": petition.number,
        "subject": "密封件" if petition.sealed else petition.subject,
        "unit": petition.handling_unit.name if petition.handling_unit else "",
        "ended": petition.get_state_display(),
        "submitted": short_date(submitted.happened_on) if submitted else "",
        "pages": pages,
        "differs": bound.against(pages) if bound else "",
        "counted": bound is not None,
        "note": submitted.step.note if submitted else "",
        "pieces": piece_rows(facts),
        "missing": missing_rows(facts),
        "why": why,
        "accept": StepCode.ACCEPT_ARCHIVE,
        "give_back": StepCode.RETURN_ARCHIVE,
        "key": key,
        "seen": petition.revision,
        "fields": [
            {
                "name": "volume",
                "id": f"volume-{petition.number}",
                "label": "档号",
                "widget": "line",
                "value": facts.volume,
                "attrs": {"maxlength": 40, "placeholder": "不填则自动取号"},
            },
            {
                "name": "retention",
                "id": f"retention-{petition.number}",
                "label": "保管期限",
                "widget": "select",
                "choices": [(r.value, r.label, r is retention) for r in Retention],
                "help": f"按规则拟定（{why}），由机要室确定。",
            },
        ],
    }


def kept_row(file: ArchiveVolume, today: date) -> KeptRow:
    """Return the row of a file in the archive room."""
    over = file.until is not None and file.until < today
    if file.destroyed_on:
        chip: Chip = {"kind": "plain", "text": f"{chinese_date(file.destroyed_on)}销毁"}
    elif over:
        chip = {"kind": "late", "text": "期限已满"}
    else:
        chip = {"kind": "ok", "text": "在库"}
    return {
        "volume": file.volume,
        "number": file.petition.number,
        "url": reverse("archive-file", args=[file.petition.number]),
        "subject": "密封件" if file.petition.sealed else file.petition.subject,
        "retention": file.get_retention_display(),
        "archived": chinese_date(file.archived_on),
        "until": chinese_date(file.until) or "永久",
        "over": over and not file.destroyed_on,
        "waits": bool(file.listed_id and not file.destroyed_on),
        "chip": chip,
    }


def claimed_pages(facts: Facts) -> int | None:
    """Return the pages that were said when the file was handed over; None where it wasn't."""
    submitted = facts.last(StepCode.SUBMIT_ARCHIVE) if facts.archive_submitted else None
    return submitted.step.pages if submitted else None


def file_facts(petition: Petition, facts: Facts, bound: BoundPages | None = None) -> list[tuple[str, str]]:
    """Return the head of a file's page; with its pages as they are bound, where they were counted."""
    until = (
        archive.retained_until(facts.retention, facts.archived_on) if facts.retention and facts.archived_on else None
    )
    rows = [
        ("编号", petition.number),
        ("办理结果", archive.terminal_state(facts).label),
        ("档号", facts.volume or "尚未归档"),
        ("归档日期", chinese_date(facts.archived_on) or "—"),
        ("保管期限", facts.retention.label if facts.retention else "—"),
    ]
    if facts.retention and facts.retention is not Retention.PERMANENT:
        rows.append(("保管至", chinese_date(until)))
    if bound:
        rows.append(("装订页数", bound.words))
    if facts.destroyed_on:
        rows.append(("销毁日期", chinese_date(facts.destroyed_on)))
    return rows


_PARTS = {
    DossierPart.OPEN: "普通卷（不含法律顾问意见等密封材料）",
    DossierPart.SEALED: "密封卷",
    DossierPart.BOTH: "普通卷和密封卷",
}


def bundle_choices(parts: Sequence[DossierPart], chosen: DossierPart) -> Field:
    """Return the choice of a part, as a field of a form."""
    return {
        "name": "part",
        "id": "part",
        "label": "导出",
        "widget": "radio",
        "choices": [(p.value, _PARTS[p], p is chosen) for p in parts],
    }


def bundle_label(part: DossierPart) -> str:
    """Return what a part of a file is called."""
    return _PARTS[part]


def destroyed_view(petition: Petition, facts: Facts) -> DestroyedContext:
    """Return what is left to be seen of a case whose file was destroyed: that it was handled, and by whom."""
    people = directory()
    return {
        "petition": petition,
        "destroyed_text": chinese_date(facts.destroyed_on),
        "facts": file_facts(petition, facts),
        "steps": [
            {"day": chinese_date(h.happened_on), "label": STEPS[h.code].rule.label, "who": people.staff_name(h.by)}
            for h in facts.history
        ],
    }
