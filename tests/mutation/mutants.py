"""Every way to make one thing in a file wrong: in its functions, and in its declarations, which are where the law is.

Texts that people read, citations of articles, annotations and the bounds of form fields stay as they are.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import ModuleType
from typing import Any

_TEXTS = {"label", "says", "todo", "help", "group", "cites", "text", "starts_words", "stops_words", "note"}
_BOUNDS_OF_FORMS = {"max", "long"}
_KEPT_KEYWORDS = _TEXTS | _BOUNDS_OF_FORMS
_TEXT_FUNCTIONS = {"says", "why", "__str__", "__repr__"}
SPOKEN = {"Reason", "step_field", "condition", "NewType", "TypeVar"}
"""Calls whose positional arguments are sentences, citations and names."""
ARTICLES = {"HOUSE_RULES", "REGULATION", "CIVIL_CODE", "ALL_ARTICLES", "CHOSEN_BY_DEPARTMENT"}
_CODE = re.compile(r"[a-z0-9_]*", re.ASCII)
_COMPARED: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
_COMPUTED: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.BitOr: ("|", "&"),
    ast.BitAnd: ("&", "|"),
}
_OPPOSITE = {"any": "all", "all": "any", "min": "max", "max": "min"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one file: `source` is the whole mutated file."""

    file: str
    where: str
    """The declaration or function, such as `Classify.rule`."""
    line: int
    was: str
    """The changed lines as they are, blanks folded.

    With `becomes` and `where` it outlives changes elsewhere in the file.
    """
    becomes: str
    source: bytes

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.file, self.where, self.was, self.becomes

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.where}\n    - {self.was}\n    + {self.becomes}"


def mutants_of(file: str, source: bytes, namespace: Mapping[str, Any]) -> list[Mutant]:
    """All mutants of one file, in the order of its lines.

    `namespace` is that of the imported module: it tells an enum's other members.
    """
    found: dict[tuple[int, int, bytes], Mutant] = {}
    tree = ast.parse(source)
    text = _Text(source)
    for where, start, end, new in _Finder(text, namespace).module(tree):
        encoded = new.encode()
        if source[start:end] != encoded and (start, end, encoded) not in found:
            found[start, end, encoded] = text.mutant(file, where, start, end, encoded)
    return sorted(found.values(), key=lambda m: m.line)


class _Text:
    """The source, addressed as the tree addresses it: by line and by byte within it."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def start(self, node: Any) -> int:
        return int(self.starts[node.lineno - 1] + node.col_offset)

    def end(self, node: Any) -> int:
        return int(self.starts[node.end_lineno - 1] + node.end_col_offset)

    def of(self, node: Any) -> str:
        return self.source[self.start(node) : self.end(node)].decode()

    def mutant(self, file: str, where: str, start: int, end: int, new: bytes) -> Mutant:
        first = self.source.rfind(b"\n", 0, start) + 1
        last = self.source.find(b"\n", end)
        last = len(self.source) if last < 0 else last
        mutated = self.source[:start] + new + self.source[end:]
        was, becomes = self.source[first:last], self.source[first:start] + new + self.source[end:last]
        line = self.source.count(b"\n", 0, start) + 1
        return Mutant(file, where, line, _folded(was), _folded(becomes), mutated)


def _folded(text: bytes) -> str:
    return " ".join(text.decode().split())


_Edit = tuple[str, int, int, str]
"""Where, from which byte to which, and what is there then."""


class _Finder:
    def __init__(self, text: _Text, namespace: Mapping[str, Any]) -> None:
        self.text = text
        self.namespace = namespace
        self.where: list[str] = []
        self.functions = 0

    def module(self, tree: ast.Module) -> Iterator[_Edit]:
        for statement in tree.body:
            yield from self.visit(statement)

    def edit(self, node: Any, new: str) -> _Edit:
        return ".".join(self.where), self.text.start(node), self.text.end(node), new

    def gap(self, left: Any, right: Any, old: str, new: str) -> Iterator[_Edit]:
        """The operator between two operands."""
        start, end = self.text.end(left), self.text.start(right)
        between = self.text.source[start:end].decode()
        pattern = r"\s+".join(re.escape(w) for w in old.split())
        if place := re.search(pattern if old.strip("<>=!+-*|&") == "" else rf"\b{pattern}\b", between):
            at = start + len(between[: place.start()].encode())
            yield ".".join(self.where), at, at + len(place.group().encode()), new

    def visit(self, node: ast.AST | None) -> Iterator[_Edit]:
        if node is None or isinstance(node, ast.Import | ast.ImportFrom | ast.Assert | ast.JoinedStr):
            return
        if _is_citation(node) or _is_docstring(node) or _is_for_types(node):
            return
        named = self.name_of(node)
        if named in _TEXT_FUNCTIONS or named == "__all__":
            return
        function = isinstance(node, ast.FunctionDef)
        self.functions += function
        self.where += [named] if named else []
        kind = getattr(self, f"of_{type(node).__name__.lower()}", None)
        if kind is not None:
            yield from kind(node)
        for child in _children(node):
            yield from self.visit(child)
        if named:
            self.where.pop()
        self.functions -= function

    def name_of(self, node: ast.AST) -> str:
        """How a declaration or a function is called; what a function assigns has no name of its own."""
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                return name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                return "" if self.functions else name
        return ""

    def of_compare(self, node: ast.Compare) -> Iterator[_Edit]:
        left: ast.expr = node.left
        for op, right in zip(node.ops, node.comparators, strict=True):
            yield from self.gap(left, right, *_COMPARED[type(op)])
            left = right

    def of_boolop(self, node: ast.BoolOp) -> Iterator[_Edit]:
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        parts = [f"({self.text.of(v)})" for v in node.values]
        yield self.edit(node, f" {new} ".join(parts))
        for left_out in range(len(parts)):
            rest = [p for place, p in enumerate(parts) if place != left_out]
            yield self.edit(node, f" {old} ".join(rest))

    def of_unaryop(self, node: ast.UnaryOp) -> Iterator[_Edit]:
        if isinstance(node.op, ast.Not | ast.USub):
            yield self.edit(node, f"({self.text.of(node.operand)})")

    def of_binop(self, node: ast.BinOp) -> Iterator[_Edit]:
        if type(node.op) in _COMPUTED:
            yield from self.gap(node.left, node.right, *_COMPUTED[type(node.op)])

    def of_if(self, node: ast.If) -> Iterator[_Edit]:
        yield self.edit(node.test, "True")
        yield self.edit(node.test, "False")

    def of_ifexp(self, node: ast.IfExp) -> Iterator[_Edit]:
        yield self.edit(node, f"({self.text.of(node.body)})")
        yield self.edit(node, f"({self.text.of(node.orelse)})")

    def of_comprehension(self, node: ast.comprehension) -> Iterator[_Edit]:
        for test in node.ifs:
            yield self.edit(test, "True")

    def of_return(self, node: ast.Return) -> Iterator[_Edit]:
        if node.value is not None and not isinstance(node.value, ast.Constant):
            yield self.edit(node.value, "None")

    def of_expr(self, node: ast.Expr) -> Iterator[_Edit]:
        yield self.edit(node, "pass")

    of_augassign = of_raise = of_continue = of_break = of_expr

    def of_call(self, node: ast.Call) -> Iterator[_Edit]:
        if isinstance(node.func, ast.Name) and node.func.id in _OPPOSITE:
            yield self.edit(node.func, _OPPOSITE[node.func.id])
        if isinstance(node.func, ast.Name) and node.func.id == "reversed":
            yield self.edit(node, self.text.of(node.args[0]))
        for place, keyword in enumerate(node.keywords):
            # A constant or a tuple has mutants of its own.
            if keyword.arg and keyword.arg not in _KEPT_KEYWORDS and not isinstance(keyword.value, _SHOWN):
                yield self.without([*node.args, *node.keywords], len(node.args) + place)

    def of_tuple(self, node: ast.Tuple) -> Iterator[_Edit]:
        if not isinstance(node.ctx, ast.Load):
            return
        yield from self.swapped(node.elts)
        for place in range(len(node.elts)):
            if len(node.elts) > 2:
                yield self.without(node.elts, place)
            else:
                rest = [self.text.of(e) for e in node.elts if e is not node.elts[place]]
                yield self.edit(node, f"({rest[0]},)" if rest else "()")

    def swapped(self, elements: list[ast.expr]) -> Iterator[_Edit]:
        """Another step in the place of each; of other names it is enough that they are left out."""
        for e in elements:
            if isinstance(e, ast.Name) and isinstance(self.namespace.get(e.id), type):
                yield from self.of_name(e)

    def of_list(self, node: ast.List) -> Iterator[_Edit]:
        if isinstance(node.ctx, ast.Load):
            yield from (self.without(node.elts, place) for place in range(len(node.elts)))

    def of_set(self, node: ast.Set) -> Iterator[_Edit]:
        if len(node.elts) == 1:
            yield self.edit(node, "set()")
        else:
            yield from (self.without(node.elts, place) for place in range(len(node.elts)))

    def of_dict(self, node: ast.Dict) -> Iterator[_Edit]:
        items = [self.item(k, v) for k, v in zip(node.keys, node.values, strict=True)]
        yield from (self.without(items, place) for place in range(len(items)))

    def item(self, key: ast.expr | None, value: ast.expr) -> Any:
        """One entry of a dict as one span; `**others` begins two bytes before its name."""
        first: Any = key or value
        span = ast.Name(id="", ctx=ast.Load())
        span.lineno, span.col_offset = first.lineno, first.col_offset - (0 if key else 2)
        span.end_lineno, span.end_col_offset = value.end_lineno, value.end_col_offset
        return span

    def without(self, parts: list[Any], place: int) -> _Edit:
        """One of several, with its comma, left out."""
        where = ".".join(self.where)
        if place + 1 < len(parts):
            return where, self.text.start(parts[place]), self.text.start(parts[place + 1]), ""
        if place:
            return where, self.text.end(parts[place - 1]), self.text.end(parts[place]), ""
        end = self.text.end(parts[0])
        comma = re.match(rb"\s*,", self.text.source[end:])
        return where, self.text.start(parts[0]), end + (comma.end() if comma else 0), ""

    def of_constant(self, node: ast.Constant) -> Iterator[_Edit]:
        value = node.value
        if isinstance(value, bool):
            yield self.edit(node, str(not value))
        elif isinstance(value, int):
            yield self.edit(node, str(value + 1))
            yield self.edit(node, str(value - 1))
        elif isinstance(value, str) and _CODE.fullmatch(value):
            yield self.edit(node, repr(f"{value}x"))

    def of_attribute(self, node: ast.Attribute) -> Iterator[_Edit]:
        """Another member of the same enum, another number of the same kind."""
        if not isinstance(node.value, ast.Name) or node.value.id not in self.namespace:
            return
        owner = self.namespace[node.value.id]
        if isinstance(owner, ModuleType):
            others = vars(owner)
        elif isinstance(owner, type) and issubclass(owner, Enum):
            others = dict(owner.__members__)
        else:
            return
        if other := _another(node.attr, others):
            yield self.edit(node, f"{node.value.id}.{other}")

    def of_name(self, node: ast.Name) -> Iterator[_Edit]:
        if isinstance(node.ctx, ast.Load) and (other := _another(node.id, self.namespace)):
            yield self.edit(node, other)


_SHOWN = (ast.Constant, ast.Tuple, ast.Lambda)


def _another(name: str, names: Mapping[str, Any]) -> str | None:
    """The next name of a thing of the same kind: a member, a number with its unit, a step, a who."""
    thing = names.get(name)
    if not _can_be_swapped(thing):
        return None
    alike = [n for n, other in names.items() if not n.startswith("_") and _kind(other) == _kind(thing)]
    if len(alike) < 2 or name not in alike:
        return None
    return alike[(alike.index(name) + 1) % len(alike)]


def _can_be_swapped(thing: Any) -> bool:
    if isinstance(thing, type):
        return any("rule" in vars(base) for base in thing.__mro__)
    return hasattr(type(thing), "__dataclass_fields__") or isinstance(thing, Enum)


def _kind(thing: Any) -> Any:
    return thing.__bases__ if isinstance(thing, type) else type(thing)


def _is_citation(node: ast.AST) -> bool:
    if isinstance(node, ast.Tuple):
        return bool(node.elts) and all(_is_citation(e) for e in node.elts)
    if isinstance(node, ast.Subscript):
        return _is_citation(node.value)
    return isinstance(node, ast.Name) and node.id in ARTICLES


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_for_types(node: ast.AST) -> bool:
    """Whether only mypy reads it: a mutant of it does nothing when the program runs."""
    match node:
        case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.Assign(value=ast.Call(func=ast.Name(id="TypeVar"))):
            return True
        case ast.ClassDef(bases=[ast.Name(id="Protocol"), *_]):
            return True
        case ast.FunctionDef(decorator_list=[ast.Name(id="overload"), *_]):
            return True
    return False


def _children(node: ast.AST) -> Iterable[ast.AST | None]:
    """What may be mutated below this node: no annotations, no texts."""
    match node:
        case ast.FunctionDef():
            decorators = [d for d in node.decorator_list if isinstance(d, ast.Call)]
            return [*decorators, *node.args.defaults, *node.args.kw_defaults, *node.body]
        case ast.ClassDef():
            return node.body
        case ast.AnnAssign():
            return [node.value]
        case ast.Assign():
            return [node.value]
        case ast.Lambda():
            return [node.body]
        case ast.Tuple() | ast.List() | ast.Set():
            # `of_tuple` sees to the names.
            return [e for e in node.elts if not isinstance(e, ast.Name)]
        case ast.Call():
            spoken = isinstance(node.func, ast.Name) and node.func.id in SPOKEN
            keywords = [k.value for k in node.keywords if k.arg not in _KEPT_KEYWORDS]
            called = [node.func] if isinstance(node.func, ast.Attribute) else []
            return [*called, *([] if spoken else node.args), *keywords]
    return ast.iter_child_nodes(node)
