"""Public pages under the language; the admin and the operator's addresses outside it."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from sci_portal import feeds, sitemaps, views

urlpatterns = [
    path("", views.choose_language, name="choose_language"),
    path("healthz", views.alive, name="alive"),
    path("readyz", views.ready, name="ready"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("statistics/", include("reports.urls")),
        path("search/", views.search, name="search"),
        path("chronology/", views.Chronology.as_view(), name="chronology"),
        path("feeds/projects.atom", feeds.project_feed, name="project_feed"),
        path("feeds/mous.atom", feeds.mou_feed, name="mou_feed"),
        path("feeds/chronology.atom", feeds.chronology_feed, name="chronology_feed"),
        path(
            "feeds/organisations/<slug:key>.atom",
            feeds.OrganisationFeedView.as_view(),
            name="organisation_feed",
        ),
        path("about/", views.page, {"slug": "about"}, name="about"),
        path("projects/", include("projects.urls")),
        path("mous/", include("mous.urls")),
        path("organisations/", include("organisations.urls")),
        path("meetings/", include("meetings.urls")),
        path("updates/", include("projects.rounds.urls")),
    ),
]
# Managers add standing pages under any word, so these come after every other address.
urlpatterns += i18n_patterns(path("<slug:slug>/", views.page, name="page"))
