"""`xinfang papers`: every paper as PDF and Word with sheets of pictures, and never from real cases."""

import json
import zipfile
from pathlib import Path

import pdfplumber
import pytest
from PIL import Image

from tests.world import make_department, register, walk
from xinfang.cases.models import Petition
from xinfang.cases.queries.petitions import facts_of
from xinfang.core.clock import today
from xinfang.operations.main import main
from xinfang.papers.wording import compose_paper, paper_content
from xinfang.procedure.words import PaperKind

pytestmark = pytest.mark.django_db


def test_every_paper_is_written_and_can_be_looked_at(tmp_path: Path, capsys) -> None:
    make_department()
    number = register(today())
    walk(number, "closed", today(), days_apart=0)
    out = tmp_path / "papers"
    assert main(["papers", "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {p["paper"] for p in told["papers"]} == {k.value for k in PaperKind}
    for made in told["papers"]:
        assert zipfile.is_zipfile(out / f"{made['file']}.docx")
    reply = next(p for p in told["papers"] if p["paper"] == "reply_opinion")
    with pdfplumber.open(out / f"{reply['file']}.pdf") as pdf:
        assert len(pdf.pages) == reply["pages"]
        printed = "".join(page.extract_text() for page in pdf.pages)
    petition = Petition.objects.get(number=number)
    text = compose_paper(PaperKind.REPLY_OPINION, petition, facts_of(petition), day=today())
    title = paper_content(PaperKind.REPLY_OPINION, text).title
    assert title in printed and "演示" in printed
    assert len(told["sheets"]) == 4
    for sheet in told["sheets"]:
        with Image.open(out / sheet) as picture:
            shades = picture.convert("L").getextrema()
            assert picture.width > 2000 and shades[0] < 60 < 240 < shades[1], "a sheet with papers on it"


def test_without_cases_it_says_what_to_do(tmp_path: Path, capsys) -> None:
    assert main(["papers", "--out", str(tmp_path)]) == 2
    assert "xinfang demo" in capsys.readouterr().err


def test_real_cases_are_never_written_to_a_folder(tmp_path: Path, database_of, capsys) -> None:
    database_of("production")
    assert main(["papers", "--out", str(tmp_path / "x")]) == 2
    assert "正式使用" in capsys.readouterr().err and not (tmp_path / "x").exists()
