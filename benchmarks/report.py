"""The table: figure, target, what was measured at each size, how it grew, what bounds it."""

from dataclasses import dataclass
from typing import Any

from xinfang.procedure.step_codes import StepCode

PARTS = (
    "pages",
    StepCode.REGISTER,
    "register_http",
    "memory",
    "sweep",
    "import",
    "what_if",
    "backup",
    "reports",
    "papers",
    "proof",
)
_NOT_ASKED = "not asked for"
_BOUNDS = {
    "inbox": "the tasks of one's roles: index, then visibility of each",
    "boards": "one pass over the open cases one may see",
    "petition": "replaying its own history and filling the template",
    "list": "one stretch of an index; counting stops at 10,000",
    "search": "the shortest list of grams; names and numbers by index",
    StepCode.REGISTER: "the write lock: one petition at a time, Python inside it",
    "register_http": "the write lock, and two server processes",
    "sweep, nothing due": "one index look-up",
    "sweep, alerts": "one transaction an alert, synced to the disk",
    "import, next year": "one pass over open rows; rows whose certainty changes are rewritten",
    "import, this year moved": "one transaction a moved date",
    "what if, of 20,000 open cases": "replaying every open history, and counting its limits twice",
    "backup": "compressing and encrypting the copy, and reading all of it again",
    "restore": "decrypting, then verifying every record",
    "reports": "counting four stretches of time, two at once; then drawing",
    "verify": "SM3 and spelling each record again, on every core; reading the database",
    "policy": "one look at each case found, in the same question",
    "phone": "one keyed hash, one look into an index",
    "papers": "setting the text and subsetting the fonts it uses",
    "paper, first of a process": "finding the fonts and reading which characters they have",
    "paper as PDF and Word": "the PDF; the Word file is text put into an archive",
    "paper as PDF, Word and OFD": "the PDF, then reading where it puts each glyph",
    "the same, to PDF and Word": "as above",
    "batch of 200 notices": "setting each, keeping its files encrypted, one transaction a paper",
    "batch, papers a second": "as above",
    "batch, longest silence": "an answer ends with the paper that is under way after two seconds",
    "memory": "Django, granian and the database pages mapped (at most 128 MB)",
}


@dataclass(frozen=True)
class Row:
    """One figure. `target` is an upper bound, or a lower one where `more_is_better`."""

    name: str
    unit: str
    target: float | None
    values: list[float | None]
    typical: list[float | None]
    bound: str
    failed: str = ""
    more_is_better: bool = False
    queries: list[str] | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the target holds at the largest size; None where there is no target."""
        value = self.values[-1] if self.values else None
        if self.target is None:
            return None
        if value is None:
            return False
        return value >= self.target if self.more_is_better else value <= self.target

    @property
    def growth(self) -> float | None:
        """How many times the first value the last one is; None where only one is known."""
        known = [v for v in self.values if v]
        return known[-1] / known[0] if len(known) > 1 else None


_PAGE_TARGETS = {"inbox": 60.0, "boards": 60.0, "petition": 80.0}


def rows(results: list[dict[str, Any]]) -> list[Row]:
    """Return every figure that was asked for, of the results of all sizes, in order."""
    found = _page_rows(results)
    found.append(_simple(results, "register, 8 at once", StepCode.REGISTER, "per_second", "1/s", 100, more=True))
    found.append(_simple(results, "register over HTTP", "register_http", "per_second", "1/s", None, more=True))
    found.append(_simple(results, "sweep, nothing due", "sweep", "nothing_s", "s", 0.2))
    found.append(_simple(results, "sweep, alerts", "sweep", "alerts_s", "s", 20))
    found.append(_simple(results, "import, next year", "import", "next_year_s", "s", 120))
    found.append(_simple(results, "import, this year moved", "import", "this_year_s", "s", 120))
    found.append(_simple(results, "what if, of 20,000 open cases", "what_if", "of_20000_s", "s", 60))
    found.append(_simple(results, "backup", "backup", "backup_s", "s", 300))
    found.append(_simple(results, "restore", "backup", "restore_s", "s", 600))
    found.append(_simple(results, "monthly report", "reports", "monthly_s", "s", 5))
    found.append(_simple(results, "monthly report, again", "reports", "monthly_again_s", "s", 5))
    found.append(_simple(results, "annual report", "reports", "annual_s", "s", 20))
    found.append(_simple(results, "verify", "proof", "per_second", "1/s", 50_000, more=True))
    found.append(_simple(results, "policy", "proof", "added_percent", "%", 10))
    found.append(_simple(results, "phone", "proof", "phone_p95_ms", "ms", 10))
    found.append(_simple(results, "memory", "memory", "largest_mb", "MB", 300))
    found.append(_simple(results, "paper as PDF", "papers", "p95_ms", "ms", 60))
    found.append(_simple(results, "paper, first of a process", "papers", "cold_ms", "ms", None))
    found.append(_simple(results, "paper as PDF and Word", "papers", "both_p95_ms", "ms", 200, typical="both_p50_ms"))
    found.append(
        _simple(results, "paper as PDF, Word and OFD", "papers", "three_p95_ms", "ms", 400, typical="three_p50_ms")
    )
    found.append(_simple(results, "the same, to PDF and Word", "papers", "three_to_both", "×", 2, typical=""))
    found.append(_simple(results, "batch of 200 notices", "papers", "batch_s", "s", 30, typical=""))
    found.append(
        _simple(results, "batch, papers a second", "papers", "batch_per_second", "1/s", None, more=True, typical="")
    )
    found.append(_simple(results, "batch, longest silence", "papers", "batch_longest_s", "s", 5, typical=""))
    return [row for row in found if row.failed != _NOT_ASKED]


def _simple(
    results: list[dict[str, Any]],
    name: str,
    part: str,
    key: str,
    unit: str,
    target: float | None,
    *,
    more: bool = False,
    typical: str = "p50_ms",
) -> Row:
    of = [r.get(part) or {"failed": _NOT_ASKED} for r in results]
    failed = next((o["failed"] for o in of if isinstance(o.get("failed"), str)), "")
    bound = _BOUNDS.get(name) or _BOUNDS[part]
    return Row(
        name, unit, target, [o.get(key) for o in of], [o.get(typical) for o in of], bound, failed, more_is_better=more
    )


def _page_rows(results: list[dict[str, Any]]) -> list[Row]:
    of = [{(p["page"], p["user"]): p for p in r["pages"]} if isinstance(r.get("pages"), list) else {} for r in results]
    whole = next((r["pages"]["failed"] for r in results if isinstance(r.get("pages"), dict)), "")
    if whole:
        return [Row("pages", "ms", 60, [None] * len(results), [], "", whole)]
    found = []
    for page, user in dict.fromkeys(key for o in of for key in o):
        cells = [o.get((page, user), {}) for o in of]
        kind = page.split(",")[0]
        found.append(
            Row(
                f"{page}: {user}",
                "ms",
                _PAGE_TARGETS.get(kind),
                [c.get("p95_ms") for c in cells],
                [c.get("p50_ms") for c in cells],
                _BOUNDS[kind],
                next((c["failed"] for c in cells if c.get("failed")), ""),
                queries=[_queries(c) for c in cells],
            )
        )
    return found


def _queries(cell: dict[str, Any]) -> str:
    most, fewest = cell.get("queries"), cell.get("fewest_queries")
    return "-" if most is None else str(most) if most == fewest else f"{fewest}-{most}"


def text_table(results: list[dict[str, Any]]) -> str:
    """Return the table for people."""
    sizes = [r["petitions"] for r in results]
    head = ["figure", "target", *(f"p50 / p95 @ {s:,}" for s in sizes), "queries", "growth", "holds", "bound by"]
    lines = [head]
    for r in rows(results):
        target = "-" if r.target is None else f"{'≥' if r.more_is_better else '≤'} {r.target:g} {r.unit}"
        cells = [_cell(v, t, r.unit) for v, t in zip(r.values, r.typical or [None] * len(r.values), strict=True)]
        grown = "-" if r.growth is None else f"×{r.growth:.2f}"
        holds = {None: "-", True: "yes", False: "NO"}[r.holds]
        queries = " ".join(dict.fromkeys(r.queries)) if r.queries else "-"
        lines.append([r.name, target, *cells, queries, grown, holds, f"FAILED: {r.failed}" if r.failed else r.bound])
    widths = [max(len(line[i]) for line in lines) for i in range(len(head) - 1)]
    out = ["  ".join([*(c.ljust(w) for c, w in zip(line, widths, strict=False)), line[-1]]) for line in lines]
    out.insert(1, "-" * min(len(out[0]), 160))
    for r in results:
        build = f"{r['petitions']:,} petitions, {r['events']:,} events, {r['database_mb']:.0f} MB"
        sample = "; ".join(r["wrong_in_sample"]) or "agrees with its histories"
        loads = max((v for k, v in r.items() if k.endswith("_load")), default=0.0)
        out.append(f"{build}; built in {r['build_s']:.0f} s; sample {sample}; highest load average {loads:.1f}")
    return "\n".join(out)


def _cell(value: float | None, typical: float | None, unit: str) -> str:
    if value is None:
        return "-"
    shown = f"{value:.3f}" if unit == "s" and value < 1 else f"{value:.1f}"
    return f"{typical:.1f} / {shown}" if unit == "ms" and typical is not None else f"{shown}"


def correct(results: list[dict[str, Any]]) -> list[str]:
    """Return what is wrong beyond being slow: copied rows that lie, numbers missing or given twice."""
    wrong = [w for r in results for w in r["wrong_in_sample"]]
    for r in results:
        for part in (StepCode.REGISTER, "register_http"):
            got = r.get(part) or {}
            if got.get("missing_numbers") or got.get("unique") is False:
                wrong.append(f"{part}: numbers missing or given twice")
    return wrong
