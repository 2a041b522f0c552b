from django.urls import path, re_path

from mous.models import MOUFile
from mous.views import MOUDetail, MOUList
from publishing.downloads import PublicFile

app_name = "mous"
urlpatterns = [
    path("", MOUList.as_view(), name="list"),
    re_path(r"^export\.(?P<format>csv|xlsx|json)$", MOUList.as_view(), name="export"),
    path("<str:key>/", MOUDetail.as_view(), name="detail"),
    path("<str:key>/files/<int:pk>/<str:name>", PublicFile.as_view(model=MOUFile), name="file"),
]
