"""A scanner's folder: what has a label joins its case, the rest waits beside the registration, nothing is lost."""

import io
from datetime import date
from pathlib import Path

import pytest
import segno
from django.conf import settings
from PIL import Image

from tests.attachments import made
from tests.urls import url
from tests.world import as_, make_department, register, walk, who
from xinfang.accounts.models import Staff
from xinfang.attachments.actions.scan_folder import FolderScan, take_scans
from xinfang.attachments.labels import label_svg, number_on
from xinfang.attachments.models import Attachment, Upload
from xinfang.operations.main import main

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(settings, "FILES_DIR", tmp_path / "files")
    make_department()
    found = register(date(2026, 3, 2))
    walk(found, "signed", date(2026, 3, 2))
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "scanner"
    found.mkdir()
    return found


def sheet(said: str, turned: int = 0) -> bytes:
    """A scanned sheet of A4 at 150 dpi with a label at its top."""
    page = Image.new("RGB", (1240, 1754), "white")
    out = io.BytesIO()
    segno.make(said, error="q", micro=False).save(out, kind="png", scale=5, border=4)
    page.paste(Image.open(out).convert("RGB"), (120, 90))
    whole = io.BytesIO()
    page.rotate(turned, expand=True, fillcolor="white").save(whole, "PNG")
    return whole.getvalue()


def taken(folder: Path, by: str = "clerk") -> list[FolderScan]:
    return list(take_scans(folder, by=who(by), staff=Staff.objects.get(username=by), settled=0))


@pytest.mark.parametrize("turned", [0, 90, 180, 3])
def test_a_label_names_its_case_however_the_sheet_lies(number: str, folder: Path, turned: int) -> None:
    (folder / "001.png").write_bytes(sheet(f"XINFANG:{number}", turned))
    assert taken(folder) == [FolderScan("001.png", number)]
    assert [a.what for a in Attachment.objects.filter(petition__number=number, name_sealed__isnull=False)].count(
        "letter"
    ) == 1
    assert (folder / "已收下" / "001.png").exists() and not (folder / "001.png").exists()


def test_what_has_no_label_waits_beside_the_registration(number: str, folder: Path) -> None:
    (folder / "信.png").write_bytes(made.png())
    assert taken(folder) == [FolderScan("信.png")]
    assert [u.name for u in Upload.objects.filter(staff__username="clerk", petition=None)] == ["信.png"]
    assert "信.png" in as_("clerk").get(url("register")).content.decode()


def test_what_is_not_taken_stays_with_its_reason(number: str, folder: Path) -> None:
    (folder / "坏.pdf").write_bytes(b"not a file")
    (folder / "别人的.png").write_bytes(sheet("XINFANG:LX2026999999"))
    said = {scan.name: scan.why_not for scan in taken(folder)}
    assert said["坏.pdf"] and "不存在" in said["别人的.png"]
    left = folder / "没有收下"
    assert sorted(f.name for f in left.iterdir()) == ["别人的.png", "别人的.png.txt", "坏.pdf", "坏.pdf.txt"]
    assert said["坏.pdf"] in (left / "坏.pdf.txt").read_text("utf-8")


def test_the_same_sheet_scanned_twice_is_one_attachment(number: str, folder: Path) -> None:
    for _ in range(2):
        (folder / "001.png").write_bytes(sheet(f"XINFANG:{number}"))
        taken(folder)
    assert Attachment.objects.filter(petition__number=number, what="letter").count() == 1
    assert sorted(f.name for f in (folder / "已收下").iterdir()) == ["001-2.png", "001.png"]


def test_a_file_that_is_still_written_is_left_for_the_next_look(number: str, folder: Path) -> None:
    (folder / "信.png").write_bytes(made.png())
    assert list(take_scans(folder, by=who("clerk"), staff=Staff.objects.get(username="clerk"))) == []
    assert (folder / "信.png").exists()


def test_a_case_that_they_may_not_see_gets_nothing(number: str, folder: Path) -> None:
    (folder / "001.png").write_bytes(sheet(f"XINFANG:{number}"))
    assert taken(folder, "head2")[0].why_not
    assert not Attachment.objects.filter(petition__number=number, what="letter").exists()


def test_the_label_that_is_printed_can_be_read_and_names_nobody(number: str) -> None:
    page = as_("clerk").get(url("label", number)).content.decode()
    assert "<svg" in page and number in page and "其木格" not in page and "请求说明" not in page.split("<main")[1]
    assert label_svg(number).count("<path") >= 1
    out = io.BytesIO()
    Image.open(io.BytesIO(sheet(f"XINFANG:{number}"))).convert("RGB").save(out, "JPEG")
    assert number_on(out.getvalue()) == number


def test_by_command(number: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scans", str(folder / "nowhere"), "--for", "clerk"]) != 0
    assert main(["scans", str(folder), "--for", "clerk"]) == 0
