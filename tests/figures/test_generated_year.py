"""FIGURES=20000 pytest tests/figures/test_generated_year.py.

All figures of a large invented department equal the slow count.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SIZE = int(os.environ.get("FIGURES", "0"))
HERE = Path(__file__).resolve().parents[2]

_PROGRAM = """
import sys, time
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from benchmarks import department, population
from xinfang.accounts.queries.actors import today
department.make_department()
population.build(int(sys.argv[1]), today())
from tests.figures import slow
from tests.figures.test_equal_slow_count import compare
from xinfang.figures.tables import figure_report
from xinfang.figures.periods import Span, period_of
began = time.monotonic()
cases = slow.read()
print(len(cases), "cases read slowly in", round(time.monotonic() - began), "s", flush=True)
for span in Span:
    period = period_of(span, today()).previous if span is not Span.YEAR else period_of(span, today())
    began = time.monotonic()
    counted = figure_report(period, today())
    took = time.monotonic() - began
    print(period.code, "counted in", round(took, 1), "s;", compare(counted, cases), "cells equal", flush=True)
"""


@pytest.mark.skipif(not SIZE, reason="FIGURES=20000 compares a whole generated year; it takes minutes")
def test_a_generated_year(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("XINFANG_")} | {
        "XINFANG_DATA": str(tmp_path),
        "XINFANG_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "xinfang.config.settings",
    }
    command = [sys.executable, "-c", _PROGRAM, str(SIZE)]
    done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=False)
    print(done.stdout[-3000:])
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.count("cells equal") == 3
