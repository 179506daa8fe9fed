"""Asking and offering on the board, answering, and the two yeses that connect people."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from hendig.audit.actions import Change, change, reading, speaking
from hendig.families.actions.records import end_involvement, involve
from hendig.families.models import Ground, Involvement, Part
from hendig.helprequests.models import HelpRequest, Stage
from hendig.kernel.actor import Actor
from hendig.kernel.refusal import NotVisible, require
from hendig.opentent import rules
from hendig.opentent.models import (
    TAKES_A_PLACE,
    Post,
    PostKind,
    Response,
    ResponseQuerySet,
    ResponseStage,
    chooses_for,
    names_of_family,
)
from hendig.people.rules import Permission, require_permission

QUESTION_LASTS = timedelta(days=60)
BOARD = "board"


def post_question(
    *, actor: Actor, request_id: UUID, title: str, text: str, neighbourhood: str, at: datetime
) -> Post:
    """The family's question stands on the board for sixty days, without anything that tells whose it is.

    Refused when the text holds a name of the family, an address, a phone number or an e-mail address, when
    the request is done, or when three questions of it stand on the board already.
    """
    require_permission(actor, Permission.POST_QUESTION)
    with change(actor, "opentent.question_posted", at=at) as act:
        asked = HelpRequest.objects.visible_to(actor, at=at).filter(
            chooses_for(actor, at, compartment="compartment")
        )
        request = act.lock(asked, request_id)
        on_board = Post.objects.on_board(at=at).filter(request=request).count()
        require(rules.why_no_question(done=request.stage == Stage.DONE, on_board=on_board))
        names = names_of_family(request.family_id)
        require(rules.why_names_are_in(f"{title}\n{text}\n{neighbourhood}", names))
        post = Post.objects.create(
            kind=PostKind.QUESTION,
            title=title,
            text=text,
            neighbourhood=neighbourhood,
            author_id=_account(actor),
            family_id=request.family_id,
            request=request,
            posted_at=at,
            until_at=at + QUESTION_LASTS,
        )
        act.record(post, request=request.pk)
        act.topics.add(BOARD)
    return post


def post_offer(
    *,
    actor: Actor,
    kind: str,
    title: str,
    text: str,
    neighbourhood: str,
    at: datetime,
    places: int | None = None,
    when: str = "",
    until: datetime | None = None,
) -> Post:
    """An offer or an initiative stands on the board, with its places if they are counted."""
    require_permission(actor, Permission.POST_OFFER)
    with change(actor, "opentent.offer_posted", at=at) as act:
        written = f"{title}\n{text}\n{neighbourhood}\n{when}"
        require(rules.why_no_offer(kind=kind, text=written, until=until, at=at))
        post = Post.objects.create(
            kind=kind,
            title=title,
            text=text,
            neighbourhood=neighbourhood,
            author_id=_account(actor),
            places=places,
            when=when,
            posted_at=at,
            until_at=until,
        )
        act.record(post)
        act.topics.add(BOARD)
    return post


def close_post(*, actor: Actor, post_id: UUID, at: datetime) -> Post:
    """The post is off the board; who had answered and was not chosen hears so, with thanks.

    An answer that already got a yes stays: a yes is not taken back by tidying up.
    """
    require_permission(actor, Permission.CHOOSE_RESPONSE)
    with change(actor, "opentent.post_closed", at=at) as act:
        post = act.lock(Post.objects.kept_by(actor, at=at), post_id)
        require(rules.why_not_closed(post.closed_at))
        waiting = Response.objects.filter(post=post, stage=ResponseStage.OFFERED)
        not_chosen = list(waiting.values_list("pk", flat=True))
        Response.objects.filter(pk__in=not_chosen).update(stage=ResponseStage.DECLINED, stage_since=at)
        post.closed_at = at
        post.save()
        _over(act, post)
        act.record(post, not_chosen=not_chosen)
        act.topics.add(BOARD)
    return post


def forget_questions(act: Change, request: HelpRequest) -> None:
    """A step: what this (locked) question asked on the board is off it, and can be read by nobody."""
    posts = Post.objects.filter(request=request)
    answers = Response.objects.filter(post__in=posts)
    answers.filter(stage=ResponseStage.OFFERED).update(stage=ResponseStage.DECLINED, stage_since=act.at)
    for account_id in answers.order_by("author").values_list("author", flat=True).distinct():
        end_involvement(
            act, record_id=request.compartment.record_id, account_id=account_id, part=Part.VOLUNTEER
        )
    answers.update(words="", reaches=None)
    posts.filter(closed_at=None).update(closed_at=act.at)
    posts.update(title="", text="", neighbourhood="", when="")
    act.topics.add(BOARD)


def respond(*, actor: Actor, post_id: UUID, words: str, at: datetime) -> Response:
    """An answer waits for the yes of who keeps the post; who gave it stays hidden until then.

    Refused on an own post, when an answer of this person stands already, when all places are given, and
    when the words give away how the writer can be reached.
    """
    require_permission(actor, Permission.RESPOND)
    with change(actor, "opentent.answered", at=at) as act:
        post = act.lock(Post.objects.on_board(at=at).filter(municipality_id=actor.municipality_id), post_id)
        own = Post.objects.kept_by(actor, at=at).filter(pk=post.pk).exists()
        answered = Response.objects.by(actor).standing().filter(post=post).exists()
        require(rules.why_no_response(own=own, answered=answered, places_left=places_left(post)))
        require(rules.why_contact_is_in(words))
        response = Response.objects.create(
            post=post, author_id=_account(actor), words=words, at=at, stage_since=at
        )
        # Not under the family: its log names who did what, and this name stays hidden until both said yes.
        act.record(response, post=post.pk)
        _tell_watchers(act, post)
    return response


def accept_response(*, actor: Actor, response_id: UUID, at: datetime) -> Response:
    """'Ja, graag': who keeps the post says yes. Where places are counted it takes one, the last one once."""
    return _choose(actor, response_id, ResponseStage.ACCEPTED, "opentent.accepted", at)


def decline_response(*, actor: Actor, response_id: UUID, at: datetime) -> Response:
    """'Niet nu': thanked, without a reason. A place that was taken is free again."""
    return _choose(actor, response_id, ResponseStage.DECLINED, "opentent.declined", at)


def confirm_response(*, actor: Actor, response_id: UUID, at: datetime) -> Response:
    """'Ja, ik doe het': both said yes, and from now on each sees how to reach the other.

    Where to come the family says itself, now that it knows who comes: until then nothing is open.
    """
    require_permission(actor, Permission.RESPOND)
    with change(actor, "opentent.connected", at=at) as act:
        response = _own(act, actor, response_id)
        require(rules.why_no_move(response.stage, ResponseStage.CONNECTED))
        _move(act, response, ResponseStage.CONNECTED)
        _comes(act, response)
        act.record(response, family=response.post.family_id, post=response.post_id)
    return response


def come_as_agreed(*, municipality_id: UUID, at: datetime) -> int:
    """Who helps a family since before that was a part of its own has that part, while it goes on; how many.

    Only by an answer to which both said yes, until a week after the task: who had the part once and lost it
    does not come back, nor by a question that was destroyed.
    """
    system = Actor.system(municipality_id)
    with reading(system, at):
        found = [row.pk for row in _agreed_before(municipality_id) if _reached_until(row) > at]
    if not found:
        return 0
    with change(system, "opentent.comes_too", at=at) as act, speaking(system, at):
        rows = _agreed_before(municipality_id).filter(pk__in=found).select_for_update(of=("self",))
        for response in rows.order_by("id"):
            _comes(act, response)
            act.topics.add(f"account:{response.author_id}")
            act.record(response, family=response.post.family_id, post=response.post_id)
    return len(found)


def _agreed_before(municipality_id: UUID) -> ResponseQuerySet:
    """The answers to which both said yes, of who never had a part with that record."""
    record = "post__request__compartment__record"
    been = Involvement.objects.filter(
        record=OuterRef(record), account=OuterRef("author"), part=Part.VOLUNTEER
    )
    rows = Response.objects.filter(
        ~Exists(been.filter(part=Part.VOLUNTEER)),
        municipality_id=municipality_id,
        stage=ResponseStage.CONNECTED,
        reaches__isnull=False,
        post__request__isnull=False,
        **{f"{record}__gone_at": None},
    )
    return rows.select_related("post")


def _reached_until(response: Response) -> datetime:
    post = response.post
    return rules.reached_until(post.closed_at, post.until_at, response.stage_since)


def withdraw(*, actor: Actor, response_id: UUID, at: datetime) -> Response:
    """The own answer is taken back; a place that was taken is free again. Not after both said yes."""
    require_permission(actor, Permission.RESPOND)
    with change(actor, "opentent.withdrawn", at=at) as act:
        response = _own(act, actor, response_id)
        require(rules.why_no_move(response.stage, ResponseStage.WITHDRAWN))
        _move(act, response, ResponseStage.WITHDRAWN)
        act.record(response, post=response.post_id)
    return response


def places_left(post: Post) -> int | None:
    """How many places are free; None when places are not counted. At most 1 query."""
    if post.places is None:
        return None
    taken = Response.objects.filter(post=post, stage__in=TAKES_A_PLACE).count()
    return max(post.places - taken, 0)


def _choose(actor: Actor, response_id: UUID, to: ResponseStage, code: str, at: datetime) -> Response:
    require_permission(actor, Permission.CHOOSE_RESPONSE)
    with change(actor, code, at=at) as act:
        post = act.lock(
            Post.objects.kept_by(actor, at=at),
            _post_of(Response.objects.visible_to(actor, at=at), response_id),
        )
        response = act.lock(Response.objects.filter(post=post), response_id)
        require(rules.why_no_move(response.stage, to, places_left=places_left(post)))
        response.post = post
        response.reaches_id = _who_is_reached(post) if to == ResponseStage.ACCEPTED else None
        _move(act, response, to)
        act.record(response, family=post.family_id, post=post.pk)
    return response


def _comes(act: Change, response: Response) -> None:
    """A step: who helps a family as a neighbour is there until a week after the task, and sees nothing."""
    with speaking(Actor.system(act.actor.municipality_id), act.at):
        post = Post.objects.select_related("request__compartment__record").get(pk=response.post_id)
        if post.request is not None:
            involve(
                act,
                record=post.request.compartment.record,
                account_id=response.author_id,
                part=Part.VOLUNTEER,
                ground=Ground.MATCH,
                kinds=(),
                until=rules.reached_until(post.closed_at, post.until_at, response.stage_since),
            )


def _over(act: Change, post: Post) -> None:
    """A step: who came by this post, and by no other of that question, comes until a week from now."""
    if post.request_id is None:
        return
    with speaking(Actor.system(act.actor.municipality_id), act.at):
        connected = Response.objects.filter(stage=ResponseStage.CONNECTED, post__request=post.request_id)
        ends: dict[UUID, datetime] = {}
        for one in connected.select_related("post"):
            until = rules.reached_until(one.post.closed_at, one.post.until_at, one.stage_since)
            ends[one.author_id] = max(until, ends.get(one.author_id, until))
        places = HelpRequest.objects.filter(pk=post.request_id).values("compartment__record")
        rows = Involvement.objects.standing(act.at).filter(record__in=places, part=Part.VOLUNTEER)
        for row in rows.filter(account__in=ends).select_for_update(of=("self",)).order_by("id"):
            row.until_at = min(row.until_at or ends[row.account_id], ends[row.account_id])
            row.save()


def _who_is_reached(post: Post) -> UUID | None:
    """A family is reached by who asked; when that person cannot sign in, through the coach."""
    if post.request is None:
        return post.author_id
    return post.request.asked_by.account_id or post.request.coach_id or post.author_id


def _own(act: Change, actor: Actor, response_id: UUID) -> Response:
    """The actor's own answer, locked after its post: in the same order as those who choose."""
    own = Response.objects.by(actor)
    post = act.lock(Post.objects.all(), _post_of(own, response_id))
    response = act.lock(own, response_id)
    response.post = post
    return response


def _post_of(responses: ResponseQuerySet, response_id: UUID) -> UUID:
    post_id = responses.filter(pk=response_id).values_list("post_id", flat=True).first()
    if post_id is None:
        raise NotVisible
    return post_id


def _move(act: Change, response: Response, to: ResponseStage) -> None:
    response.stage = to
    response.stage_since = act.at
    response.save()
    _tell_watchers(act, response.post)
    act.topics.add(f"account:{response.author_id}")


def _tell_watchers(act: Change, post: Post) -> None:
    act.topics.add(f"post:{post.pk}")
    if post.family_id:
        act.topics.add(f"family:{post.family_id}")
    else:
        act.topics.add(f"account:{post.author_id}")


def _account(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise NotVisible
    return actor.account_id
