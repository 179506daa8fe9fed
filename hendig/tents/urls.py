"""The paths of tents: identifiers only, never a name."""

from hendig.people.rules import Permission
from hendig.people.urls import route
from hendig.tents import views
from hendig.tents.views import page

TABLE, LEAD = Permission.TAKE_PART_IN_TENT, Permission.LEAD_TENT
CHOOSE = Permission.CHOOSE_GUESTS
PREPARE = Permission.PREPARE_TENT
NAMELESS = Permission.TELL_WITHOUT_NAME
RECURRING = Permission.KEEP_RECURRING_TENTS

urlpatterns = [
    route("tenten/", views.my_tents, name="my_tents", needs=TABLE),
    route("tenten/leidraad/", views.guide, name="guide", needs=Permission.SET_GUIDE),
    route("tenten/kennis/", views.knowledge, name="knowledge", needs=Permission.SET_GUIDE),
    route(
        "tenten/leidraad/standaard/",
        views.standard_guide,
        name="standard_guide",
        needs=Permission.SET_GUIDE,
    ),
    route("tenten/nieuw/<uuid:request_id>/", views.call_tent, name="call_tent", needs=Permission.CALL_TENT),
    route("tenten/voorbereiden/<uuid:request_id>/", views.prepare, name="prepare", needs=PREPARE),
    route(
        "tenten/voorbereiden/<uuid:request_id>/voorgelegd/",
        views.offer_own_plan,
        name="offer_own_plan",
        needs=PREPARE,
    ),
    route(
        "tenten/voorbereiden/<uuid:request_id>/plan/",
        views.choose_own_plan,
        name="choose_own_plan",
        needs=PREPARE,
    ),
    route("tenten/zonder-naam/<uuid:request_id>/", views.nameless, name="nameless", needs=NAMELESS),
    route(
        "tenten/zonder-naam/<uuid:nameless_id>/mag/",
        views.allow_nameless,
        name="allow_nameless",
        needs=Permission.ALLOW_WITHOUT_NAME,
    ),
    route(
        "tenten/zonder-naam/<uuid:nameless_id>/terug/",
        views.withdraw_nameless,
        name="withdraw_nameless",
        needs=NAMELESS,
    ),
    route("tenten/gehoord/<uuid:hearer_id>/", views.thought, name="thought", needs=Permission.ANSWER_TENT),
    route("tenten/meegenomen/<uuid:prepared_id>/weg/", views.remove_note, name="remove_note", needs=PREPARE),
    route(
        "tenten/<uuid:tent_id>/meegenomen/<uuid:prepared_id>/",
        views.lay_note,
        name="lay_note",
        needs=PREPARE,
    ),
    route("tenten/vast/", views.recurring_tents, name="recurring_tents", needs=RECURRING),
    route("tenten/vast/<uuid:recurring_id>/", views.stop_recurring, name="stop_recurring", needs=RECURRING),
    route(
        "tenten/stoel/<uuid:seat_id>/antwoord/",
        views.answer_seat,
        name="answer_seat",
        needs=Permission.ANSWER_TENT,
    ),
    route("tenten/stoel/<uuid:seat_id>/welkom/", views.welcome_guest, name="welcome_guest", needs=CHOOSE),
    route("tenten/stoel/<uuid:seat_id>/liever-niet/", views.refuse_guest, name="refuse_guest", needs=CHOOSE),
    route("tenten/hand/<uuid:hand_id>/omlaag/", views.lower_hand, name="lower_hand", needs=TABLE),
    route("tenten/hand/<uuid:hand_id>/beurt/", views.give_turn, name="give_turn", needs=LEAD),
    route("tenten/briefje/<uuid:piece_id>/weg/", views.remove_piece, name="remove_piece", needs=TABLE),
    route("tenten/briefje/<uuid:piece_id>/over-wie/", views.piece_about, name="piece_about", needs=TABLE),
    route(
        "tenten/briefje/<uuid:piece_id>/afspreken/",
        views.settle_direction,
        name="settle_direction",
        needs=TABLE,
    ),
    route(
        "tenten/briefje/<uuid:piece_id>/prikbord/",
        views.ask_around,
        name="ask_around",
        needs=Permission.POST_QUESTION,
    ),
    route("tenten/<uuid:tent_id>/", views.tent, name="tent", needs=TABLE),
    route("tenten/<uuid:tent_id>/iedereen-welkom/", views.welcome_all, name="welcome_all", needs=CHOOSE),
    route("tenten/<uuid:tent_id>/afzeggen/", views.cancel_tent, name="cancel_tent", needs=TABLE),
    route("tenten/<uuid:tent_id>/verzetten/", views.move_tent, name="move_tent", needs=Permission.CALL_TENT),
    route("tenten/<uuid:tent_id>/begin/", views.begin_tent, name="begin_tent", needs=LEAD),
    route("tenten/<uuid:tent_id>/begin/toch-niet/", views.undo_begin, name="undo_begin", needs=LEAD),
    route("tenten/<uuid:tent_id>/leiding/", views.give_chair, name="give_chair", needs=LEAD),
    route("tenten/<uuid:tent_id>/fase/", views.set_phase, name="set_phase", needs=LEAD),
    route("tenten/<uuid:tent_id>/begrepen/", views.understood, name="understood", needs=TABLE),
    route("tenten/<uuid:tent_id>/gehoord/", views.heard, name="heard", needs=TABLE),
    route("tenten/<uuid:tent_id>/wie-er-is/", views.say_there, name="say_there", needs=TABLE),
    route("tenten/<uuid:tent_id>/hand/", views.raise_hand, name="raise_hand", needs=TABLE),
    route("tenten/<uuid:tent_id>/beurt/", views.next_turn, name="next_turn", needs=LEAD),
    route("tenten/<uuid:tent_id>/afronden/", views.close_tent, name="close_tent", needs=LEAD),
    route("tenten/<uuid:tent_id>/tekening/", views.drawing, name="drawing", needs=TABLE),
    route("tenten/<uuid:tent_id>/tekening/verloop/", views.growth, name="growth", needs=TABLE),
    route("tenten/<uuid:tent_id>/blad/", page.page, name="tent_page", needs=TABLE),
    route(
        "tenten/<uuid:tent_id>/blad/akkoord/",
        page.agree_page,
        name="agree_page",
        needs=Permission.AGREE_PAGE,
    ),
    route("tenten/<uuid:tent_id>/blad/anders/", page.differ_on_page, name="differ_on_page", needs=TABLE),
    route(
        "tenten/blad/anders/<uuid:remark_id>/weg/",
        page.take_back_on_page,
        name="take_back_on_page",
        needs=TABLE,
    ),
    route("tenten/<uuid:tent_id>/blad/nieuw/", page.begin_later_page, name="begin_later_page", needs=TABLE),
    route("tenten/<uuid:tent_id>/blad.pdf", page.page_pdf, name="tent_page_pdf", needs=TABLE),
    route("tenten/<uuid:tent_id>/afspraak.ics", page.invitation, name="tent_invitation", needs=TABLE),
]
