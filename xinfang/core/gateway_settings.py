"""Read and check what the environment says of messages to petitioners. Failures are as in `core.env`."""

import json
import os
import stat
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import TypedDict

from .env import InvalidSetting, is_plain_https, text_setting

_BODY = '{"to": "{to}", "text": "{text}", "id": "{id}"}'
_TIMEOUT_SECONDS = 15


class SmsGateway(TypedDict):
    """An SMS gateway as it is set; `timeout` in seconds for each wait on the network."""

    url: str
    token: str
    body: str
    ok: str
    timeout: float


def sms_gateway(
    url: str, token_file: str, body: str, ok: str, env: Mapping[str, str] = os.environ
) -> SmsGateway | None:
    """Return the SMS gateway as it is set; None where none is.

    Raises:
        InvalidSetting: the address, the token's file or the shape of what is sent can't be used.
    """
    shape = _shape(body, text_setting(body, _BODY, env))
    wanted = text_setting(ok, "", env)
    if wanted and (wanted.startswith("=") or wanted.count("=") != 1):
        raise InvalidSetting(ok, zh="请填写 名称=值，例如 code=OK，或留空。", en="write name=value, or leave it empty.")
    address = text_setting(url, "", env)
    token = _token(token_file, text_setting(token_file, "", env), needed=bool(address))
    if not address:
        return None
    if not is_plain_https(url, address):
        raise InvalidSetting(
            url,
            zh="请填写 https://主机:端口/路径（不带用户名、密码和参数；http:// 只能用于本机），或留空表示不发短信。",
            en="write https://host:port/path (http:// only for this machine), or leave it empty.",
        )
    return {"url": address, "token": token, "body": shape, "ok": wanted, "timeout": _TIMEOUT_SECONDS}


def _shape(name: str, value: str) -> str:
    try:
        usable = isinstance(json.loads(value), dict) and "{to}" in value and "{text}" in value
    except ValueError:
        usable = False
    if usable:
        return value
    raise InvalidSetting(
        name,
        zh=f"请填写含有 {{to}} 和 {{text}} 的 JSON 对象，例如 {_BODY}。",
        en="write a JSON object with {to} and {text}.",
    )


def _token(name: str, value: str, *, needed: bool) -> str:
    if not value and not needed:
        return ""
    file = Path(value).expanduser()
    try:
        if value and not stat.S_IMODE(file.stat().st_mode) & 0o077:
            token = file.read_text("ascii").strip()
            if token and token.isprintable() and " " not in token:
                return token
    except (OSError, UnicodeDecodeError):
        pass
    raise InvalidSetting(
        name,
        zh="请填写存放短信网关令牌的文件（不含空格的英文字符，只有运行本系统的用户可读，权限 0600）。",
        en="write the file that holds the gateway's token (ASCII without blanks, mode 0600).",
    )


def quiet_hours(name: str, default: str, env: Mapping[str, str] = os.environ) -> tuple[time, time]:
    """Return when the quiet hours begin and end; the same time twice means that there are none.

    Raises:
        InvalidSetting: they can't be read.
    """
    begin, _, end = text_setting(name, default, env).partition("-")
    try:
        return time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())
    except ValueError:
        raise InvalidSetting(
            name, zh="请填写起止时间，例如 21:00-08:00。", en="write when they begin and end, e.g. 21:00-08:00."
        ) from None
