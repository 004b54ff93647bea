"""The catalogue in a package says in Excel and in XML what cover and 卷内目录 say on paper."""

import hashlib
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from python_calamine import CalamineWorkbook

from tests.archive.test_contents_list import HEAD, listed
from tests.archive.test_cover_and_closing import file_of, leaf
from tests.archive.test_package import CAME, exported
from tests.world import noon, register, walk, who
from xinfang.archive.dossier import standalone
from xinfang.archive.dossier.gathering import DossierPart
from xinfang.attachments.actions.attach import attach_checked
from xinfang.procedure.words import Material

pytestmark = pytest.mark.django_db
PARTS = (("data/卷宗.pdf", "data/目录"), ("data/sealed/密封卷.pdf", "data/sealed/目录"))


def sheet(book: Path, name: str) -> list[dict[str, str]]:
    """The rows of a sheet by their headings."""
    head, *rows = CalamineWorkbook.from_path(book).get_sheet_by_name(name).to_python()
    texts = [[str(int(v)) if isinstance(v, float) else str(v) for v in row] for row in rows]
    return [dict(zip(map(str, head), row, strict=True)) for row in texts]


def bare(row: dict[str, str], labels: list[str]) -> dict[str, str]:
    return {label: re.sub(r"\s", "", row[label]) for label in labels}


def test_both_catalogues_say_what_is_on_paper(tmp_path: Path) -> None:
    target = exported(file_of(), tmp_path, DossierPart.BOTH)
    assert standalone.check(str(target))[1] == []
    for pdf, stem in PARTS:
        cover, rows = leaf(target / pdf, 0), listed(target / pdf)
        (volume,) = sheet(target / f"{stem}.xlsx", "案卷目录")
        assert bare(volume, list(cover)) == cover
        items = sheet(target / f"{stem}.xlsx", "卷内文件目录")
        assert [bare(i, HEAD) for i in items] == rows
        assert sum(int(i["页数"]) for i in items) == int(cover["页数"]) and len(items) == int(cover["件数"])
        root = ET.parse(target / f"{stem}.xml").getroot()  # noqa: S314 - our own output
        (node,) = root.findall("案卷")
        assert {k: v for k, v in cover.items() if node.findtext(k.replace("（问题）", "或问题")) != v} == {}
        in_xml = [{child.tag: child.text or "" for child in item} for item in node.iterfind("卷内文件/文件")]
        assert [bare(i, HEAD) for i in in_xml] == rows
        for item in in_xml:
            data = (target / "data" / item["文件名"]).read_bytes()
            assert hashlib.new("sm3", data).hexdigest() == item["SM3"]


def test_no_word_of_a_petitioner_becomes_a_formula_or_breaks_the_xml(tmp_path: Path) -> None:
    file_of()
    other = register(CAME, subject='=HYPERLINK("http://x")<&]]>')
    for name in ("=1+1.jpg", "<b>&.jpg"):
        data = b"\xff\xd8" + name.encode()
        attach_checked(other, data, name, "jpg", what=Material.EVIDENCE, by=who("clerk"), now=noon(CAME))
    walk(other, "archived", CAME, 0)
    target = exported(other, tmp_path)
    with zipfile.ZipFile(target / "data/目录.xlsx") as book:
        sheets = [book.read(n).decode() for n in book.namelist() if "/worksheets/" in n]
    assert len(sheets) == 2 and not any("<f>" in s or "<hyperlink" in s for s in sheets)
    titles = [i["题名"] for i in sheet(target / "data/目录.xlsx", "卷内文件目录")]
    assert "证据材料：=1+1" in titles and "证据材料：<b>&" in titles
    node = ET.parse(target / "data/目录.xml").getroot().find("案卷")  # noqa: S314 - our own output
    assert node is not None and '=HYPERLINK("http://x")<&]]>' in (node.findtext("题名") or "")
