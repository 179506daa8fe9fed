"""A file that somebody brought, for whoever sees the words that it belongs to."""

from hendig.files import views
from hendig.people.rules import Permission
from hendig.people.urls import route

urlpatterns = [
    route("bestanden/<uuid:file_id>/", views.file, name="file", needs=Permission.OPEN_FAMILY),
]
