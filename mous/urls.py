from django.urls import path, re_path

from mous.views import MOUDetail, MOUList

app_name = "mous"
urlpatterns = [
    path("", MOUList.as_view(), name="list"),
    re_path(r"^export\.(?P<format>csv|xlsx|json)$", MOUList.as_view(), name="export"),
    path("<str:key>/", MOUDetail.as_view(), name="detail"),
]
