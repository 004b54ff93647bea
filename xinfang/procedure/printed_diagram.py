"""The states and the steps between them as a picture of our own layout: no program is needed to draw it.

It is a ladder. The main path runs down the left; beside each state stands where else its steps lead, so that no two
lines cross. Below it come the states aside, those that lead to the same places together. Every position follows from
the rules. A wide picture is for desks and paper, a narrow one for phones.
"""

import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from html import escape

from xinfang.procedure.words import MAIN_PATH, TERMINAL_STATES, State

from .step_codes import StepCode
from .steps import STEPS

Edge = tuple[State, State]
WIDE, NARROW = 760, 360
"""The widths of the two pictures, in pixels at which their letters are 13 to 14 high."""

_LEADS_FROM = {
    StepCode.DECIDE_RECONSIDERATION: (State.DECLINED, State.FILED),
    StepCode.TAKE_DELIVERY: (State.REPLIED,),
}
"""From which states these lead anywhere; they are also taken where they move nothing."""


def edges() -> dict[Edge, list[str]]:
    """Return from which state to which, and the labels of the steps that lead there."""
    found: dict[Edge, list[str]] = {}
    for step in STEPS.values():
        rule = step.rule
        for start in _LEADS_FROM.get(rule.code, rule.when):
            for end in rule.to:
                if start is not end:
                    found.setdefault((start, end), []).append(rule.label)
    return found


def beginnings() -> dict[State, list[str]]:
    """Return the states in which a case begins, and the labels of the steps that begin it."""
    found: dict[State, list[str]] = {}
    for step in STEPS.values():
        if step.rule.new:
            for state in step.rule.to:
                found.setdefault(state, []).append(step.rule.label)
    return found


def move_rows() -> Iterator[tuple[str, str, str]]:
    """Yield what the picture shows as a table: from where, by which steps, to where."""
    for state, labels in beginnings().items():
        yield "（新件）", "、".join(labels), state.label
    for start in State:
        for (a, b), labels in edges().items():
            if a is start:
                yield a.label, "、".join(labels), b.label


_HIGH, _GAP, _LINE, _CHAR = 30, 8, 18, 13
_EDGE, _PILL = 8, 124
_MANY = 4
"""A step that leads from this many states to the same one is told once, below the main path."""
Way = tuple[list[State], list[str]]
"""Where steps of these labels lead to."""


class Part(StrEnum):
    """A sheet of paper holds less than a page of the screen."""

    WHOLE = "信访办理程序状态图"
    MAIN = "信访办理程序状态图（主路）"
    ASIDE = "信访办理程序状态图（旁路）"


def _told_once() -> dict[Edge, list[str]]:
    """Return the edges that many states have in common."""
    found = edges()
    common: dict[tuple[State, str], list[Edge]] = {}
    for (a, b), labels in found.items():
        if b not in MAIN_PATH:
            common.setdefault((b, "、".join(labels)), []).append((a, b))
    return {edge: found[edge] for those in common.values() if len(those) >= _MANY for edge in those}


class _Picture:
    """Draws from the top down; `y` is how far it has come."""

    def __init__(self, wide: int) -> None:
        self.wide = wide
        self.narrow = wide < 600
        self.spine = _EDGE + _PILL + 16
        self.y = 24
        self.parts: list[str] = []
        once = _told_once()
        self.leads: dict[State, list[tuple[State, list[str]]]] = {}
        for (a, b), labels in edges().items():
            if (a, b) not in once:
                self.leads.setdefault(a, []).append((b, labels))

    def draw(self, part: Part) -> str:
        if part is not Part.ASIDE:
            self.main_path()
        if part is Part.WHOLE:
            self.y += _GAP
        if part is not Part.MAIN:
            self.aside()
        lines = _wrapped(["粗框是主路", "细框是旁路", "双线框可以在此终结"], (self.wide - 2 * _EDGE) // _CHAR)
        self.text(lines, _EDGE, self.y + _LINE)
        self.y += _LINE * len(lines) + _GAP
        return "\n".join(self.parts)

    def main_path(self) -> None:
        first, *others = sorted(beginnings().items(), key=lambda begun: begun[0] is not MAIN_PATH[0])
        top = self.y
        self.parts.append(f'<circle cx="{_EDGE + _PILL // 2}" cy="{top}" r="6" fill="currentColor"/>')
        self.branches([top], others, left=_EDGE + _PILL // 2)
        self.down(top + 6, first[1])
        for place, state in enumerate(MAIN_PATH):
            top = self.y
            after = MAIN_PATH[place + 1] if place + 1 < len(MAIN_PATH) else None
            self.box(state, _EDGE, top)
            self.y += _HIGH
            self.branches([top + _HIGH // 2], [(b, by) for b, by in self.leads.get(state, []) if b is not after])
            if after:
                self.down(top + _HIGH, dict(self.leads[state])[after])

    def aside(self) -> None:
        common: dict[tuple[State, str], list[str]] = {}
        for (a, b), labels in _told_once().items():
            common.setdefault((b, "、".join(labels)), []).append(a.label)
        self.heading("几个状态都有的步骤")
        for (state, label), starts in common.items():
            self.way([f"{label}：自{starts[0]}", *starts[1:]], [state], _EDGE)
        self.heading("其他状态以后的步骤")
        for states, ways in self.alike():
            self.stack(states, ways)

    def alike(self) -> list[tuple[list[State], list[tuple[State, list[str]]]]]:
        """Return the states aside, those whose steps lead to the same places together."""
        found: dict[str, tuple[list[State], list[tuple[State, list[str]]]]] = {}
        for state in State:
            if state not in MAIN_PATH:
                ways = self.leads.get(state, [])
                found.setdefault(repr(ways), ([], ways))[0].append(state)
        return list(found.values())

    def stack(self, states: list[State], ways: list[tuple[State, list[str]]]) -> None:
        top, middles = self.y, []
        for state in states:
            self.box(state, _EDGE, self.y)
            middles.append(self.y + _HIGH // 2)
            self.y += _HIGH + _GAP
        low, self.y = self.y, top + _HIGH
        self.branches(middles, ways)
        self.y = max(self.y, low) + _GAP

    def branches(self, middles: list[int], ways: list[tuple[State, list[str]]], left: int = _EDGE + _PILL) -> None:
        """Draw the ways out to the right, one below the other, from a spine beside the boxes."""
        if not ways:
            return
        low, self.y = self.y, middles[0] - _HIGH // 2
        ends = [self.way(labels, states, self.spine) for states, labels in self.together(ways)]
        for middle in middles:
            self.line([(left, middle), (self.spine, middle)], arrow=False)
        self.line([(self.spine, min(*middles, *ends)), (self.spine, max(*middles, *ends))], arrow=False)
        self.y = max(self.y, low)

    def together(self, ways: list[tuple[State, list[str]]]) -> list[Way]:
        """Return the ways, on a wide picture those of the same steps together."""
        found: dict[str, Way] = {}
        for state, labels in ways:
            found.setdefault("、".join(labels) + (state if self.narrow else ""), ([], labels))[0].append(state)
        return list(found.values())

    def way(self, labels: list[str], states: list[State], since: int) -> int:
        """Draw one way from `since` to its states; return how high its line is."""
        if self.narrow:
            at = since + 16 if since > _EDGE else since + 24
            lines = _wrapped(labels, (self.wide - at - _EDGE) // _CHAR)
            self.text(lines, at, self.y + 14)
            self.y += len(lines) * _LINE + 2
        else:
            at = self.wide - _EDGE - len(states) * (_PILL + _GAP) + _GAP
            lines = _wrapped(labels, (at - since - 36) // _CHAR)
            self.text(lines, since + 12, self.y + _HIGH // 2 - 5)
            self.y += (len(lines) - 1) * _LINE
        middle = self.y + _HIGH // 2
        self.line([(since, middle), (at, middle)])
        for place, state in enumerate(states):
            self.box(state, at + place * (_PILL + _GAP), self.y)
        self.y += _HIGH + _GAP
        return middle

    def heading(self, words: str) -> None:
        self.text([words], _EDGE, self.y + _LINE, bold=True)
        self.y += _LINE + 2 * _GAP

    def down(self, since: int, labels: list[str]) -> None:
        """Draw the arrow to the next state of the main path, its steps beside its end."""
        x = _EDGE + _PILL // 2
        lines = _wrapped(labels, (self.wide - x - 10 - _EDGE) // _CHAR)
        self.y += _GAP // 2
        self.text(lines, x + 10, self.y + 13)
        self.y += len(lines) * _LINE + _GAP
        self.line([(x, since), (x, self.y)])

    def box(self, state: State, x: int, y: int) -> None:
        main = state in MAIN_PATH
        look = f'fill="none" stroke="currentColor" rx="{4 if main else 15}"'
        self.parts.append(
            f'<rect x="{x}" y="{y}" width="{_PILL}" height="{_HIGH}" {look} stroke-width="{2 if main else 1}"/>'
        )
        if state in TERMINAL_STATES:
            inner = f'width="{_PILL - 6}" height="{_HIGH - 6}"'
            look = f'fill="none" stroke="currentColor" rx="{2 if main else 12}"'
            self.parts.append(f'<rect x="{x + 3}" y="{y + 3}" {inner} {look} stroke-width="1"/>')
        size = 14 if len(state.label) < 8 else 12
        self.parts.append(
            f'<text x="{x + _PILL // 2}" y="{y + _HIGH // 2 + 5}" text-anchor="middle" font-size="{size}"'
            f' fill="currentColor">{escape(state.label)}</text>'
        )

    def text(self, lines: Iterable[str], x: int, y: int, *, bold: bool = False) -> None:
        weight = ' font-weight="bold"' if bold else ""
        for n, line in enumerate(lines):
            at = f'x="{x}" y="{y + n * _LINE}" font-size="{_CHAR}"'
            self.parts.append(f'<text {at}{weight} fill="currentColor">{escape(line)}</text>')

    def line(self, points: Iterable[tuple[int, int]], *, arrow: bool = True) -> None:
        path = " ".join(f"{x},{y}" for x, y in points)
        end = f' marker-end="url(#arrow-{self.wide})"' if arrow else ""
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-width="1"{end}/>')


def _wrapped(labels: Iterable[str], room: int) -> list[str]:
    """Return the labels with 、 between them in lines of at most `room` characters, each ending with a whole label."""
    lines = [""]
    for label in labels:
        longer = f"{lines[-1]}、{label}" if lines[-1] else label
        if len(longer) > room and lines[-1]:
            lines[-1] += "、"
            lines.append(label)
        else:
            lines[-1] = longer
    return lines


def picture_size(wide: int = WIDE, part: Part = Part.WHOLE) -> tuple[int, int]:
    """Return the width and height of the picture in pixels."""
    picture = _Picture(wide)
    picture.draw(part)
    return wide, picture.y


def as_svg(wide: int = WIDE, part: Part = Part.WHOLE) -> str:
    """Return the states as a picture that a page can embed: no style, no script, readable in print and by ear."""
    picture = _Picture(wide)
    body = picture.draw(part)
    told = "；".join(f"{start}经{by}到{end}" for start, by, end in move_rows())
    name = f"procedure-{wide}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name}-title {name}-desc" '
        f'viewBox="0 0 {wide} {picture.y}" width="{wide}" height="{picture.y}" font-family="sans-serif">\n'
        f'<title id="{name}-title">{part}</title>\n<desc id="{name}-desc">{escape(told)}。</desc>\n'
        f'<defs><marker id="arrow-{wide}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="currentColor"/></marker></defs>\n'
        f"{body}\n</svg>\n"
    )


if __name__ == "__main__":
    sys.stdout.write(as_svg())
