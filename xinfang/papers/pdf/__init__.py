"""Papers as PDF/A-2b by the measures of GB/T 9704-2012, set by typst.

`render_pdf(content)` gives the bytes. It refuses (`Unprintable`) a paper with a character that no font here has: a name is never
printed as a box. `missing(text)` finds such characters before. `fallbacks()` says to the clerk which standard font was replaced.
"""

from .fonts import fallbacks, missing
from .rendering import Unprintable, get_ready, render_pdf

__all__ = ["Unprintable", "fallbacks", "get_ready", "missing", "render_pdf"]
