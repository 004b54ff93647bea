"""How files come in: into memory only, so that no plain copy ever lies on a disk, and bounded.

Only after signing in, or to a page of the window. What isn't kept is still read from the wire, so that the page can say
why instead of a broken connection.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from xinfang.attachments.actions.chunks import MAX_PENDING_FACTOR

ViewFunction = TypeVar("ViewFunction", bound=Callable[..., Any])


def for_anybody(view: ViewFunction) -> ViewFunction:
    """Let a page take files of people who aren't signed in."""
    view.takes_files_of_anybody = True  # type: ignore[attr-defined]
    return view


def takes_files_of_anybody(request: HttpRequest) -> bool:
    """Tell whether the page of this request takes files of people who aren't signed in."""
    match = request.resolver_match
    return match is not None and getattr(match.func, "takes_files_of_anybody", False)


class BoundedUploadHandler(FileUploadHandler):
    """Django's memory handler with a limit for each file and for all of a form.

    The names of files over it are in `request.files_left_out`, once request.FILES was read.
    """

    chunk_size = 256 * 1024

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.most = settings.UPLOAD_MB * 2**20
        self.room = MAX_PENDING_FACTOR * self.most
        self.names: list[str] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file in memory.

        Raises:
            SkipFile: nobody is signed in, and the page isn't one of the window.
        """
        super().new_file(*args, **kwargs)
        request: Any = self.request
        if not takes_files_of_anybody(request) and not request.user.is_authenticated:
            raise SkipFile
        request.files_left_out = self.names
        self.kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a part of the file.

        Raises:
            SkipFile: the file, or all of them together, is too large; its name is in `files_left_out`.
        """
        self.room -= len(raw_data)
        if start + len(raw_data) > self.most or self.room < 0:
            self.kept = BytesIO()
            self.names.append(str(self.file_name))
            raise SkipFile
        self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        """Return the finished file."""
        self.kept.seek(0)
        return InMemoryUploadedFile(
            file=self.kept,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
