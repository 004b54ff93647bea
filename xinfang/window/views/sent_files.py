"""The files that came with a form of the window, and those that were too large or too many to be taken."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from xinfang.attachments.filecheck import clean_name, too_big_message
from xinfang.window.receipts import NotArrived
from xinfang.window.submission import SentFile

MAX_FILES = 30


def sent_files(request: HttpRequest, instead: str) -> tuple[list[SentFile], list[NotArrived]]:
    """Return the files of a form, and those left out; `instead` is what to do with the ones that were too many."""
    sent: list[Any] = request.FILES.getlist("files")
    over = getattr(request, "files_left_out", [])
    left = [NotArrived(clean_name(name), too_big_message(settings.UPLOAD_MB * 2**20)) for name in over]
    left += [
        NotArrived(clean_name(file.name or ""), f"一次最多{MAX_FILES}个文件，{instead}。") for file in sent[MAX_FILES:]
    ]
    return [SentFile(file.name or "", file.read()) for file in sent[:MAX_FILES]], left
