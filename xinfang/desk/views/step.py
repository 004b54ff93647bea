"""One step."""

from django.http import HttpResponse

from xinfang.desk.shell import DeskRequest, desk_page, petition_or_404, show


@desk_page()
def take_step(request: DeskRequest, number: str, code: str) -> HttpResponse:
    petition_or_404(request, number)
    return show(request, "desk/base.html", here="/petitions/")
