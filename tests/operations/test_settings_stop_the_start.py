"""A wrong setting, or none: one sentence, exit code not 0, and nothing written anywhere."""

import re
from pathlib import Path

import pytest

from tests.night import at_night_or
from tests.operations.process import ROOT, command, everything, one_sentence, program
from xinfang.procedure.step_codes import StepCode

WRONG = {
    "XINFANG_DATA": "/dev/null/data",
    "XINFANG_KEYS": "/dev/null",
    "XINFANG_MODE": "prod",
    "XINFANG_SECRET_KEY": "short",
    "XINFANG_DATABASE_URL": "mysql://user@host/name",
    "XINFANG_HOSTS": "http://xf.example.cn",
    "XINFANG_HTTPS": "maybe",
    "XINFANG_HSTS_SUBDOMAINS": "some",
    "XINFANG_TRUSTED_PROXIES": "proxy.example.cn",
    "XINFANG_SECOND_FACTOR": "nobody",
    "XINFANG_EMAIL_URL": "imap://mail.example.cn",
    "XINFANG_EMAIL_FROM": "",
    "XINFANG_SEALS_FOLDER": "seals",
    "XINFANG_SEALS_SYSLOG": "log.example.cn",
    "XINFANG_SEALS_EMAIL": "auditor",
    "XINFANG_MAILBOX_URL": "imap://xinfang@mail.example.cn/INBOX",
    "XINFANG_MAILBOX_PASSWORD_FILE": "/no/such/file",
    "XINFANG_SMS_URL": "http://sms.example.cn/send",
    "XINFANG_SMS_TOKEN_FILE": "/no/such/file",
    "XINFANG_SMS_BODY": '{"to": "{to}"}',
    "XINFANG_SMS_OK": "OK",
    "XINFANG_QUIET_HOURS": "night",
    "XINFANG_DEPARTMENT": "",
    "XINFANG_SESSION_IDLE_MINUTES": "4",
    "XINFANG_SESSION_HOURS": "169",
    "XINFANG_FAST_PATHS": "sometimes",
    "XINFANG_FONTS": "/no/such/folder",
    "XINFANG_UPLOAD_MB": "0",
    "XINFANG_OCR": "perhaps",
    "XINFANG_CLAMD": "localhost",
    "XINFANG_RATE_LIMITS": "none",
    "XINFANG_REGION_URL": "ftp://region.example.cn",
    "XINFANG_REGION_TOKEN": "",
    "XINFANG_WINDOW_URL": "xf.example.cn/window",
    "XINFANG_PART": "door",
    "XINFANG_WINDOW_QUEUE": "/no/such/folder",
    "XINFANG_CERTIFICATE": "/no/such/file",
    "XINFANG_SIGN_OF_LIFE_URL": "ftp://watch.example.cn",
    "XINFANG_REHEARSAL_DATABASE_URL": "sqlite:///x",
    "XINFANG_FLOOD_NETWORK": "0",
    "XINFANG_FLOOD_SAME_TEXT": "many",
    "XINFANG_SEAL_URL": "ftp://seal.example.cn",
    "XINFANG_SEAL_TOKEN": "",
    "XINFANG_REGION_CODE": "15",
    "XINFANG_REGION_DEPARTMENT": "",
    "XINFANG_LOG_LEVEL": "LOUD",
}
"""A value of each variable that can't be used; empty where every text is good."""
NEEDED_WITH = {
    "XINFANG_REGION_TOKEN": {"XINFANG_REGION_URL": "https://region.example.cn"},
    "XINFANG_SEAL_TOKEN": {"XINFANG_SEAL_URL": "https://seal.example.cn"},
    "XINFANG_MAILBOX_PASSWORD_FILE": {"XINFANG_MAILBOX_URL": "imaps://xinfang@mail.example.cn/INBOX"},
    "XINFANG_SMS_URL": {"XINFANG_SMS_TOKEN_FILE": "TOKEN"},
}
"""A token is needed where its address is."""
ANY_TEXT = {"XINFANG_EMAIL_FROM", "XINFANG_DEPARTMENT", "XINFANG_REGION_DEPARTMENT"}
COMMANDS = (
    ("serve", "--port", "1"),
    ("sweep",),
    ("sweep", "--every", "300"),
    ("seal",),
    ("backup", "nightly.xfb"),
    ("restore", "nightly.xfb"),
    ("verify", "--files"),
    ("migrate",),
    ("read-scans", "--once"),
    ("exchange", "send", "--once"),
    ("news", "send"),
    ("key", "rotate"),
    ("key", "recover"),
    ("numbers",),
    ("index", "check"),
    ("staff", "add", "first", "--name", "某人"),
    ("staff", "list"),
    ("step", StepCode.REGISTER, "--by", "clerk"),
    ("show", "LX2026000001"),
    ("calendar", "list"),
    ("archive", "ending"),
)


def test_the_list_of_wrong_values_is_that_of_the_documentation() -> None:
    table = re.findall(r"^\| `(XINFANG_\w+)`", (ROOT / "docs/operations.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(WRONG) == sorted(table)
    assert {n for n, value in WRONG.items() if not value} - set(NEEDED_WITH) == ANY_TEXT


@pytest.mark.parametrize("name", sorted(set(WRONG) - ANY_TEXT))
def test_a_wrong_value_stops_the_start_and_an_empty_folder_stays_empty(tmp_path: Path, name: str) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "token").write_text("geheim\n")
    (tmp_path / "token").chmod(0o600)
    settings = {"XINFANG_DATA": str(tmp_path / "data"), name: WRONG[name]}
    settings |= {n: v.replace("TOKEN", str(tmp_path / "token")) for n, v in NEEDED_WITH.get(name, {}).items()}
    for words in (("serve", "--port", "1"), ("migrate",), ("backup", "b")):
        one_sentence(command(tmp_path, *words, **settings), name, "请", "/ Setting")
    (tmp_path / "token").unlink()
    assert list(everything(tmp_path)) == ["data"]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_without_its_environment_does_nothing_and_says_so(tmp_path: Path, words: tuple[str, ...]) -> None:
    """As from a timer that nobody gave the settings."""
    done = command(tmp_path, *words, HOME=str(tmp_path))
    one_sentence(done, "XINFANG_DATA", "请填写")
    assert done.returncode == 2 and everything(tmp_path) == {}


def test_nor_does_a_web_server_that_loads_the_program_itself(tmp_path: Path) -> None:
    done = program(f"import os; os.chdir({str(tmp_path)!r}); import xinfang.config.wsgi", PYTHONPATH=str(ROOT))
    assert done.returncode != 0 and "XINFANG_DATA" in done.stderr.splitlines()[-1]
    assert everything(tmp_path) == {}


NEEDS_A_SYSTEM = [
    c for c in COMMANDS if c[0] in ("sweep", "seal", "backup", "verify", "read-scans", "exchange", "numbers")
]


@pytest.mark.parametrize("words", NEEDS_A_SYSTEM, ids=" ".join)
def test_a_folder_that_never_held_a_system_is_left_as_it_was(tmp_path: Path, words: tuple[str, ...]) -> None:
    """A typing error in XINFANG_DATA must not look like a good night's work."""
    one_sentence(command(tmp_path, *words, XINFANG_DATA=str(tmp_path / "dta")), "dta", "XINFANG_DATA")
    assert everything(tmp_path) == {}
    (tmp_path / "data").mkdir(mode=0o700)
    one_sentence(command(tmp_path, *words, XINFANG_DATA=str(tmp_path / "data")), "XINFANG_DATA")
    assert list(everything(tmp_path)) == ["data"]


@pytest.mark.parametrize(
    "words",
    at_night_or([("backup", "b.xfb"), ("sweep",), ("seal",), ("verify",)], [("backup", "b.xfb"), ("sweep",)]),
    ids=" ".join,
)
def test_nor_is_a_system_without_people_backed_up_swept_or_sealed(tmp_path: Path, words: tuple[str, ...]) -> None:
    data = {"XINFANG_DATA": str(tmp_path / "data")}
    assert command(tmp_path, "migrate", **data).returncode == 0
    one_sentence(command(tmp_path, *words, **data), "还没有人员", "xinfang staff add")
    assert {p.name for p in tmp_path.iterdir()} == {"data"}
    assert command(tmp_path, "staff", "add", "first", "--name", "某人", **data).returncode == 0
    assert command(tmp_path, *words, **data).returncode == 0


def test_days_are_counted_without_a_data_folder_and_the_command_says_by_which_calendar(tmp_path: Path) -> None:
    done = command(tmp_path, "due", "handling", "--from", "2026-08-02")
    assert done.returncode == 0 and "2026-10-01" in done.stdout
    assert "XINFANG_DATA" in done.stderr and len(done.stderr.splitlines()) == 1
    assert everything(tmp_path) == {}
    asked = command(tmp_path, "due", "handling", "--from", "2026-08-02", XINFANG_DATA=str(tmp_path / "data"))
    assert asked.returncode == 0 and asked.stdout == done.stdout and everything(tmp_path) == {}


@pytest.mark.parametrize("words", [("serve", "--port", "1"), ("migrate",), ("demo",), ("sweep",)], ids=" ".join)
def test_a_database_server_that_is_down_is_one_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    settings = {"XINFANG_DATA": str(tmp_path / "data"), "XINFANG_DATABASE_URL": "postgresql://a:geheim@127.0.0.1:9/x"}
    mode = {"XINFANG_MODE": "demo"} if words == ("demo",) else {}
    done = command(tmp_path, *words, **settings, **mode)
    one_sentence(done, "无法连接数据库")
    assert "geheim" not in done.stderr and everything(tmp_path) == {}
