"""The program is under a permissive licence, and no package it needs asks for another one."""

import re
import tomllib
from importlib.metadata import files, metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]


def licenses_of(package: str) -> str:
    """What a package says of its licence: its SPDX expression, its text and its classifiers."""
    said = metadata(package)
    words = [said.get("License-Expression") or "", said.get("License") or "", *(said.get_all("Classifier") or [])]
    return " ".join([*words, _by_its_text(package)])


def _by_its_text(package: str) -> str:
    """The licence of a package by the text that it brings, as some name none: that of the BSD begins alike."""
    texts = [f.read_text() for f in files(package) or () if f.name in ("COPYING", "LICENSE", "LICENSE.txt")]
    return " ".join("BSD" for text in texts if "Redistribution and use in source and binary forms, with or" in text)


def test_no_package_forbids_the_license() -> None:
    """The GPL and the AGPL ask the whole program to be under them, the LGPL and the MPL only their own files."""
    packages = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*])?==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert len(packages) > 30
    said = {package: licenses_of(package) for package in packages}
    silent = [p for p, text in said.items() if not re.search(r"BSD|MIT|Apache|MPL|PSF|Unlicense|LGPL|OFL", text)]
    whole = [p for p, text in said.items() if re.search(r"(?<!L)(?<!Lesser )\b(A?GPL|General Public License)", text)]
    assert (silent, whole) == ([], [])


def test_the_license_is_the_one_that_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "MulanPSL-2.0" and project["license-files"] == ["LICENSE"]
    assert "木兰宽松许可证， 第2版" in (ROOT / "LICENSE").read_text()
