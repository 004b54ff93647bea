"""`python -m tests.mutation [FILE … | NUMBER]`: mutants of the law, and which of them no test of the law notices.

Without a word it tries every mutant of every file of the law; with file names those of these files; with a number this
many, drawn at random (the same ones every time). Ends with 1 if a mutant survives that isn't known as equivalent, or if
one that is known so survives no longer.
"""

import argparse
import os
import random
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from .mutants import Mutant
from .trials import SECONDS, Court, Verdict

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "xinfang.procedure"
LAW = (
    "rules.py",
    "conditions.py",
    "calendar.py",
    "visibility.py",
    "limits.py",
    "dated_rules.py",
    "department_numbers.py",
    "timing.py",
    "clocks.py",
    "clock_days.py",
    "voided.py",
    "actor_rules.py",
    "addressees.py",
    "papers.py",
    "runs.py",
    "rounds.py",
    "what_is_due.py",
    "waiting.py",
    "alerts.py",
    "steps/*.py",
)
WALKS = tuple(
    f"tests/articles/test_{name}.py"
    for name in (
        "table_of_steps",
        "what_each_step_changes",
        "every_condition",
        "each_way_to_be_refused",
        "what_is_asked",
        "every_step",
    )
)
TESTS = (
    WALKS,
    ("tests/articles", *(f"--ignore={walk}" for walk in WALKS)),
    (
        "tests/procedure/test_clocks.py",
        "tests/procedure/test_declarations.py",
        "tests/procedure/test_in_any_order.py",
        "tests/procedure/test_plain_minimum.py",
    ),
)
"""Whom a mutant must escape: what walks through all steps first, then all that the articles say."""
LIKELIEST = {
    "rules.py": "tests/articles/test_second_person.py",
    "calendar.py": "tests/articles/test_civil_201_203.py",
    "timing.py": "tests/articles/test_civil_201_203.py",
    "limits.py": "tests/articles/test_numbers.py",
    "dated_rules.py": "tests/articles/test_dated_numbers.py",
    "department_numbers.py": "tests/articles/test_changing_a_number.py",
    "visibility.py": "tests/articles/test_who_sees.py",
    "actor_rules.py": "tests/articles/test_who_acts.py",
    "addressees.py": "tests/articles/test_stand_ins.py",
}
"""What notices most of the mutants of a file in the shortest time, so it is asked before all others."""
EQUIVALENT = Path(__file__).with_name("equivalent.toml")


@dataclass(frozen=True)
class Equivalent:
    """A mutant that changes nothing anybody could notice, and why."""

    key: tuple[str, str, str, str]
    why: str


def known_equivalents(path: Path) -> list[Equivalent]:
    """What the file lists.

    Raises KeyError for an entry without one of its parts, ValueError for one without a reason.
    """
    if not path.exists():
        return []
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("equivalent", [])
    known = [Equivalent((e["file"], e["where"], e["was"], e["becomes"]), e["why"]) for e in entries]
    for e in known:
        if not e.why.strip():
            raise ValueError(f"no reason is given: {e.key}")
    return known


def main(words: list[str]) -> int:
    """Run, print, and tell by the number whether all is well. Raises SystemExit for words it doesn't understand."""
    read = argparse.ArgumentParser(prog="python -m tests.mutation", description="Mutation tests of the law.")
    read.add_argument("what", nargs="*", help="files of the package, or a number of mutants to draw")
    read.add_argument("--jobs", type=int, default=2)
    read.add_argument("--seconds", type=int, default=SECONDS, help="of computing for one mutant")
    read.add_argument("--root", type=Path, default=ROOT)
    read.add_argument("--package", default=PACKAGE)
    read.add_argument("--tests", nargs="+", help="instead of the law's")
    read.add_argument("--equivalent", type=Path, default=EQUIVALENT)
    given = read.parse_args(words)
    os.chdir(given.root)
    sys.path.insert(0, str(given.root))
    tests, likeliest = ((tuple(given.tests),), {}) if given.tests else (TESTS, LIKELIEST)
    court = Court(given.root, given.package, tests, likeliest, given.seconds)
    sample = next((int(w) for w in given.what if w.isdigit()), None)
    names = [w for w in given.what if not w.isdigit()] or LAW
    home = court.path("")
    files = [str(p.relative_to(home)) for name in names for p in sorted(home.glob(name)) if p.name != "__init__.py"]
    if not files:
        read.error(f"no such file in {home}: {' '.join(names)}")
    if [v for _, v in court.try_all([None], 1)] != [Verdict.SURVIVED]:
        print("The tests fail without any mutation; first mend that.")
        return 2
    mutants = [m for file in files for m in court.mutants(file)]
    known = [e for e in known_equivalents(given.equivalent) if e.key[0] in files or not (home / e.key[0]).exists()]
    if sample is not None:
        mutants = random.Random(0).sample(mutants, min(sample, len(mutants)))
        tried = {m.key for m in mutants}
        known = [e for e in known if e.key in tried]  # the others weren't asked
    return _judged(court, mutants, known, given.jobs)


def _judged(court: Court, mutants: list[Mutant], known: list[Equivalent], jobs: int) -> int:
    """Try them, print who survived, and count. Every one of the known equivalents must be among the survivors."""
    excused = {e.key for e in known}
    counts: dict[str, Counter[str]] = {m.file: Counter() for m in mutants}
    survived = set()
    for mutant, verdict in court.try_all(mutants, jobs):
        assert mutant is not None
        said = verdict.value
        if verdict is Verdict.SURVIVED:
            survived.add(mutant.key)
            said = "equivalent" if mutant.key in excused else "survived"
        counts[mutant.file][said] += 1
        if said == "survived":
            print(mutant, flush=True)
    stale = [e for e in known if e.key not in survived]
    for e in stale:
        print("Listed as equivalent, but there is no such mutant or a test kills it:", *e.key, sep="\n    ")
    _print_counts(counts)
    return 1 if stale or any(c["survived"] for c in counts.values()) else 0


def _print_counts(counts: dict[str, Counter[str]]) -> None:
    heads = ("killed", "timed out", "equivalent", "survived")
    print(f"{'':<24}{'mutants':>9}" + "".join(f"{h:>12}" for h in heads))
    for file, c in [*counts.items(), ("all", sum(counts.values(), Counter[str]()))]:
        print(f"{file:<24}{c.total():>9}" + "".join(f"{c[h]:>12}" for h in heads))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
