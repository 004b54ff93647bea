"""The pages that everybody may see, by route: a window apart shows them as the desk made them (`actions.apart`)."""

from .views import public

PAGES = {
    "window": public.home,
    "window-notice": public.notice,
    "window-reception": public.reception,
    "window-procedure": public.procedure,
    "window-figures": public.figures,
    "window-report": public.yearly_report,
    "window-leaflet": public.leaflet,
}
