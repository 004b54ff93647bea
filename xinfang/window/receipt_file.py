"""A receipt as a file that needs nothing else, and the page that checks receipts as such a file.

Each is one HTML page with its script and style inside; its own policy lets it load nothing and send nothing. The
script is made of the modules that the page of the window loads. No inquiry code is in it.
"""

import base64
import hashlib
import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse

from xinfang import web
from xinfang.web.qr import qr_svg
from xinfang.window.forms import CheckForm
from xinfang.window.queries.night_seal import NightSeal
from xinfang.window.queries.receipts import Receipt
from xinfang.window.receipt_proof import short_receipt
from xinfang.window.receipts import own_keys, public_key, published_key_ids

MODULES = ("sm3.js", "p256.js", "receipt_proof.js", "receipt_check.js")
"""What checks a receipt, each after those that it imports."""
_STATIC = Path(web.__file__).parent / "static"
_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def receipt_file(receipt: Receipt, seal: NightSeal | None = None) -> bytes:
    """Return the receipt as a file; with the seal of the night after it, where there is one."""
    data: dict[str, Any] = {"text": receipt.text, "signature": receipt.signature, "key": public_key()}
    if seal is not None:
        data["seal"] = {"line": seal.line, "hash": seal.hash, "covers": seal.covers}
    body = render_to_string("window/saved/receipt.html", {"receipt": receipt})
    block = f'<script type="application/json" id="receipt">{json_inside(data)}</script>'
    return _page(f"信访回执 {receipt.said['number']}", body + block)


def checker_file(department: str) -> bytes:
    """Return the page that checks receipts as a file, with this department's public key inside."""
    context = {
        "department": department,
        "key": " ".join(own_keys()),
        "key_id": published_key_ids(),
        "form": CheckForm(),
    }
    body = render_to_string("window/saved/checker.html", context)
    return _page("核对信访回执", body)


def receipt_qr(receipt: Receipt, window: str = "") -> str:
    """Return the QR code of a receipt as an SVG: number, time, digest and signature.

    `window` is the window's address, if it has one: who scans the code then comes to where it is checked.
    """
    said = short_receipt(receipt.said["number"], receipt.received_at, receipt.digest)
    check = reverse("window-check").removeprefix(reverse("window"))
    return qr_svg(f"{window}/{check}#{said}" if window else said)


def json_inside(data: object) -> str:
    """Return JSON that can't end the script element that it is put into, whatever people wrote."""
    return json.dumps(data, ensure_ascii=False).translate(_ESCAPES)


def file_name(number: str, at: datetime) -> str:
    """Return the name under which a receipt is saved."""
    return f"信访回执{number}_{at:%Y%m%d}.html"


def joined(*modules: str) -> str:
    """Return modules as one text without imports and exports."""
    parts = [(_STATIC / "js" / name).read_text(encoding="utf-8") for name in modules]
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", part)) for part in parts)


@cache
def single_script() -> str:
    """Return what checks a receipt as one script."""
    return f'"use strict";\n{{\n{joined(*MODULES)}}}\n'


@cache
def _style() -> str:
    return (_STATIC / "css" / "receipt_file.css").read_text(encoding="utf-8")


def _page(title: str, body: str) -> bytes:
    script, style = single_script(), _style()
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    )
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n{body}\n<script>{script}</script>\n</body>\n</html>\n"
    ).encode()


def _hash(inside: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()}'"
