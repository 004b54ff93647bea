"""What a walk costs those who take it: clicks and choices, page loads and fields typed in, stage by stage."""

from collections import Counter

from playwright.sync_api import Frame, Page

_COUNT = """
addEventListener("click", (event) => { if (event.isTrusted) window.__effort("clicks"); }, true);
addEventListener("change", (event) => {
  const typed = "input:not([type=radio]):not([type=checkbox]):not([type=file]), textarea";
  if (event.target.matches(typed)) window.__effort("fields");
}, true);
// A choice from a list is a click too; what a page suggests by itself is none.
addEventListener("input", (event) => { if (event.target.matches("select")) window.__effort("clicks"); }, true);
"""


class Effort:
    """Counts on every page that it watches; `stage` begins another count."""

    def __init__(self) -> None:
        self.stages: dict[str, Counter[str]] = {}
        self._now: Counter[str] = Counter()

    def stage(self, name: str) -> None:
        """Count for this stage from here on."""
        self._now = self.stages.setdefault(name, Counter())

    def watch(self, page: Page) -> None:
        """Count what happens on this page, which is loaded again to begin."""
        page.expose_function("__effort", self.add)
        page.add_init_script(_COUNT)
        page.reload()
        page.on("framenavigated", self._loaded)

    def add(self, what: str) -> None:
        """Count one more."""
        self._now[what] += 1

    def _loaded(self, frame: Frame) -> None:
        if frame.parent_frame is None:
            self._now["loads"] += 1

    @property
    def total(self) -> Counter[str]:
        """Return the sum of all stages."""
        return sum(self.stages.values(), Counter())

    def table(self) -> str:
        """Return the counts as text, a line a stage."""
        lines = [f"{'':<22}{'clicks':>8}{'loads':>8}{'fields':>8}"]
        for name, c in [*self.stages.items(), ("all", self.total)]:
            lines.append(f"{name:<22}{c['clicks']:>8}{c['loads']:>8}{c['fields']:>8}")
        return "\n".join(lines)
