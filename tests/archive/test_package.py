"""The volume and the package.

Complete, in order, checked by a stock tool and by the script inside; one flipped byte is found.
"""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from bagit_utils import Bag
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.world import make_department, noon, register, take, walk, who
from xinfang.archive.actions.exporting import parts_for
from xinfang.archive.dossier import standalone
from xinfang.archive.dossier.gathering import DossierPart, gather_dossier
from xinfang.archive.dossier.package import FolderSink, write_package, zip_stream
from xinfang.attachments.actions.attach import attach_checked
from xinfang.attachments.models import Attachment
from xinfang.cases.models import Event, Petition
from xinfang.core import file_store
from xinfang.core.clock import today
from xinfang.procedure.archive import missing_pieces
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import Material
from xinfang.proof.actions.sealing import make_seal

pytestmark = pytest.mark.django_db
CAME = today() - timedelta(days=60)
ADVICE = "无不同意见。"


def photograph() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (320, 200), (180, 60, 60)).save(target, "JPEG")
    return target.getvalue()


def two_pages() -> bytes:
    """A PDF that is no PDF/A: drawn into the volume."""
    pdf, target = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page(page_size=(595, 842))
    pdf.add_blank_page(page_size=(842, 595))
    pdf.save(target)
    return target.getvalue()


@pytest.fixture
def number() -> str:
    """An archived case with a letter as text, a picture and a PDF, sealed by the daily seal."""
    make_department()
    found = register(CAME)
    for name, kind, what in (
        ("来信 100%.txt", "txt", Material.LETTER),
        ("照片.jpg", "jpg", Material.EVIDENCE),
        ("申请表.pdf", "pdf", Material.EVIDENCE),
    ):
        data = {"txt": "请求补发".encode(), "jpg": photograph(), "pdf": two_pages()}[kind]
        attach_checked(found, data, name, kind, what=what, by=who("clerk"), now=noon(CAME))
    walk(found, "archived", CAME, 0)
    make_seal(today())
    return found


def exported(number: str, folder: Path, part: DossierPart = DossierPart.OPEN) -> Path:
    target = folder / f"package-{part.value}"
    for _ in write_package(gather_dossier(Petition.objects.get(number=number), today()), part, FolderSink(target)):
        pass
    return target


def test_a_stock_bagit_tool_and_the_script_inside_find_it_whole(number: str, tmp_path: Path) -> None:
    target = exported(number, tmp_path)
    report = Bag(target).validate()
    assert report.valid, report.issues
    said, problems = standalone.check(str(target))
    assert problems == [] and said.endswith(f"、{Event.objects.filter(petition__number=number).count()} 条办理记录")
    alone = subprocess.run(
        [sys.executable, "-I", str(target / "check.py")], capture_output=True, text=True, check=False, cwd="/"
    )
    assert alone.returncode == 0 and alone.stdout.startswith("核验完好"), alone.stdout
    listed = (target / "manifest-sm3.txt").read_text().splitlines()
    assert len(listed) == sum(f.is_file() for f in (target / "data").rglob("*"))
    assert (target / "data/records/seal.json").exists()
    original = next((target / "data/originals").glob("*来信*"))
    assert original.read_text() == "请求补发"


def test_one_flipped_byte_is_found_wherever_it_is(number: str, tmp_path: Path) -> None:
    target = exported(number, tmp_path)
    for file in sorted(f for f in target.rglob("*") if f.is_file()):
        whole = file.read_bytes()
        flipped = bytearray(whole)
        flipped[len(flipped) // 2] ^= 1
        file.write_bytes(flipped)
        assert standalone.check(str(target))[1], file.name
        if "data" in file.relative_to(target).parts:
            assert not Bag(target).validate().valid, file.name
        file.write_bytes(whole)
    assert standalone.check(str(target))[1] == []
    (target / "data/new.txt").write_text("x")
    assert "没有列入" in standalone.check(str(target))[1][0]
    (target / "data/new.txt").unlink()
    next((target / "data/originals").iterdir()).unlink()
    assert "文件不见了" in standalone.check(str(target))[1][0]


def rewritten(target: Path) -> None:
    """The manifests made again, as somebody would who changes a package and covers their traces."""
    for prefix, algorithms, names in (
        (
            "manifest",
            standalone.ALGORITHMS,
            [f for f in target.rglob("*") if f.is_file() and "data" in f.relative_to(target).parts],
        ),
        (
            "tagmanifest",
            standalone.TAG_ALGORITHMS,
            [f for f in target.iterdir() if f.is_file() and not f.name.startswith("tagmanifest")],
        ),
    ):
        for algorithm in algorithms:
            lines = [
                f"{hashlib.new(algorithm, f.read_bytes()).hexdigest()}  "
                f"{f.relative_to(target).as_posix().replace('%', '%25')}\n"
                for f in names
            ]
            (target / f"{prefix}-{algorithm}.txt").write_text("".join(lines))


def test_events_that_were_changed_don_t_prove_themselves_even_with_new_manifests(number: str, tmp_path: Path) -> None:
    target = exported(number, tmp_path)
    events = target / "data/records/events.json"
    whole = json.loads(events.read_text())
    rewritten(target)
    assert standalone.check(str(target))[1] == []

    def tampered(change) -> list[str]:
        data = json.loads(json.dumps(whole))
        change(data["events"])
        events.write_text(json.dumps(data, ensure_ascii=False))
        rewritten(target)
        return standalone.check(str(target))[1]

    def other_content(e):
        e[3]["fields"][4] = "{}"

    assert tampered(other_content) == ["办理记录第4条：内容与当时不同"]
    assert tampered(lambda e: e.pop(2)) == ["办理记录第3条：不在，或次序被改动", *tampered(lambda e: None)]
    assert tampered(lambda e: e.pop())[0] == "办理记录的末尾被删去或改动"


def test_what_is_sealed_is_only_in_the_sealed_part(number: str, tmp_path: Path) -> None:
    opened, sealed = exported(number, tmp_path), exported(number, tmp_path, DossierPart.SEALED)
    assert standalone.check(str(opened))[1] == standalone.check(str(sealed))[1] == []
    assert ADVICE not in (opened / "data/records/events.json").read_text()
    assert ADVICE in (sealed / "data/sealed/records/events.json").read_text()
    assert not (opened / "data/sealed").exists()
    assert (sealed / "data/sealed/密封卷.pdf").exists() and not (sealed / "data/卷宗.pdf").exists()
    assert ADVICE not in words_of(opened / "data/卷宗.pdf")
    assert ADVICE in words_of(sealed / "data/sealed/密封卷.pdf")
    both = exported(number, tmp_path, DossierPart.BOTH)
    assert standalone.check(str(both))[1] == [] and Bag(both).validate().valid


def words_of(pdf: Path) -> str:
    import pdfplumber

    with pdfplumber.open(pdf) as opened:
        return "\n".join(page.extract_text() for page in opened.pages)


def test_the_volume_is_one_numbered_pdf_a_with_contents_and_bookmarks(number: str, tmp_path: Path) -> None:
    target = exported(number, tmp_path)
    file = target / "data/卷宗.pdf"
    with pikepdf.open(file) as pdf, pdf.open_outline() as outline:
        meta = pdf.open_metadata()
        assert meta.pdfa_status == "2B"
        assert meta["{http://ns.adobe.com/xap/1.0/t/pg/}NPages"] == str(len(pdf.pages))
        assert "/OutputIntents" in pdf.Root and not pdf.is_encrypted
        titles = [item.title.partition(". ")[2] for item in outline.root]
        assert titles[0].startswith("信访事项登记表") and titles[-1] == "办理过程记录"
        assert any("来信 100%" in t for t in titles) and any(t.startswith("送达回证") for t in titles)
        assert not any("法律顾问" in t for t in titles)
        pages = len(pdf.pages)
        for page in pdf.pages:
            for font in page.obj.get("/Resources", {}).get("/Font", {}).values():
                descendant = font.DescendantFonts[0] if "/DescendantFonts" in font else font
                assert any(k in descendant.FontDescriptor for k in ("/FontFile2", "/FontFile3")), "embedded"
    text = words_of(file)
    assert "卷内目录" in text and Petition.objects.get(number=number).archived_file.volume in text
    assert "其木格" in text, "the title names the petitioner"
    import pdfplumber

    with pdfplumber.open(file) as opened:
        first = next(
            i
            for i, p in enumerate(opened.pages)
            if i > 0 and "信访事项登记表" in (p.extract_text() or "") and "卷内目录" not in p.extract_text()
        )
        for place, page in enumerate(opened.pages[first:-1], 1):
            corner = page.crop((0, 0, page.width, 45)).extract_text()
            assert str(place) in corner.split(), (place, corner)
        assert f"页数 {pages - first - 1}" in opened.pages[0].extract_text()
        assert f"{pages - first - 1} 页" in opened.pages[-1].extract_text()


def test_a_zip_file_says_the_same_and_a_cut_one_is_no_package(number: str, tmp_path: Path) -> None:
    dossier = gather_dossier(Petition.objects.get(number=number), today())
    pieces = list(zip_stream(dossier, DossierPart.OPEN))
    assert len(pieces) > 10, "sent as it is made"
    file = tmp_path / "package.zip"
    file.write_bytes(b"".join(pieces))
    assert standalone.check(str(file))[1] == []
    with zipfile.ZipFile(file) as z:
        assert {n.split("/")[0] for n in z.namelist()} == {number}
        z.extractall(tmp_path / "out")
    assert Bag(tmp_path / "out" / number).validate().valid
    file.write_bytes(b"".join(pieces[:-1]))
    assert "已损坏" in standalone.check(str(file))[1][0]


def test_a_damaged_attachment_is_named_and_nothing_is_exported(number: str, tmp_path: Path) -> None:
    attachment = Attachment.objects.get(petition__number=number, place=2)
    place = file_store.path_of(attachment.address)
    damaged = bytearray(place.read_bytes())
    damaged[-1] ^= 1
    place.write_bytes(damaged)
    dossier = gather_dossier(Petition.objects.get(number=number), today())
    assert dossier.unreadable(DossierPart.OPEN) == ["证据材料：照片：读不出来（DecryptionFailed）。请从备份恢复。"]
    assert dossier.unreadable(DossierPart.SEALED) == []


def test_a_sealed_case_is_sealed_as_a_whole(tmp_path: Path) -> None:
    make_department()
    number = register(CAME)
    take(number, StepCode.CLASSIFY, "clerk", CAME, matter_class="report")
    take(number, StepCode.HAND_OVER, "sealed", CAME, body="派驻纪检监察组")
    case = Petition.objects.get(number=number)
    dossier = gather_dossier(case, today())
    assert dossier.of(DossierPart.OPEN) == () and {i.apart for i in dossier.items} == {True}
    title = dossier.entry(apart=True).title
    assert "其木格" not in title and case.subject not in title
    assert [m.what for m in missing_pieces(dossier.facts)] == ["移送回执"]
    assert parts_for(who("archivist"), dossier.facts) == parts_for(who("office_head"), dossier.facts) == ()
    assert parts_for(who("sealed"), dossier.facts) == (DossierPart.SEALED,)
    target = exported(number, tmp_path, DossierPart.SEALED)
    assert standalone.check(str(target))[1] == [] and Bag(target).validate().valid
    assert (target / "data/sealed/密封卷.pdf").exists() and not (target / "data/卷宗.pdf").exists()
    cover = words_of(target / "data/sealed/密封卷.pdf").split("卷内目录")[0]
    assert "密封" in cover and "其木格" not in cover


@given(st.binary(max_size=300))
def test_its_own_sm3_is_that_of_the_library(data: bytes) -> None:
    own = standalone.PureSM3()
    own.update(data[:70])
    own.update(data[70:])
    assert own.hexdigest() == hashlib.new("sm3", data).hexdigest()
