"""Somebody's browser without scripts: cookies, forms as the pages hold them, and answers that may be cut off."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

from tests.fuzz.nasty import BOUNDARY, multipart
from tests.urls import url
from tests.world import PASSWORD

TOKEN, KEY = "csrfmiddlewaretoken", "key"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY.decode()}"
URLENCODED = "application/x-www-form-urlencoded"
_INPUT = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE = re.compile(r'\b(type|name|value)="([^"]*)"')


class Cut(Exception):
    """No answer came: the server was killed under it."""


class Down(Exception):
    """The server says 5xx, as it must while its database is stopped."""


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    content: bytes

    @property
    def text(self) -> str:
        return re.sub(r"<[^>]+>|\s+", " ", self.content.decode(errors="replace"))


class Browser:
    """One person at one screen. Each request has a line of its own, so that none is left from before a crash."""

    def __init__(self, port: int, username: str, codes: list[str]) -> None:
        self.username, self._port, self._codes = username, port, codes
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> Answer:
        """One request. Raises Cut or Down where it wasn't answered."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if kind:
            headers["Content-Type"] = kind
        link = HTTPConnection("127.0.0.1", self._port, timeout=120)
        try:
            link.request(method, path, body or None, headers)
            answer = link.getresponse()
            content = answer.read()
        except (OSError, HTTPException) as e:
            raise Cut(type(e).__name__) from None
        finally:
            link.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        if answer.status >= 500:
            raise Down(f"{answer.status} of {method} {path}")
        return Answer(answer.status, answer.getheader("Location") or "", content)

    def post(self, path: str, fields: Mapping[str, Any]) -> Answer:
        return self.ask("POST", path, urlencode(fields, doseq=True).encode(), URLENCODED)

    def form(self, path: str, action: str) -> dict[str, str]:
        """The hidden fields of the form on this page that is sent to this address."""
        answer = self.ask("GET", path)
        assert answer.status == 200, f"{path} for {self.username}: {answer.status} {answer.location}"
        page = answer.content.decode()
        found = re.search(rf'<form\b[^>]*action="{re.escape(action)}".*?</form>', page, re.DOTALL)
        assert found, f"{path} for {self.username} has no form for {action}: {answer.text[:600]}"
        fields = [dict(_ATTRIBUTE.findall(tag)) for tag in _INPUT.findall(found[0])]
        return {f["name"]: f.get("value", "") for f in fields if f.get("type") == "hidden"}

    def token(self) -> str:
        return self.cookies["xinfang_csrf"]

    def sign_in(self) -> None:
        """With the password, and whose duties ask for it with a code of the paper."""
        self.cookies = {}
        token = self.form(url("login"), url("login"))[TOKEN]
        answer = self.post(url("login"), {TOKEN: token, "username": self.username, "password": PASSWORD})
        if answer.location == url("login-code"):
            token = self.form(url("login-code"), url("login-code"))[TOKEN]
            answer = self.post(url("login-code"), {TOKEN: token, "code": self._codes.pop()})
        assert (answer.status, answer.location) == (302, url("inbox")), (
            f"{self.username}: {answer.status} {answer.text[:300]}"
        )


def with_files(fields: Mapping[str, str], control: str, files: Sequence[tuple[str, bytes]]) -> bytes:
    """The body of a form with files."""
    whole = [(control.encode(), name.encode(), b"application/octet-stream", content) for name, content in files]
    return multipart({k: [v] for k, v in fields.items()}, whole)


def told(answer: Answer) -> dict[str, Any]:
    """What an answer to a script says."""
    found: dict[str, Any] = json.loads(answer.content)
    return found
