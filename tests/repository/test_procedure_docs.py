"""The printed procedure is what the program does.

It is current, and one number changed in one place changes all of it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from xinfang.procedure.clocks import CLOCKS
from xinfang.procedure.limits import HANDLING
from xinfang.procedure.printed_diagram import NARROW, WIDE, Part, edges
from xinfang.procedure.printed_procedure import as_document, as_json, as_svg, as_tables
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import State

ROOT = Path(__file__).resolve().parents[2]


def test_the_document_is_current() -> None:
    """Print it again with `python -m xinfang.procedure.printed_procedure > docs/procedure.md`."""
    assert (ROOT / "docs/procedure.md").read_text(encoding="utf-8") == as_document()


def test_everything_is_told_as_plain_values() -> None:
    told = as_json()
    assert json.loads(json.dumps(told)) == told
    assert [s["code"] for s in told["steps"]] == list(STEPS)
    assert [c["code"] for c in told["clocks"]] == list(CLOCKS)
    assert len(told["states"]) == len(State)
    assert {"articles", "incidents", "roles", "visibility", "nothing_to_compute"} <= set(told)
    register = told["steps"][0]
    people = next(f for f in register["fields"] if f["name"] == "persons")
    assert people["many"] and [f["name"] for f in people["fields"]][:2] == ["name", "kind"]
    assert next(f for f in register["fields"] if f["name"] == "channel")["choices"][0] == ["online", "网络"]


def test_the_tables_name_every_step_clock_and_state() -> None:
    tables = as_tables()
    words = [s.rule.label for s in STEPS.values()] + [c.label for c in CLOCKS.values()] + [s.label for s in State]
    assert [w for w in words if w not in tables] == []
    assert f"| 办结 | {HANDLING} |" in tables


def test_the_picture_of_the_document_is_current() -> None:
    """Draw it again with `python -m xinfang.procedure.printed_diagram > docs/pictures/procedure.svg`."""
    assert (ROOT / "docs/pictures/procedure.svg").read_text(encoding="utf-8") == as_svg()


def _drawn(svg: str) -> list[str]:
    """Return what is written in a picture, without its description."""
    return [e.text or "" for e in ET.fromstring(svg).iter() if e.tag.endswith("}text")]  # noqa: S314 - our own output


@pytest.mark.parametrize("wide", [WIDE, NARROW])
def test_the_pictures_show_every_state_and_every_way(wide: int) -> None:
    drawn = _drawn(as_svg(wide))
    assert [s for s in State if s.label not in drawn] == []
    whole = "".join(drawn)
    assert [label for labels in edges().values() for label in labels if label not in whole] == []
    sheets = [text for part in (Part.MAIN, Part.ASIDE) for text in _drawn(as_svg(wide, part))]
    assert set(drawn) <= set(sheets), "two sheets of paper hold what the page shows"


@pytest.mark.parametrize("wide", [WIDE, NARROW])
def test_the_picture_is_well_formed_and_safe_under_a_strict_policy(wide: int) -> None:
    svg = as_svg(wide)
    root = ET.fromstring(svg)  # noqa: S314 - our own output
    assert root.attrib["role"] == "img"
    assert root[0].tag.endswith("title") and root[1].tag.endswith("desc")
    assert not [e.tag for e in root.iter() if e.tag.endswith(("script", "style")) or "style" in e.attrib]
    assert not [name for e in root.iter() for name in e.attrib if name.startswith("on") or name.endswith("href")]


@pytest.mark.parametrize("wide", [WIDE, NARROW])
def test_nothing_in_the_picture_runs_off_it_or_is_drawn_over(wide: int) -> None:
    root = ET.fromstring(as_svg(wide))  # noqa: S314 - our own output
    high = float(root.attrib["height"])
    boxes = []
    for e in root.iter():
        if e.tag.endswith("}rect"):
            x, y, w, h = (float(e.attrib[name]) for name in ("x", "y", "width", "height"))
            assert x >= 0 and x + w <= wide and y >= 0 and y + h <= high
            if w > 120:
                boxes.append((x, y, w, h))
        elif e.tag.endswith("}text") and "text-anchor" not in e.attrib:
            x, size = float(e.attrib["x"]), float(e.attrib["font-size"])
            assert x + sum(size if ord(c) > 0x2000 else size / 2 for c in e.text or "") <= wide, e.text
    for n, (x, y, w, h) in enumerate(boxes):
        for x2, y2, w2, h2 in boxes[n + 1 :]:
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y, "two boxes are apart"


CODES = re.compile(r"[a-z]+_[a-z_]+|`|digraph|python -m")


def test_a_lawyer_reads_words_and_no_codes() -> None:
    """What is left out of the page by Markdown (the note on how to print it) isn't read by a lawyer."""
    read = re.sub(r"<!--.*?-->|!\[.*?\]\(.*?\)", "", as_document(), flags=re.S)
    assert CODES.findall(read) == []


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The procedure and the test of article 13, with 60 days made 61 in the one place where it is written."""
    shutil.copytree(ROOT / "xinfang" / "procedure", tmp_path / "xinfang" / "procedure")
    shutil.copy(ROOT / "xinfang" / "__init__.py", tmp_path / "xinfang")
    articles = tmp_path / "tests" / "articles"
    articles.mkdir(parents=True)
    for name in ("__init__.py", "department.py", "stories.py", "test_article_13.py"):
        shutil.copy(ROOT / "tests" / "articles" / name, articles)
    limits = tmp_path / "xinfang" / "procedure" / "limits.py"
    text = limits.read_text(encoding="utf-8")
    assert text.count('Limit("handling", "受理后办结", 60,') == 1
    written, changed = (f'Limit("handling", "受理后办结", {days},' for days in (60, 61))
    limits.write_text(text.replace(written, changed), encoding="utf-8")
    return tmp_path


def _run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"}
    for name in [n for n in env if n.startswith(("PYTEST", "COV"))]:
        del env[name]
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
    )


def test_one_number_changed_changes_the_print_the_due_date_and_fails_its_article(copied: Path) -> None:
    printed = _run(copied, "-m", "xinfang.procedure.printed_procedure").stdout
    assert "| 办结 | 61日 |" in printed and "| 办结 | 60日 |" not in printed

    due = _run(
        copied,
        "-c",
        "from datetime import date\n"
        "from xinfang.procedure.calendar import seed_calendar\n"
        "from xinfang.procedure.clocks import CLOCKS\n"
        "print(CLOCKS['handling'].compute(date(2026, 8, 2), seed_calendar()).due)",
    )
    assert due.stdout.strip() == "2026-10-02", due.stderr

    tested = _run(copied, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:django", "-p", "no:xdist", "tests")
    assert tested.returncode == 1, tested.stdout + tested.stderr
    assert "FAILED tests/articles/test_article_13.py::test_sixty_days_from_acceptance" in tested.stdout
    assert "test_not_a_day_more_than_thirty" not in tested.stdout, "the other numbers still hold"
