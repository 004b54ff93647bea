"""Everything in the file of a case, in the order of its volume: papers, letters, evidence, receipts, and what was done.

A document of the archive set that is there neither as a paper nor as a scan is printed again from the record of its
step, and says so.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import F

from xinfang.accounts.queries.actors import directory
from xinfang.archive.dossier import printed_leaves
from xinfang.archive.dossier.catalogue import VolumeEntry
from xinfang.archive.dossier.items import DossierItem, file_name
from xinfang.archive.titles import petitioners_named, volume_title
from xinfang.archive.volume_number import archive_codes
from xinfang.attachments import stores
from xinfang.attachments.models import Attachment
from xinfang.cases.access import open_case
from xinfang.cases.models import Event, Petition
from xinfang.department.queries import effective_setting
from xinfang.papers import wording
from xinfang.papers.content import chinese_day
from xinfang.papers.models import Paper, PaperText
from xinfang.papers.pdf import render_pdf
from xinfang.papers.source import PaperError, parse_source
from xinfang.papers.wording.case_data import NOBODY_NAMED
from xinfang.procedure.archive import (
    SCANS_AT_THE_END,
    SCANS_IN_FRONT,
    SERVICE_STEPS,
    ArchiveEntry,
    FiledAs,
    ended_on,
    recording_event,
    required_archive_pieces,
    services_of_papers,
    volume_contents,
)
from xinfang.procedure.facts import SYSTEM, CaseEvent, Directory, Facts
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import Material, PaperKind, PaperStage
from xinfang.vault.keys import KeyMissing
from xinfang.vault.sm_ciphers import DecryptionFailed, sm3

SEALED_VOLUME_STEPS = (StepCode.SEEK_LEGAL_ADVICE, StepCode.GIVE_LEGAL_ADVICE)
"""Steps whose words only the sealed volume holds (H13, H14)."""
ARCHIVE_STEPS = (
    StepCode.SUBMIT_ARCHIVE,
    StepCode.ACCEPT_ARCHIVE,
    StepCode.RETURN_ARCHIVE,
    StepCode.CHANGE_RETENTION,
    StepCode.DESTROY,
)
"""Steps about the volume itself. Its cover and 备考表 tell of them, not the record in it: what was bound stays so."""
FROM_RECORD = "据办理记录补印"
ONLY_WITH_SIGNATURE = (PaperKind.SERVICE_RECEIPT, PaperKind.HAND_OVER_RECEIPT)
"""Documents that prove nothing but by their signature: no record replaces them."""
_FROZEN = tuple(f"{form}__{of}" for form in ("pdf", "word", "ofd") for of in ("event", "petition"))
"""What is read with a paper: its files."""
_FROM_THE_PETITIONER = (Material.LETTER, Material.EVIDENCE, Material.PETITIONERS_WORDS)


class DossierPart(Enum):
    """Which part of a file is bound or exported."""

    OPEN = "open"
    SEALED = "sealed"
    BOTH = "both"


@dataclass(frozen=True)
class Dossier:
    """The file of one case. `events` are the rows in order, with their people."""

    petition: Petition
    facts: Facts
    events: tuple[Event, ...]
    items: tuple[DossierItem, ...]
    directory: Directory
    day: date
    mark: str = ""
    """Who exports it, when, why and who agreed: the package bears it."""

    def entry(self, *, apart: bool) -> VolumeEntry:
        """Return the open or the sealed volume as catalogues have it, without items and pages (5 queries)."""
        facts = self.facts
        day = facts.archived_on or self.day
        ended = ended_on(facts)
        days = [i.day for i in self.items if i.apart == apart and i.bound and i.spans and i.day]
        if facts.received_on and not apart:
            days.append(facts.received_on)
        compiled = facts.last(StepCode.SUBMIT_ARCHIVE) if facts.archive_submitted else None
        checked = facts.last(StepCode.ACCEPT_ARCHIVE) if facts.archived_on else None
        return VolumeEntry(
            file=facts.volume,
            apart=apart,
            number=self.petition.number,
            title=volume_title(self.petition, self.petition.petitioners.all(), apart=apart),
            fonds_name=settings.DEPARTMENT,
            codes=archive_codes(day),
            unit_name=effective_setting("archive_unit", day),
            year=ended.year if ended else None,
            period=facts.retention.label if facts.retention else "",
            first=min(days, default=None),
            last=max(days, default=None),
            compiled_by=self.directory.staff_name(compiled.by) if compiled else "",
            compiled_on=compiled.happened_on if compiled else None,
            checked_by=self.directory.staff_name(checked.by) if checked else "",
            checked_on=checked.happened_on if checked else None,
        )

    def of(self, part: DossierPart) -> tuple[DossierItem, ...]:
        """Return the items of a part."""
        return tuple(i for i in self.items if part is DossierPart.BOTH or i.apart == (part is DossierPart.SEALED))

    def unreadable(self, part: DossierPart) -> list[str]:
        """Return attachments that are gone or damaged, a sentence each. Reads every file of the part."""
        wrong = []
        for item in self.of(part):
            if not item.digest:
                continue
            try:
                whole = sm3(b"".join(item.read())).hex() == item.digest
            except Exception as e:  # whatever a disk or a damaged file does: it is named and nothing is exported
                wrong.append(f"{item.title}：读不出来（{type(e).__name__}）。请从备份恢复。")
                continue
            if not whole:
                wrong.append(f"{item.title}：内容与登记的摘要不符。请从备份恢复。")
        return wrong


def gather_dossier(petition: Petition, day: date) -> Dossier:
    """Read what the file holds (about 13 queries); contents are read only when they are needed.

    A file is complete for everybody who exports it: the record of the case can't be cut without breaking its proof.
    """
    case = open_case(SYSTEM, petition.number)
    events, facts = case.events, case.facts
    the_directory = directory(day)
    items = tuple(_numbered(_items(petition, facts, the_directory, day), facts.sealed))
    return Dossier(petition, facts, events, items, the_directory, day)


def _numbered(items: Iterator[DossierItem], sealed: bool) -> Iterator[DossierItem]:
    """Give each item its number in its volume, as the 卷内目录 has it, and put it in front of the file name.

    So the folder lists them in the order of the volume. What isn't bound comes after it.
    """
    counts = {False: 0, True: 0}
    for item in items:
        apart = item.apart or sealed
        counts[apart] += not item.beside
        folder, _, name = item.path.partition("/")
        path = f"{'sealed/' if apart else ''}{folder}/{counts[apart]:03d}-{name}"
        yield replace(item, path=path, apart=apart, place=counts[apart] if item.bound else 0)


def _items(petition: Petition, facts: Facts, directory: Directory, day: date) -> Iterator[DossierItem]:
    who = NOBODY_NAMED if facts.sealed else petitioners_named(petition, petition.petitioners.all())
    rows = list(petition.attachments.select_related("event", "view", "petition").order_by("place"))
    papers = list(petition.made_papers.select_related(*_FROZEN, "pdf__view"))
    texts = _texts(papers)
    made = {pk for p in papers for pk in (p.pdf_id, p.word_id, p.ofd_id) if pk}
    loose = [a for a in rows if a.pk not in made and a.withdrawal_id is None]
    by_place = {p.place: p for p in papers}
    for number, entry in enumerate(volume_contents(facts)):
        yield from _entry(entry, by_place, texts, petition, facts)
        if entry.kind is PaperKind.SERVICE_RECEIPT or (
            entry.kind is PaperKind.HAND_OVER_RECEIPT and not _served(facts)
        ):
            yield from _receipts(loose, facts)
        if number == 0:
            yield from (
                replace(i, author=who) if i.author == NOBODY_NAMED else i for i in _scans(loose, SCANS_IN_FRONT)
            )
    if not _receipts_placed(facts):
        yield from _receipts(loose, facts)
    yield from _scans(loose, SCANS_AT_THE_END)
    yield _record(petition, facts, directory, day, apart=False)
    if any(h.code in SEALED_VOLUME_STEPS for h in facts.history) and not facts.sealed:
        yield _record(petition, facts, directory, day, apart=True)
    for attachment in rows:
        if attachment.withdrawal_id is not None and attachment.pk not in made:
            yield _scan(attachment, withdrawn=True)
    for paper in papers:
        if paper.stage == PaperStage.WITHDRAWN.value:
            yield from _paper(paper, texts, withdrawn=True)


def _texts(papers: Sequence[Paper]) -> dict[int, str]:
    """Return the newest text of each paper, by its primary key (1 query); without those that can't be read."""
    found = {}
    by_pk = {p.pk: p for p in papers}
    for row in PaperText.objects.filter(paper__in=papers, revision=F("paper__revision")):
        row.paper = by_pk[row.paper_id]
        try:
            found[row.paper_id] = row.text
        except (DecryptionFailed, KeyMissing):
            continue
    return found


def _served(facts: Facts) -> bool:
    return any(h.code in SERVICE_STEPS for h in facts.history)


def _receipts_placed(facts: Facts) -> bool:
    kinds = {e.kind for e in volume_contents(facts)}
    return bool(kinds & {PaperKind.SERVICE_RECEIPT, PaperKind.HAND_OVER_RECEIPT})


def _entry(
    entry: ArchiveEntry, by_place: dict[int, Paper], texts: Mapping[int, str], petition: Petition, facts: Facts
) -> Iterator[DossierItem]:
    for known in entry.papers:
        if known.number in by_place:
            yield from _paper(by_place[known.number], texts, apart=entry.apart)
    if entry.held is FiledAs.RECORD or (entry.held is FiledAs.MISSING and entry.kind not in ONLY_WITH_SIGNATURE):
        happened = _happened(entry.kind, facts)
        if happened:
            yield _printed_anew(entry, happened, petition, facts)


def _happened(kind: PaperKind, facts: Facts) -> CaseEvent | None:
    """Return the step that calls for this paper."""
    return recording_event(next(p for p in required_archive_pieces(facts) if p.kind is kind), facts)


def _paper(
    paper: Paper, texts: Mapping[int, str], *, apart: bool = False, withdrawn: bool = False
) -> Iterator[DossierItem]:
    if paper.is_scan and paper.pdf is not None and paper.pdf.wrapped_key is not None:
        yield _scanned_paper(paper, paper.pdf, apart=apart, withdrawn=withdrawn)
        return
    text, code = texts.get(paper.pk, ""), paper.petition.inquiry_code
    folder = "withdrawn" if withdrawn else "papers"
    forms = (paper.pdf, paper.word, paper.ofd)
    files = [(f, f is paper.pdf) for f in forms if f is not None and f.wrapped_key is not None]
    for n, (file, is_pdf) in enumerate(files):
        named = f"{paper.label}{'（已撤回）' if withdrawn else ''}{f' {paper.number}' if paper.number else ''}"
        yield DossierItem(
            title=_title_in(text) or paper.label,
            kind=file.kind,
            path=f"{folder}/{file_name(named, file.file_kind.endings[0])}",
            read=partial(stores.read_attachment, file),
            number=paper.number or "",
            author=settings.DEPARTMENT,
            day=paper.issued_on,
            digest=file.digest,
            apart=apart,
            bound=is_pdf and not withdrawn,
            beside=n > 0,
            remark="已撤回" if withdrawn else "",
            hidden=code if code and code in text else "",
        )


def _title_in(text: str) -> str:
    try:
        return parse_source(text).one("标题") if text else ""
    except PaperError:
        return ""


def _scans(rows: Sequence[Attachment], kinds: Sequence[Material]) -> Iterator[DossierItem]:
    for kind in kinds:
        yield from (_scan(a) for a in rows if a.what == kind.value)


def _receipts(rows: Sequence[Attachment], facts: Facts) -> Iterator[DossierItem]:
    """Yield the scans of receipts: the day of the service, where there was one only, and else the day of filing."""
    items, services = list(_scans(rows, (Material.RECEIPT,))), services_of_papers(facts)
    if len(items) == len(services) == 1:
        items = [replace(items[0], day=services[0].happened_on)]
    yield from items


def _scan(attachment: Attachment, *, withdrawn: bool = False) -> DossierItem:
    assert attachment.event is not None
    view = getattr(attachment, "view", None)
    what = attachment.get_what_display()
    author = settings.DEPARTMENT
    if attachment.what in [m.value for m in _FROM_THE_PETITIONER]:
        author = NOBODY_NAMED
    elif attachment.what == Material.OTHER_BODYS_PAPER.value:
        author = "其他机关"
    stem = attachment.name.rpartition(".")[0] or attachment.name
    of_itself = attachment.what == Material.PAPER.value or stem.startswith(what)
    return DossierItem(
        title=stem if of_itself else f"{what}：{stem}",
        kind=attachment.kind,
        path=f"{'withdrawn' if withdrawn else 'originals'}/{file_name(stem, attachment.file_kind.endings[0])}",
        read=partial(stores.read_attachment, attachment),
        author=author,
        day=attachment.event.happened_on,
        digest=attachment.digest,
        turned=view.turned if view else 0,
        bound=not withdrawn,
        remark="已撤下" if withdrawn else "",
        hidden=attachment.petition.inquiry_code,
    )


def _scanned_paper(paper: Paper, scan: Attachment, *, apart: bool, withdrawn: bool) -> DossierItem:
    """Return the scan of a sealed sheet as the paper that it is, with its number and date."""
    # What this department reviews itself comes of a step of the case.
    elsewhere = PAPERS[paper.paper_kind].elsewhere and not paper.owed_by
    return replace(
        _scan(scan, withdrawn=withdrawn),
        title=paper.label,
        author="复查、复核机关" if elsewhere else settings.DEPARTMENT,
        number=paper.number or "",
        day=paper.issued_on,
        apart=apart,
        remark="已撤回" if withdrawn else "盖章件扫描",
    )


def _printed_anew(entry: ArchiveEntry, happened: CaseEvent, petition: Petition, facts: Facts) -> DossierItem:
    title = entry.kind.label
    # Nobody was given this sheet: what it says is bound, not the key to the case.
    bare = copy.copy(petition)
    bare.inquiry_sealed = None

    def read() -> Iterator[bytes]:
        try:
            text = wording.compose_paper(
                entry.kind, bare, facts, event_seq=happened.seq, day=happened.happened_on, number=""
            )
            yield render_pdf(wording.paper_content(entry.kind, text, marks=(FROM_RECORD,)))
        except PaperError as e:
            yield printed_leaves.leaf(
                title, f"没有制作过这份文书，现在也不能补印：{e}\n\n相应的办理记录见本卷的办理过程记录。"
            )

    return DossierItem(
        title=title,
        kind="pdf",
        path=f"papers/{file_name(f'{title}（{FROM_RECORD}）', 'pdf')}",
        read=read,
        author=settings.DEPARTMENT,
        day=happened.happened_on,
        apart=entry.apart,
        remark=FROM_RECORD,
        reprinted=True,
    )


def _record(petition: Petition, facts: Facts, directory: Directory, day: date, *, apart: bool) -> DossierItem:
    title = "征求法律顾问意见记录" if apart else "办理过程记录"
    handled = [h for h in facts.history if h.code not in ARCHIVE_STEPS and (not apart or h.code in SEALED_VOLUME_STEPS)]

    def rows() -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = []
        for h in handled:
            hidden = h.code in SEALED_VOLUME_STEPS and not apart and not facts.sealed
            said = "（另行密封）" if hidden else _said(h, directory, whole=apart)
            who = directory.staff_name(h.by) if h.by else "系统或信访人"
            label = f"{_STAGES.get(h.stage, '')}{STEPS[h.code].rule.label}"
            found.append((str(h.seq), chinese_day(h.happened_on), label, who, said))
        return found

    def read() -> Iterator[bytes]:
        note = f"据系统记录打印于{chinese_day(day)}。每条记录的内容和 SM3 摘要见归档包 records/events.json。"
        yield printed_leaves.record(f"{petition.number} {title}", title, rows(), note)

    return DossierItem(
        title=title,
        kind="pdf",
        path=f"records/{file_name(title, 'pdf')}",
        read=read,
        author=settings.DEPARTMENT,
        day=handled[-1].happened_on,
        apart=apart,
        spans=False,
    )


_STAGES = {"proposed": "提出：", "confirmed": "确认：", "refused": "不同意："}


def _said(h: CaseEvent, directory: Directory, *, whole: bool) -> str:
    step: Any = h.step
    if h.answer:
        return str(h.answer.opinion)
    if whole:
        return str(getattr(step, "text", "") or getattr(step, "draft", "") or step.says(directory))
    return str(step.says(directory))
