"""Stands for a department's seal server, as a process of its own: `python seal_server.py TOKEN`.

It prints its port. What it does is the path: /seal, and whatever may go wrong. The signature is none.
"""

import http.server
import io
import json
import sys
import time
import zipfile

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SIGNATURES = f"<ofd:Signatures {NAMESPACE}><ofd:Signature ID='1' BaseLoc='Sign_0/Signature.xml'/></ofd:Signatures>"


def with_seal(ofd: bytes, page: str = "", changed: bool = False) -> bytes:
    """The OFD with a stamp over its first page; `page` is the ID of another one."""
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ofd)) as old, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as new:
        document = old.read("Doc_0/Document.xml").decode()
        page = page or document.partition('<ofd:Page ID="')[2].partition('"')[0]
        for name in old.namelist():
            data = old.read(name)
            if name == "OFD.xml":
                data = data.replace(
                    b"</ofd:DocRoot>", b"</ofd:DocRoot><ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>"
                )
            if changed and name.endswith("Page_0/Content.xml"):
                data = data.replace(b"</ofd:TextCode>", "改</ofd:TextCode>".encode(), 1)
            new.writestr(name, data)
        new.writestr("Doc_0/Signs/Signatures.xml", SIGNATURES)
        stamp = f"<ofd:StampAnnot ID='1' PageRef='{page}' Boundary='120 200 40 40'/>"
        new.writestr(
            "Doc_0/Signs/Sign_0/Signature.xml",
            f"<ofd:Signature {NAMESPACE}><ofd:SignedInfo>{stamp}</ofd:SignedInfo>"
            "<ofd:SignedValue>SignedValue.dat</ofd:SignedValue></ofd:Signature>",
        )
        new.writestr("Doc_0/Signs/Sign_0/SignedValue.dat", b"0\x03\x02\x01\x01")
    return whole.getvalue()


class Handler(http.server.BaseHTTPRequestHandler):
    token = ""
    first: bytes = b""

    def log_message(self, *_: object) -> None:
        """Silence."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        what = self.path.removeprefix("/")
        if self.headers["Authorization"] != f"Bearer {self.token}":
            self.answer(401, b"")
        elif what == "hang":
            time.sleep(60)
        elif what == "drip":
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                self.wfile.write(b"P")
                self.wfile.flush()
                time.sleep(0.2)
        elif what == "refuse":
            self.answer(422, json.dumps({"reason": "印章已停用"}).encode())
        elif what == "broken":
            self.answer(500, b"")
        elif what == "garbage":
            self.answer(200, b"PK\x03\x04 garbage")
        elif what == "unsealed":
            self.answer(200, body)
        elif what == "elsewhere":
            self.answer(200, with_seal(body, page="404"))
        elif what == "changed":
            self.answer(200, with_seal(body, changed=True))
        elif what == "another":
            Handler.first = Handler.first or body
            self.answer(200, with_seal(Handler.first))
        else:
            self.answer(200, with_seal(body))

    def answer(self, status: int, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


if __name__ == "__main__":
    Handler.token = sys.argv[1]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
