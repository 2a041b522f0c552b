"""The addresses of signed links, under updates/ and a language."""

from django.urls import path

from projects.rounds import views as update_views

app_name = "updates"
urlpatterns = [
    path("<str:token>/", update_views.form, name="form"),
    path("<str:token>/sent/", update_views.sent, name="sent"),
    path("<str:token>/form.docx", update_views.file, name="file"),
]
