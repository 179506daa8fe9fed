"""Where danger is told, safety is kept, and both are judged afterwards."""

from hendig.people.rules import Permission
from hendig.people.urls import route
from hendig.safety import views

DANGER, SAFE, JUDGE = Permission.OPEN_IN_EMERGENCY, Permission.KEEP_SAFE, Permission.JUDGE_EMERGENCY
HIDE, END, AGREE = Permission.HIDE_ADDRESS, Permission.END_RECORDS, Permission.AGREE_ERASURE
BREACH = Permission.KEEP_BREACHES
HOME = Permission.KEEP_HOME
OWN, MISTAKE = Permission.DECLARE_OWN_FAMILY, Permission.AGREE_TO_MISTAKE

urlpatterns = [
    route("noodtoegang/", views.emergency, name="emergency", needs=DANGER),
    route("noodtoegang/<uuid:emergency_id>/", views.emergency_open, name="emergency_open", needs=DANGER),
    route("noodtoegang/<uuid:emergency_id>/klaar/", views.emergency_end, name="emergency_end", needs=DANGER),
    route("verantwoorden/noodtoegang/", views.emergency_list, name="emergencies", needs=JUDGE),
    route("verantwoorden/noodtoegang/<uuid:emergency_id>/", views.judge, name="judge", needs=JUDGE),
    route(
        "gezin/<uuid:family_id>/eigen/",
        views.own_family,
        name="own_family",
        needs=OWN,
    ),
    route("dichte-gezinnen/", views.closed_families, name="closed_families", needs=OWN),
    route("dichte-gezinnen/<uuid:block_id>/vergissing/", views.ask_back, name="ask_back", needs=OWN),
    route("verantwoorden/vergissingen/", views.mistakes, name="mistakes", needs=MISTAKE),
    route(
        "verantwoorden/vergissingen/<uuid:block_id>/akkoord/",
        views.agree_to_mistake,
        name="agree_to_mistake",
        needs=MISTAKE,
    ),
    route(
        "verantwoorden/vergissingen/<uuid:block_id>/niet/",
        views.decline_mistake,
        name="decline_mistake",
        needs=MISTAKE,
    ),
    route("gezin/<uuid:family_id>/veiligheid/", views.safety, name="safety", needs=SAFE),
    route("veiligheid/<uuid:concern_id>/", views.concern, name="concern", needs=SAFE),
    route(
        "veiligheid/<uuid:concern_id>/stap/<int:number>/", views.concern_step, name="concern_step", needs=SAFE
    ),
    route("veiligheid/<uuid:concern_id>/verteld/", views.keep_told, name="keep_told", needs=SAFE),
    route(
        "veiligheid/verteld/<uuid:told_id>/terug/", views.take_told_back, name="take_told_back", needs=SAFE
    ),
    route("veiligheid/<uuid:concern_id>/sluiten/", views.close_concern, name="close_concern", needs=SAFE),
    route("veiligheid/<uuid:concern_id>/noemen/", views.name_colleague, name="name_colleague", needs=SAFE),
    route(
        "veiligheid/<uuid:concern_id>/niet-meer/", views.unname_colleague, name="unname_colleague", needs=SAFE
    ),
    route("veiligheid/<uuid:concern_id>/slot/", views.place_hold, name="place_hold", needs=SAFE),
    route(
        "veiligheid/<uuid:concern_id>/slot/<uuid:hold_id>/weg/",
        views.release_hold,
        name="release_hold",
        needs=SAFE,
    ),
    route("veiligheid/<uuid:concern_id>/verzoek/", views.ask_by_law, name="ask_by_law", needs=SAFE),
    route("veiligheid/verzoek/<uuid:legal_id>/", views.legal, name="legal", needs=SAFE),
    route(
        "veiligheid/verzoek/<uuid:legal_id>/antwoord/", views.answer_by_law, name="answer_by_law", needs=SAFE
    ),
    route("veiligheid/verzoek/<uuid:legal_id>/stukken/", views.take_pieces, name="take_pieces", needs=SAFE),
    route("gezin/persoon/<uuid:member_id>/geheim/", views.hide_home, name="hide_home", needs=HOME),
    route("gezin/persoon/<uuid:member_id>/nog-mijn-adres/", views.still_home, name="still_home", needs=HOME),
    route("gezin/persoon/<uuid:member_id>/niet-geheim/", views.show_home, name="show_home", needs=HOME),
    route("gezin/dossier/<uuid:record_id>/adres/", views.address, name="address", needs=HIDE),
    route("gezin/adres/<uuid:secret_id>/niet-geheim/", views.end_secret, name="end_secret", needs=HIDE),
    route(
        "gezin/dossier/<uuid:record_id>/stilzetten/",
        views.freeze,
        name="freeze",
        needs=Permission.FREEZE_RECORD,
    ),
    route("verantwoorden/bewaren/", views.retention_page, name="retention", needs=END),
    route("verantwoorden/bewaren/<uuid:record_id>/weer-open/", views.unfreeze, name="unfreeze", needs=END),
    route("vernietigen/<uuid:erasure_id>/", views.erasure, name="erasure", needs=AGREE),
    route(
        "vernietigen/<uuid:erasure_id>/akkoord/",
        views.agree_erasure,
        name="agree_erasure",
        needs=AGREE,
    ),
    route("verantwoorden/datalek/", views.breach_list, name="breaches", needs=BREACH),
    route("verantwoorden/datalek/nieuw/", views.write_breach, name="write_breach", needs=BREACH),
    route("verantwoorden/datalek/<uuid:breach_id>/", views.breach, name="breach", needs=BREACH),
    route(
        "verantwoorden/datalek/<uuid:breach_id>/aanvullen/",
        views.add_to_breach,
        name="add_to_breach",
        needs=BREACH,
    ),
    route(
        "verantwoorden/datalek/<uuid:breach_id>/formulier/", views.breach_pdf, name="breach_pdf", needs=BREACH
    ),
]
