"""The environment is read strictly, and every setting is written down."""

import os
import re
import stat
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from xinfang.core import env
from xinfang.core.mode import MODES

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"\bXINFANG_[A-Z][A-Z_]*[A-Z]\b")


def sentence(wrong: pytest.ExceptionInfo[env.InvalidSetting]) -> str:
    return str(wrong.value)


def test_a_mode_that_does_not_exist_is_refused_with_the_choices():
    with pytest.raises(env.InvalidSetting) as wrong:
        env.one_of("XINFANG_MODE", MODES, "production", {"XINFANG_MODE": "prod"})
    for part in ("XINFANG_MODE", "prod", "请填写", "production", "demo"):
        assert part in sentence(wrong)
    assert "\n" not in sentence(wrong)


def test_an_empty_variable_counts_as_not_set():
    assert env.one_of("XINFANG_MODE", MODES, "production", {"XINFANG_MODE": " "}) == "production"


@pytest.mark.parametrize(("written", "meant"), [("1", True), ("yes", True), ("0", False), ("", False), ("OFF", False)])
def test_yes_or_no(written, meant):
    assert env.yes_or_no("XINFANG_HTTPS", False, {"XINFANG_HTTPS": written}) is meant


def test_neither_yes_nor_no():
    with pytest.raises(env.InvalidSetting, match="XINFANG_HTTPS"):
        env.yes_or_no("XINFANG_HTTPS", False, {"XINFANG_HTTPS": "maybe"})


@pytest.mark.parametrize("host", ["http://xf.example.cn", "xf.example.cn:8000", "xf.example.cn/"])
def test_a_host_is_a_name_only(host):
    with pytest.raises(env.InvalidSetting, match="XINFANG_HOSTS"):
        env.host_list("XINFANG_HOSTS", "", {"XINFANG_HOSTS": f"localhost,{host}"})


def test_hosts_are_separated_by_commas():
    given = {"XINFANG_HOSTS": "xf.example.cn, [::1],10.0.0.7"}
    assert env.host_list("XINFANG_HOSTS", "", given) == ["xf.example.cn", "[::1]", "10.0.0.7"]


def test_the_data_folder_is_made_for_its_owner_only_and_not_before_it_is_needed(tmp_path):
    folder = env.data_folder("XINFANG_DATA", "production", {"XINFANG_DATA": str(tmp_path / "new/data")})
    assert not (tmp_path / "new").exists()
    env.secret_key("XINFANG_SECRET_KEY", folder, {})
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("value", ["data", "data/below", "~nobody-of-that-name/data", "x" * 300])
def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path, value):
    (tmp_path / "data").write_text("")
    given = value if value.startswith("~") else str(tmp_path / value)
    with pytest.raises(env.InvalidSetting, match="XINFANG_DATA"):
        env.data_folder("XINFANG_DATA", "production", {"XINFANG_DATA": given})


def test_only_a_demo_has_a_place_of_its_own():
    with pytest.raises(env.InvalidSetting, match="XINFANG_DATA"):
        env.data_folder("XINFANG_DATA", "production", {"XINFANG_DATA": " "})
    assert env.data_folder("XINFANG_DATA", "demo", {}) == ROOT / "var" or Path.cwd() != ROOT


def test_the_key_is_made_once_for_its_owner_only(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: env.secret_key("XINFANG_SECRET_KEY", tmp_path, {}), range(8)))
    assert len(keys) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_the_key_of_the_environment_comes_first(tmp_path):
    assert env.secret_key("XINFANG_SECRET_KEY", tmp_path, {"XINFANG_SECRET_KEY": "k" * 50}) == "k" * 50
    assert not list(tmp_path.iterdir())


def test_a_short_key_is_refused_and_not_repeated(tmp_path):
    with pytest.raises(env.InvalidSetting) as wrong:
        env.secret_key("XINFANG_SECRET_KEY", tmp_path, {"XINFANG_SECRET_KEY": "hunter2"})
    assert "hunter2" not in sentence(wrong)


def test_a_damaged_key_file_is_refused(tmp_path):
    (tmp_path / "secret.key").write_text("")
    with pytest.raises(env.InvalidSetting, match=r"secret\.key"):
        env.secret_key("XINFANG_SECRET_KEY", tmp_path, {})


def test_sqlite_is_the_default_and_queues_its_writers(tmp_path):
    found = env.database_settings("XINFANG_DATABASE_URL", tmp_path, {})
    assert found["NAME"] == str(tmp_path / "xinfang.sqlite3")
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_without_fast_paths_sqlite_is_driven_by_djangos_own_backend(tmp_path):
    usual, plain = (env.database_settings("XINFANG_DATABASE_URL", tmp_path, {}, fast=fast) for fast in (True, False))
    assert plain["ENGINE"] == "django.db.backends.sqlite3"
    assert usual == {**plain, "ENGINE": "xinfang.core.sqlite"}
    address = {"XINFANG_DATABASE_URL": "postgresql://db.example.cn/xinfang"}
    on, off = (env.database_settings("XINFANG_DATABASE_URL", tmp_path, address, fast=fast) for fast in (True, False))
    assert on == off


@pytest.mark.django_db(transaction=True)
def test_sqlite_keeps_what_it_acknowledged():
    """Also what no transaction surrounds, with either backend; how commits wait for the disk is in tests/core."""
    from django.db import connection, transaction

    from xinfang.accounts.models import Unit

    asked = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}  # 2 is FULL

    def pragmas():
        with connection.cursor() as cursor:
            return {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in asked}

    assert pragmas() == asked
    with transaction.atomic():
        Unit.objects.create(code="fsync", name="档案处")
    assert pragmas() == asked
    with pytest.raises(ValueError), transaction.atomic():
        raise ValueError
    assert pragmas() == asked


def test_a_postgresql_address_is_taken_apart(tmp_path):
    given = {"XINFANG_DATABASE_URL": "postgresql://xf:p%40ss@db.example.cn:5433/xinfang?sslmode=require"}
    found = env.database_settings("XINFANG_DATABASE_URL", tmp_path, given)
    wanted = {"NAME": "xinfang", "USER": "xf", "PASSWORD": "p@ss", "HOST": "db.example.cn", "PORT": "5433"}
    assert found.items() >= wanted.items()
    assert found["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    "url", ["mysql://db/x", "postgresql://u:secret@db", "postgresql://u:secret@db:x/y", "http://["]
)
def test_another_database_address_is_refused_without_its_password(tmp_path, url):
    with pytest.raises(env.InvalidSetting, match="XINFANG_DATABASE_URL") as wrong:
        env.database_settings("XINFANG_DATABASE_URL", tmp_path, {"XINFANG_DATABASE_URL": url})
    assert "secret" not in sentence(wrong)


def test_no_mail_server_means_no_mail():
    assert env.email_settings("XINFANG_EMAIL_URL", {}) is None


def test_a_mail_server_is_taken_apart():
    found = env.email_settings("XINFANG_EMAIL_URL", {"XINFANG_EMAIL_URL": "smtps://me:p%3Aw@mail.example.cn"})
    assert found["EMAIL_HOST"] == "mail.example.cn"
    assert (found["EMAIL_PORT"], found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (465, True, False)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("me", "p:w")


def test_another_mail_address_is_refused():
    with pytest.raises(env.InvalidSetting, match="XINFANG_EMAIL_URL"):
        env.email_settings("XINFANG_EMAIL_URL", {"XINFANG_EMAIL_URL": "mail.example.cn"})


@pytest.mark.parametrize(
    "url",
    [
        "http://xf.example.cn",
        "ftp://xf.example.cn",
        "https://u:secret@xf.example.cn",
        "https://",
        "https://x/?a=1",
        "x",
    ],
)
def test_the_regional_system_is_reached_by_tls_only(url):
    with pytest.raises(env.InvalidSetting, match="XINFANG_REGION_URL") as wrong:
        env.region_url("XINFANG_REGION_URL", {"XINFANG_REGION_URL": url})
    assert "secret" not in sentence(wrong)


def test_the_regional_system_needs_its_token():
    given = {"XINFANG_REGION_URL": "https://xf.example.cn/api/", "XINFANG_REGION_TOKEN": "t0ken"}
    assert env.region_url("XINFANG_REGION_URL", given) == "https://xf.example.cn/api"
    assert env.region_url("XINFANG_REGION_URL", {"XINFANG_REGION_URL": "http://127.0.0.1:8443"})
    assert env.region_token("XINFANG_REGION_TOKEN", "https://x", given) == "t0ken"
    assert env.region_token("XINFANG_REGION_TOKEN", "", {}) == ""
    for token in ("", "two words", "令牌"):
        with pytest.raises(env.InvalidSetting, match="XINFANG_REGION_TOKEN"):
            env.region_token("XINFANG_REGION_TOKEN", "https://x", {"XINFANG_REGION_TOKEN": token})


@pytest.mark.parametrize("code", ["15000", "1500000", "15000a", "一五零零零零"])
def test_a_region_code_has_six_digits(code):
    with pytest.raises(env.InvalidSetting, match="XINFANG_REGION_CODE"):
        env.digits_setting("XINFANG_REGION_CODE", "150000", 6, {"XINFANG_REGION_CODE": code})


def test_a_wrong_value_stops_the_settings_with_its_sentence(tmp_path):
    program = "from django.conf import settings; settings.DATABASES"
    given = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "xinfang.config.settings",
        "XINFANG_DATA": str(tmp_path),
        "XINFANG_MODE": "live",
    }
    run = subprocess.run([sys.executable, "-c", program], env=given, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "XINFANG_MODE" in run.stderr.splitlines()[-1]


def test_every_variable_is_written_down_and_every_written_one_is_read():
    code = [*(ROOT / "xinfang").rglob("*.py"), *(ROOT / "scripts").iterdir(), ROOT / "Makefile"]
    read = {name for file in code for name in VARIABLE.findall(file.read_text())}
    table = {
        name
        for line in (ROOT / "docs" / "operations.md").read_text().splitlines()
        if line.startswith("| `XINFANG_")
        for name in VARIABLE.findall(line.split("|")[1])
    }
    assert read == table


def names(lines: list[str]) -> set[str]:
    return {line.split("#")[0].strip().lower() for line in lines if line.split("#")[0].strip()}


def test_the_locked_packages_are_the_ones_with_a_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = names((ROOT / "requirements.in").read_text().splitlines())
    # setuptools only builds the editable package.
    assert wanted - {"setuptools>=77"} == names(project["dependencies"])


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_names_no_place(lock):
    assert not re.search(r"https?:|file:|--index-url|--find-links|--extra-index", (ROOT / lock).read_text())


def test_a_page_may_load_nothing_from_outside_and_nothing_inline():
    from django.conf import settings

    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["default-src"] == ["'self'"]
    assert not {"'unsafe-inline'", "'unsafe-eval'"} & {word for words in directives.values() for word in words}
