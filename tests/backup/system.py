"""A small system in a folder of its own: real processes fill it, back it up and check it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.cases.racing import ROOT, environment, run

FILL = """
from datetime import date
from django.conf import settings
from tests.attachments import made
from tests.world import make_department, register, walk, who
from xinfang.attachments.actions.attach import attach
from xinfang.incidents.actions.incident_files import add_picture
from xinfang.incidents.actions.act import take_incident_step
from xinfang.accounts.models import Staff
from xinfang.procedure.incidents.replay import INCIDENT_STEPS
from xinfang.procedure.step_schema import load_step
from xinfang.procedure.words import Material
from xinfang.proof.actions.sealing import make_seal
make_department()
day, clerk = date(2026, 3, 2), Staff.objects.get(username="clerk")
for n, until in enumerate(("signed", "replied", "archived")):
    number = register(day)
    for name, data in (("来信.pdf", made.pdf()), ("照片.png", made.png(8 + n))):
        attach(number, data, name, what=Material.LETTER, by=who("clerk"), staff=clerk)
    walk(number, until, day)
at = {"by": who("guard", day), "staff": Staff.objects.get(username="guard")}
report = load_step(INCIDENT_STEPS["report"], {"kind": "sudden_gathering", "place": "一楼大厅", "people": 12})
number = take_incident_step(report, None, **at).incident.number
add_picture(number, made.png(20), "现场.png", **at)
make_seal(day)
register(day)
"""
STATE = """
import json
from benchmarks.checks import wrong_in_sample
from xinfang.core import file_store
from xinfang.attachments.models import Attachment
from xinfang.cases.models import Event, Petition, Petitioner
from xinfang.proof.verify import verify
from xinfang.search.index import check_index
ids = list(Petition.objects.values_list("pk", flat=True))
print(json.dumps({
    "whole": verify().whole,
    "wrong": wrong_in_sample(ids, len(ids)) + check_index() + file_store.check_files(),
    "heads": dict(Petition.objects.values_list("number", "head")),
    "people": [[p.full_name, p.phone, p.address, p.id_number] for p in Petitioner.objects.order_by("pk")],
    "files": [[a.digest, a.name] for a in Attachment.objects.order_by("pk")],
    "events": Event.objects.count(),
}))
"""


def cli(env: dict[str, str], *args: str, given: str = "") -> tuple[int, str, str]:
    """A command of the product: exit code, standard output, standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "xinfang.operations.main", *args],
        cwd=ROOT,
        env=env,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def fill(env: dict[str, str]) -> None:
    """Four cases with attachments, an event with a picture, a seal."""
    assert cli(env, "migrate")[0] == 0
    run(env, FILL)


def state(env: dict[str, str]) -> dict[str, Any]:
    """Everything that must be the same after a restore, and whether it is right in itself."""
    found: dict[str, Any] = json.loads(run(env, STATE))
    assert found["whole"] and found["wrong"] == [], found
    return found


def another(data: Path, like: Path, database_url: str = "", *, keys: bool = True) -> dict[str, str]:
    """The environment of an empty machine, with the keys of another one put into place."""
    data.mkdir(mode=0o700)
    if keys:
        shutil.copytree(like / "keys", data / "keys")
    return environment(data, database_url)
