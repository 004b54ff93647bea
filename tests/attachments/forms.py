"""PDF with fields that somebody filled in and seals that somebody set, as offices and petitioners send them."""

import io
from collections.abc import Iterable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

PLACES = {"upper": (150, 690, 450, 714), "middle": (150, 500, 450, 524), "seal": (350, 300, 470, 420)}
SEAL = b"1 0 0 RG 6 w 12 12 96 96 re S 1 0 0 rg 50 50 20 20 re f"
"""A red frame with a square in it, in a box of 120 by 120."""


class Form:
    """One page (or several) of A4 with fields on the first; `done()` gives the bytes."""

    def __init__(self, *, pages: int = 1, acroform: bool = True) -> None:
        self.pdf = Pdf.new()
        for _ in range(pages):
            self.pdf.add_blank_page(page_size=(595, 842))
        self.page = self.pdf.pages[0]
        self.page.obj.Annots = Array([])
        song = self._cid("STSong-Light")
        latin = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        ticks = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.ZapfDingbats)
        make = self.pdf.make_indirect
        self.fonts = Dictionary(C1=song, F1=make(latin), ZaDb=make(ticks))
        self.fields = Array([])
        if acroform:
            self.pdf.Root.AcroForm = make(
                Dictionary(Fields=self.fields, DR=Dictionary(Font=self.fonts), DA=String("/C1 14 Tf 0 g"))
            )

    def _cid(self, name: str) -> Any:
        below = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType0,
            BaseFont=Name(f"/{name}"),
            CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("GB1"), Supplement=2),
            FontDescriptor=self.pdf.make_indirect(
                Dictionary(
                    Type=Name.FontDescriptor,
                    FontName=Name(f"/{name}"),
                    Flags=6,
                    Ascent=880,
                    CapHeight=880,
                    Descent=-120,
                    ItalicAngle=0,
                    StemV=93,
                    FontBBox=[0, -200, 1000, 900],
                )
            ),
        )
        return self.pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=Name(f"/{name}-UniGB-UCS2-H"),
                Encoding=Name("/UniGB-UCS2-H"),
                DescendantFonts=[self.pdf.make_indirect(below)],
            )
        )

    def look(self, content: bytes, wide: float, high: float) -> Any:
        """An appearance stream."""
        return self.pdf.make_stream(
            content,
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=[0, 0, wide, high],
            Resources=Dictionary(Font=self.fonts),
        )

    def field(self, at: str | tuple[float, ...], *, listed: bool = True, **keys: Any) -> Any:
        """A widget that is its own field; `listed` among the form's fields."""
        place = PLACES[at] if isinstance(at, str) else at
        widget = self.pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                Rect=list(place),
                P=self.page.obj,
                T=String(f"栏{len(self.page.obj.Annots)}"),
                **{"F": 4, **keys},
            )
        )
        self.page.obj.Annots.append(widget)
        if listed:
            self.fields.append(widget)
        return widget

    def text(self, value: str, at: str | tuple[float, ...] = "upper", *, drawn: bool = True, **keys: Any) -> Any:
        """A text field, with the appearance that the program wrote that filled it in, or without."""
        if drawn:
            words = value.encode("utf-16-be").hex()
            shown = f"/Tx BMC q BT /C1 14 Tf 0 g 4 6 Td <{words}> Tj ET Q EMC".encode()
            keys["AP"] = Dictionary(N=self.look(shown, 300, 24))
        return self.field(at, FT=Name.Tx, V=String(value), DA=String("/C1 14 Tf 0 g"), **keys)

    def tick(self, at: tuple[float, ...], *, on: bool = True, **keys: Any) -> Any:
        """A tick box."""
        yes = self.look(b"q BT /ZaDb 16 Tf 0 g 2 3 Td (4) Tj ET Q", 20, 20)
        state = Name.Yes if on else Name.Off
        looks = Dictionary(N=Dictionary(Yes=yes, Off=self.look(b"", 20, 20)))
        return self.field(at, FT=Name.Btn, V=state, AS=state, AP=looks, **keys)

    def radio(self, at: Iterable[tuple[float, ...]], chosen: int) -> Any:
        """Several buttons of which one is chosen: one field with a widget each."""
        parent = self.pdf.make_indirect(
            Dictionary(FT=Name.Btn, Ff=1 << 15, T=String("性别"), V=Name(f"/o{chosen}"), Kids=Array([]))
        )
        self.fields.append(parent)
        for n, place in enumerate(at):
            on = self.look(b"0 g 5 5 10 10 re f", 20, 20)
            looks = Dictionary(N=Dictionary({f"/o{n}": on, "/Off": self.look(b"", 20, 20)}))
            state = Name(f"/o{n}") if n == chosen else Name.Off
            kid = self.field(place, listed=False, AS=state, AP=looks, Parent=parent)
            del kid["/T"]
            parent.Kids.append(kid)
        return parent

    def choice(
        self, value: str, options: list[str], at: str | tuple[float, ...], *, combo: bool, drawn: bool = False
    ) -> Any:
        """A list, or one that folds up (`combo`)."""
        looks = {}
        if drawn:
            words = value.encode("utf-16-be").hex()
            looks["AP"] = Dictionary(N=self.look(f"BT /C1 14 Tf 0 g 4 6 Td <{words}> Tj ET".encode(), 300, 24))
        return self.field(
            at,
            FT=Name.Ch,
            Ff=1 << 17 if combo else 0,
            V=String(value),
            Opt=[String(o) for o in options],
            DA=String("/C1 14 Tf 0 g"),
            **looks,
        )

    def seal(self, at: str | tuple[float, ...] = "seal", **keys: Any) -> Any:
        """A signature field whose appearance is a red seal."""
        if "/AcroForm" in self.pdf.Root:
            self.pdf.Root.AcroForm.SigFlags = 3
        return self.field(at, FT=Name.Sig, AP=Dictionary(N=self.look(SEAL, 120, 120)), **{"F": 132, **keys})

    def note(self, words: str, kind: str = "FreeText", **keys: Any) -> Any:
        """A remark that somebody wrote over the page."""
        found = self.pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name(f"/{kind}"),
                Contents=String(words),
                DA=String("/F1 12 Tf 0 g"),
                **{"F": 4, "Rect": [100, 100, 400, 130], **keys},
            )
        )
        self.page.obj.Annots.append(found)
        return found

    def done(self, **options: Any) -> bytes:
        target = io.BytesIO()
        self.pdf.save(target, **{"object_stream_mode": pikepdf.ObjectStreamMode.disable, **options})
        return target.getvalue()
