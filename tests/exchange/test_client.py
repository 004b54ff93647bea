"""The connection: a certificate that doesn't hold, a redirect, an endless or silent answer all count as not reached."""

import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from xinfang.exchange import http_region
from xinfang.exchange.http_region import HttpRegion
from xinfang.exchange.protocol import ExchangeMessage, RegionUnavailable

MESSAGE = ExchangeMessage("k", b"{}")


class _Handler(BaseHTTPRequestHandler):
    asked: list[str] = []

    def log_message(self, *_: object) -> None:
        """Silence."""

    def do_POST(self) -> None:
        self.asked.append(self.path)
        if self.path.startswith("/silent"):
            threading.Event().wait(2)
            return
        self.send_response(302 if self.path.startswith("/moved") else 200)
        self.send_header("Location", "/api/entries")
        self.end_headers()
        self.wfile.write(b"x" * 5000)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is what these tests want."""


@pytest.fixture
def server():
    _Handler.asked = []
    made = _Server(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=made.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def test_a_certificate_nobody_vouches_for_is_not_trusted(server, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    file = tmp_path / "both.pem"
    file.write_bytes(
        made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    with pytest.raises(RegionUnavailable, match="证书"):
        HttpRegion(f"https://localhost:{server.server_address[1]}/api", "secret-token", timeout=5).send(MESSAGE)
    assert not _Handler.asked, "not a byte was sent, and so no token either"


@pytest.mark.parametrize("path", ["/moved", "/silent", "/long"])
def test_such_an_answer_is_no_answer(server, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_region, "MAX_ANSWER_BYTES", 1000)
    with pytest.raises(RegionUnavailable):
        HttpRegion(f"http://127.0.0.1:{server.server_address[1]}{path}", "t", timeout=0.5).send(MESSAGE)
    assert _Handler.asked == [f"{path}/entries"], "no redirect is followed"
