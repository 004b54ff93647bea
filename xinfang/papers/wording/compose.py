"""From a case to the text of a paper, and from the text to its content."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from django.conf import settings

from xinfang.accounts.queries.actors import directory
from xinfang.calendars.queries import calendar
from xinfang.cases.models import Petition, RequiredPaper
from xinfang.cases.queries.case_text import case_text
from xinfang.cases.queries.personal_answers import personal_answers_of
from xinfang.department.queries import effective_setting
from xinfang.papers.content import PaperContent, PaperForm
from xinfang.papers.required_papers import COMPOSED_FROM
from xinfang.papers.source import parse_source
from xinfang.papers.wording.case_data import (
    NOBODY_NAMED,
    ListedPiece,
    PetitionerData,
    WordingData,
    facts_at_event,
)
from xinfang.papers.wording.fields import WordingField
from xinfang.papers.wording.kinds import FIELDS, TELL_THE_INFORMER, known_fields
from xinfang.papers.wording.paper_forms import FORMS, TO_A_SUPERIOR, WRITTEN_BY_OTHERS
from xinfang.papers.wording.sandbox import ParsedWording, compile_wording
from xinfang.procedure.facts import CaseEvent, Facts
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.words import Material, PaperKind

_FOLDER = Path(__file__).parent.parent / "wordings"
SEALED_SUBJECT_IN_PAPERS = "（密封件）"


@cache
def default_wording(kind: PaperKind) -> str:
    """Return the wording that ships with the program."""
    return (_FOLDER / f"{kind.value}.txt").read_text(encoding="utf-8")


def compose_paper(
    kind: PaperKind,
    petition: Petition,
    facts: Facts,
    *,
    event_seq: int | None = None,
    day: date,
    number: str = "",
    wording: str | None = None,
) -> str:
    """Compose the editable text of a paper from the facts of its case (about 8 queries, fewer for shorter wordings).

    `event_seq` is the event that owes it; without one, the latest step that such a paper tells of. `day` is the 成文日期
    (Asia/Shanghai).

    Raises:
        WordingSyntaxError: the wording can't be used (`source`).
        DecryptionFailed: personal data is damaged (`vault.sm_ciphers`).
        KeyMissing: the key of personal data is gone.
    """
    told = _told(kind, petition, facts, event_seq, day, number)
    fill, fields = _ready(kind, default_wording(kind) if wording is None else wording)
    return fill({field.name: field.value(told) for field in fields})


@lru_cache(maxsize=128)
def _ready(kind: PaperKind, wording: str) -> tuple[Callable[[Mapping[str, Any]], str], tuple[WordingField, ...]]:
    """Return a wording ready to be filled, and the fields it wants.

    A batch of notices reads it once, and asks for nothing else.
    """
    names = known_fields(kind)
    wanted = {name.partition(".")[0] for name in ParsedWording(wording, names).used}
    return compile_wording(wording, names), tuple(f for name, f in FIELDS[kind].items() if name in wanted)


def paper_content(kind: PaperKind, source_text: str, *, number: str = "", marks: Sequence[str] = ()) -> PaperContent:
    """Read a text as a paper of its kind: with the department's head, form, signer and room for the seal.

    Raises:
        WordingSyntaxError: it can't be read; it names its line and what is wrong (`source`).
    """
    source = parse_source(source_text)
    rule, form = PAPERS[kind], FORMS[kind]
    return PaperContent(
        kind=kind,
        form=form,
        title=source.one("标题"),
        # What another body makes bears that body's name.
        department="" if kind in WRITTEN_BY_OTHERS else source.one("落款") if rule.elsewhere else settings.DEPARTMENT,
        number=number,
        addressee=source.one("主送"),
        blocks=source.blocks,
        attachments=source.head.get("附件", ()),
        signer=source.one("落款"),
        day=source.day,
        sealed=rule.outward,
        note=source.one("附注"),
        copies_to=source.head.get("抄送", ()),
        printed_by=f"{settings.DEPARTMENT}办公室" if form is PaperForm.DOCUMENT else "",
        urgency=source.one("紧急程度"),
        approver=source.one("签发人") if kind in TO_A_SUPERIOR else "",
        marks=tuple(marks),
    )


# ---- what the wording is told


def _told(
    kind: PaperKind, petition: Petition, facts: Facts, event_seq: int | None, day: date, number: str
) -> WordingData:
    owing, proposed = _owing(kind, facts, event_seq)
    seen = facts_at_event(facts, owing.seq if owing else None)
    silent = facts.sealed and kind not in TELL_THE_INFORMER
    if silent:
        seen = replace(seen, subject=SEALED_SUBJECT_IN_PAPERS, requests=(), persons=(), group_size=1)
    happening = proposed or owing
    text = case_text(petition, facts)
    return WordingData(
        kind=kind,
        facts=seen,
        now=facts,
        day=day,
        calendar=calendar(),
        directory=directory(),
        department=settings.DEPARTMENT,
        setting=partial(effective_setting, on=day),
        happening=happening,
        step=happening.step if happening else None,
        second=owing if proposed else None,
        private=personal_answers_of(petition, happening) if happening and not silent else {},
        number=number,
        people=() if silent else _people(petition),
        body="" if silent else text.body,
        anonymous=petition.anonymous,
        told_orally=petition.told_orally,
        inquiry_code="" if silent else petition.inquiry_code,
        reception_place=text.reception_place,
        external_number="" if silent else text.external_number,
        category=petition.category.name if petition.category else "",
        pieces=cache(lambda: _attachments(petition)),
        papers=cache(lambda: _papers(petition, facts)),
    )


def _owing(kind: PaperKind, facts: Facts, seq: int | None) -> tuple[CaseEvent | None, CaseEvent | None]:
    """Return the event that owes the paper, and, where a second person confirmed it, the one that proposed it."""
    telling = [h for h in facts.history if h.stage in ("done", "confirmed") and h.code in COMPOSED_FROM[kind]]
    found = next((h for h in telling if h.seq == seq), telling[-1] if telling else None)
    if found is None or found.stage != "confirmed":
        return found, None
    earlier = (h for h in reversed(facts.history) if h.seq < found.seq and h.code == found.code)
    return found, next(h for h in earlier if h.stage == "proposed")


def _people(petition: Petition) -> tuple[PetitionerData, ...]:
    return tuple(
        PetitionerData(p.full_name, p.kind, p.role, p.phone, p.address, p.id_number, p.language, p.translate)
        for p in petition.petitioners.all()
    )


def _attachments(petition: Petition) -> tuple[ListedPiece, ...]:
    """Return the attachments that weren't withdrawn, without papers made here."""
    rows = petition.attachments.filter(withdrawal=None).exclude(what="paper").select_related("event")
    return tuple(
        ListedPiece(
            a.get_what_display(),
            a.name,
            a.event.happened_on if a.event else None,
            a.what,
            author=NOBODY_NAMED if a.what == Material.LETTER.value else "",
        )
        for a in rows
    )


def _papers(petition: Petition, facts: Facts) -> tuple[ListedPiece, ...]:
    """Return what the steps owed, with the number each paper got.

    The adviser's opinion is kept apart and not listed, and neither is the list itself.
    """
    numbers = {(p.kind.value, p.owed_by): p.document_number for p in facts.papers}
    rows = RequiredPaper.objects.filter(petition=petition).exclude(kind=PaperKind.VOLUME_LIST.value)
    return tuple(
        ListedPiece(
            "文书",
            p.label,
            p.event.happened_on,
            p.kind,
            numbers.get((p.kind, p.event.seq), ""),
            NOBODY_NAMED if PaperKind.of(p.kind) in WRITTEN_BY_OTHERS else "本厅",
        )
        for p in rows.select_related("event").order_by("event__seq", "id")
    )
