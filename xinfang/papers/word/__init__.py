"""The Word file of a paper, and reading it back when somebody has edited it.

`render_docx` makes the file; `read_docx` gives the text that `papers.source` reads, or says what must be put right
first. Callers pass an uploaded file through `attachments.filecheck` before it comes here: that stops bombs, macros and
other kinds of file.
"""

from .package import render_docx
from .reading import read_docx

__all__ = ["read_docx", "render_docx"]
