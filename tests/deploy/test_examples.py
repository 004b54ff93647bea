"""The examples in deploy/ are what they say: systemd takes the units, the program the settings, nginx its own file."""

import http.client
import os
import re
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.crash.server import Server
from tests.operations.process import program
from xinfang.operations.main import parser

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
INSTALLED = "/opt/xinfang/bin/xinfang"
NAME = "xinfang.example.cn"


def lines(file: Path) -> dict[str, str]:
    told = (line.partition("=") for line in file.read_text("utf-8").splitlines() if "=" in line and line[0] != "#")
    return {key: value for key, _, value in told}


@pytest.mark.parametrize("unit", [u for u in UNITS if u.suffix == ".service"], ids=lambda u: u.name)
def test_each_service_starts_a_command_that_there_is(unit: Path) -> None:
    path, *words = shlex.split(lines(unit)["ExecStart"])
    assert path == INSTALLED
    assert parser().parse_args(words).run


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd isn't installed here")
def test_systemd_takes_every_unit(tmp_path: Path) -> None:
    for unit in UNITS:
        # Where the program lies in this folder, as systemd looks whether it is there.
        here = unit.read_text("utf-8").replace(INSTALLED, str(Path(sys.executable).with_name("xinfang")))
        (tmp_path / unit.name).write_text(here, "utf-8")
    found = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", *found], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and str(tmp_path) not in done.stderr, done.stderr
    (tmp_path / "xinfang.service").write_text("[Service]\nExecStart=nowhere\n")
    broken = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / "xinfang.service")], capture_output=True, check=False
    )
    assert broken.returncode, "it can fail"


def test_every_timer_has_its_service_and_services_may_write_where_their_command_does() -> None:
    names = {u.name for u in UNITS}
    for unit in UNITS:
        if unit.suffix == ".timer":
            assert unit.with_suffix(".service").name in names
            continue
        told = lines(unit)
        assert told["User"] == "xinfang" and told["ProtectSystem"] == "strict" and told["UMask"] == "0077"
        written = [
            w for w in shlex.split(told["ExecStart"])[1:] if w.startswith("/") and "backup --" in told["ExecStart"]
        ]
        assert set(written) <= set(told["ReadWritePaths"].split())


def test_the_program_starts_with_the_settings(tmp_path: Path) -> None:
    settings = lines(DEPLOY / "xinfang.env")
    certificate(tmp_path)
    moved = {k: v.replace("/var/lib/xinfang", str(tmp_path)) for k, v in settings.items()}
    moved["XINFANG_CERTIFICATE"] = str(tmp_path / "certificate.pem")
    done = program("import django; django.setup(); from django.conf import settings as s; print(s.DEPARTMENT)", **moved)
    assert done.stdout.strip() == settings["XINFANG_DEPARTMENT"], done.stderr
    known = (ROOT / "docs/operations.md").read_text("utf-8")
    assert all(f"| `{name}` |" in known for name in settings)


def certificate(folder: Path) -> None:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=90))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
    (folder / "certificate.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    (folder / "certificate.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def nginx_program() -> str:
    if installed := shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        return installed
    folder = Path(sys.prefix) / "nginx"
    fetched = subprocess.run([ROOT / "scripts/nginx", folder], capture_output=True, text=True, check=False)
    if fetched.returncode:
        pytest.skip(f"nginx is not installed and can't be fetched: {fetched.stderr.strip()[-200:]}")
    return str(folder / "usr/sbin/nginx")


@contextmanager
def proxy(folder: Path, upstream: int) -> Iterator[tuple[int, int]]:
    """The shipped configuration with ports and files of this test; yields the ports of HTTPS and HTTP."""
    https, plain = free_port(), free_port()
    server = (DEPLOY / "nginx/xinfang.conf").read_text("utf-8")
    for was, now in (
        ("127.0.0.1:8000", f"127.0.0.1:{upstream}"),
        ("listen 443", f"listen 127.0.0.1:{https}"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("/etc/xinfang", str(folder)),
        ("/var/log/nginx", str(folder)),
    ):
        assert was in server
        server = server.replace(was, now)
    server = re.sub(r"listen \[::\].*\n", "", server)
    paths = "".join(f"{k}_temp_path {folder}/{k};\n" for k in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;\n" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{paths}{server}}}\n"
    )
    process = subprocess.Popen([nginx_program(), "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", https), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, (folder / "error.log").read_text()
        yield https, plain
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def test_a_page_over_tls_through_a_real_nginx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate(tmp_path)
    monkeypatch.setenv("XINFANG_DATA", str(tmp_path / "data"))
    for name, value in {"KEYS": "", "DATABASE_URL": "", "MODE": "test", "HTTPS": "1", "HOSTS": NAME}.items():
        monkeypatch.setenv(f"XINFANG_{name}", value)
    monkeypatch.setenv("XINFANG_HOSTS", f"{NAME},127.0.0.1")
    monkeypatch.setenv("XINFANG_HSTS_SUBDOMAINS", "1")
    server = Server(tmp_path / "server.log")
    trusted = ssl.create_default_context(cafile=str(tmp_path / "certificate.pem"))
    try:
        server.start(1)
        with proxy(tmp_path, server.port) as (https, plain):
            line = http.client.HTTPConnection("127.0.0.1", plain, timeout=30)
            line.request("GET", "/login/", headers={"Host": NAME})
            moved = line.getresponse()
            assert moved.status == 301 and moved.headers["Location"] == f"https://{NAME}/login/"
            line.close()
            tls = http.client.HTTPSConnection(NAME, https, timeout=30, context=trusted)
            # The name leads here, as the department's own would.
            tls.sock = trusted.wrap_socket(socket.create_connection(("127.0.0.1", https)), server_hostname=NAME)
            tls.request("GET", "/login/", headers={"Host": NAME, "Accept-Encoding": "gzip"})
            page = tls.getresponse()
            text = page.read().decode()
            assert page.status == 200 and "登录" in text
            assert "max-age=" in page.headers["Strict-Transport-Security"]
            assert page.headers["Content-Encoding"] is None, "not compressed"
            cookies = page.headers.get_all("Set-Cookie", [])
            assert cookies and all(c.startswith("__Host-") and "Secure" in c for c in cookies)
            assert "includeSubDomains" in page.headers["Strict-Transport-Security"]
            tls.close()
    finally:
        server.kill()
