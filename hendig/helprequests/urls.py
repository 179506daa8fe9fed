"""Where one asks for help, and where a coach follows the way of each question."""

from hendig.helprequests import views
from hendig.people.rules import Permission
from hendig.people.urls import route

ASK, COACH = Permission.ASK_FOR_HELP, Permission.COACH_FAMILIES

urlpatterns = [
    route("hulp/", views.ask, name="ask", needs=ASK),
    route("hulp/<uuid:asked_id>/", views.confirm_question, name="confirm_question", needs=ASK),
    route(
        "gezin/vraag/<uuid:request_id>/telefoon/",
        views.give_phone,
        name="give_phone",
        needs=Permission.OPEN_FAMILY,
    ),
    route("gezinnen/", views.coach_board, name="coach_board", needs=COACH),
    route("gezinnen/lijst/", views.coach_list, name="coach_list", needs=COACH),
    route("gezinnen/vraag/<uuid:request_id>/", views.first_talk, name="first_talk", needs=COACH),
    route("gezinnen/vraag/<uuid:request_id>/staat-er-al/", views.doubles, name="talk_doubles", needs=COACH),
    route("gezinnen/vraag/<uuid:request_id>/oppakken/", views.take_up, name="take_up", needs=COACH),
]
