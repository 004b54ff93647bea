"""A table of the print, free of how it looks: Markdown here, a paper in `xinfang/papers/procedure_paper.py`."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """One table with its title; `note` is a sentence below the title."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def markdown(self) -> str:
        """Return the table as Markdown."""
        lines = [f"## {self.title}", ""]
        if self.note:
            lines += [self.note, ""]
        lines += [f"| {' | '.join(self.heads)} |", f"|{' --- |' * len(self.heads)}"]
        lines += [f"| {' | '.join(_cell(c) for c in row)} |" for row in self.rows]
        return "\n".join(lines)


def printed_table(title: str, heads: Iterable[str], rows: Iterable[Iterable[str]], note: str = "") -> PrintedTable:
    """Return a table of these rows."""
    return PrintedTable(title, tuple(heads), tuple(tuple(row) for row in rows), note)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ") or "—"
