"""Who hears what of the board. No notice carries a name or a word of what was asked or answered."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hendig.audit.models import Entry
from hendig.audit.notices import Code, Tell
from hendig.families.queries import account_ids
from hendig.kernel.refusal import Words
from hendig.opentent.models import CHOOSERS, Post, PostKind, Response


def keepers_of(post: Post, entry: Entry) -> list[UUID]:
    """Who chooses among the answers: of a question the family and its coach, else the author."""
    if post.family_id is None:
        return [post.author_id]
    return [account for part in CHOOSERS for account in account_ids(post.family_id, part, at=entry.at)]


def _response(entry: Entry) -> Response | None:
    return Response.objects.select_related("post").filter(Q(pk=entry.object_id)).first()


def _keepers(entry: Entry) -> list[UUID]:
    response = _response(entry)
    return keepers_of(response.post, entry) if response else []


def _responder(entry: Entry) -> list[UUID]:
    response = _response(entry)
    return [response.author_id] if response else []


def _asking_side(entry: Entry) -> list[UUID]:
    """The family and its coach, when the other of the two put the question on the board."""
    post = Post.objects.filter(Q(pk=entry.object_id)).first()
    return keepers_of(post, entry) if post else []


def _not_chosen(entry: Entry) -> list[UUID]:
    """Who had answered a post that left the board before a choice was made."""
    ids = [UUID(str(key)) for key in entry.facts.get("not_chosen", [])]
    return list(Response.objects.filter(pk__in=ids).values_list("author_id", flat=True))


def _answers(entry: Entry) -> str:
    """Where the one who keeps the post finds its answers."""
    response = _response(entry)
    return _answers_of(response.post) if response else _mine(entry)


def _question(entry: Entry) -> str:
    post = Post.objects.filter(Q(pk=entry.object_id)).first()
    return _answers_of(post) if post else _mine(entry)


def _answers_of(post: Post) -> str:
    if post.kind == PostKind.QUESTION:
        return reverse("question_answers", args=[post.request_id])
    return reverse("my_answers")


def _mine(_entry: Entry) -> str:
    return reverse("my_answers")


def _tell(to: Callable[[Entry], list[UUID]], words: Words, url: Callable[[Entry], str]) -> tuple[Tell, ...]:
    return (Tell(to=to, words=words, url=url),)


CODES = {
    "opentent.question_posted": Code(
        "A family's question was put on the board, without names.",
        _("zette uw vraag zonder namen op het bord van de Open Tent"),
        _tell(_asking_side, _("Uw vraag staat zonder namen in de Open Tent."), _question),
    ),
    "opentent.offer_posted": Code(
        "An offer or an initiative was put on the board.", _("zette een aanbod op het bord")
    ),
    "opentent.post_closed": Code(
        "A post was taken off the board; who was still waiting for a choice hears so.",
        _("haalde een bericht van het bord"),
        _tell(_not_chosen, _("Een vraag waarop u antwoordde is van het bord. Dank u wel."), _mine),
    ),
    "opentent.answered": Code(
        "Somebody answered a post; who it is stays hidden until both sides said yes.",
        _("antwoordde op uw vraag in de Open Tent"),
        _tell(_keepers, _("Er is een antwoord in de Open Tent."), _answers),
    ),
    "opentent.accepted": Code(
        "The one who keeps the post said yes to an answer, which takes a place where places are counted.",
        _("zei ja tegen een antwoord in de Open Tent"),
        _tell(_responder, _("Er is ja gezegd op uw antwoord in de Open Tent."), _mine),
    ),
    "opentent.connected": Code(
        "Both sides said yes: from now on each sees the other's name and contact details.",
        _("zei ook ja en ziet nu uw naam, telefoon en e-mail"),
        _tell(_keepers, _("U hebt allebei ja gezegd. U kunt elkaar nu bereiken."), _answers),
    ),
    "opentent.comes_too": Code(
        "Who helps a family by two yeses of before that was a part of its own, has that part now.",
        _("schreef op dat een vrijwilliger bij u helpt, zoals u samen afsprak"),
    ),
    "opentent.declined": Code(
        "An answer was thanked for, not now; no reason is asked.",
        _("bedankte voor een antwoord in de Open Tent"),
        _tell(_responder, _("Dank u wel voor uw antwoord. Het hoeft nu niet."), _mine),
    ),
    "opentent.withdrawn": Code(
        "Somebody took back an own answer.",
        _("trok een antwoord in"),
        _tell(_keepers, _("Een antwoord in de Open Tent is ingetrokken."), _answers),
    ),
    "opentent.contact_seen": Code(
        "Who helps a neighbour looked up what the family is called and how to reach it.",
        _("keek hoe uw gezin heet en te bereiken is"),
    ),
    "opentent.answers_seen": Code(
        "The answers to a family's question were opened.",
        _("bekeek de antwoorden op uw vraag in de Open Tent"),
    ),
}
