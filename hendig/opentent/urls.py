"""The public board, and the answers to who may see them."""

from __future__ import annotations

from hendig.opentent import views
from hendig.people.rules import Permission
from hendig.people.urls import route

urlpatterns = [
    route("open-tent/", views.board, name="board", needs=Permission.SEE_PUBLIC_PAGES),
    route("open-tent/aanbod/", views.new_offer, name="new_offer", needs=Permission.POST_OFFER),
    route("open-tent/mijn/", views.my_answers, name="my_answers", needs=Permission.CHOOSE_RESPONSE),
    route("open-tent/<uuid:post_id>/", views.post, name="post", needs=Permission.SEE_PUBLIC_PAGES),
    route("open-tent/<uuid:post_id>/antwoord/", views.respond, name="respond", needs=Permission.RESPOND),
    route(
        "open-tent/<uuid:post_id>/sluiten/",
        views.close_post,
        name="close_post",
        needs=Permission.CHOOSE_RESPONSE,
    ),
    route(
        "open-tent/vraag/<uuid:request_id>/",
        views.question_answers,
        name="question_answers",
        needs=Permission.CHOOSE_RESPONSE,
    ),
    route(
        "open-tent/vraag/<uuid:request_id>/nieuw/",
        views.new_question,
        name="new_question",
        needs=Permission.POST_QUESTION,
    ),
    route(
        "open-tent/antwoord/<uuid:response_id>/ja/",
        views.accept_response,
        name="accept_response",
        needs=Permission.CHOOSE_RESPONSE,
    ),
    route(
        "open-tent/antwoord/<uuid:response_id>/niet-nu/",
        views.decline_response,
        name="decline_response",
        needs=Permission.CHOOSE_RESPONSE,
    ),
    route(
        "open-tent/antwoord/<uuid:response_id>/ik-doe-het/",
        views.confirm_response,
        name="confirm_response",
        needs=Permission.RESPOND,
    ),
    route(
        "open-tent/antwoord/<uuid:response_id>/waar/",
        views.where_to_come,
        name="where_to_come",
        needs=Permission.RESPOND,
    ),
    route(
        "open-tent/antwoord/<uuid:response_id>/intrekken/",
        views.withdraw_response,
        name="withdraw_response",
        needs=Permission.RESPOND,
    ),
]
