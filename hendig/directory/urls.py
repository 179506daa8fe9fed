"""The paths of the directory: identifiers only, never a name."""

from hendig.directory import views
from hendig.people.rules import Permission
from hendig.people.urls import route

urlpatterns = [
    route("wie-kan-wat/", views.people, name="directory", needs=Permission.SEE_DIRECTORY),
    route("mijn-kaart/", views.my_card, name="my_card", needs=Permission.KEEP_CARD),
    route("mijn-kaart/foto/weg/", views.remove_photo, name="remove_photo", needs=Permission.KEEP_CARD),
    route(
        "wie-kan-wat/<uuid:professional_id>/foto/<int:number>/",
        views.portrait,
        name="portrait",
        needs=Permission.BE_SIGNED_IN,
    ),
]
