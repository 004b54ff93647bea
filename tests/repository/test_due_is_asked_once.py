"""A due date is compared with a day in one place: in `timing` and `what_is_due`, and in SQL in `due_columns`."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "xinfang"
COMPARES = re.compile(
    r"next_due__(lt|lte|gt|gte|range)|\bdue__(lt|lte|gt|gte|range)|[\w.]due(\.due)? *(<|>)=? *\w*(day|today)"
)
ELSEWHERE = {
    "figures/counting.py": "of a period that is counted, whatever day it is",
    "casework/actions/calendar_import.py": "of the years that were published",
    "procedure/alerts.py": "how far a warning was given",
}
"""What looks at due dates for another reason than whether they are late or near."""


def test_nothing_else_says_what_is_late() -> None:
    found = {
        str(path.relative_to(ROOT)): line.strip()
        for path in sorted(ROOT.rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if COMPARES.search(line)
    }
    assert {file: line for file, line in found.items() if file not in ELSEWHERE} == {}
