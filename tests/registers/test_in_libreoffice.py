"""A register opens in LibreOffice with the same numbers, days and texts as in the system."""

import csv
import io
import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from tests.urls import url
from tests.world import as_, make_department, register, walk
from xinfang.core.clock import today
from xinfang.registers.columns import LEDGER

pytestmark = pytest.mark.django_db


def opened(book: bytes, folder: Path) -> list[list[str]]:
    """The rows as LibreOffice shows them."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        pytest.fail("LibreOffice is missing; `scripts/needs test` says how to install it.")
    (folder / "list.xlsx").write_bytes(book)
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false",
            "--outdir",
            str(folder),
            str(folder / "list.xlsx"),
        ],
        env={**os.environ, "HOME": str(folder)},
        capture_output=True,
        timeout=240,
        check=True,
    )
    if not (folder / "list.csv").exists():
        pytest.fail("LibreOffice can't read workbooks; `scripts/needs test` says how to install what it misses.")
    return list(csv.reader(io.StringIO((folder / "list.csv").read_text("utf-8"))))


def test_same_in_libreoffice_as_in_the_text_file(tmp_path: Path) -> None:
    make_department()
    for n in range(6):
        number = register(
            today() - timedelta(days=40 - n),
            channel=("letter", "visit")[n % 2],
            subject=f"=1+{n}",
            sender_number="000123456789012345678",
            body="甲\n乙",
        )
        if n == 2:
            walk(number, "closed", today() - timedelta(days=37), 0)
    sent = {"list": "cases", "col": [*LEDGER, "sender_number"], "sort": "received"}
    clerk = as_("clerk")
    book = clerk.post(url("list-export"), {**sent, "format": "xlsx"}).content
    text = clerk.post(url("list-export"), {**sent, "format": "csv"}).content.decode("utf-8-sig")
    plain = list(csv.reader(io.StringIO(text)))
    heads, rows = plain[0], [[cell.removeprefix("'") for cell in row] for row in plain[1:7]]
    shown = opened(book, tmp_path)
    assert shown[2][: len(heads)] == heads
    assert [row[: len(heads)] for row in shown[3:9]] == rows
    assert shown[3][heads.index("事由")] == "=1+0" and shown[3][heads.index("来文编号")] == "000123456789012345678"
    assert "共 6 行" in shown[-1][0]
