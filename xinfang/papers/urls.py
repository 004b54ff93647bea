"""The addresses of this feature. They hold numbers, never personal data."""

from django.urls import path

from .views import papers, papers_batch, papers_files, papers_wordings

urlpatterns = [
    path("petitions/<str:number>/papers/", papers.make, name="paper-make"),
    path("petitions/<str:number>/papers/<int:place>/", papers.paper, name="paper"),
    path("petitions/<str:number>/papers/<int:place>/versions/", papers.versions, name="paper-versions"),
    path("petitions/<str:number>/papers/<int:place>/pages/<int:page>/", papers_files.page, name="paper-page"),
    path("petitions/<str:number>/papers/<int:place>/<slug:form>/", papers_files.download, name="paper-file"),
    path("petitions/<str:number>/papers/preview/<slug:kind>/", papers_files.preview, name="paper-preview"),
    path(
        "petitions/<str:number>/papers/preview/<slug:kind>/pages/<int:page>/",
        papers_files.preview_page,
        name="paper-preview-page",
    ),
    path("papers/", papers_batch.papers, name="papers"),
    path("papers/batch/", papers_batch.batch, name="papers-batch"),
    path("settings/wordings/", papers_wordings.wordings, name="wordings"),
    path("settings/wordings/<slug:kind>/", papers_wordings.wording_page, name="wording"),
    path("settings/wordings/<slug:kind>/pages/<int:page>/", papers_wordings.sample_page, name="wording-page"),
]
