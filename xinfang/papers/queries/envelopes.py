"""Who gets a paper by post, as envelopes and as the list that the post office signs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xinfang.cases.models import Petitioner
from xinfang.cases.queries.petitions import facts_of_all
from xinfang.department.queries import effective_setting
from xinfang.papers.content import PaperContent, PaperForm, PaperTable, Paragraph, SignatureLine, TableCell, chinese_day
from xinfang.papers.models import Paper
from xinfang.papers.pdf import render_pdf
from xinfang.papers.pdf.envelopes import Envelope, EnvelopeSize, render_envelopes
from xinfang.procedure.facts import Actor
from xinfang.procedure.papers import PAPERS
from xinfang.procedure.visibility import may_see_identity
from xinfang.procedure.words import PaperKind, PersonRole
from xinfang.web.form_types import Field

MIN_REASON_CHARACTERS, MAX_REASON_CHARACTERS = 4, 200
_COLUMNS = {"序号": 2, "收件人": 3, "收件地址": 6, "文书": 3, "文号": 3, "挂号号码": 3}
"""The list for the post office: its columns, and how many twentieths of the width each has."""
_POSTCODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


@dataclass(frozen=True)
class EnvelopeReceiver:
    """One letter: its receiver, and the paper in it."""

    name: str
    address: str
    paper: str
    number: str
    case: str


def reason_field(words: str, wrong: str) -> Field:
    """Return the field that asks why names and addresses are printed."""
    return {
        "name": "reason",
        "id": "reason",
        "label": "理由",
        "required": True,
        "value": words,
        "error": wrong,
        "widget": "line",
        "attrs": {"maxlength": MAX_REASON_CHARACTERS, "autocomplete": "off"},
        "help": "信封和清单上有姓名和住址。理由和查看人、时间一起记入每一件的查看记录。请勿写入信访人的姓名、电话。",
    }


def envelope_receivers(actor: Actor, papers: Sequence[Paper]) -> tuple[list[EnvelopeReceiver], list[str]]:
    """Return the letters of these papers, and what prevents sending them (3 queries)."""
    facts = facts_of_all({p.petition_id: p.petition for p in papers}.values())
    people: dict[int, list[Petitioner]] = {}
    for person in Petitioner.objects.filter(petition__in=facts).select_related("petition").order_by("place"):
        people.setdefault(person.petition_id, []).append(person)
    found, problems = [], []
    for paper in papers:
        case = paper.petition.number
        dead = (*facts[paper.petition_id].deceased, *facts[paper.petition_id].gone)
        whom = _whom([p for p in people.get(paper.petition_id, []) if p.place not in dead])
        if paper.petition.sealed:
            problems.append(f"{case} 是密封件，信封须由专管员另行书写")
        elif not may_see_identity(actor, facts[paper.petition_id]):
            problems.append(f"您不办理 {case} 的送达，不能打印信访人的住址")
        elif not PAPERS[paper.paper_kind].served:
            problems.append(f"{case} 的“{paper.label}”不寄给信访人。请去掉这一份")
        elif whom is None or not whom.address:
            problems.append(f"{case} 没有登记信访人的住址。请补充住址，或改用其他方式送达")
        else:
            found.append(EnvelopeReceiver(whom.full_name, whom.address, paper.label, paper.number or "", case))
    return found, problems


def _whom(people: Sequence[Petitioner]) -> Petitioner | None:
    """Return the representative where there is one, otherwise the first; better somebody with an address."""
    ordered = sorted(people, key=lambda p: (not p.address, p.role != PersonRole.REPRESENTATIVE.value, p.place))
    return ordered[0] if ordered else None


def envelopes_pdf(what: str, letters: Sequence[EnvelopeReceiver], department: str, day: date) -> bytes:
    """Print envelopes of a size, or the list for registered mail, as PDF.

    Raises:
        Unprintable: no font has a character of a name or address (`pdf`).
    """
    if what == "register":
        return render_pdf(_list(letters, department, day))
    sender_address = effective_setting("address", day)
    made = []
    for letter in letters:
        code = _POSTCODE.search(letter.address)
        address = _POSTCODE.sub("", letter.address).strip(" ，,（）()") if code else letter.address
        made.append(Envelope(letter.name, address, code[0] if code else "", department, sender_address))
    return render_envelopes(made, EnvelopeSize(what), day)


def _list(letters: Sequence[EnvelopeReceiver], department: str, day: date) -> PaperContent:
    head = tuple(TableCell(label, span, label=True) for label, span in _COLUMNS.items())
    rows = [
        tuple(
            TableCell(text, span)
            for text, span in zip(
                (str(n), letter.name, letter.address, letter.paper, letter.number, ""), _COLUMNS.values(), strict=True
            )
        )
        for n, letter in enumerate(letters, 1)
    ]
    return PaperContent(
        # An internal list that no case owes; its kind decides nothing of its looks.
        kind=PaperKind.SERVICE_RECEIPT,
        form=PaperForm.SHEET,
        title="挂号信清单",
        blocks=(
            Paragraph(f"寄件单位：{department}　　寄出日期：{chinese_day(day)}　　共 {len(letters)} 件", indent=False),
            PaperTable(sum(_COLUMNS.values()), (head, *rows), head=1),
            SignatureLine(("交寄人", "邮局收寄人（盖日戳）")),
        ),
    )
