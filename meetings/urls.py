from django.urls import path, re_path

from meetings.calendars import MeetingCalendar, calendar
from meetings.models import Paper
from meetings.views import MeetingDetail, MeetingList
from publishing.downloads import PublicFile

app_name = "meetings"
urlpatterns = [
    path("", MeetingList.as_view(), name="list"),
    re_path(r"^export\.(?P<format>csv|xlsx|json)$", MeetingList.as_view(), name="export"),
    path("meetings.ics", calendar, name="calendar"),
    path("<slug:key>.ics", MeetingCalendar.as_view(), name="event"),
    path("<slug:key>/", MeetingDetail.as_view(), name="detail"),
    path("<slug:key>/files/<int:pk>/<str:name>", PublicFile.as_view(model=Paper), name="file"),
]
