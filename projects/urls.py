from django.urls import path, re_path

from projects.models import ProjectFile
from projects.views import ProjectDetail, ProjectList
from publishing.downloads import PublicFile

app_name = "projects"
urlpatterns = [
    path("", ProjectList.as_view(), name="list"),
    re_path(r"^export\.(?P<format>csv|xlsx|json)$", ProjectList.as_view(), name="export"),
    path("<str:key>/", ProjectDetail.as_view(), name="detail"),
    path("<str:key>/files/<int:pk>/<str:name>", PublicFile.as_view(model=ProjectFile), name="file"),
]
