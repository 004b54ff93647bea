"""Registering what came in."""

from django.http import HttpResponse

from xinfang.desk.shell import REGISTERS, DeskRequest, desk_page, show


@desk_page(*REGISTERS)
def register(request: DeskRequest) -> HttpResponse:
    return show(request, "desk/base.html", here="/register/")


@desk_page(*REGISTERS)
def similar(request: DeskRequest) -> HttpResponse:
    return HttpResponse("")
