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
    route("mijn-kaart/elders/", views.elsewhere, name="elsewhere", needs=Permission.KEEP_CARD),
    route(
        "mijn-kaart/elders/<uuid:municipality_id>/aanbieden/",
        views.offer_elsewhere,
        name="offer_elsewhere",
        needs=Permission.KEEP_CARD,
    ),
    route(
        "mijn-kaart/elders/<uuid:elsewhere_id>/stoppen/",
        views.stop_elsewhere,
        name="stop_elsewhere",
        needs=Permission.KEEP_CARD,
    ),
    route(
        "mijn-kaart/elders/<uuid:elsewhere_id>/",
        views.go_elsewhere,
        name="go_elsewhere",
        needs=Permission.KEEP_CARD,
    ),
    route(
        "mijn-kaart/elders/<uuid:elsewhere_id>/naar/<path:onward>",
        views.go_elsewhere,
        name="go_elsewhere_to",
        needs=Permission.KEEP_CARD,
    ),
    route(
        "wie-werkt-hier/van-elders/",
        views.from_elsewhere,
        name="from_elsewhere",
        needs=Permission.TAKE_FROM_ELSEWHERE,
    ),
    route(
        "wie-werkt-hier/van-elders/<uuid:elsewhere_id>/akkoord/",
        views.take_from_elsewhere,
        name="take_from_elsewhere",
        needs=Permission.TAKE_FROM_ELSEWHERE,
    ),
    route(
        "wie-werkt-hier/van-elders/<uuid:elsewhere_id>/niet/",
        views.decline_from_elsewhere,
        name="decline_from_elsewhere",
        needs=Permission.TAKE_FROM_ELSEWHERE,
    ),
]
