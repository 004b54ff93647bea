"""The gateways by which messages leave: the mail server, and an SMS gateway over HTTP (docs/operations.md).

What a gateway answers tells whether it took a message, never whether it arrived.
"""

import http.client
import json
import smtplib
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from xinfang.core.gateway_settings import SmsGateway
from xinfang.core.http_lines import line_to
from xinfang.core.own_mail import own_mail_headers
from xinfang.procedure.errors import XinfangError

from .texts import MAIL_SUBJECT

_MAX_ANSWER_BYTES = 64 * 1024
_REFUSED = (400, 404, 413, 422)
_HAD_IT = 409


class GatewayUnavailable(XinfangError):
    """It gave no usable answer: whether it took the message is unknown, and the same one is sent again."""


class GatewayRefuses(XinfangError):
    """It answered that it won't take this message; another try would change nothing."""


def hand_over(way: str, to: str, text: str, key: str) -> None:
    """Hand one message to the gateway of its way; it took the message, or had it already by its key.

    Raises:
        GatewayUnavailable: there is none, or no usable answer.
        GatewayRefuses: it doesn't take this message.
    """
    if way == "sms":
        _sms(to, text, key)
    else:
        _mail(to, text, key)


def _sms(to: str, text: str, key: str) -> None:
    gateway: SmsGateway | None = settings.SMS
    if not gateway:
        raise GatewayUnavailable("没有设置短信网关")
    at = urlsplit(gateway["url"])
    body = json.dumps(filled_in(json.loads(gateway["body"]), {"to": to, "text": text, "id": key}), ensure_ascii=False)
    headers = {
        "Authorization": f"Bearer {gateway['token']}",
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": key,
    }
    line = line_to(at, gateway["timeout"])
    try:
        line.request("POST", at.path or "/", body.encode(), headers)
        answer = line.getresponse()
        status, said = answer.status, answer.read(_MAX_ANSWER_BYTES)
    except TimeoutError:
        raise GatewayUnavailable("短信网关没有按时答复") from None
    except (OSError, http.client.HTTPException):
        raise GatewayUnavailable("连不上短信网关") from None
    finally:
        line.close()
    if status in _REFUSED:
        raise GatewayRefuses(f"短信网关不接收（{status}）")
    if status != _HAD_IT and not (200 <= status < 300 and _says_yes(said, gateway["ok"])):
        raise GatewayUnavailable(f"短信网关没有接收（{status}）")


def filled_in(template: Any, values: dict[str, str]) -> Any:
    """Return a JSON value with {to}, {text} and {id} in its texts replaced; a text can't become anything else."""
    if isinstance(template, dict):
        return {name: filled_in(value, values) for name, value in template.items()}
    if isinstance(template, list):
        return [filled_in(value, values) for value in template]
    if not isinstance(template, str):
        return template
    parts = template.split("{")
    done = parts[0]
    for part in parts[1:]:
        name, closed, rest = part.partition("}")
        done += values[name] + rest if closed and name in values else "{" + part
    return done


def _says_yes(said: bytes, wanted: str) -> bool:
    """Tell whether an answer has `name=value` in its JSON, where the setting asks for that."""
    if not wanted:
        return True
    name, _, value = wanted.partition("=")
    try:
        found = json.loads(said)
    except ValueError:
        return False
    return isinstance(found, dict) and str(found.get(name)) == value


def _mail(to: str, text: str, key: str) -> None:
    if not settings.EMAIL:
        raise GatewayUnavailable("没有设置邮件服务器")
    server = get_connection("django.core.mail.backends.smtp.EmailBackend")
    body = f"{text}\n\n{settings.DEPARTMENT}\n本邮件由系统自动发出，请勿回复。\n"
    letter = EmailMessage(
        MAIL_SUBJECT, body, settings.DEFAULT_FROM_EMAIL, [to], connection=server, headers=own_mail_headers(key)
    )
    try:
        letter.send()
    except smtplib.SMTPRecipientsRefused as e:
        if any(code >= 500 for code, _ in e.recipients.values()):
            raise GatewayRefuses("邮件服务器不接收这个地址") from None
        raise GatewayUnavailable("邮件服务器暂不接收") from None
    except TimeoutError:
        raise GatewayUnavailable("邮件服务器没有按时答复") from None
    except OSError:
        raise GatewayUnavailable("邮件没有交给邮件服务器") from None
