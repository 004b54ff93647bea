"""Is a wording right? It is tried on made-up facts when it is saved.

A mistake is found then and not when a letter is due.
"""

import re
from collections.abc import Iterator, Mapping

from xinfang.papers.source import WordingSyntaxError, parse_source
from xinfang.papers.wording.fields import WordingField, WordingValue
from xinfang.papers.wording.kinds import FIELDS, MUST_NAME, MUST_SAY, known_fields
from xinfang.papers.wording.sandbox import ParsedWording, WordingRow, compile_wording
from xinfang.procedure.words import PaperKind

Values = dict[str, WordingValue]
_INSTRUCTION = re.compile(r"\{([{%#]).*?[}%#]\}", re.DOTALL)


def check_wording(kind: PaperKind, text: str) -> None:
    """Check that a wording can be used.

    It is tried with all fields full, all empty, each alone empty or full, and with every word that it compares a field
    to.

    Raises:
        WordingSyntaxError: it can't be used; it names its line and what to do, in the user's words.
    """
    names = known_fields(kind)
    understood = ParsedWording(text, names)
    _says_what_it_must(kind, text, understood.used)
    fill = compile_wording(text, names)
    for when, values in _trials(FIELDS[kind], understood.used, understood.compared):
        try:
            parse_source(fill(values))
        except WordingSyntaxError as wrong:
            raise WordingSyntaxError(f"{when}，写出的文书有误：{wrong}") from None


def sample_text(kind: PaperKind, text: str) -> str:
    """Return the paper with each field's name in its place, to show what a wording makes of it.

    Raises:
        WordingSyntaxError: the wording can't be used.
    """
    return compile_wording(text, known_fields(kind))(
        {name: field.sample(full=True) for name, field in FIELDS[kind].items()}
    )


def _says_what_it_must(kind: PaperKind, text: str, used: set[str]) -> None:
    lacking = [n.split("|")[0] for n in MUST_NAME.get(kind, ()) if not used & set(n.split("|"))]
    if lacking:
        raise WordingSyntaxError(f"“{kind.label}”依法应当写明：{'、'.join(lacking)}。请在模板中用上这些字段。")
    printed = _INSTRUCTION.sub("", text)
    silent = [words for words in MUST_SAY.get(kind, ()) if words not in printed]
    if silent:
        raise WordingSyntaxError(f"“{kind.label}”必须写有“{silent[0]}”，不能删去。")


def _trials(
    fields: Mapping[str, WordingField], used: set[str], compared: set[tuple[str, str]]
) -> Iterator[tuple[str, Values]]:
    full = {name: field.sample(full=True) for name, field in fields.items()}
    empty = {name: field.sample(full=False) for name, field in fields.items()}
    yield "各字段都有内容时", full
    yield "可以为空的字段都为空时", empty
    for name in sorted(used & set(fields)):
        yield f"“{name}”为空时", {**full, name: empty[name]}
        yield f"只有“{name}”有内容时", {**empty, name: full[name]}
    for name, word in sorted(compared):
        field, _, column = name.partition(".")
        value: WordingValue = _rows_saying(fields[field], column, word) if column else word
        yield f"“{name}”为“{word}”时", {**full, field: value}


def _rows_saying(field: WordingField, column: str, word: str) -> tuple[WordingRow, ...]:
    assert field.columns is not None
    return (WordingRow(**{c: word if c == column else f"〔{c}〕" for c in field.columns}),)
