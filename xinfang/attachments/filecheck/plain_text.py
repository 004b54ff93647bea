"""Plain text: in an encoding that Chinese offices use, without bytes that no text has."""

_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_ALLOWED = frozenset("\t\n\r\f\x1a")
"""Control characters of real texts; 0x1A ends texts of old DOS programs."""


def file_type_of(data: bytes) -> str | None:
    """Return "txt" for a text, or None."""
    return "txt" if decoded(data) is not None else None


def decoded(data: bytes) -> str | None:
    """Return the text, or None where it is none in UTF-8, UTF-16 with a mark, or GB18030."""
    encodings = [_MARKS[data[:2]]] if data[:2] in _MARKS else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(ch >= " " or ch in _ALLOWED for ch in set(text)):
            return text
    return None


def check_content(data: bytes, code: str) -> None:
    """Check nothing more: the caller finds pages hidden in a text."""
