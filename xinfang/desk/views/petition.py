"""One petition."""

from django.http import HttpResponse

from xinfang.desk.shell import DeskRequest, desk_page, petition_or_404, show


@desk_page()
def petition(request: DeskRequest, number: str) -> HttpResponse:
    petition_or_404(request, number)
    return show(request, "desk/base.html", here="/petitions/")


@desk_page()
def receipt(request: DeskRequest, number: str) -> HttpResponse:
    petition_or_404(request, number)
    return show(request, "desk/base.html", here="/petitions/")
