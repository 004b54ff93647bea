"""The settings of where seals are sent: a folder, the log of another machine, an address."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .env import InvalidSetting, text_setting

_SYSLOG = re.compile(r"(?:(?P<way>udp|tcp)://)?(?P<host>[\w.-]+|\[[0-9a-fA-F:]+\]):(?P<port>\d{1,5})")
_ADDRESS = re.compile(r"[^@\s,]+@[^@\s,]+\.[^@\s,]+")


@dataclass(frozen=True, slots=True)
class SyslogServer:
    """Where lines of a log are sent: a machine, or a socket of this one."""

    way: str
    """`udp`, `tcp` or `unix`."""
    host: str
    port: int = 0


def seals_folder(name: str, env: Mapping[str, str] = os.environ) -> Path | None:
    """Return the folder, or None where seals aren't kept in one.

    Raises:
        InvalidSetting: it isn't an absolute path.
    """
    value = text_setting(name, "", env)
    if not value:
        return None
    if not Path(value).is_absolute():
        raise InvalidSetting(
            name,
            zh="请填写另一块磁盘或另一台机器上文件夹的完整路径，如 /mnt/seals。",
            en="write the whole path of a folder on another disk or machine, such as /mnt/seals.",
        )
    return Path(value)


def syslog_server(name: str, env: Mapping[str, str] = os.environ) -> SyslogServer | None:
    """Return the server, or None where seals aren't sent to a log.

    Raises:
        InvalidSetting: it is neither a machine with a port nor a path.
    """
    value = text_setting(name, "", env)
    if not value:
        return None
    if value.startswith("/"):
        return SyslogServer("unix", value)
    found = _SYSLOG.fullmatch(value)
    if found is None or not 0 < int(found["port"]) < 65536:
        raise InvalidSetting(
            name,
            zh="请填写 udp://主机:端口、tcp://主机:端口或 /dev/log。",
            en="write udp://host:port, tcp://host:port or /dev/log.",
        )
    return SyslogServer(found["way"] or "udp", found["host"].strip("[]"), int(found["port"]))


def seals_address(name: str, *, mail: bool, env: Mapping[str, str] = os.environ) -> str:
    """Return the e-mail address, or nothing where seals aren't sent by e-mail. `mail`: there is a mail server.

    Raises:
        InvalidSetting: it is no address, or there is no mail server.
    """
    value = text_setting(name, "", env)
    if value and not _ADDRESS.fullmatch(value):
        raise InvalidSetting(name, zh="请填写审计员的电子邮箱。", en="write the auditor's e-mail address.")
    if value and not mail:
        raise InvalidSetting(
            name,
            zh="还没有设置 XINFANG_EMAIL_URL，邮件发不出去。",
            en="XINFANG_EMAIL_URL isn't set, so no mail goes out.",
        )
    return value
