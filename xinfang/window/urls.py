"""The addresses of the window.

A petitioner's name no case and no person: which case it is, the browser has proven.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt

from .views import acting, at_the_desk, case, clearing, counter, news, opening, pieces, public, receipts, submitting

AT_THE_DESK = [
    path("clearing/", clearing.clearing_page, name="clearing"),
    path("clearing/<int:pk>/", clearing.answer_page, name="clearing-answer"),
    path("counter/<str:number>/", counter.counter_sheet, name="counter-sheet"),
    path("inquiries/<str:number>/", at_the_desk.answer_inquiry, name="told"),
]
FOR_EVERYBODY = [
    path("window/", public.home, name="window"),
    path("window/notice/", public.notice, name="window-notice"),
    path("window/reception/", public.reception, name="window-reception"),
    path("window/procedure/", public.procedure, name="window-procedure"),
    path("window/figures/", public.figures, name="window-figures"),
    path("window/figures/report/", public.yearly_report, name="window-report"),
    path("window/leaflet/", public.leaflet, name="window-leaflet"),
    path("window/submit/", submitting.submit_page, name="window-submit"),
    path("window/pieces/<str:form>/<str:key>/", pieces.piece, name="window-pieces"),
    path("window/submit/done/", submitting.receipt_page, name="window-receipt"),
    path("window/submit/done/file/", receipts.receipt_to_save, name="window-receipt-file"),
    path("window/check/", receipts.check_page, name="window-check"),
    path("window/check/file/", receipts.check_file, name="window-check-file"),
    path("window/follow/", opening.open_page, name="window-follow"),
    path("window/leave/", opening.leave, name="window-leave"),
    path("window/case/", case.case_page, name="window-case"),
    path("window/case/papers/<int:place>/", case.paper_file, name="window-paper"),
    path("window/case/papers/<int:place>/open/", case.open_paper, name="window-open-paper"),
    path("window/case/data/", case.own_data, name="window-data"),
    path("window/case/news/", news.news_page, name="window-news"),
    path("window/case/again/", case.ask_again_page, name="window-ask-again"),
    path("window/case/do/<slug:name>/", acting.act_page, name="window-act"),
]


@csrf_exempt
def not_here(request: HttpRequest, **place: object) -> HttpResponse:
    """Answer for what is on another host (`XINFANG_PART=desk`): pages that are made here for it need its addresses.

    Raises:
        Http404: always.
    """
    raise Http404


def patterns(part: str) -> list[URLPattern]:
    """Return the addresses that exist at this part of the program."""
    if part != "desk":
        return [*FOR_EVERYBODY, *AT_THE_DESK]
    away = [URLPattern(p.pattern, not_here, p.default_args, p.name) for p in FOR_EVERYBODY]
    return [*away, *AT_THE_DESK]


urlpatterns = patterns(settings.PART)
