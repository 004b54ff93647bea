"""A department leaves with everything and arrives elsewhere: the same registers, papers and proofs.

Real processes: a system is filled, exported with two people's word, unpacked, and made again from the export on an
empty machine that has the keys; at night on PostgreSQL as well.
"""

import hashlib
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import postgres
from tests.backup.system import STATE, another, cli, fill
from tests.cases.racing import environment, run
from tests.night import only_at_night

SEALED_TEXT, KEPT_TEXT = "某处室经办人收受好处", "请公布科技特派员补助的发放标准"
MORE = f"""
from datetime import date
from tests.mailbox import poison
from tests.world import register, take
from django.utils import timezone
from xinfang.mailbox.actions.taking import keep_mail
from xinfang.mailbox.imap_box import BoxMessage
from xinfang.procedure.step_codes import StepCode
register(date(2026, 3, 3), subject="{KEPT_TEXT}")
number = register(date(2026, 3, 3), subject="反映问题", body="{SEALED_TEXT}")
take(number, StepCode.SEAL, "clerk", date(2026, 3, 3), reason="检举控告")
raw = poison.a_letter(1)
keep_mail(raw, BoxMessage(1, len(raw), timezone.now()), "box", 1, whole=True)
print(number)
"""
LEAVE = """
import sys
from pathlib import Path
from tests.world import who
from xinfang.accounts.models import Staff
from xinfang.cases.actions.export_approvals import answer_export
from xinfang.cases.models import ExportRequest
from xinfang.operations.main import main
file = {file!r}
def export(*words):
    return main(["export-all", *words])
assert export(file, "--for", "office_head"), "nobody asked"
assert export("--for", "clerk", "--ask", "换系统"), "not theirs to ask for"
assert export("--for", "office_head", "--ask", "换系统") == 0
assert export(file, "--for", "office_head"), "nobody agreed"
assert not Path(file).exists()
pk, principal = ExportRequest.objects.latest("pk").pk, Staff.objects.get(username="principal")
answer_export(pk, agree=True, opinion="", by=who("principal"), staff=principal)
assert export(file, "--for", "office_head", "--json") == 0
assert export(file + "-again", "--for", "office_head"), "good for one"
"""
REGISTER = """
import json
from xinfang.cases.models import Petition
from xinfang.core.clock import today
from xinfang.papers.models import Paper
from xinfang.proof.derived_rows import differences
from xinfang.registers.case_rows import read_rows
from xinfang.registers.columns import LEDGER, cell_of, read_columns, text_of
known = Petition.objects.filter(sealed=False).order_by("pk")
columns = read_columns(LEDGER, personal=True)
rows = read_rows(known, [p.pk for p in known], [c.needs for c in columns], today(), personal=True)
print(json.dumps({
    "register": [[text_of(cell_of(c, row)) for c in columns] for row in rows],
    "papers": [[p.petition.number, p.kind, p.number, p.stage, str(p.issued_on), p.pdf and p.pdf.digest]
        for p in Paper.objects.order_by("pk")],
}))
"""


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A system, its export, and the number of the case that is sealed in it."""
    data = tmp_path_factory.mktemp("leaving") / "data"
    env = environment(data)
    fill(env)
    file = data.parent / "all"
    out = run(env, MORE + LEAVE.format(file=str(file)))
    said = json.loads(out[out.index("{\n") : out.index("\n}") + 2])
    assert (said["cases"], said["sealed"]) == (5, 1) and said["sm3"] == _sm3(file.read_bytes())
    return data, file, out.split()[0]


def _sm3(content: bytes) -> str:
    return hashlib.new("sm3", content).hexdigest()


def test_the_folder_is_read_and_checked_without_the_system(left: tuple[Path, Path, str]) -> None:
    data, file, sealed = left
    assert KEPT_TEXT.encode() not in file.read_bytes(), "encrypted as it lies there"
    folder = file.parent / "folder"
    assert cli(environment(data), "export-all", str(file), "--unpack", str(folder))[0] == 0
    for line in (folder / "manifest-sm3.txt").read_text().splitlines():
        digest, _, name = line.partition("  ")
        assert _sm3((folder / name).read_bytes()) == digest, name
    there = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    listed = {line.partition("  ")[2] for line in (folder / "manifest-sha256.txt").read_text().splitlines()}
    assert there - listed == {"manifest-sm3.txt", "manifest-sha256.txt"}
    cases = sorted(p.name for p in (folder / "cases").iterdir())
    assert len(cases) == 5 and sealed not in cases
    told = [json.loads((folder / "cases" / n / "case.json").read_text()) for n in cases]
    assert any(t["subject"] == KEPT_TEXT and t["persons"][0]["name"] == "其木格" and t["events"] for t in told)
    assert any((folder / t["files"][0]["path"]).read_bytes().startswith(b"%PDF") for t in told if t["files"])
    assert any(p["number"] and (folder / p["files"]["pdf"]).exists() for t in told for p in t["papers"] if p["files"])
    everything = b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())
    assert SEALED_TEXT.encode() not in everything, "of a sealed case only ciphertext"
    assert json.dumps(SEALED_TEXT).encode() not in everything
    with zipfile.ZipFile(folder / "proofs.zip") as proofs:
        proofs.extractall(folder / "proofs")
    done = subprocess.run([sys.executable, "-I", "verify.py"], cwd=folder / "proofs", capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()


def test_an_empty_system_becomes_the_same(left: tuple[Path, Path, str], tmp_path: Path) -> None:
    data, file, _ = left
    env = another(tmp_path / "new", data)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "changed").write_bytes(content)
    code, _, err = cli(env, "import-all", str(tmp_path / "changed"))
    assert code != 0 and "没有迁入" in err
    _arrives(env, environment(data), file)  # still an empty one
    again = cli(env, "import-all", str(file))
    assert again[0] != 0 and "空" in again[2], "never onto another system"
    assert cli(environment(data), "restore", str(file))[0] != 0, "it is no backup"
    other = another(tmp_path / "other", data, keys=False)
    assert cli(other, "import-all", str(file))[0] != 0, "of other keys"


@pytest.fixture
def postgres_url() -> Iterator[str]:
    with postgres.server() as description:
        yield postgres.address(description)


@only_at_night
def test_from_sqlite_to_postgresql(left: tuple[Path, Path, str], tmp_path: Path, postgres_url: str) -> None:
    data, file, _ = left
    _arrives(another(tmp_path / "new", data, postgres_url), environment(data), file)


def _arrives(env: dict[str, str], before: dict[str, str], file: Path) -> None:
    code, out, err = cli(env, "import-all", str(file), "--json")
    assert code == 0, (out, err)
    assert json.loads(out)["whole"]
    assert _what_is_there(env) == _what_is_there(before)


def _what_is_there(env: dict[str, str]) -> list[Any]:
    """What `tests.backup` compares, and the register and the papers."""
    found: list[Any] = [json.loads(line) for line in run(env, STATE + REGISTER).splitlines()]
    assert found[0]["whole"] and found[0]["wrong"] == [], found[0]
    return found
