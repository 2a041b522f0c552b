from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.statistics, name="statistics"),
    path("bridge.svg", views.bridge_svg, name="bridge_svg"),
    path("<slug:name>.csv", views.figure_csv, name="figure"),
]
