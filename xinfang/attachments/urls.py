"""The addresses of this feature. They hold numbers, never personal data."""

from django.urls import path

from xinfang.attachments.views import chunks, files, label, mail, original, scans, viewing

urlpatterns = [
    path("register/scans/", scans.add, name="scans-add"),
    path("register/scans/<str:key>/", chunks.of_registration, name="scan-pieces"),
    path("register/scans/<str:key>/see/", scans.see, name="scan"),
    path("register/scans/<str:key>/pages/<int:page>/", scans.page, name="scan-page"),
    path("petitions/<str:number>/label/", label.label, name="label"),
    path("petitions/<str:number>/original/", original.original, name="original"),
    path("petitions/<str:number>/files/", files.add_attachments, name="files-add"),
    path("petitions/<str:number>/files/<int:place>/", files.download_attachment, name="file"),
    path("petitions/<str:number>/files/<int:place>/see/", viewing.see, name="file-see"),
    path("petitions/<str:number>/files/<int:place>/mail/", mail.mail, name="file-mail"),
    path("petitions/<str:number>/files/<int:place>/pages/<int:page>/", viewing.page, name="file-page"),
    path("petitions/<str:number>/files/<int:place>/thumbnail/", viewing.thumbnail, name="file-thumbnail"),
    path("petitions/<str:number>/files/<int:place>/arrange/", viewing.arrange, name="file-arrange"),
    path("petitions/<str:number>/files/<int:place>/reading/", viewing.reading, name="file-reading"),
    path("petitions/<str:number>/files/pieces/<str:key>/", chunks.of_case, name="file-pieces"),
]
