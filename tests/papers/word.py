"""Word files in tests: looked into, changed as somebody in Word would, and opened by LibreOffice."""

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

FREE = {
    "仿宋_GB2312": "FandolFang R",
    "方正小标宋简体": "FandolSong",
    "黑体": "FandolHei",
    "楷体_GB2312": "FandolKai",
    "宋体": "FandolSong",
}
"""Free fonts by the standard's names, as LibreOffice calls them."""
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<dir>/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol</dir><cachedir>{cache}</cachedir></fontconfig>"""


def part(data: bytes, name: str) -> str:
    """A part of the archive as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def changed(data: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The file with one part changed; a change that changes nothing is a mistake in the test."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            text = old.read(entry)
            if entry == name:
                after = change(text.decode()).encode()
                assert after != text
                text = after
            new.writestr(entry, text)
    return made.getvalue()


def edited(data: bytes, before: str, after: str) -> bytes:
    """The file after somebody has replaced the first `before` in its text."""
    return changed(data, "word/document.xml", lambda text: text.replace(before, after, 1))


def through_libreoffice(files: dict[str, bytes], folder: Path, target: str) -> dict[str, bytes]:
    """The files as LibreOffice saves them, in `target` (docx, pdf). One start for all: it takes seconds."""
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        pytest.fail("LibreOffice is missing; `scripts/needs test` says how to install it.")
    given, made = folder / "given", folder / "made"
    for place in (given, made):
        place.mkdir(parents=True)
    for name, data in files.items():
        (given / f"{name}.docx").write_bytes(data)
    fonts = folder / "fonts.conf"
    fonts.write_text(_FONTS.format(cache=folder / "fonts"))
    kind = {"docx": "docx:MS Word 2007 XML"}.get(target, target)
    run = subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(made),
            *map(str, sorted(given.iterdir())),
        ],
        env={**os.environ, "FONTCONFIG_FILE": str(fonts), "HOME": str(folder)},
        capture_output=True,
        timeout=240,
        check=False,
    )
    written = {name: made / f"{name}.{target}" for name in files}
    assert all(path.exists() for path in written.values()), run.stderr.decode()
    return {name: path.read_bytes() for name, path in written.items()}
