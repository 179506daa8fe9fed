from hendig.people.rules import Permission
from hendig.people.urls import route
from hendig.shares import views

SHARE, SEE = Permission.SHARE_PIECES, Permission.SEE_SHARED

urlpatterns = [
    route("gezin/<uuid:family_id>/delen/", views.shares, name="shares", needs=SHARE),
    route("delen/nieuw/<uuid:record_id>/", views.propose, name="new_share", needs=SHARE),
    route("delen/<uuid:share_id>/", views.share, name="share", needs=SHARE),
    route(
        "delen/<uuid:share_id>/antwoord/", views.answer, name="answer_share", needs=Permission.CHOOSE_WHO_SEES
    ),
    route(
        "delen/<uuid:share_id>/terug/",
        views.take_back,
        name="take_share_back",
        needs=Permission.COACH_FAMILIES,
    ),
    route("gedeeld/", views.shared_with_me, name="shared_with_me", needs=SEE),
    route("gedeeld/<uuid:share_id>/", views.shared, name="shared", needs=SEE),
]
