"""The manual as one file: the chapters one after another, as docs/zh/使用手册.md has them."""

import re

from .chapters import CHAPTERS, chapters, text_of

PICTURES = "../../xinfang/help/static/help"
_HEAD = """# 使用手册

本手册与系统“帮助”中的内容相同，由 `scripts/print-manual` 从 `xinfang/help/text/` 写出，不在这里修改。
「」中是系统里的步骤、页面和按钮。图片取自演示系统，其中的人和事都是虚构的。
"""


def printed_manual() -> str:
    """Return the whole manual as Markdown: contents, then each chapter one level lower than it is written."""
    contents = "\n".join(f"- {c.title}" for c in chapters())
    return "\n".join([_HEAD, contents, "", *(_chapter(name) for name in CHAPTERS)])


def _chapter(name: str) -> str:
    text = re.sub(r" \{#[a-z-]+\}$", "", text_of(name).rstrip() + "\n", flags=re.MULTILINE)
    return re.sub(r"^#", "##", text, flags=re.MULTILINE).replace("](", f"]({PICTURES}/")
