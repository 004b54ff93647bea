"""A disk that fills up, in a process of its own.

Python -m tests.crash.full, with XINFANG_DATA on a small disk of its own.

Prints one JSON object: what the pages and /healthz said before, while it was full, and after space was back.
"""

import json
import os
from pathlib import Path

import django

from tests.urls import url


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.core.management import call_command
    from django.test import Client

    from benchmarks.checks import wrong_in_sample
    from tests.attachments import made
    from tests.world import make_department, register
    from xinfang.accounts.actions import sign_ins
    from xinfang.accounts.models import Staff
    from xinfang.cases.models import Petition
    from xinfang.core import installation
    from xinfang.core.clock import today
    from xinfang.proof.verify import verify

    settings.ALLOWED_HOSTS.append("testserver")
    call_command("migrate", verbosity=0)
    installation.record_installation()
    make_department()
    register(today())
    client, clerk = Client(raise_request_exception=False), Staff.objects.get(username="clerk")
    session = client.session
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(clerk.pk), clerk.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session.save()
    sign_ins.register_sign_in(session, clerk, "127.0.0.1", "测试", second_factor=True)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    def post(key: str) -> tuple[int, str]:
        letter = {
            "key": key,
            "secrecy": "no",
            "channel": "letter",
            "source": "direct",
            "received_on": today().isoformat(),
            "subject": "请求说明补助发放情况",
            "body": "补助未按时发放。" * 2000,
            "persons-0-name": "其木格",
            "persons-0-kind": "natural",
            "persons-0-role": "petitioner",
            "requests-0-text": "说明原因",
        }
        answer = client.post(url("register"), letter)
        return answer.status_code, answer.content.decode()

    def upload() -> tuple[int, str]:
        number = Petition.objects.order_by("pk").values_list("number", flat=True).first()
        from django.core.files.uploadedfile import SimpleUploadedFile

        data = made.jpg(comment=os.urandom(60_000))
        sent = {"what": "evidence", "key": "f" * 32, "files": [SimpleUploadedFile("照片.jpg", data)]}
        answer = client.post(url("files-add", number), sent, headers={"Accept": "application/json"})
        return answer.status_code, str(answer.json())

    def well() -> list[object]:
        answer = client.get(url("healthz"))
        # Of what has stopped beside the pages (nothing sweeps here) this test says nothing.
        told = {k: v for k, v in answer.json().items() if k not in ("faults", "seconds_since", "seals_sent")}
        return [answer.status_code, told]

    def state() -> list[object]:
        ids = list(Petition.objects.values_list("pk", flat=True))
        return [len(ids), verify().whole, wrong_in_sample(ids, len(ids))]

    said = {"before": [post("0" * 32)[0], well(), state()]}
    ballast = Path(settings.DATA) / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for block in (2**20, 4096, 1):
            try:
                while True:
                    file.write(b"x" * block)
            except OSError:
                pass
    # What is already set aside in the log of SQLite is used up first.
    full: tuple[int, str] = (0, "")
    for n in range(200):
        full = post(f"{n + 1:032d}")
        if full[0] != 302:
            break
    said["full"] = [*full, well(), upload(), state(), client.get(url("petitions")).status_code]
    last = said["full"][4][0]
    ballast.unlink()
    again = post(f"{n + 1:032d}")[0]
    said["after"] = [again, well(), upload()[0], state(), last]
    print(json.dumps(said, ensure_ascii=False))


if __name__ == "__main__":
    main()
