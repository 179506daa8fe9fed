"""The paths of the drawing of who is around: identifiers only, never a name."""

from hendig.circle import views
from hendig.people.rules import Permission
from hendig.people.urls import route

KEEP, OWN = Permission.KEEP_OWN_CIRCLE, Permission.DRAW_OWN_CIRCLE

urlpatterns = [
    route("gezin/<uuid:family_id>/kring/", views.circle, name="circle", needs=Permission.OPEN_FAMILY),
    route("gezin/<uuid:family_id>/mijn-kring/", views.own_circle, name="own_circle", needs=OWN),
    route("gezin/<uuid:family_id>/mijn-kring/tonen/", views.show_circle, name="show_circle", needs=OWN),
    route("gezin/<uuid:family_id>/mijn-kring/verbergen/", views.hide_circle, name="hide_circle", needs=OWN),
    route("gezin/kring/<uuid:tie_id>/weg/", views.remove_tie, name="remove_tie", needs=KEEP),
    route("gezin/kring/<uuid:tie_id>/terug/", views.restore_tie, name="restore_tie", needs=KEEP),
]
