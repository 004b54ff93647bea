"""Mutants on trial: each in a process of its own, made by forking this one, so that it costs no start of Python."""

import importlib
import importlib.util
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType

import pytest
from hypothesis import settings

from .mutants import Mutant, mutants_of

SECONDS = 90
"""Of computing, for one mutant; the tests of the law need a third of it.

A busy machine changes nothing: the kernel counts what the process computes.
"""
MEMORY_BYTES = 512 << 20
OPTIONS = ("-x", "-q", "--noconftest", "--assert=plain", "-o", "addopts=")
WITHOUT = (
    "django xdist cacheprovider logging playwright base_url warnings unraisableexception threadexception faulthandler"
    " capture"
)
"""Plugins that the tests of the law don't need, left out because they cost time."""

settings.register_profile("mutation", derandomize=True, deadline=None, database=None, max_examples=60)


class Verdict(Enum):
    """What the tests said of a mutant."""

    KILLED = "killed"
    TIMED_OUT = "timed out"
    SURVIVED = "survived"


@dataclass(frozen=True)
class Court:
    """The package whose files are mutated, and the tests that must notice, the likeliest first."""

    root: Path
    package: str
    tests: tuple[tuple[str, ...], ...]
    likeliest: Mapping[str, str] = field(default_factory=dict)
    """A file of tests to ask before all others, for some of the package's files."""
    seconds: int = SECONDS

    def mutants(self, file: str) -> list[Mutant]:
        """All mutants of one file of the package, such as `steps/review.py`."""
        name = self.module(file)
        mutants = mutants_of(file, self.path(file).read_bytes(), vars(importlib.import_module(name)))
        self._forget()
        return mutants

    def path(self, file: str) -> Path:
        return self.root / self.package.replace(".", "/") / file

    def module(self, file: str) -> str:
        return ".".join([self.package, *Path(file).with_suffix("").parts])

    def try_all(self, mutants: Iterable[Mutant | None], jobs: int) -> Iterator[tuple[Mutant | None, Verdict]]:
        """Each mutant (None: the files as they are) and what became of it, as they finish."""
        running: dict[int, Mutant | None] = {}
        for mutant in mutants:
            if len(running) == jobs:
                yield self._finished(running)
            running[_forked(partial(self._survives, mutant), self.seconds)] = mutant
        while running:
            yield self._finished(running)

    def _finished(self, running: dict[int, Mutant | None]) -> tuple[Mutant | None, Verdict]:
        pid, status = os.wait()
        return running.pop(pid), _verdict(status)

    def _survives(self, mutant: Mutant | None) -> bool:
        settings.load_profile("mutation")
        if mutant is not None:
            name = self.module(mutant.file)
            sys.meta_path.insert(0, _Mutated(name, self.path(mutant.file), mutant.source))
        plugins = [word for name in WITHOUT.split() for word in ("-p", f"no:{name}")]
        likeliest = self.likeliest.get(mutant.file) if mutant else None
        rounds = ((likeliest,), *self.tests) if likeliest else self.tests
        return all(pytest.main([*OPTIONS, *plugins, *tests]) == pytest.ExitCode.OK for tests in rounds)

    def _forget(self) -> None:
        """So that every process imports them afresh, one of them mutated."""
        top = self.package.partition(".")[0]
        for name in [n for n in sys.modules if n == top or n.startswith(f"{top}.")]:
            del sys.modules[name]


class _Mutated(SourceFileLoader):
    """Finds one module only, and gives the mutated source for it."""

    def __init__(self, name: str, path: Path, source: bytes) -> None:
        super().__init__(name, str(path))
        self._source = source

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        return importlib.util.spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, self.path, "exec", dont_inherit=True)


def _forked(survives: Callable[[], bool], seconds: int) -> int:
    """Ask in a child, which says it by how it ends: 0 survived, 1 killed."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
            code = 0 if survives() else 1
    finally:
        # Nothing of the parent is cleaned up by its children.
        os._exit(code)
    raise AssertionError("unreachable")


def _verdict(status: int) -> Verdict:
    if os.WIFSIGNALED(status):
        return Verdict.TIMED_OUT if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL) else Verdict.KILLED
    return Verdict.KILLED if os.WEXITSTATUS(status) else Verdict.SURVIVED
