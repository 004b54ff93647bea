"""The manual names nothing that isn't there, every page leads to a section, and the printed one is the same."""

import re
from pathlib import Path

import pytest
from PIL import Image

from tests.help.names import shown
from tests.matrix.table import ANYBODY, PAGES
from xinfang.help.chapters import CHAPTERS, TEXT, chapter_of_section, chapters, text_of
from xinfang.help.marks import ManualPicture, blocks_of, html_of
from xinfang.help.places import GROUP_SECTIONS, MORNINGS, SECTIONS, STEP_SECTIONS, section_of_step
from xinfang.help.printed_manual import printed_manual
from xinfang.procedure.steps import STEPS
from xinfang.procedure.words import STAFF_ROLES

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "xinfang/help/static/help"
MOST_KB, MOST_MB = 80, 1
FILES = frozenset(
    {
        *("healthz", "figures-workbook", "figures-report-file", "procedure-file", "draft", "scan-page", "file"),
        *("file-page", "file-thumbnail", "file-pieces", "paper-page", "paper-file", "paper-preview-page"),
        "incidents-pressing",
        *("incident-file", "incident-report-page", "calendar-template", "wording-page", "reward-file"),
    }
)
"""Addresses that give a file or the data of a script: nobody reads a manual in them."""


def sections() -> list[str]:
    return [name for c in chapters() for name, _ in c.sections]


@pytest.mark.parametrize("name", CHAPTERS)
def test_what_a_chapter_names_is_in_the_program(name: str) -> None:
    named = re.findall("「(.+?)」", text_of(name))
    assert named
    assert sorted(set(named) - shown()) == []


def test_the_check_sees_what_is_not_there() -> None:
    assert "签收" in shown()
    assert "一键办结" not in shown()


def test_every_role_has_a_chapter() -> None:
    written = [role for roles in CHAPTERS.values() for role in roles]
    assert sorted(written) == sorted(STAFF_ROLES)


def test_every_text_is_a_chapter() -> None:
    assert {f.stem for f in TEXT.glob("*.md")} == set(CHAPTERS)


def test_a_section_has_a_name_of_its_own() -> None:
    assert len(set(sections())) == len(sections())
    assert all(name.startswith(f"{c}-") for name, c in chapter_of_section().items())


def test_every_page_leads_to_a_section() -> None:
    led = {route for routes in SECTIONS.values() for route in routes}
    opened = {route for route, page in PAGES.items() if "GET" in page.methods and route not in FILES}
    # The window says what it is on its own pages; the manual is for the people of the department.
    opened = {route for route in opened if not route.startswith("window")}
    assert {"step", *led} == {"step", *opened}
    assert all(PAGES[route].who is not ANYBODY for route in led - {"login", "login-code"})


def test_every_step_leads_to_a_section() -> None:
    assert {section_of_step(code) for code in STEPS} <= set(sections())
    assert set(GROUP_SECTIONS) == {step.rule.group for step in STEPS.values()}


def test_what_is_led_to_is_there() -> None:
    named = {*SECTIONS, *STEP_SECTIONS, *GROUP_SECTIONS.values(), *(f"{name}-morning" for name in MORNINGS)}
    assert named - set(sections()) == set()


def test_no_route_and_no_step_is_led_to_twice() -> None:
    for table in (SECTIONS, STEP_SECTIONS):
        led = [str(one) for many in table.values() for one in many]
        assert len(set(led)) == len(led)


def test_the_printed_manual_is_the_same() -> None:
    printed = (ROOT / "docs/zh/使用手册.md").read_text("utf-8")
    assert printed == printed_manual(), "run scripts/print-manual"


def test_each_picture_is_there_and_small() -> None:
    named = {b.file for c in chapters() for b in c.blocks if isinstance(b, ManualPicture)}
    files = {f.name: f for f in PICTURES.iterdir()}
    assert named == set(files)
    assert all(f.stat().st_size <= MOST_KB * 1024 for f in files.values())
    assert sum(f.stat().st_size for f in files.values()) <= MOST_MB * 1024 * 1024
    assert all(Image.open(f).width <= 1440 for f in files.values())


def test_nothing_of_a_text_becomes_html() -> None:
    text = '## <b>标题 {#all-x}\n\n<script>alert(1)</script>\n\n- 一\n- <i>二\n\n1. 甲\n\n![图" onload="x](a.webp)'
    html = html_of(blocks_of(text))
    assert '<h2 id="all-x">&lt;b&gt;标题</h2>' in html
    assert "<p>&lt;script&gt;" in html
    assert "<ul><li>一</li><li>&lt;i&gt;二</li></ul>" in html
    assert "<ol><li>甲</li></ol>" in html
    assert ' onload="' not in html and "图&quot; onload=&quot;x" in html and "<script" not in html


def test_a_list_with_a_line_that_is_no_item_is_refused() -> None:
    with pytest.raises(ValueError, match="一"):
        list(blocks_of("- 一\n二"))
