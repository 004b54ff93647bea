"""Read and check what the environment says of the mailbox that is read. Failures are as in `core.env`."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict
from urllib.parse import unquote, urlsplit

from .env import InvalidSetting, text_setting

_TIMEOUT_SECONDS = 60
_WRONG_ADDRESS = {
    "zh": "请填写 imaps://用户@主机:端口/文件夹（不带密码；imap:// 只能用于本机；用户名里的 @ 写作 %40），"
    "或留空表示不收邮箱。",
    "en": "write imaps://user@host:port/folder (no password; imap:// only for this machine; @ in the user is %40),"
    " or leave it empty.",
}


class Mailbox(TypedDict):
    """A mailbox as it is set; `timeout` in seconds for each wait on the network."""

    host: str
    port: int
    tls: bool
    user: str
    password: str
    folder: str
    timeout: float


def mailbox(url: str, password_file: str, env: Mapping[str, str] = os.environ) -> Mailbox | None:
    """Return the mailbox as it is set; None where none is.

    Raises:
        InvalidSetting: the address or the password's file can't be used.
    """
    value = text_setting(url, "", env)
    if not value:
        return None
    try:
        at = urlsplit(value)
        port = at.port
    except ValueError:
        raise InvalidSetting(url, **_WRONG_ADDRESS) from None
    here = at.hostname in ("127.0.0.1", "localhost", "::1")
    safe = at.scheme == "imaps" or (at.scheme == "imap" and here)
    user = unquote(at.username or "")
    if not safe or not at.hostname or not user.isascii() or not user or at.password or at.query or at.fragment:
        raise InvalidSetting(url, **_WRONG_ADDRESS)
    return {
        "host": at.hostname,
        "port": port or (993 if at.scheme == "imaps" else 143),
        "tls": at.scheme == "imaps",
        "user": user,
        "password": _password(password_file, text_setting(password_file, "", env)),
        "folder": unquote(at.path.strip("/")) or "INBOX",
        "timeout": _TIMEOUT_SECONDS,
    }


def _password(name: str, value: str) -> str:
    file = Path(value).expanduser()
    try:
        if value and not stat.S_IMODE(file.stat().st_mode) & 0o077:
            password = file.read_text("utf-8").strip("\r\n")
            if password and password.isascii() and password.isprintable():
                return password
    except (OSError, UnicodeDecodeError):
        pass
    raise InvalidSetting(
        name,
        zh="请填写存放邮箱密码的文件（一行英文、数字和符号，只有运行本系统的用户可读，权限 0600）。",
        en="write the file that holds the mailbox's password (one line of ASCII, mode 0600).",
    )
