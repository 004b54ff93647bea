"""A bundle proves itself on a machine without the system; whatever is touched in it is found."""

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.proof.test_tampering import START, build, run
from tests.tables import T
from tests.world import register, take, walk
from xinfang.accounts.models import Staff
from xinfang.audit.models import Seal
from xinfang.cases.models import AccessLogEntry, EventText, Petition
from xinfang.operations.main import main
from xinfang.procedure.step_codes import StepCode
from xinfang.procedure.words import AccessKind
from xinfang.vault import standalone
from xinfang.vault.standalone import DamagedRecord, check, check_file, manifest_of, members_of, pure_sm3

pytestmark = pytest.mark.django_db


def export(
    file: Path, *numbers: str, by: str = "clerk", reason: str = "移送审计核验", more: tuple[str, ...] = ()
) -> int:
    return main(["bundle", *numbers, "--out", str(file), "--by", by, "--reason", reason, *more])


def all_numbers() -> list[str]:
    return list(Petition.objects.order_by("pk").values_list("number", flat=True))


def elsewhere(folder: Path, *args: str, python: str = "") -> subprocess.CompletedProcess[str]:
    """`verify.py` of an unpacked bundle, by a Python that sees neither the system nor any installed package."""
    shutil.copy(standalone.__file__, folder / "verify.py")
    command = [python or sys.executable, "-I", "-S", "verify.py", *args]
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    build()
    file = tmp_path / "out.zip"
    assert export(file, *all_numbers()[:3]) == 0
    return file


def test_verifies_without_the_system(bundle: Path, tmp_path: Path) -> None:
    away = tmp_path / "away"
    with zipfile.ZipFile(bundle) as packed:
        packed.extractall(away)
    (away / "note of the reader.txt").write_text("kept beside it")
    packed_bytes = (away / "verify.py").read_bytes()
    for place in ((), (str(bundle),)):
        done = elsewhere(away, *place)
        assert done.returncode == 0 and "核验通过：3 件" in done.stdout, done.stdout + done.stderr
    assert (away / "verify.py").read_bytes() == packed_bytes, "the bundle brings its verifier"
    seen = elsewhere(away, "-h").stdout
    assert "site-packages" not in seen and "核验" in seen
    assert bundle.stat().st_mode & 0o777 == 0o600


def test_seals_kept_elsewhere_are_compared(bundle: Path, tmp_path: Path) -> None:
    kept = tmp_path / "seals.txt"
    assert main(["seal", "--export", str(kept)]) == 0
    later = tmp_path / "later.zip"
    assert export(later, all_numbers()[0]) == 0
    assert "与另存的 4 个封印一致" in elsewhere(tmp_path, str(later), "--seals", str(kept)).stdout
    # The first bundle was made before the fourth seal.
    done = elsewhere(tmp_path, str(bundle), "--seals", str(kept))
    assert (done.returncode, "另存的第4号封印不在包内" in done.stdout) == (1, True)
    kept.write_text(f"2 2026-03-05 {'0' * 64}\n")
    assert "第2号封印与另存的不同" in elsewhere(tmp_path, str(later), "--seals", str(kept)).stdout
    assert elsewhere(tmp_path, str(later), "--seals", "nowhere").returncode == 2


def test_no_byte_of_any_member_can_be_changed(bundle: Path) -> None:
    members = members_of(bundle)
    assert check(members)["events"] > 10 and len(members) >= 9
    rng = random.Random(7)
    tried = 0
    for name, raw in members.items():
        # Every byte of the short ones, a sample of the long.
        places = range(len(raw)) if len(raw) < 1500 else rng.sample(range(len(raw)), 500)
        for place in places:
            changed = bytearray(raw)
            changed[place] ^= 1 << rng.randrange(8)
            with pytest.raises((DamagedRecord, ValueError)):
                check({**members, name: bytes(changed)})
            tried += 1
        for cut in (raw[:-1], raw + b"\n", b""):
            with pytest.raises((DamagedRecord, ValueError)):
                check({**members, name: cut})
        with pytest.raises(DamagedRecord):
            check({n: m for n, m in members.items() if n != name})
    with pytest.raises(DamagedRecord, match="多出文件"):
        check({**members, "cases/LX2026999999.txt": b""})
    assert tried > 3000


def test_a_damaged_file_is_named_not_a_traceback(bundle: Path, tmp_path: Path) -> None:
    raw, rng = bundle.read_bytes(), random.Random(3)
    with zipfile.ZipFile(bundle) as packed:
        data = [
            i.header_offset + 30 + len(i.filename.encode()) + rng.randrange(i.compress_size) for i in packed.infolist()
        ]
    for place in data:
        broken = tmp_path / "broken.zip"
        changed = bytearray(raw)
        changed[place] ^= 0x10
        broken.write_bytes(bytes(changed))
        with pytest.raises(DamagedRecord):
            check_file(broken)
    broken.write_bytes(raw[: len(raw) // 2])
    done = elsewhere(tmp_path, str(broken))
    assert done.returncode == 1 and "核验不通过" in done.stdout and not done.stderr


def forged(members: dict[str, bytes]) -> dict[str, bytes]:
    """The manifest put right again, as a forger would."""
    rest = {n: m for n, m in members.items() if n != standalone.MANIFEST}
    return {**rest, standalone.MANIFEST: manifest_of(rest)}


def case_files(members: dict[str, bytes]) -> list[str]:
    return sorted(n for n in members if n.startswith("cases/"))


def rewritten(raw: bytes, start: int, change) -> bytes:
    """A case whose events from a step on are changed and hashed again."""
    previous, out = "0" * 64, []
    for place, line in enumerate(raw.splitlines()):
        fields = json.loads(line[65:])
        fields[1] = previous
        if place >= start:
            fields = change(fields)
        hashed = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
        previous = pure_sm3(hashed)
        out.append(previous.encode() + b" " + hashed + b"\n")
    return b"".join(out)


def test_what_a_forger_does_who_puts_the_manifest_right(bundle: Path) -> None:
    members = members_of(bundle)
    a, b = case_files(members)[:2]
    assert check(forged(members)) == check(members)

    with pytest.raises(DamagedRecord, match=r"不是这一件|之后的记录"):
        check(forged({**members, a: members[b], b: members[a]}))

    about = json.loads(members[standalone.ABOUT])
    cases = about["cases"]
    swapped = [{**cases[0], "number": cases[1]["number"]}, {**cases[1], "number": cases[0]["number"]}, *cases[2:]]
    told = json.dumps({**about, "cases": swapped}).encode()
    with pytest.raises(DamagedRecord, match="不是这一件"):
        check(forged({**members, a: members[b], b: members[a], standalone.ABOUT: told}))

    lines = members[a].splitlines(keepends=True)
    for altered in (lines[:-1], lines[1:], [lines[1], lines[0], *lines[2:]], [*lines, lines[-1]]):
        with pytest.raises(DamagedRecord):
            check(forged({**members, a: b"".join(altered)}))

    # All hashes of the case made again, and what tells of it: the seals still show it.
    new = rewritten(members[a], 1, lambda fields: [*fields[:6], '{"x":1}', *fields[7:]])
    cases[0]["head"] = new.splitlines()[-1][:64].decode()
    told = json.dumps({**about, "cases": cases}).encode()
    with pytest.raises(DamagedRecord, match="不在当时封印的记录之中"):
        check(forged({**members, a: new, standalone.ABOUT: told}))

    under = next(n for n in members if n.startswith("sealed/"))
    leaves = members[under].splitlines(keepends=True)
    for altered in (leaves[:-1], [*leaves[:1], leaves[2], leaves[1], *leaves[3:]], leaves[1:]):
        with pytest.raises(DamagedRecord, match="封印"):
            check(forged({**members, under: b"".join(altered)}))
    seals = members[standalone.SEALS].splitlines(keepends=True)
    for altered in (seals[1:], [seals[1], seals[0], *seals[2:]], seals[:1]):
        with pytest.raises(DamagedRecord, match="封印"):
            check(forged({**members, standalone.SEALS: b"".join(altered)}))


def test_all_seals_brings_every_hash(tmp_path: Path) -> None:
    build()
    number = all_numbers()[0]
    assert export(tmp_path / "few.zip", number) == 0
    assert export(tmp_path / "all.zip", number, more=("--all-seals",)) == 0
    few, whole = (members_of(tmp_path / n) for n in ("few.zip", "all.zip"))
    assert [n for n in whole if n.startswith("sealed/")] == [f"sealed/{i:06d}.txt" for i in (1, 2, 3)]
    assert len([n for n in few if n.startswith("sealed/")]) < 3
    hashes = sum(len(line) == 64 for n in whole if n.startswith("sealed/") for line in whole[n].decode().split("\n"))
    assert hashes == sum(Seal.objects.values_list("records", flat=True))


def test_nothing_withheld_and_nothing_of_others_is_in_it(bundle: Path) -> None:
    members = members_of(bundle)
    text = b"".join(members.values()).decode()
    withheld = EventText.objects.select_related("event__petition")
    assert len(withheld) > 10 and not any(bytes(t.sealed).hex() in text for t in withheld)
    for t in withheld:
        assert (t.event.text_digest in text) == (f"cases/{t.event.petition.number}.txt" in members)
    for petition in Petition.objects.all():
        assert (petition.number in text) == (f"cases/{petition.number}.txt" in members)
        for person in petition.petitioners.all():
            assert not person.phone or person.phone not in text


def test_who_exports_is_written_down(bundle: Path) -> None:
    looks = AccessLogEntry.objects.filter(what=AccessKind.EXPORT.value).order_by("seq")
    assert [(k.petition.number, k.by.username, k.reason) for k in looks] == [
        (n, "clerk", "移送审计核验") for n in all_numbers()[:3]
    ]
    assert all(k.detail == {"revision": k.petition.revision, "head": k.petition.head} for k in looks)


def test_who_may_not_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build()
    number, file = all_numbers()[0], tmp_path / "x.zip"
    looks = AccessLogEntry.objects.count()
    assert export(file, number, reason="看") == 3
    hidden = [s for s in Staff.objects.values_list("username", flat=True) if not _sees(s, number)]
    assert "auditor" in hidden
    for username in hidden:
        assert export(file, number, by=username) == 4
    assert export(file, "LX2026999999") == 4
    assert export(file, number, by="nobody") == 2
    assert export(tmp_path / "no such folder" / "x.zip", number) == 2
    sealed = register(START)
    take(sealed, StepCode.CLASSIFY, "clerk", START, matter_class="report", purpose="report")
    officer = next(s for s in Staff.objects.values_list("username", flat=True) if _sees(s, sealed))
    assert export(file, sealed, by=officer) == 3
    assert "密封件" in capsys.readouterr().err
    assert not list(tmp_path.iterdir()) and AccessLogEntry.objects.count() == looks
    file.write_bytes(b"mine")
    assert export(file, number) == 2 and file.read_bytes() == b"mine"


def _sees(username: str, number: str) -> bool:
    from tests.world import who
    from xinfang.cases.queries.visible_petitions import visible_to

    return visible_to(who(username), each=True).filter(number=number).exists()


def test_a_tie_to_a_hidden_case_is_not_carried_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build()
    first = register(START)
    again = register(START + timedelta(days=1))
    take(
        again,
        StepCode.LINK_REPEAT,
        "clerk",
        START + timedelta(days=1),
        first=first,
        reason="同一人就同一事项",
        same_person=True,
        same_matter=True,
    )
    assert export(tmp_path / "open.zip", again) == 0
    take(first, StepCode.CLASSIFY, "clerk", START + timedelta(days=2), matter_class="report", purpose="report")
    capsys.readouterr()
    assert export(tmp_path / "tied.zip", again) == 3
    said = capsys.readouterr().err
    assert "无权查看" in said and first not in said
    assert not (tmp_path / "tied.zip").exists()


def test_a_broken_case_is_not_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.proof.test_tampering import without_guard

    build()
    number = all_numbers()[0]
    with without_guard():
        run(f"UPDATE {T.cases_event} SET recorded_at = %s WHERE seq = 2", "2026-01-15 04:00:00")
    assert export(tmp_path / "x.zip", number) == 1
    assert "第2步" in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_odd_words_come_through(tmp_path: Path) -> None:
    build()
    number = register(START, subject='引号"与\\反斜杠', body="换行\n制表\t分隔\u2028和😀", requests=[{"text": "𠮷\t"}])
    walk(number, "classified", START)
    assert export(tmp_path / "x.zip", number) == 0
    assert elsewhere(tmp_path, "x.zip").returncode == 0


@pytest.mark.parametrize(
    ("text", "digest"),
    [  # GB/T 32905-2016, annex A
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_pure_sm3_as_printed(text: bytes, digest: str) -> None:
    assert pure_sm3(text) == digest


@given(st.binary(max_size=400))
def test_pure_sm3_equals_openssl(data: bytes) -> None:
    assert pure_sm3(data) == hashlib.new("sm3", data).hexdigest()


def test_pure_sm3_at_every_length_around_a_block() -> None:
    for length in range(0, 200):
        data = os.urandom(length)
        assert pure_sm3(data) == hashlib.new("sm3", data).hexdigest()


def test_without_openssl_the_verdict_is_the_same(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_it = check_file(bundle)

    def unknown(name: str, data: bytes = b"") -> None:
        raise ValueError("unsupported hash type")

    monkeypatch.setattr(standalone.hashlib, "new", unknown)
    assert check_file(bundle) == with_it
