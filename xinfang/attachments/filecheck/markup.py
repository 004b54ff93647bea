"""XML inside documents: what it declares, what it links to, what its fields do.

Nothing is fetched and no entity is put in.
"""

import re
from collections.abc import Callable
from xml.parsers import expat

from xinfang.procedure.errors import XinfangError

_DECLARED = re.compile(rb"<!doctype", re.IGNORECASE)
_STARTS = ("DDE", "DDEAUTO")
_TROUBLE = (expat.ExpatError, ValueError, LookupError)


class _Seen(XinfangError):
    """Enough was read."""


class UnreadableMarkup(XinfangError):
    """It isn't XML, or in an encoding that no office program writes."""


def has_doctype(content: bytes) -> bool:
    """Tell whether there is a DOCTYPE before the first element: it can fetch, and it can multiply.

    No office program writes one.
    """
    found: list[bool] = []

    def doctype(*_: object) -> None:
        found.append(True)
        raise _Seen

    def element(*_: object) -> None:
        raise _Seen

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = doctype, element
    try:
        parser.Parse(content, True)
    except _Seen:
        return bool(found)
    except _TROUBLE:
        # Some program may read it all the same: looked for as it is, also where each letter takes two bytes.
        return bool(_DECLARED.search(content.replace(b"\0", b"")))
    return False


def links_outside(relationships: bytes) -> bool:
    """Tell whether a list of relationships names anything outside but links that somebody clicks.

    Raises:
        UnreadableMarkup: it is no XML.
    """
    found: list[bool] = []

    def element(name: str, attributes: dict[str, str]) -> None:
        said = {key.rpartition(":")[2].lower(): value.strip() for key, value in attributes.items()}
        outside = said.get("targetmode", "").lower() == "external"
        if name.rpartition(":")[2].lower() == "relationship" and outside:
            found.append(not said.get("type", "").lower().endswith("/hyperlink"))

    _read(relationships, element)
    return any(found)


def starts_programs(text: bytes) -> bool:
    """Tell whether a field of a text asks another program for its value, which starts it (DDE).

    Raises:
        UnreadableMarkup: it is no XML.
    """
    if b"DDE" not in text.replace(b"\0", b"").upper() and b"instrText" not in text.replace(b"\0", b""):
        return False
    fields, inside = [""], [False]

    def element(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        inside[0] = local == "instrText"
        if local == "fldChar":
            fields.append("")
        elif local == "fldSimple":
            fields.extend(value for key, value in attributes.items() if key.rpartition(":")[2] == "instr")
            fields.append("")

    def letters(text: str) -> None:
        if inside[0]:
            fields[-1] += text

    _read(text, element, letters)
    return any((field.split() or [""])[0].upper() in _STARTS for field in fields)


def _read(
    content: bytes, element: Callable[[str, dict[str, str]], None], letters: Callable[[str], None] | None = None
) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.CharacterDataHandler = element, letters
    if letters is not None:
        parser.EndElementHandler = lambda _: element("", {})
    try:
        parser.Parse(content, True)
    except _TROUBLE:
        raise UnreadableMarkup from None
