"""A real IMAP server on loopback: Dovecot with one account and one box, below a folder of its own."""

import getpass
import grp
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from imapclient import IMAPClient

USER, PASSWORD = "xinfang@example.com", "box-Pass-1"
_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
auth_failure_delay = 0
first_valid_uid = 1
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
mail_location = maildir:{folder}/mail
mail_uid = {mail_user}
mail_gid = {mail_group}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={folder}/mail
}}
"""


class Box:
    """The server's port, and what a test does to the box as a mail program would."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port, self.folder = port, folder

    def settings(self, **changes: Any) -> dict[str, Any]:
        """The box as XINFANG_MAILBOX_URL would say it."""
        return {
            "host": "127.0.0.1", "port": self.port, "tls": False, "user": USER, "password": PASSWORD,
            "folder": "INBOX", "timeout": 20, **changes,
        }  # fmt: skip

    @contextmanager
    def opened(self) -> Iterator[IMAPClient]:
        with IMAPClient("127.0.0.1", self.port, ssl=False, timeout=20) as client:
            client.login(USER, PASSWORD)
            client.select_folder("INBOX")
            yield client

    def put(self, *messages: bytes, at: datetime | None = None) -> None:
        with self.opened() as client:
            for message in messages:
                client.append("INBOX", message, msg_time=at)

    def flags(self) -> dict[int, tuple[bytes, ...]]:
        with self.opened() as client:
            return client.get_flags(client.search("ALL"))

    def empty(self) -> None:
        with self.opened() as client:
            client.delete_messages(client.search("ALL"))
            client.expunge()

    def renumbered(self) -> None:
        """The box is made again, as after a move to another server: every message gets another number."""
        mail = self.folder / "mail"
        numbers = (mail / "dovecot-uidlist").read_text()
        for file in mail.glob("dovecot*"):
            file.unlink()
        (mail / "dovecot-uidlist").write_text(re.sub(r" V(\d+)", lambda v: f" V{int(v[1]) + 1000}", numbers, count=1))
        if os.geteuid() == 0:
            shutil.chown(mail / "dovecot-uidlist", "mail")


@contextmanager
def running() -> Iterator[Box]:
    """Start the server and wait until it greets; it ends with the test."""
    folder = Path(tempfile.mkdtemp(prefix="xinfang-imap-"))
    mail_user = "mail" if os.geteuid() == 0 else getpass.getuser()
    user = "dovenull" if os.geteuid() == 0 else getpass.getuser()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "mail").mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder / "mail", mail_user)
        folder.chmod(0o755)
    config = folder / "dovecot.conf"
    config.write_text(
        _CONFIG.format(
            folder=folder,
            port=port,
            user=user,
            group=_group(user),
            mail_user=mail_user,
            mail_group=_group(mail_user),
            password=PASSWORD,
        )
    )
    server = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        _wait(port, server)
        yield Box(port, folder)
    finally:
        server.terminate()
        server.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def _group(user: str) -> str:
    return grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name


def _wait(port: int, server: Any) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        assert server.poll() is None, "Dovecot ended at once"
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
                if line.recv(4) == b"* OK":
                    return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("Dovecot doesn't answer")
