"""The leaves of a volume that are made here, by one typst compiler: cover, contents, record, notes, numbers, 备考表."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from xinfang.core.clock import today
from xinfang.papers.pdf import fonts
from xinfang.papers.pdf.template_data import printable_text

_TEMPLATES = Path(__file__).parent / "data"
_turn = Lock()


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of the volume as far as its number needs it: its size in points and the number to print."""

    width: float
    height: float
    text: str
    odd: bool


def cover(title: str, department: str, heading: str, facts: list[tuple[str, str]], note: str) -> bytes:
    """Print the cover; `facts` are label and words, one row each."""
    return _made(
        {"kind": "cover", "title": title, "department": department, "heading": heading, "facts": facts, "note": note}
    )


def contents(title: str, rows: list[tuple[str, ...]], note: str) -> bytes:
    """Print the 卷内目录: 序号, 文号, 责任者, 题名, 日期, 页次, 密级, 备注."""
    return _made({"kind": "contents", "title": title, "rows": rows, "note": note})


def closing(title: str, facts: list[tuple[str, str]], note: str) -> bytes:
    """Print the 卷内备考表, the last leaf; `facts` are label and words, one row each."""
    return _made({"kind": "closing", "title": title, "facts": facts, "note": note})


def record(title: str, heading: str, rows: list[tuple[str, ...]], note: str) -> bytes:
    """Print what was done, step by step: 序号, 日期, 步骤, 办理人, 内容."""
    return _made({"kind": "record", "title": title, "heading": heading, "rows": rows, "note": note})


def leaf(heading: str, note: str) -> bytes:
    """Print a page in place of something that can't be printed."""
    return _made({"kind": "leaf", "title": heading, "heading": heading, "note": note})


def numbers(title: str, leaves: list[Leaf]) -> bytes:
    """Print a page for every page, empty but for its number."""
    sized = [{"width": x.width, "height": x.height, "text": x.text, "odd": x.odd} for x in leaves]
    return _made({"kind": "numbers", "title": title, "leaves": sized})


def _made(data: dict[str, Any]) -> bytes:
    found = fonts.font_set()
    absent = set(fonts.missing_characters(json.dumps(data, ensure_ascii=False), found))
    data = _printable(data, absent)
    day = today()
    data["day"] = (day.year, day.month, day.day)
    data["fonts"] = {role.value: list(names) for role, names in found.families.items()}
    with _turn:
        made = _compiler(found.folders).compile(
            format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, pdf_standards="a-2b"
        )
    assert isinstance(made, bytes)
    return made


def _printable(value: Any, absent: set[str]) -> Any:
    """Write characters that no font has by their code, as a volume must be bound whatever its papers hold."""
    if isinstance(value, str):
        return "".join(f"[U+{ord(c):04X}]" if c in absent else c for c in printable_text(value))
    if isinstance(value, list | tuple):
        return [_printable(v, absent) for v in value]
    if isinstance(value, dict):
        return {k: _printable(v, absent) for k, v in value.items()}
    return value


@lru_cache(maxsize=4)
def _compiler(folders: tuple[str, ...]) -> typst.Compiler:
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[Path(f) for f in folders])
    return typst.Compiler(
        input=str(_TEMPLATES / "volume.typ"), root=str(_TEMPLATES), font_paths=found, ignore_system_fonts=True
    )
