"""Being written."""

from django.http import HttpResponse

from xinfang.desk.shell import DeskRequest, desk_page, show


@desk_page()
def petitions(request: DeskRequest) -> HttpResponse:
    return show(request, "desk/base.html", here="/")
