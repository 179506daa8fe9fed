"""Where one asks for help, and where a coach follows the way of each question."""

from hendig.helprequests import views
from hendig.people.rules import Permission
from hendig.people.urls import route

ASK, COACH = Permission.ASK_FOR_HELP, Permission.COACH_FAMILIES
HAND_OVER = Permission.HAND_OVER_QUESTIONS

urlpatterns = [
    route("hulp/", views.ask, name="ask", needs=ASK),
    route("hulp/<uuid:asked_id>/", views.confirm_question, name="confirm_question", needs=ASK),
    route(
        "gezin/vraag/<uuid:request_id>/telefoon/",
        views.give_phone,
        name="give_phone",
        needs=Permission.OPEN_FAMILY,
    ),
    route("gezinnen/lijst/", views.coach_list, name="coach_list", needs=COACH),
    route("gezinnen/vraag/<uuid:request_id>/", views.first_talk, name="first_talk", needs=COACH),
    route("gezinnen/vraag/<uuid:request_id>/over-wie/", views.note_about, name="note_about", needs=COACH),
    route("gezinnen/vraag/<uuid:request_id>/staat-er-al/", views.doubles, name="talk_doubles", needs=COACH),
    route("gezinnen/overdracht/", views.coach_handovers, name="coach_handovers", needs=HAND_OVER),
    route(
        "gezinnen/overdracht/<uuid:account_id>/", views.coach_handover, name="coach_handover", needs=HAND_OVER
    ),
    route(
        "gezin/overdracht/<uuid:handover_id>/liever-een-ander/",
        views.prefer_another,
        name="prefer_another",
        needs=Permission.CHOOSE_WHO_SEES,
    ),
    route("gezinnen/vraag/<uuid:request_id>/oppakken/", views.take_up, name="take_up", needs=COACH),
]
