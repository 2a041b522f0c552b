from django.urls import path, re_path

from organisations.views import OrganisationDetail, OrganisationList

app_name = "organisations"
urlpatterns = [
    path("", OrganisationList.as_view(), name="list"),
    re_path(r"^export\.(?P<format>csv|xlsx|json)$", OrganisationList.as_view(), name="export"),
    path("<slug:key>/", OrganisationDetail.as_view(), name="detail"),
]
