from hendig.matching import views
from hendig.people.rules import Permission
from hendig.people.urls import route

urlpatterns = [
    route(
        "match/nieuw/<uuid:request_id>/", views.open_talk, name="open_talk", needs=Permission.OPEN_MATCH_TALK
    ),
    route("match/<uuid:talk_id>/", views.match_talk, name="match_talk", needs=Permission.ANSWER_MATCH),
    route(
        "match/<uuid:talk_id>/uitzondering/",
        views.record_exception,
        name="record_exception",
        needs=Permission.OPEN_MATCH_TALK,
    ),
    route(
        "match/<uuid:talk_id>/maatregel/",
        views.carry_out,
        name="carry_out",
        needs=Permission.CARRY_OUT_MEASURE,
    ),
    route(
        "match/maatregel/<uuid:record_id>/voorbij/",
        views.end_measure,
        name="end_measure",
        needs=Permission.COACH_FAMILIES,
    ),
    route(
        "match/<uuid:talk_id>/verder/",
        views.look_further,
        name="look_further",
        needs=Permission.OPEN_MATCH_TALK,
    ),
    route("overdracht/", views.handovers, name="handovers", needs=Permission.HAND_OVER_HELP),
    route(
        "overdracht/<uuid:professional_id>/",
        views.hand_over,
        name="hand_over",
        needs=Permission.HAND_OVER_HELP,
    ),
    route("match/<uuid:match_id>/stop/", views.end_match, name="end_match", needs=Permission.END_HELP),
]
