"""Two versions of a paper's text side by side; and who made one of them, when and how."""

import re
from difflib import SequenceMatcher

from django.utils import timezone

from xinfang.papers.models import PaperText

_REVISION = re.compile(r"第(\d{1,5})版")


def side_by_side(old: str, new: str) -> list[dict[str, str]]:
    """Compare two texts line by line.

    `kind` is same, out (only the first), in (only the second) or changed (both, different).
    """
    a, b = old.split("\n"), new.split("\n")
    rows = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            rows += [{"kind": "same", "old": line, "new": line} for line in a[a1:a2]]
            continue
        for i in range(max(a2 - a1, b2 - b1)):
            old_line = a[a1 + i] if a1 + i < a2 else ""
            new_line = b[b1 + i] if b1 + i < b2 else ""
            kind = "out" if b1 + i >= b2 else "in" if a1 + i >= a2 else "changed"
            rows.append({"kind": kind, "old": old_line, "new": new_line})
    return rows


def by_whom(text: PaperText) -> str:
    """Tell who made a version, when and how: 乌兰于11月22日 14:05 在线修改（第 3 版）."""
    at = timezone.localtime(text.at)
    return f"{text.by.name if text.by else '系统'}于{at.month}月{at.day}日 {at:%H:%M} {text.how_label}（第 {text.revision} 版）"


def revision_in(name: str) -> int | None:
    """Return the version that a downloaded file's name tells, if nobody has renamed it."""
    found = _REVISION.search(name)
    return int(found[1]) if found else None
