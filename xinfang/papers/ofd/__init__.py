"""Papers as OFD (GB/T 33190-2016): the pages of our own PDF, with text that can be selected and the fonts in the file.

`render_ofd(content)` gives the bytes; `pdf_as_ofd(pdf)` makes them of a PDF that was set here. Only what our templates
draw is known: text, lines and filled areas. Whatever else a PDF draws is refused (`NotInOfd`), never left out.
"""

from xinfang.papers.content import PaperContent
from xinfang.papers.ofd.package import pdf_as_ofd
from xinfang.papers.ofd.printed_pages import NotInOfd
from xinfang.papers.pdf import render_pdf

__all__ = ["NotInOfd", "pdf_as_ofd", "render_ofd"]


def render_ofd(content: PaperContent) -> bytes:
    """Render the paper as OFD; the same content with a day gives the same bytes.

    Raises:
        Unprintable: a character would be printed as a box.
    """
    return pdf_as_ofd(render_pdf(content))
