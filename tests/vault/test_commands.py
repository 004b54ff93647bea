"""The keys from the command line: nothing shows a key, and lost keys come back from shares."""

import io
from datetime import date
from pathlib import Path

import pytest

from tests.world import LETTER, make_department, register
from xinfang.cases.models import Petition, Petitioner
from xinfang.operations.main import main
from xinfang.vault.keys import keyring

pytestmark = pytest.mark.django_db
PHONE = LETTER["persons"][0]["phone"]


@pytest.fixture
def call(folder: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch):
    """`call("key", …, typed=…)` gives the exit code, standard output and standard error; no key is in either."""
    keyring()
    make_department()
    register(date(2026, 3, 2))
    known: set[str] = set()

    def run(*words: str, typed: str = "") -> tuple[int, str, str]:
        capsys.readouterr()
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(words)
        out, err = capsys.readouterr()
        known.update(file.read_text().split()[3] for file in folder.glob("*.key"))
        assert known and not [key for key in known if key in (out + err).lower()]
        return code, out, err

    return run


def test_show_tells_versions_and_what_they_wrap(call, folder: Path) -> None:
    assert call("key", "rotate")[0] == 0
    code, out, _ = call("key", "show")
    assert code == 0 and str(folder) in out
    rows = [line.split() for line in out.splitlines()[2:]]
    marks = keyring().fingerprints()
    assert rows == [
        ["主密钥第", "1", "版", marks["1"], "0"],
        ["主密钥第", "2", "版", marks["2"], "1", "现用"],
        ["检索密钥", marks["lookup"], "不轮换"],
    ]


def test_rotate_says_that_shares_are_due(call) -> None:
    code, out, _ = call("key", "rotate")
    assert code == 0 and "第 2 版" in out and "key shares" in out and "1 个内容密钥" in out
    assert call("key", "rotate", "--resume")[1] == "已把 0 个内容密钥换由第 2 版主密钥加密。\n"
    assert keyring().versions == [1, 2]


def test_rotate_tells_what_it_could_not_open(call) -> None:
    Petition.objects.update(wrapped_key=b"\0\1" + b"x" * 44)
    code, _, err = call("key", "rotate")
    assert code == 1 and "1 个未能更换" in err and "请勿删除旧版" in err


def test_lost_keys_stop_every_command_and_come_back_from_shares(call, folder: Path) -> None:
    code, out, err = call("key", "shares", "--of", "5", "--need", "3")
    shares = out.splitlines()
    assert code == 0 and len(shares) == 5 and "任意 3 份" in err
    before = {file.name: file.read_text() for file in folder.glob("*.key")}
    folder.rename(folder.parent / "lost")

    for words in (
        ("key", "show"),
        ("key", "rotate"),
        ("key", "shares", "--of", "5", "--need", "3"),
        ("numbers",),
        ("migrate",),
    ):
        code, out, err = call(*words)
        assert (code, out) == (1, "") and "key recover" in err and "没有另造新密钥" in err, words
    assert not list(folder.glob("*.key"))

    code, _, err = call("key", "recover", typed="\n".join(shares[:2]) + "\n")
    assert code == 3 and "再召集 1 位" in err
    wrong = shares[2][:5] + ("2" if shares[2][5] != "2" else "3") + shares[2][6:]
    code, _, err = call("key", "recover", typed="\n".join([*shares[:2], wrong]) + "\n")
    assert code == 3 and "第 3 行" in err

    code, out, _ = call("key", "recover", typed="\n".join(shares[2:]) + "\n\nignored")
    assert code == 0 and str(folder) in out and "第 1 版" in out
    assert {file.name: file.read_text() for file in folder.glob("*.key")} == before
    assert [p.phone for p in Petitioner.objects.select_related("petition")] == [PHONE]
    assert call("key", "show")[0] == 0


def test_shares_from_before_a_rotation_are_told_to_be_too_old(call, folder: Path) -> None:
    shares = call("key", "shares", "--of", "3", "--need", "2")[1]
    call("key", "rotate")
    folder.rename(folder.parent / "lost")
    assert call("key", "recover", typed=shares)[0] == 0
    code, _, err = call("key", "show")
    assert code == 1 and "需要第 2 版主密钥" in err and "较新的份额" in err
    assert call("key", "rotate")[0] == 1


@pytest.mark.parametrize(("of", "need"), [("1", "1"), ("3", "4"), ("99", "3"), ("x", "2")])
def test_shares_that_make_no_sense(call, of: str, need: str) -> None:
    code, out, err = call("key", "shares", "--of", of, "--need", need)
    assert (code, out) == (2, "") and err.strip()


def test_recover_overwrites_nothing(call) -> None:
    shares = call("key", "shares", "--of", "2", "--need", "2")[1]
    call("key", "rotate")
    code, _, err = call("key", "recover", typed=shares)
    assert code == 3 and "没有改动" in err and keyring().versions == [1, 2]
