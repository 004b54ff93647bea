"""Content written as the text that people edit (`documents.source`), so that reading the text gives the content again."""

from collections.abc import Iterable, Mapping

from xinfang.papers.content import Block, Break, Cell, Heading, Para, Picture, Sign
from xinfang.papers.source import HEAD, quoted


def source_text(head: Mapping[str, tuple[str, ...]], blocks: Iterable[Block]) -> str:
    """The text of a paper with this head and these blocks."""
    lines = [f"{name}：{quoted(value)}" for name in HEAD for value in head.get(name, ())]
    lines.append("---")
    for block in blocks:
        if isinstance(block, Para):
            lines.append(quoted(block.text))
        elif isinstance(block, Heading):
            lines.append(f"{'#' * block.level} {quoted(block.text)}")
        elif isinstance(block, Sign):
            lines.append(" ".join(f"~ {quoted(label)}" for label in block.labels))
        elif isinstance(block, Break):
            lines.append("===")
        elif isinstance(block, Picture):
            lines.append(quoted(block.words))
        else:
            # An empty line ends a table, so that the next one isn't read as more of it.
            lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in block.rows] + [""]
    return "\n".join(lines) + "\n"


def _cell(cell: Cell) -> str:
    text = quoted(cell.text) + ("：" if cell.label else "")
    span = f" <{cell.span}" if cell.span > 1 else ""
    return text + span + (f" ^{cell.lines}" if cell.lines > 1 else "")
