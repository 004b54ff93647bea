"""Everything in the file of a case, in the order of its volume: papers, letters, evidence, receipts, and what was done.

A document of the archive set that is there neither as a paper nor as a scan is printed again from the record of its
step, and says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import partial
from typing import Any

from django.conf import settings

from xinfang.accounts.queries.actors import directory
from xinfang.archive.dossier import printed_leaves
from xinfang.archive.dossier.items import DossierItem, file_name
from xinfang.attachments import stores
from xinfang.attachments.models import Attachment
from xinfang.cases.access import open_case
from xinfang.cases.models import Event, Petition
from xinfang.papers import wording
from xinfang.papers.content import chinese_day
from xinfang.papers.models import Paper
from xinfang.papers.pdf import render_pdf
from xinfang.papers.source import PaperError
from xinfang.procedure.archive import (
    SERVICE_STEPS,
    ArchiveEntry,
    FiledAs,
    recording_event,
    required_archive_pieces,
    volume_contents,
)
from xinfang.procedure.facts import SYSTEM, CaseEvent, Directory, Facts
from xinfang.procedure.rules import SecondPerson
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import Material, PaperKind, PaperStage
from xinfang.vault.sm_ciphers import sm3

SEALED_VOLUME_STEPS = (StepCode.SEEK_LEGAL_ADVICE, StepCode.GIVE_LEGAL_ADVICE)
"""Steps whose words only the sealed volume holds (H13, H14)."""
FROM_RECORD = "据办理记录补印"
ONLY_WITH_SIGNATURE = (PaperKind.SERVICE_RECEIPT, PaperKind.HAND_OVER_RECEIPT)
"""Documents that prove nothing but by their signature: no record replaces them."""
_FRONT = (Material.LETTER, Material.INSTRUCTION)
_BACK = (Material.EVIDENCE, Material.RECORDING, Material.PAPER, Material.OTHER)
_FROM_THE_PETITIONER = (Material.LETTER, Material.EVIDENCE)


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

    @property
    def volume(self) -> str:
        """Its 档号, or words that it has none."""
        return self.facts.volume or "（未编档号）"

    def title(self, *, apart: bool) -> str:
        """Return the title on the cover; that of a sealed volume names neither the person nor the subject."""
        if apart:
            return f"{self.petition.number} 信访事项（密封）"
        names = [n for p in self.petition.petitioners.all() if (n := p.full_name)]
        who = f"{names[0]}等{self.facts.group_size}人" if names and self.facts.group_size > 1 else "、".join(names[:3])
        return f"{who or '信访人'}：{self.petition.subject}"

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
    """Read what the file holds (about 12 queries); contents are read only when they are needed.

    A file is complete for everybody who exports it: the record of the case can't be cut without breaking its proof.
    """
    case = open_case(SYSTEM, petition.number)
    events, facts = case.events, case.facts
    the_directory = directory(day)
    items = tuple(_numbered(_items(petition, facts, the_directory, day), facts.sealed))
    return Dossier(petition, facts, events, items, the_directory, day)


def _numbered(items: Iterator[DossierItem], sealed: bool) -> Iterator[DossierItem]:
    """Put the position in front of each path, so that the folder lists the items in the order of the volume."""
    for place, item in enumerate(items, 1):
        folder, _, name = item.path.partition("/")
        apart = item.apart or sealed
        path = f"{'sealed/' if apart else ''}{folder}/{place:03d}-{name}"
        yield DossierItem(**{**item.__dict__, "path": path, "apart": apart})


def _items(petition: Petition, facts: Facts, directory: Directory, day: date) -> Iterator[DossierItem]:
    rows = list(petition.attachments.select_related("event", "view", "petition").order_by("place"))
    papers = list(petition.made_papers.select_related("pdf__event", "word__event", "pdf__petition", "word__petition"))
    made = {pk for p in papers for pk in (p.pdf_id, p.word_id) if pk}
    scans = [a for a in rows if a.pk not in made and a.withdrawal_id is None]
    by_place = {p.place: p for p in papers}
    for number, entry in enumerate(volume_contents(facts)):
        yield from _entry(entry, by_place, petition, facts)
        if entry.kind is PaperKind.SERVICE_RECEIPT or (
            entry.kind is PaperKind.HAND_OVER_RECEIPT and not _served(facts)
        ):
            yield from _scans(scans, (Material.RECEIPT,))
        if number == 0:
            yield from _scans(scans, _FRONT)
    if not _receipts_placed(facts):
        yield from _scans(scans, (Material.RECEIPT,))
    yield from _scans(scans, _BACK)
    yield _record(petition, facts, directory, day, apart=False)
    if any(h.code in SEALED_VOLUME_STEPS for h in facts.history) and not facts.sealed:
        yield _record(petition, facts, directory, day, apart=True)
    for attachment in rows:
        if attachment.withdrawal_id is not None and attachment.pk not in made:
            yield _scan(attachment, withdrawn=True)
    for paper in papers:
        if paper.stage == PaperStage.WITHDRAWN.value:
            yield from _paper(paper, withdrawn=True)


def _served(facts: Facts) -> bool:
    return any(h.code in SERVICE_STEPS for h in facts.history)


def _receipts_placed(facts: Facts) -> bool:
    kinds = {e.kind for e in volume_contents(facts)}
    return bool(kinds & {PaperKind.SERVICE_RECEIPT, PaperKind.HAND_OVER_RECEIPT})


def _entry(entry: ArchiveEntry, by_place: dict[int, Paper], petition: Petition, facts: Facts) -> Iterator[DossierItem]:
    for known in entry.papers:
        if known.number in by_place:
            yield from _paper(by_place[known.number], apart=entry.apart)
    if entry.held is FiledAs.RECORD or (entry.held is FiledAs.MISSING and entry.kind not in ONLY_WITH_SIGNATURE):
        happened = recording_event(next(p for p in required_archive_pieces(facts) if p.kind is entry.kind), facts)
        if happened:
            yield _printed_anew(entry, happened, petition, facts)


def _paper(paper: Paper, *, apart: bool = False, withdrawn: bool = False) -> Iterator[DossierItem]:
    title = f"{paper.label}{'（已撤回）' if withdrawn else ''}"
    folder = "withdrawn" if withdrawn else "papers"
    for file, bound in ((paper.pdf, not withdrawn), (paper.word, False)):
        if file is None or file.wrapped_key is None:
            continue
        named = f"{title} {paper.number}" if paper.number else title
        yield DossierItem(
            title=title,
            kind=file.kind,
            path=f"{folder}/{file_name(named, file.file_kind.endings[0])}",
            read=partial(stores.read_attachment, file),
            number=paper.number or "",
            author=settings.DEPARTMENT,
            day=paper.issued_on,
            digest=file.digest,
            apart=apart,
            bound=bound,
        )


def _scans(rows: Sequence[Attachment], kinds: Sequence[Material]) -> Iterator[DossierItem]:
    for kind in kinds:
        yield from (_scan(a) for a in rows if a.what == kind.value)


def _scan(attachment: Attachment, *, withdrawn: bool = False) -> DossierItem:
    assert attachment.event is not None
    view = getattr(attachment, "view", None)
    title = f"{attachment.get_what_display()}：{attachment.name}{'（已撤下）' if withdrawn else ''}"
    from_petitioner = attachment.what in [m.value for m in _FROM_THE_PETITIONER]
    stem = attachment.name.rpartition(".")[0] or attachment.name
    return DossierItem(
        title=title,
        kind=attachment.kind,
        path=f"{'withdrawn' if withdrawn else 'originals'}/{file_name(stem, attachment.file_kind.endings[0])}",
        read=partial(stores.read_attachment, attachment),
        author="信访人" if from_petitioner else settings.DEPARTMENT,
        day=attachment.event.happened_on,
        digest=attachment.digest,
        turned=view.turned if view else 0,
        bound=not withdrawn,
    )


def _printed_anew(entry: ArchiveEntry, happened: CaseEvent, petition: Petition, facts: Facts) -> DossierItem:
    title = f"{entry.kind.label}（{FROM_RECORD}）"

    def read() -> Iterator[bytes]:
        try:
            text = wording.compose_paper(
                entry.kind, petition, facts, event_seq=happened.seq, day=happened.happened_on, number=""
            )
            yield render_pdf(wording.paper_content(entry.kind, text, marks=(FROM_RECORD,)))
        except PaperError as e:
            yield printed_leaves.leaf(
                title, f"没有制作过这份文书，现在也不能补印：{e}\n\n相应的办理记录见本卷的办理过程记录。"
            )

    return DossierItem(
        title=title,
        kind="pdf",
        path=f"papers/{file_name(title, 'pdf')}",
        read=read,
        author=settings.DEPARTMENT,
        day=happened.happened_on,
        apart=entry.apart,
    )


def _record(petition: Petition, facts: Facts, directory: Directory, day: date, *, apart: bool) -> DossierItem:
    title = "征求法律顾问意见记录" if apart else "办理过程记录"

    def rows() -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = []
        for h in facts.history:
            own = h.code in SEALED_VOLUME_STEPS
            if apart and not own:
                continue
            hidden = own and not apart and not facts.sealed
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
        day=day,
        apart=apart,
    )


_STAGES = {"proposed": "提出：", "confirmed": "确认：", "refused": "不同意："}


def _said(h: CaseEvent, directory: Directory, *, whole: bool) -> str:
    step: Any = h.step
    if isinstance(step, SecondPerson):
        return step.opinion
    if whole:
        return str(getattr(step, "text", "") or getattr(step, "draft", "") or step.says(directory))
    return str(step.says(directory))
