"""Stands for an SMS gateway, as a process of its own: `python sms_gateway.py TOKEN`.

It prints its port, then one line for each message that it took: the JSON as it came. What it does is the path: /send,
or what goes wrong.
"""

import http.server
import json
import sys
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    token = ""
    had: set[str] = set()
    hang = threading.Event()

    def log_message(self, *_: object) -> None:
        """Silence."""

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        what = self.path.removeprefix("/")
        if self.headers["Authorization"] != f"Bearer {self.token}":
            self.answer(401)
        elif what == "broken":
            self.answer(500)
        elif what == "refuse":
            self.answer(422)
        elif what == "slow":
            self.hang.wait(30)
        elif what == "polite":
            self.answer(200, {"code": "isv.LIMIT"})
        elif what == "moved":
            self.send_response(302)
            self.send_header("Location", "/send")
            self.end_headers()
        elif self.headers["Idempotency-Key"] in self.had:
            self.answer(409)
        else:
            self.had.add(self.headers["Idempotency-Key"])
            print(json.dumps(message), flush=True)
            if what == "lost":
                self.close_connection = True  # taken, and the answer never comes
            else:
                self.answer(200, {"code": "OK"})

    def answer(self, status: int, said: object = None) -> None:
        data = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


if __name__ == "__main__":
    Handler.token = sys.argv[1]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
