"""Papers as PDF/A-2b by the measures of GB/T 9704-2012, set by typst.

`render_pdf(content)` gives the bytes. It refuses (`Unprintable`) a paper with a character that no font here has: a name
is never printed as a box. `missing_characters(text)` finds such characters before. `fallback_sentences()` tells the
clerk which standard font was replaced.
"""

from xinfang.papers.pdf.fonts import fallback_sentences, missing_characters
from xinfang.papers.pdf.rendering import Unprintable, pdf_and_lines, render_pdf, warm_up_compiler

__all__ = ["Unprintable", "fallback_sentences", "missing_characters", "pdf_and_lines", "render_pdf", "warm_up_compiler"]
