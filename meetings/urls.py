from django.urls import path, re_path

from meetings.views import MeetingDetail, MeetingList

app_name = "meetings"
urlpatterns = [
    path("", MeetingList.as_view(), name="list"),
    re_path(r"^export\.(?P<format>csv|xlsx|json)$", MeetingList.as_view(), name="export"),
    path("<slug:key>/", MeetingDetail.as_view(), name="detail"),
]
