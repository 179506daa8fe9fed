"""The paths of tents: identifiers only, never a name."""

from hendig.people.rules import Permission
from hendig.people.urls import route
from hendig.tents import views

TABLE, LEAD = Permission.TAKE_PART_IN_TENT, Permission.LEAD_TENT
CHOOSE = Permission.CHOOSE_GUESTS

urlpatterns = [
    route("tenten/", views.my_tents, name="my_tents", needs=TABLE),
    route("tenten/nieuw/<uuid:request_id>/", views.call_tent, name="call_tent", needs=Permission.CALL_TENT),
    route(
        "tenten/stoel/<uuid:seat_id>/antwoord/",
        views.answer_seat,
        name="answer_seat",
        needs=Permission.ANSWER_TENT,
    ),
    route("tenten/stoel/<uuid:seat_id>/welkom/", views.welcome_guest, name="welcome_guest", needs=CHOOSE),
    route("tenten/stoel/<uuid:seat_id>/liever-niet/", views.refuse_guest, name="refuse_guest", needs=CHOOSE),
    route("tenten/briefje/<uuid:piece_id>/weg/", views.remove_piece, name="remove_piece", needs=TABLE),
    route("tenten/briefje/<uuid:piece_id>/over-wie/", views.piece_about, name="piece_about", needs=TABLE),
    route("tenten/<uuid:tent_id>/", views.tent, name="tent", needs=TABLE),
    route("tenten/<uuid:tent_id>/iedereen-welkom/", views.welcome_all, name="welcome_all", needs=CHOOSE),
    route("tenten/<uuid:tent_id>/afzeggen/", views.cancel_tent, name="cancel_tent", needs=TABLE),
    route("tenten/<uuid:tent_id>/begin/", views.begin_tent, name="begin_tent", needs=LEAD),
    route("tenten/<uuid:tent_id>/leiding/", views.give_chair, name="give_chair", needs=LEAD),
    route("tenten/<uuid:tent_id>/fase/", views.set_phase, name="set_phase", needs=LEAD),
    route("tenten/<uuid:tent_id>/afronden/", views.close_tent, name="close_tent", needs=LEAD),
    route("tenten/<uuid:tent_id>/tekening/", views.drawing, name="drawing", needs=TABLE),
    route("tenten/<uuid:tent_id>/tekening/verloop/", views.growth, name="growth", needs=TABLE),
    route("tenten/<uuid:tent_id>/blad/", views.page, name="tent_page", needs=TABLE),
    route(
        "tenten/<uuid:tent_id>/blad/akkoord/",
        views.agree_page,
        name="agree_page",
        needs=Permission.AGREE_PAGE,
    ),
    route("tenten/<uuid:tent_id>/blad.pdf", views.page_pdf, name="tent_page_pdf", needs=TABLE),
    route("tenten/<uuid:tent_id>/afspraak.ics", views.invitation, name="tent_invitation", needs=TABLE),
]
