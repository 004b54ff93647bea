"""Names are the field's and the trade's.

None of the old private words is left in its old sense, and the glossary is current.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted(p for top in ("xinfang", "tests", "benchmarks") for p in (ROOT / top).rglob("*.py"))
TEXTS = sorted([*CODE, *(ROOT / "xinfang").rglob("*.html"), *(ROOT / "xinfang").rglob("*.js"), *ROOT.glob("docs/*.md")])

GONE = """
    composed_once composed_for_any composed_for_these pks forget unread cut Cut WrongPlace Wanted counted listed
    sent_before looked Looked tell tell_each tell_owner Seeing Access Lapse reset_lapses pressing pressed_on
    EventPage ask Ask asks Asked shapes Shape Misshapen Decided Beginning Question happen fold Happening TOGETHER
    MOST run_apart whole_or_nothing veil veiled DatedSetting in_force holders Swept Recounted Foreseen HandOver
    HandOverToUnit HandedOver hand_over_open_work Object RouteElsewhere Rejected SomebodyWasFaster Broken
    Unavailable Unreadable ArchivedFile FileView Reading PaperOwed HOUSE NATIONAL MAIN_ROAD Who Cast Move Ran Middle
    Behind Ours Only kind_of Serve Concerned readdress Proposed Drawn Kept KEPT FEW SOON TOLD_BY OWED_BY told_lines
    squeezed unsqueezed untouched any_bytes of_one_moment one_moment drop_pieces OutOfStep note_sign_in
""".split()  # noqa: SIM905 - read as words
"""Names of functions, classes and constants that were this program's own words.

How names are chosen: docs/decisions/0024.
"""

MODULES = """
    core/composed core/known core/rows core/lists core/apart core/storage core/moments core/tables core/sheets
    vault/held vault/sm
    vault/stream vault/chain vault/folder audit/guard audit/chained audit/chain_reading audit/proof
    audit/actions/heads audit/actions/ledger
    attachments/drawing attachments/pictures attachments/proposal attachments/actions/pieces
    attachments/filecheck/strangers
    cases/actions/looking cases/actions/beginning cases/actions/concerned cases/actions/addressing cases/queries/visible
    cases/queries/lists cases/queries/lines procedure/shapes procedure/asks procedure/who procedure/rewards
    figures/veiling figures/plans
    figures/at_once casework/queries/casefile casework/actions/foresight exchange/reconcile papers/owed
    papers/word/looks
    papers/wording/told operations/actions/rotate proof/views/looks supervision/queries/lapses
    supervision/queries/pressing
    incidents/queries/pressing_events accounts/door accounts/actions/owners web/shell web/limits backup/fresh
    backup/packing
""".split()  # noqa: SIM905 - read as words
"""Modules whose name said nothing of their job."""


def declared(path: Path) -> list[str]:
    """Every class, function and constant of a module, and every method."""
    names = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.append(node.name)
    for node in ast.parse(path.read_text("utf-8")).body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        names += [t.id for t in targets if isinstance(t, ast.Name)]
    return names


def test_no_old_name_is_declared_any_more() -> None:
    old = set(GONE)
    found = [f"{p.relative_to(ROOT)}: {n}" for p in CODE if "tests" not in p.parts for n in declared(p) if n in old]
    assert found == []


def test_no_module_has_its_old_name() -> None:
    assert [m for m in MODULES if (ROOT / "xinfang" / f"{m}.py").exists() or (ROOT / "xinfang" / m).is_dir()] == []


def test_a_person_is_they() -> None:
    found = []
    for path in (p for p in TEXTS if p != Path(__file__)):
        text = path.read_text("utf-8")
        words = [m.group() for m in re.finditer(r"(?<![\w-])(he|his|him|himself|she|her|hers)(?![\w-])", text, re.I)]
        words += re.findall(r"\bdef (\w*_(?:he|his|him)(?:_\w*)?)\(", text)
        found += [f"{path.relative_to(ROOT)}: {word}" for word in words]
    assert found == []


def test_the_glossary_is_current() -> None:
    done = subprocess.run([sys.executable, ROOT / "scripts/print-glossary", "--check"], cwd=ROOT, check=False)
    assert done.returncode == 0, "print it again with scripts/print-glossary"


def test_no_two_classes_have_one_name() -> None:
    """Functions may: a module says what it reads or writes where it is used, as in `sqlite.write`."""
    homes: dict[str, list[str]] = {}
    for path in (
        p for p in CODE if "tests" not in p.parts and "benchmarks" not in p.parts and "migrations" not in p.parts
    ):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}
