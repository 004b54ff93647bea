"""Files of a form of the window, sent in chunks while it is filled in: what a broken line stopped goes on there.

They wait, encrypted, under a mark of the form's key (`sent_files.waiting_place`), for a day at most; the form that is
sent takes them along.
"""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from xinfang.attachments.actions import chunks
from xinfang.attachments.upload_handler import for_anybody
from xinfang.attachments.views.chunks import KEY, answer_to_piece


@for_anybody
@require_http_methods(["GET", "POST"])
def piece(request: HttpRequest, form: str, key: str) -> HttpResponse:
    """Take a chunk of a file, or tell how far it came.

    Raises:
        Http404: the mark of the form or the key of the file is none.
    """
    if not KEY.fullmatch(form):
        raise Http404
    begin = partial(chunks.begin_form_upload, form, key)
    return answer_to_piece(request, key, partial(chunks.find_form_upload, form, key), begin, lambda upload: None)
