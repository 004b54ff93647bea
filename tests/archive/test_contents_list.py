"""The 卷内目录 and what it lists: by number, title, day and page, and no inquiry code on any bound page."""

import io
import re
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pytest
from django.conf import settings

from tests.archive.test_on_postgres import notice
from tests.archive.test_package import CAME, exported
from tests.world import file_papers, file_receipt, make_department, noon, register, scan, take, walk, who
from xinfang.archive.dossier.gathering import DossierPart, gather_dossier
from xinfang.archive.queries.overview import piece_rows
from xinfang.attachments.actions.attach import attach_checked
from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.papers.content import PaperContent, PaperForm, Paragraph
from xinfang.papers.models import Paper
from xinfang.papers.pdf import render_pdf
from xinfang.procedure.archive import SCANS_AT_THE_END, SCANS_IN_FRONT
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material, PaperKind

pytestmark = pytest.mark.django_db
HEAD = ["序号", "文号", "责任者", "题名", "日期", "页次", "密级", "备注"]


@pytest.fixture
def number() -> str:
    """A file with a notice and a reply that were issued here, a scan of each kind and a withdrawn attachment."""
    make_department()
    found = register(CAME)
    walk(found, "closed", CAME, 0)
    first = notice(found)
    sent = {"sent_on": today().isoformat(), "method": "post", "mail_number": "XA0000000115"}
    take(found, StepCode.SEND_PAPER, "clerk", paper=first.place, **sent)
    code = Petition.objects.get(number=found).inquiry_code
    copied = render_pdf(
        PaperContent(
            kind=PaperKind.ACCEPTANCE_NOTICE,
            form=PaperForm.LETTER,
            title="复印件",
            blocks=(Paragraph(f"我的查询码是{code}，请核对。"),),
        )
    )
    attach_checked(found, copied, "复印件.pdf", "pdf", what=Material.EVIDENCE, by=who("clerk"), now=noon(CAME))
    attach_checked(found, b"\xe9\x94\x99", "传错了.txt", "txt", what=Material.OTHER, by=who("clerk"), now=noon(CAME))
    wrong = Petition.objects.get(number=found).attachments.order_by("-place").first()
    take(found, StepCode.WITHDRAW_ATTACHMENT, "clerk", attachment=wrong.place, reason="传错了")
    file_papers(found, "handler")
    file_receipt(found, "handler")
    take(found, StepCode.SUBMIT_ARCHIVE, "handler", complete=True, pages=12)
    take(found, StepCode.ACCEPT_ARCHIVE, "archivist")
    assert first.pdf
    return found


def listed(pdf: Path) -> list[dict[str, str]]:
    """The rows of the list of contents, as printed."""
    with pdfplumber.open(pdf) as opened:
        tables = [t for p in opened.pages for t in p.extract_tables() if t[0] == HEAD]
    rows = [row for table in tables for row in table[1:]]
    return [dict(zip(HEAD, (re.sub(r"\s", "", cell or "") for cell in row), strict=True)) for row in rows]


def test_a_file_is_found_by_the_number_that_the_list_gives_it(number: str, tmp_path: Path) -> None:
    for part, pdf, root in (
        (DossierPart.OPEN, "data/卷宗.pdf", "data"),
        (DossierPart.SEALED, "data/sealed/密封卷.pdf", "data/sealed"),
    ):
        target = exported(number, tmp_path, part)
        rows = listed(target / pdf)
        assert [r["序号"] for r in rows] == [str(n) for n in range(1, len(rows) + 1)]
        files = [
            f for folder in ("papers", "originals", "records", "withdrawn") for f in (target / root / folder).glob("*")
        ]
        numbers = {int(f.name[:3]) for f in files if re.match(r"\d{3}-", f.name)}
        assert numbers == set(range(1, max(numbers) + 1)), "no number is left out"
        assert {int(f.name[:3]) for f in files if f.parent.name == "withdrawn"} == numbers - {
            int(r["序号"]) for r in rows
        }
        for file in (f for f in files if f.suffix == ".docx" and f.parent.name == "papers"):
            assert file.with_suffix(".pdf").exists(), "two forms of one paper have one number"


def test_what_was_issued_is_listed_by_its_own_title(number: str, tmp_path: Path) -> None:
    rows = listed(exported(number, tmp_path) / "data/卷宗.pdf")
    by_title = {r["题名"]: r for r in rows}
    reply = by_title["关于其木格信访事项的处理意见书"]
    assert (reply["文号"], reply["责任者"]) == ("内科信答〔2026〕1号", settings.DEPARTMENT)
    assert by_title["信访事项受理告知书"]["文号"].startswith("内科信告〔")
    assert all(re.fullmatch(r"\d{8}", r["日期"]) for r in rows)
    assert all(r["密级"] == "" for r in rows)
    assert not any("目录" in t or "清单" in t or "." in t for t in by_title), "not the list itself, no file names"
    assert by_title["信访事项登记表"]["备注"] == "据办理记录补印"
    assert by_title["来信（来件）原件：来信"]["责任者"] == "其木格"
    assert by_title["证据材料：复印件"]["责任者"] == "信访人", "nobody said whose words it holds"
    pages = [r["页次"].split("—") for r in rows]
    assert int(pages[0][0]) == 1
    assert all(int(after[0]) == int(before[-1]) + 1 for before, after in pairwise(pages))


def test_what_is_sealed_says_so(number: str, tmp_path: Path) -> None:
    rows = listed(exported(number, tmp_path, DossierPart.SEALED) / "data/sealed/密封卷.pdf")
    assert {r["密级"] for r in rows} == {"内部"}
    assert "征求法律顾问意见记录" in {r["题名"] for r in rows}


def test_scans_of_sealed_sheets_are_where_their_paper_belongs(tmp_path: Path) -> None:
    make_department()
    number = register(CAME)
    walk(number, "archived", CAME, 0)
    rows = listed(exported(number, tmp_path) / "data/卷宗.pdf")
    titles = [r["题名"] for r in rows]
    assert titles.index("受理告知书") < titles.index("关于其木格信访事项的处理意见书") < titles.index("送达回证")
    assert titles.index("送达回证") < titles.index("结案审批单") < titles.index("办理过程记录") == len(titles) - 1
    notice = rows[titles.index("受理告知书")]
    number = Paper.objects.get(petition__number=number, kind="acceptance_notice").number
    assert number and (notice["文号"], notice["备注"], notice["日期"]) == (
        number,
        "盖章件扫描",
        CAME.strftime("%Y%m%d"),
    )


def test_the_receipt_of_the_only_service_has_its_day(tmp_path: Path) -> None:
    """What was signed on the day of the service isn't dated by the day on which somebody filed the scan."""
    make_department()
    number = register(CAME)
    walk(number, "served", CAME, 0)
    served = facts_of(Petition.objects.get(number=number)).served_on
    filed = CAME + timedelta(days=9)
    attach_checked(number, scan(3), "回证.png", "png", what=Material.RECEIPT, by=who("clerk"), now=noon(filed))
    receipts = [r for r in listed(exported(number, tmp_path) / "data/卷宗.pdf") if "回证" in r["题名"]]
    assert served and [r["日期"] for r in receipts] == [f"{served:%Y%m%d}"]


def test_a_scan_is_no_paper_because_of_its_name(tmp_path: Path) -> None:
    make_department()
    number = register(CAME)
    walk(number, "closed", CAME, 0)
    for place, name in enumerate(
        ("不予受理告知书", "受理-告知书（盖章）", "信访处理(答复)意见书 定稿", "复印的受理告知书")
    ):
        data = scan(place)
        attach_checked(number, data, f"{name}.png", "png", what=Material.PAPER, by=who("clerk"), now=noon(CAME))
    titles = [r["题名"] for r in listed(exported(number, tmp_path) / "data/卷宗.pdf")]
    others = ["不予受理告知书", "受理-告知书（盖章）", "信访处理(答复)意见书定稿", "复印的受理告知书"]
    assert titles[-5:-1] == others, "nobody said which papers they are: they stay behind, under their own names"


def test_the_inquiry_code_is_on_no_bound_page(number: str, tmp_path: Path) -> None:
    code = Petition.objects.get(number=number).inquiry_code
    target = exported(number, tmp_path, DossierPart.BOTH)
    paper = Paper.objects.get(petition__number=number, kind="acceptance_notice")
    original = next((target / "data/papers").glob("*受理告知书*.pdf"))

    def text_of(pdf: io.BytesIO | Path) -> str:
        with pdfplumber.open(pdf) as opened:
            return re.sub(r"\s", "", "".join(page.extract_text() or "" for page in opened.pages))

    assert code in text_of(original), "the paper as it was sent is kept as it was"
    for bound in ("data/卷宗.pdf", "data/sealed/密封卷.pdf"):
        assert code not in text_of(target / bound)
    rows = {r["题名"]: r for r in listed(target / "data/卷宗.pdf")}
    assert rows["信访事项受理告知书"]["备注"] == "查询码已隐去"
    assert rows["证据材料：复印件"]["备注"] == "查询码已隐去"
    assert rows["关于其木格信访事项的处理意见书"]["备注"] == ""
    first, last = (int(n) for n in rows["信访事项受理告知书"]["页次"].split("—"))
    assert last - first + 1 == paper.pages


def test_every_kind_of_material_is_bound_and_the_page_lists_them_in_the_order_of_the_volume() -> None:
    make_department()
    found = register(CAME)
    kinds = [m for m in Material if m not in (Material.PAPER, Material.RECEIPT)]
    for what in reversed(kinds):
        attach_checked(found, what.label.encode(), f"{what}.txt", "txt", what=what, by=who("clerk"), now=noon(CAME))
    walk(found, "closed", CAME, 0)
    petition = Petition.objects.get(number=found)
    page = [row["label"] for row in piece_rows(facts_of(petition))]
    bound = [item.title for item in gather_dossier(petition, today()).items]
    assert page[1] == Material.LETTER.label, "what came in lies behind the registration sheet"
    places = [next((n for n, t in enumerate(bound) if t.split("：")[0] == label), None) for label in page]
    assert {m.label for m in kinds} <= {label for label, at in zip(page, places, strict=True) if at is not None}
    there = [at for at in places if at is not None]
    assert len(there) > len(kinds) and there == sorted(there)
    assert {*SCANS_IN_FRONT, *SCANS_AT_THE_END, Material.RECEIPT} == set(Material)
