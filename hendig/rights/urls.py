"""The pages of what a family asks: a decision on paper, its own words, destruction, who is responsible."""

from hendig.people.rules import Permission
from hendig.people.urls import route
from hendig.rights import views

ASK, DECIDE, COACH = Permission.ASK_ON_PAPER, Permission.DECIDE_ON_PAPER, Permission.COACH_FAMILIES
OPEN, OWN, DESTROY = Permission.OPEN_FAMILY, Permission.WRITE_OWN_WORDS, Permission.ASK_DESTRUCTION
WHOM, INFORM = Permission.SAY_ABOUT_WHOM, Permission.ANSWER_INFORMATION
ONE = "besluiten/<uuid:application_id>/"

urlpatterns = [
    route("vertrouwenspersoon/", views.counsellor, name="counsellor", needs=Permission.SEE_PUBLIC_PAGES),
    route("van-ons/<uuid:family_id>/", views.own_record, name="own_record", needs=OPEN),
    route("van-ons/woorden/<uuid:own_id>/over-wie/", views.own_about, name="own_about", needs=WHOM),
    route("van-ons/<uuid:family_id>/schrijven/", views.write_own_words, name="write_own_words", needs=OWN),
    route("van-ons/<uuid:family_id>/besluit/", views.ask_decision, name="ask_decision", needs=ASK),
    route(
        "van-ons/<uuid:family_id>/vernietigen/",
        views.ask_destruction,
        name="ask_destruction",
        needs=DESTROY,
    ),
    route(
        "van-ons/dossier/<uuid:record_id>/meenemen/",
        views.take_along,
        name="take_along",
        needs=Permission.TAKE_ALONG,
    ),
    route("van-ons/woorden/<uuid:own_id>/terug/", views.take_back, name="take_back", needs=OWN),
    route(
        "van-ons/woorden/<uuid:own_id>/antwoord/",
        views.answer_correction,
        name="answer_correction",
        needs=COACH,
    ),
    route(
        "van-ons/vernietigen/<uuid:destruction_id>/antwoord/",
        views.answer_destruction,
        name="answer_destruction",
        needs=COACH,
    ),
    route(
        "bewaren/verzoek/<uuid:destruction_id>/",
        views.officer_destruction,
        name="officer_destruction",
        needs=Permission.ANSWER_WITHOUT_COACH,
    ),
    route(
        "bewaren/verbetering/<uuid:own_id>/",
        views.officer_correction,
        name="officer_correction",
        needs=Permission.ANSWER_WITHOUT_COACH,
    ),
    route(
        "van-ons/vernietigen/<uuid:destruction_id>/terug/",
        views.take_destruction_back,
        name="take_destruction_back",
        needs=DESTROY,
    ),
    route(
        "van-ons/<uuid:family_id>/vragen-over-uw-kind/",
        views.ask_information,
        name="ask_information",
        needs=Permission.ASK_INFORMATION,
    ),
    route("informatie/<uuid:family_id>/", views.information_asked, name="information", needs=INFORM),
    route(
        "informatie/vraag/<uuid:information_id>/",
        views.answer_information,
        name="answer_information",
        needs=INFORM,
    ),
    route("besluiten/", views.applications, name="applications", needs=DECIDE),
    route(ONE, views.application, name="application", needs=OPEN),
    route(f"{ONE}intrekken/", views.withdraw, name="withdraw_application", needs=ASK),
    route(f"{ONE}te-laat/", views.tell_too_late, name="tell_too_late", needs=ASK),
    route(f"{ONE}antwoord/", views.answer_question, name="answer_question", needs=ASK),
    route(f"{ONE}oppakken/", views.take_up_application, name="take_up_application", needs=DECIDE),
    route(f"{ONE}teruggeven/", views.give_back_application, name="give_back_application", needs=DECIDE),
    route(f"{ONE}vraag/", views.ask_more, name="ask_more", needs=DECIDE),
    route(f"{ONE}langer/", views.extend, name="extend_application", needs=DECIDE),
    route(f"{ONE}besluiten/", views.decide, name="decide_application", needs=DECIDE),
    route(f"{ONE}besluit.pdf", views.decision_letter, name="decision_letter", needs=OPEN),
    route(f"{ONE}ontvangst.pdf", views.receipt_letter, name="receipt_letter", needs=OPEN),
    route(f"{ONE}uitstel.pdf", views.extension_letter, name="extension_letter", needs=OPEN),
    route("gemeente/<uuid:family_id>/", views.residences, name="residences", needs=COACH),
    route("gemeente/vraag/<uuid:residence_id>/", views.residence, name="residence", needs=COACH),
    route(
        "gemeente/vraag/<uuid:residence_id>/antwoord.pdf",
        views.residence_letter,
        name="residence_letter",
        needs=COACH,
    ),
    route(
        "gemeente/<uuid:family_id>/hulp/<uuid:match_id>/",
        views.continue_help,
        name="continue_help",
        needs=COACH,
    ),
    route(
        "gemeente/<uuid:family_id>/hulp/<uuid:match_id>/hierheen/",
        views.take_over_help,
        name="take_over_help",
        needs=COACH,
    ),
]
