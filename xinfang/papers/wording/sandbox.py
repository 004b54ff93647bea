"""A wording: text with a few instructions in Jinja, run where it can reach nothing but the fields it was given.

Only these are understood: `{{ 字段 }}`, `{% if 字段 %} … {% elif … %} … {% else %} … {% endif %}`,
`{% for 项 in 字段 %} … {% endfor %}` and comments `{# … #}`. Anything else is refused by name and line before it runs, so
that neither a slip nor malice can loop without end, reach into the program or turn a petitioner's words into marks.

A field that is empty where it is printed leaves a blank that nobody overlooks, 【待填：字段】, and a paper with one isn't
submitted or issued. Where a wording may do without a field, it asks for it with `{% if 字段 %}`. Only a form stays empty,
because people fill it in with a pen: a line to sign on (`~`), and in a row of a table a line that is nothing but the
field, or a label and the field. A cell that says a sentence has no holes either.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from xinfang.papers.source import WordingSyntaxError, quote_words, split_cells, without_sizes

MAX_WORDING_CHARACTERS = 60_000
"""Characters of one wording."""
MAX_TEXT_CHARACTERS = 2_000_000
"""Characters of one composed text; more is a loop gone wrong, not a paper."""
MAX_LOOP_DEPTH = 3
"""How deep loops may lie in each other."""
_END = "。！？…；，、：.!?;,: \n"
_EMPTY_UNTIL_ISSUED = "文号"
"""The field that has nothing to say while a paper is drafted: the number comes with the issue."""
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
"""Around a blank until it is known what kind of line it is in: noncharacters, which are taken out of every value."""
_HOLE = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")


class WordingRow:
    """One row of a list of fields: read by name and nothing else."""

    __slots__ = ("_values",)

    def __init__(self, **values: Any) -> None:
        self._values = values

    def __getitem__(self, name: str) -> Any:
        return self._values[name]


def _sentence(value: Any) -> str:
    """Apply `句`: one full stop at the end; nothing stays nothing."""
    text = str(value).strip()
    ended = text.endswith(("。", "！", "？", "…")) or (text[-1:] in "”》" and text[-2:-1] in "。！？")
    return text if ended or not text else text.rstrip(_END) + "。"


def _open_ended(text: Any) -> str:
    """Apply `不带句号`: no full stop at the end, so that the sentence may go on."""
    return str(text).strip().rstrip(_END)


def _one_line(text: Any) -> str:
    """Apply `单行`: new lines become blanks."""
    return " ".join(str(text).split())


FILTERS = {"句": _sentence, "不带句号": _open_ended, "单行": _one_line}
"""What may follow a field after `|`."""


@dataclass(frozen=True, slots=True)
class _Hole:
    """Where a wording prints a field that is empty; `text` is what stands there in a sentence."""

    text: str


def _or_hole(value: Any, name: str, ended: bool) -> Any:
    """Put a hole in the place of nothing; `ended` where the field would have ended its sentence."""
    if name == _EMPTY_UNTIL_ISSUED or not isinstance(value, str) or value.strip():
        return value
    return _Hole(f"【待填：{name}】{'。' if ended else ''}")


def _printed(value: Any) -> str:
    """Turn a value into text: always as somebody's words, never as marks.

    Raises:
        WordingSyntaxError: it is a list.
    """
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, _Hole):
        return f"{_OPEN}{value.text}{_CLOSE}"
    if isinstance(value, str | int):
        return quote_words(str(value).replace(_OPEN, "").replace(_CLOSE, ""))
    raise WordingSyntaxError("清单类的字段不能直接写出，请用 {% for 项 in 字段 %} 逐项写。")


_OR_HOLE = "or_hole"
"""Put around every field that is printed, once the wording was looked through: no wording can name it itself."""


def _environment() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        # Not HTML: what a value may do to the text is decided by `_printed`.
        autoescape=False,
        finalize=_printed,
        keep_trailing_newline=True,
        cache_size=0,
    )
    made.globals.clear()
    made.filters.clear()
    made.tests.clear()
    made.filters.update(FILTERS)
    made.filters[_OR_HOLE] = _or_hole
    return made


_ENVIRONMENT = _environment()
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.For,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Filter,
)
KnownFields = Mapping[str, tuple[str, ...] | None]
"""The names a wording may use; for a list, the names of its rows' fields."""


def _at(line: int, says: str) -> str:
    return f"第 {line} 行：{says}"


def _nearest(name: str, known: Any) -> str:
    near = get_close_matches(name, list(known), n=2, cutoff=0.3) or [k for k in known if set(k) & set(name)][:2]
    return f"您是否要写“{'”或“'.join(near)}”？" if near else "可用的字段见本页的字段说明。"


class ParsedWording:
    """A wording that was read: which fields it names, and which words it compares them to.

    A column of a list is `清单.栏`.

    Raises:
        WordingSyntaxError: there is a mistake; it names the first one's line and the nearest known name.
    """

    def __init__(self, text: str, known: KnownFields) -> None:
        self.known = known
        self.used: set[str] = set()
        self.compared: set[tuple[str, str]] = set()
        if len(text) > MAX_WORDING_CHARACTERS:
            raise WordingSyntaxError(f"文书模板共 {len(text)} 个字，超过 {MAX_WORDING_CHARACTERS} 字的上限。请精简。")
        try:
            self.tree = _ENVIRONMENT.parse(text)
        except TemplateSyntaxError as e:
            about = _in_chinese(e.message or "")
            raise WordingSyntaxError(
                _at(e.lineno, f"模板指令写错了（{about}）。请检查大括号和百分号是否成对。")
            ) from None
        self._look(self.tree, {}, 1)
        for output in self.tree.find_all(nodes.Output):
            output.nodes = [n if isinstance(n, nodes.TemplateData) else _with_hole(n) for n in output.nodes]

    def _look(self, node: nodes.Node, rows: Mapping[str, str], line: int) -> None:
        line = node.lineno or line
        if not isinstance(node, _ALLOWED):
            raise WordingSyntaxError(_at(line, "不能使用这种指令。只能写 {{ 字段 }}、{% if %}、{% for 项 in 字段 %}。"))
        if isinstance(node, nodes.For):
            self._look_at_loop(node, rows, line)
            return
        if isinstance(node, nodes.Name | nodes.Getattr):
            self.used.add(self._named(node, rows, line))
            return
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            raise WordingSyntaxError(_at(line, f"没有名为“{node.name}”的写法，可用：{'、'.join(FILTERS)}。"))
        for child in node.iter_child_nodes():
            self._look(child, rows, line)
        if isinstance(node, nodes.Compare) and isinstance(node.expr, nodes.Name | nodes.Getattr):
            name = self._named(node.expr, rows, line)
            words = [n.value for n in node.find_all(nodes.Const) if isinstance(n.value, str)]
            self.compared |= {(name, word) for word in words}

    def _look_at_loop(self, node: nodes.For, rows: Mapping[str, str], line: int) -> None:
        if len(rows) >= MAX_LOOP_DEPTH:
            raise WordingSyntaxError(_at(line, f"循环套得太深，最多 {MAX_LOOP_DEPTH} 层。"))
        target, listed = node.target, node.iter
        if not (isinstance(target, nodes.Name) and isinstance(listed, nodes.Name)) or node.test or node.recursive:
            raise WordingSyntaxError(_at(line, "循环只能写成 {% for 项 in 清单字段 %}。"))
        if listed.name not in self.known:
            lists = [name for name, columns in self.known.items() if columns]
            raise WordingSyntaxError(_at(line, f"没有名为“{listed.name}”的清单。{_nearest(listed.name, lists)}"))
        if self.known[listed.name] is None:
            raise WordingSyntaxError(_at(line, f"“{listed.name}”不是清单，不能逐项写。"))
        if target.name in self.known or target.name in rows:
            raise WordingSyntaxError(_at(line, f"“{target.name}”已有别的意思，请给每一项另起一个名字。"))
        self.used.add(listed.name)
        for child in node.body:
            self._look(child, {**rows, target.name: listed.name}, line)
        for child in node.else_:
            self._look(child, rows, line)

    def _named(self, node: nodes.Name | nodes.Getattr, rows: Mapping[str, str], line: int) -> str:
        """Return the field that is meant here.

        Raises:
            WordingSyntaxError: there is no such field.
        """
        if isinstance(node, nodes.Getattr):
            return self._column(node, rows, line)
        if node.name in rows:
            column = (self.known[rows[node.name]] or ("",))[0]
            raise WordingSyntaxError(
                _at(line, f"“{node.name}”是清单中的一项，请写明取哪一栏，如 {{{{ {node.name}.{column} }}}}。")
            )
        if node.name not in self.known:
            raise WordingSyntaxError(_at(line, f"没有名为“{node.name}”的字段。{_nearest(node.name, self.known)}"))
        return node.name

    def _column(self, node: nodes.Getattr, rows: Mapping[str, str], line: int) -> str:
        owner = node.node
        if not isinstance(owner, nodes.Name) or owner.name not in rows:
            raise WordingSyntaxError(_at(line, "点号只能用在 {% for 项 in 字段 %} 的“项”后面。"))
        columns = self.known[rows[owner.name]] or ()
        if node.attr not in columns:
            raise WordingSyntaxError(
                _at(line, f"“{owner.name}”没有“{node.attr}”这一栏。{_nearest(node.attr, columns)}")
            )
        return f"{rows[owner.name]}.{node.attr}"


def _with_hole(printed: nodes.Expr) -> nodes.Expr:
    """Return what prints the same, and a hole where that is nothing."""
    fields = [printed] if isinstance(printed, nodes.Name | nodes.Getattr) else []
    fields += [*printed.find_all(nodes.Getattr), *printed.find_all(nodes.Name)]
    if not fields:
        return printed
    name = fields[0].attr if isinstance(fields[0], nodes.Getattr) else fields[0].name
    ended = isinstance(printed, nodes.Filter) and printed.name == "句"
    given = [nodes.Const(name), nodes.Const(ended)]
    return nodes.Filter(printed, _OR_HOLE, given, [], None, None, lineno=printed.lineno)


_WORDS = (
    ("unexpected end of template", "没有写完就结束了"),
    ("Encountered unknown tag", "没有这种指令："),
    ("unexpected char", "多出了字符"),
    ("Unexpected end of template", "缺少 {% endif %} 或 {% endfor %}"),
    ("Missing end of comment tag", "注释没有以 #} 结束"),
    ("expected token", "此处应为"),
    ("unexpected", "多出了"),
    ("got", "实际为"),
)


def _in_chinese(message: str) -> str:
    """Translate the commonest words of Jinja's complaint."""
    for english, chinese in _WORDS:
        if message.startswith("Unexpected end of template"):
            return "缺少 {% endif %} 或 {% endfor %}"
        message = message.replace(english, chinese)
    return message.split(". ")[0]


def compile_wording(text: str, known: KnownFields) -> Callable[[Mapping[str, Any]], str]:
    """Make a function of the wording that takes values and returns the editable text of a paper.

    Raises:
        WordingSyntaxError: there is a mistake in the wording; the function raises it too, where values don't fit.
    """
    template = _ENVIRONMENT.from_string(ParsedWording(text, known).tree)

    def filled(values: Mapping[str, Any]) -> str:
        pieces, size = [], 0
        try:
            for piece in template.generate(dict(values)):
                size += len(piece)
                if size > MAX_TEXT_CHARACTERS:
                    raise WordingSyntaxError("按这份模板写出的文书过长，请检查循环是否写重了。")
                pieces.append(piece)
        except (TemplateError, TypeError) as e:
            raise WordingSyntaxError(f"文书模板不能套用：{_in_chinese(str(e))}") from None
        return _tidy("".join(pieces))

    return filled


def render_wording(text: str, values: Mapping[str, Any], known: KnownFields) -> str:
    """Return the wording with its values.

    Raises:
        WordingSyntaxError: there is a mistake in it, or the values don't fit.
    """
    return compile_wording(text, known)(values)


def _tidy(text: str) -> str:
    """Remove the empty lines that conditions left behind, and say where something is still to be filled in."""
    return "\n".join(_filled_in(line.rstrip()) for line in text.split("\n") if line.strip()) + "\n"


def _filled_in(line: str) -> str:
    """Return a line with its holes as blanks: to be filled in before it goes out, or, in a form, with a pen."""
    if _OPEN not in line:
        return line
    if line.lstrip().startswith("~"):
        return _HOLE.sub("", line)
    if line.lstrip().startswith("|"):
        return "|".join(_cell_filled_in(cell) for cell in split_cells(line))
    return _HOLE.sub(r"\1", line)


def _cell_filled_in(cell: str) -> str:
    lines = re.split(r"(?<!\\)((?:\\\\)*\\n)", cell)
    return "".join(_HOLE.sub("" if _for_a_pen(line) else r"\1", line) for line in lines)


def _for_a_pen(line: str) -> bool:
    """Tell whether this line of a cell has nothing beside its empty field, or only a label before it."""
    words = without_sizes(_HOLE.sub("", line))
    return not words or words.endswith("：")
