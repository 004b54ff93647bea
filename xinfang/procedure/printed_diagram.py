"""The states and the steps between them, drawn: as Graphviz source and as a picture of our own layout.

The picture needs no program to draw it. The main path runs down the middle; what leaves it at the very start is on the
left; what jumps within it, or ends it later, is on the right. Every position follows from the rules.
"""

from collections.abc import Iterable
from html import escape

from xinfang.procedure.words import MAIN_PATH, State

from .step_codes import StepCode
from .steps import STEPS
from .steps.ends_without_reply import Reopen
from .steps.reconsideration import DecideReconsideration

Edge = tuple[State, State]
FIRST = MAIN_PATH[0]
MANY = 4
"""A state that is entered from this many others gets a sentence instead of a web of arrows."""


_LEADS_FROM = {
    StepCode.DECIDE_RECONSIDERATION: (State.DECLINED, State.FILED),
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


def as_diagram() -> str:
    """Return the states as a Graphviz graph (DOT)."""
    lines = ["digraph procedure {", "  rankdir=TB;", '  node [shape=box, fontname="sans-serif"];']
    lines += [f'  {s} [label="{s.label}"{"" if s in MAIN_PATH else ", style=rounded"}];' for s in State]
    lines.append('  start [shape=point, label=""];')
    lines += [f'  start -> {t} [label="{s.rule.label}"];' for s in STEPS.values() if s.rule.new for t in s.rule.to]
    lines += [f'  {a} -> {b} [label="{"、".join(labels)}"];' for (a, b), labels in edges().items()]
    return "\n".join([*lines, "}"]) + "\n"


WIDE, HIGH, ROW = 150, 44, 92
ROAD, LEFT, RIGHT, TOP = 400, 16, 780, 76
LANE = 72
TRUNK_OUT, TRUNK_BACK = ROAD - 34, ROAD - 16


def _box(state: State, x: int, y: int) -> str:
    round_ = 4 if state in MAIN_PATH else 20
    return (
        f'<rect x="{x}" y="{y - HIGH // 2}" width="{WIDE}" height="{HIGH}" rx="{round_}" fill="none" '
        f'stroke="currentColor" stroke-width="{2 if state in MAIN_PATH else 1}"/>'
        f'<text x="{x + WIDE // 2}" y="{y + 5}" text-anchor="middle" font-size="15" fill="currentColor">'
        f"{escape(state.label)}</text>"
    )


def _line(points: Iterable[tuple[int, int]], *, arrow: bool = True) -> str:
    path = " ".join(f"{x},{y}" for x, y in points)
    end = ' marker-end="url(#arrow)"' if arrow else ""
    return f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-width="1"{end}/>'


def _words(text: str, x: int, y: int, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="12" fill="currentColor">{escape(text)}</text>'


REOPENED = ([Reopen.rule.label], [Reopen.rule.label, DecideReconsideration.rule.label])
"""The way back from every end aside is told in one note."""


class _Picture:
    """Places boxes first, then draws every edge by the way its two ends lie."""

    def __init__(self) -> None:
        self.edges = edges()
        self.parts: list[str] = []
        self.at: dict[State, tuple[int, int]] = {}
        self.noted: list[State] = []
        self.tracks: list[tuple[int, int, int]] = []
        self.place()

    def into(self, state: State) -> list[State]:
        return [a for a, b in self.edges if b is state]

    def place(self) -> None:
        for i, state in enumerate(MAIN_PATH):
            self.at[state] = (ROAD, TOP + i * ROW)
        side = [s for s in State if s not in MAIN_PATH]
        begins = [t for s in STEPS.values() if s.rule.new for t in s.rule.to]
        self.noted = [s for s in side if len(self.into(s)) >= MANY or not (self.into(s) or s in begins)]
        y = TOP + LANE
        for state in side:
            starts = self.into(state)
            if state in self.noted or not all(s is FIRST or s not in MAIN_PATH for s in starts):
                continue
            self.at[state] = (LEFT, y)
            y += LANE
        low = TOP
        for state in side:
            if state not in self.at and state not in self.noted:
                # Beside the state that leads to it, but never upon another box.
                low = max(low, self.at[self.into(state)[0]][1])
                self.at[state] = (RIGHT, low)
                low += LANE
        self.bottom = max(y - LANE, low, self.at[MAIN_PATH[-1]][1]) + HIGH

    def draw(self) -> str:
        jumps: dict[State, list[State]] = {}
        from_sides: dict[State, list[State]] = {}
        for (a, b), labels in self.edges.items():
            if a in MAIN_PATH and b in MAIN_PATH:
                if MAIN_PATH.index(b) == MAIN_PATH.index(a) + 1:
                    self.down(a, b, labels)
                else:
                    jumps.setdefault(b, []).append(a)
            elif b in MAIN_PATH and (b is not FIRST or labels in REOPENED):
                from_sides.setdefault(b, []).append(a)
            elif b not in self.noted:
                self.sideways(a, b, labels)
        for end, starts in jumps.items():
            for downward in (True, False):
                group = [s for s in starts if (MAIN_PATH.index(s) < MAIN_PATH.index(end)) == downward]
                if group:
                    self.jump(group, end)
        self.trunks()
        self.begin()
        self.parts += [_box(s, x, y) for s, (x, y) in self.at.items()]
        for state in self.noted:
            self.note(state, self.into(state))
        for end, starts in from_sides.items():
            # This many ends lead there that lines would cross everything else.
            self.note(end, starts)
        return "\n".join(self.parts)

    def begin(self) -> None:
        x, y = self.at[FIRST]
        new = [(s.rule.label, t) for s in STEPS.values() if s.rule.new for t in s.rule.to]
        label = "、".join(label for label, state in new if state is FIRST)
        self.parts += [
            _line([(x + WIDE // 2, 12), (x + WIDE // 2, y - HIGH // 2)]),
            _words(label, x + WIDE // 2 + 8, 34),
        ]
        for label, state in new:
            if state is not FIRST:
                left, top = self.at[state][0] + WIDE // 2, self.at[state][1] - HIGH // 2
                self.parts += [_line([(left, top - 14), (left, top)]), _words(label, left + 8, top - 4)]

    def down(self, a: State, b: State, labels: list[str]) -> None:
        (x, y), (_, below) = self.at[a], self.at[b]
        middle = x + WIDE // 2
        self.parts += [
            _line([(middle, y + HIGH // 2), (middle, below - HIGH // 2)]),
            _words("、".join(labels), middle + 8, (y + below) // 2 + 4),
        ]

    def sideways(self, a: State, b: State, labels: list[str]) -> None:
        (ax, ay), (bx, by) = self.at[a], self.at[b]
        text = "、".join(labels)
        if ax == bx:
            self.parts += [
                _line([(ax + 30, ay + HIGH // 2), (bx + 30, by - HIGH // 2)]),
                _words(text, ax + 38, (ay + by) // 2 + 4),
            ]
        elif a is FIRST:
            self.parts += [_line([(TRUNK_OUT, by - 8), (bx + WIDE, by - 8)]), _words(text, bx + WIDE + 10, by - 13)]
        elif b is FIRST:
            self.parts += [
                _line([(ax + WIDE, ay + 12), (TRUNK_BACK, ay + 12)], arrow=False),
                _words(text, ax + WIDE + 10, ay + 26),
            ]
        else:
            bend = bx - 20
            self.parts += [
                _line([(ax + WIDE, ay), (bend, ay), (bend, by), (bx, by)]),
                _words(text, bend - 4, ay - 5, "end"),
            ]

    def trunks(self) -> None:
        """Draw the two lines along which everything leaves the first state on the left, and comes back to it."""
        x, y = self.at[FIRST]
        left = [(a, b) for a, b in self.edges if (a is FIRST or b is FIRST) and not {a, b} <= set(MAIN_PATH)]
        out = [self.at[b][1] - 8 for a, b in left if a is FIRST and b not in self.noted]
        back = [self.at[a][1] + 12 for a, b in left if b is FIRST and self.edges[a, b] not in REOPENED]
        if out:
            self.parts.append(_line([(x, y - 6), (TRUNK_OUT, y - 6), (TRUNK_OUT, max(out))], arrow=False))
        if back:
            self.parts.append(_line([(TRUNK_BACK, max(back)), (TRUNK_BACK, y + 12), (x, y + 12)]))

    def jump(self, starts: list[State], end: State) -> None:
        ys = [self.at[s][1] for s in starts]
        x, y = self.at[end]
        downward = y > ys[0]
        enter = y - 14 if downward else y + 14
        high, low = min(*ys, enter), max(*ys, enter)
        track = x + WIDE + 24
        while any(t == track and high < until and start < low for t, start, until in self.tracks):
            track += 112
        self.tracks.append((track, high, low))
        labels = dict.fromkeys(label for s in starts for label in self.edges[s, end])
        for leave in (s + (8 if downward else -8) for s in ys):
            self.parts.append(_line([(x + WIDE, leave), (track, leave), (track, enter), (x + WIDE, enter)]))
        self.parts.append(_words("、".join(labels), track + 6, (high + low) // 2 + 4))

    def note(self, state: State, starts: list[State]) -> None:
        self.bottom += LANE - 16
        self.parts.append(_box(state, LEFT, self.bottom))
        labels = "、".join(dict.fromkeys(label for s in starts for label in self.edges[s, state]))
        self.parts.append(
            _words(f"← {labels}：自{'、'.join(s.label for s in starts)}", LEFT + WIDE + 10, self.bottom + 4)
        )


def as_svg() -> str:
    """Return the states as a picture that a page can embed: no style, no script, readable in print and by ear."""
    picture = _Picture()
    body = picture.draw()
    told = "；".join(f"{a.label}经{'、'.join(labels)}到{b.label}" for (a, b), labels in edges().items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="procedure-title procedure-desc" '
        f'viewBox="0 0 {RIGHT + WIDE + 16} {picture.bottom + HIGH}" width="100%" font-family="sans-serif">\n'
        f'<title id="procedure-title">信访办理程序状态图</title>\n<desc id="procedure-desc">{escape(told)}。</desc>\n'
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" fill="currentColor"/></marker></defs>\n'
        f"{body}\n</svg>\n"
    )
