"""What a tent shows and takes in: the table here, the page that remains in `page`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hendig.audit.forms import Request
from hendig.families.forms import AboutForm
from hendig.families.queries import opening
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible
from hendig.opentent import queries as opentent
from hendig.opentent.actions import post_question
from hendig.opentent.forms import QuestionForm
from hendig.people.rules import Permission, may
from hendig.tents import actions, forms, queries
from hendig.tents.views.answers import back, valid

# The pieces of the page that say what lies on the table.
WITH_WORDS = frozenset({"on-the-table", "write"})


def my_tents(request: Request) -> HttpResponse:
    context = {
        "seats": queries.seats_for(request.actor, at=request.at),
        "tents": queries.my_tents(request.actor, at=request.at),
        "told": queries.told_to(request.actor, at=request.at),
    }
    return render(request, "tents/my_tents.html", context)


def call_tent(request: Request, request_id: UUID) -> HttpResponse:
    family_id = queries.family_of_request(request.actor, request_id, at=request.at)
    with opening(request.actor, "tent.call_seen", family_id, at=request.at) as look:
        page = queries.call_page(
            look,
            request_id,
            everybody=forms.EverybodyForm.asked(request),
            told=forms.FromTold.chosen(request),
            then=forms.MomentForm.chosen(request),
        )
    first = {"starts_at": page.proposed, "people": page.picked}
    form = forms.CallForm.of(request, page=page, initial=first).careful(family_id)
    call = lambda: actions.call_tent(  # noqa: E731
        actor=request.actor, request_id=request_id, at=request.at, **form.asked()
    )
    if not form.looks and (tent := form.done(call)):
        return redirect("tent", tent.pk)
    return render(request, "tents/call_tent.html", {"form": form, "page": page}, status=form.http_status)


def prepare(request: Request, request_id: UUID) -> HttpResponse:
    family_id = queries.family_of_request(request.actor, request_id, at=request.at)
    with opening(request.actor, "prepared.seen", family_id, at=request.at) as look:
        page = queries.preparing(look, request_id)
    form = forms.NoteForm.posted(request, page)
    if form and form.careful(family_id).done(
        lambda: actions.write_note(
            actor=request.actor, request_id=request_id, at=request.at, **form.cleaned_data
        )
    ):
        return redirect("prepare", request_id)
    context = {"page": page, "parts": forms.NoteForm.each(page, form)}
    return render(request, "tents/prepare.html", context, status=form.http_status if form else 200)


def nameless(request: Request, request_id: UUID) -> HttpResponse:
    family_id = queries.family_of_request(request.actor, request_id, at=request.at)
    with opening(request.actor, "nameless.seen", family_id, at=request.at) as look:
        page = queries.nameless_page(look, request_id)
    form = forms.NamelessForm.of(request, page=page).careful(family_id)
    write = lambda: actions.write_nameless(  # noqa: E731
        actor=request.actor, request_id=request_id, at=request.at, **form.cleaned_data
    )
    if form.done(write):
        return redirect("nameless", request_id)
    return render(request, "tents/nameless.html", {"page": page, "form": form}, status=form.http_status)


@require_POST
def allow_nameless(request: Request, nameless_id: UUID) -> HttpResponse:
    question = actions.allow_nameless(actor=request.actor, question_id=nameless_id, at=request.at)
    return redirect("nameless", question.request_id)


@require_POST
def withdraw_nameless(request: Request, nameless_id: UUID) -> HttpResponse:
    question = actions.withdraw_nameless(actor=request.actor, question_id=nameless_id, at=request.at)
    return redirect("nameless", question.request_id)


def thought(request: Request, hearer_id: UUID) -> HttpResponse:
    heard = queries.heard(request.actor, hearer_id, at=request.at)
    form = forms.ThoughtForm.of(request, initial={"words": heard.words, "can_come": heard.can_come})
    answer = lambda: actions.answer_nameless(  # noqa: E731
        actor=request.actor, hearer_id=hearer_id, at=request.at, **form.cleaned_data
    )
    if form.done(answer):
        return redirect("my_tents")
    return render(request, "tents/thought.html", {"heard": heard, "form": form}, status=form.http_status)


@require_POST
def remove_note(request: Request, prepared_id: UUID) -> HttpResponse:
    request_id = actions.remove_note(actor=request.actor, note_id=prepared_id, at=request.at)
    return back(request, "prepare", request_id)


@require_POST
def offer_own_plan(request: Request, request_id: UUID) -> HttpResponse:
    actions.offer_own_plan(actor=request.actor, request_id=request_id, at=request.at)
    return redirect("prepare", request_id)


@require_POST
def choose_own_plan(request: Request, request_id: UUID) -> HttpResponse:
    choice = valid(forms.OwnPlanForm.of(request))["choice"]
    actions.choose_own_plan(actor=request.actor, request_id=request_id, choice=choice, at=request.at)
    return redirect("prepare", request_id)


@require_POST
def lay_note(request: Request, tent_id: UUID, prepared_id: UUID) -> HttpResponse:
    note, _request_id = queries.own_note(request.actor, prepared_id, at=request.at)
    # Both or neither: what lies on the table is no note any more.
    with transaction.atomic():
        actions.write_piece(
            actor=request.actor,
            tent_id=tent_id,
            text=note.text,
            kind=note.becomes,
            voice_of=note.said_by,
            at=request.at,
        )
        actions.remove_note(actor=request.actor, note_id=prepared_id, at=request.at)
    return redirect("tent", tent_id)


def move_tent(request: Request, tent_id: UUID) -> HttpResponse:
    family_id = queries.family_of_tent(request.actor, tent_id, at=request.at)
    with opening(request.actor, "tent.seen", family_id, at=request.at) as look:
        page = queries.move_page(look, tent_id)
    form = forms.MoveForm.of(request, slots=page.slots, initial=page.as_typed()).careful(family_id)
    moved = form.done(
        lambda: actions.move_tent(actor=request.actor, tent_id=tent_id, at=request.at, **form.when())
    )
    if moved:
        messages.success(request, _("De tent is verzet. Iedereen die gevraagd is, krijgt bericht."))
        return redirect("tent", tent_id)
    return render(request, "tents/move_tent.html", {"form": form, "page": page}, status=form.http_status)


def recurring_tents(request: Request) -> HttpResponse:
    form = forms.RecurringForm.of(request, initial={"from_on": local_day(request.at)})
    made = form.done(lambda: actions.make_recurring(actor=request.actor, at=request.at, **form.cleaned_data))
    if made:
        messages.success(request, _("De vaste tent staat. Gezinscoaches kunnen er nu een plek in kiezen."))
        return redirect("recurring_tents")
    page = {"tents": queries.recurring_tents(request.actor, at=request.at), "form": form}
    return render(request, "tents/recurring_tents.html", page, status=form.http_status)


def stop_recurring(request: Request, recurring_id: UUID) -> HttpResponse:
    page = queries.recurring_tent(request.actor, recurring_id, at=request.at)
    form = forms.StopForm.of(request)
    stopped = form.done(
        lambda: actions.stop_recurring(
            actor=request.actor, recurring_id=recurring_id, at=request.at, **form.cleaned_data
        )
    )
    if stopped:
        messages.success(request, _("De vaste tent heeft een laatste dag."))
        return redirect("recurring_tents")
    context = {"tent": page, "form": form}
    return render(request, "tents/stop_recurring.html", context, status=form.http_status)


def tent(request: Request, tent_id: UUID) -> HttpResponse:
    family_id = queries.family_of_tent(request.actor, tent_id, at=request.at)
    with opening(request.actor, "tent.seen", family_id, at=request.at) as look:
        live = request.headers.get("X-Hendig-Live", "").split()
        draws = not live or not WITH_WORDS.isdisjoint(live) or request.method == "POST"
        page = queries.tent_page(look, tent_id, draws=draws)
        brought = queries.brought(look, page.request_id) if page.is_meeting and not live else ()
    asks = "kring" in request.GET and (not live or "around" in live)
    circle = queries.around(request.actor, page, at=request.at) if asks else None
    form = forms.PieceForm.of(request, page=page, account_id=request.actor.account_id).careful(family_id)
    if form.done(lambda: _write(request, tent_id, form)):
        return redirect("tent", tent_id)
    context = {
        "page": page,
        "form": form,
        "brought": brought,
        "circle": circle,
        "missing": forms.UnderstoodForm(),
        "afterwards": forms.HeardForm(),
        "may_lead": may(request.actor, Permission.LEAD_TENT),
        "may_open_talk": may(request.actor, Permission.OPEN_MATCH_TALK),
        "may_post": may(request.actor, Permission.POST_QUESTION),
    }
    return render(request, "tents/tent.html", context, status=form.http_status)


def _write(request: Request, tent_id: UUID, form: forms.PieceForm) -> object:
    """Puts it on the table and, with the other button of who leads, goes on to the next phase."""
    onward = forms.PhaseForm.of(request)
    # Both or neither: what was refused halfway stands in the form again, and not on the table as well.
    with transaction.atomic():
        piece = actions.write_piece(actor=request.actor, tent_id=tent_id, at=request.at, **form.written())
        if onward.is_valid():
            phase = onward.cleaned_data["phase"]
            actions.set_phase(actor=request.actor, tent_id=tent_id, phase=phase, at=request.at)
    return piece


def guide(request: Request) -> HttpResponse:
    page = queries.guide_page(request.actor)
    form = forms.GuideForm.of(request, page=page)
    preview = None
    if "preview" in request.POST:
        preview = queries.texts(form.typed()) if form.is_valid() else None
    elif form.done(lambda: actions.set_guide(actor=request.actor, at=request.at, **form.written())):
        messages.success(request, _("Bewaard. Gesprekken die nog beginnen, gaan zo."))
        return redirect("guide")
    context = {"page": page, "form": form, "preview": preview}
    return render(request, "tents/guide.html", context, status=form.http_status)


def knowledge(request: Request) -> HttpResponse:
    page = queries.knowledge_page(request.actor)
    form = forms.KnowledgeForm.of(request, page=page)
    if form.done(lambda: actions.set_knowledge(actor=request.actor, at=request.at, **form.written())):
        messages.success(request, _("Bewaard. Dit ligt nu bij de tekening in elke tent."))
        return redirect("knowledge")
    context = {"page": page, "form": form}
    return render(request, "tents/knowledge.html", context, status=form.http_status)


@require_POST
def standard_guide(request: Request) -> HttpResponse:
    edition = valid(forms.EditionForm.of(request))["edition"]
    actions.set_guide(actor=request.actor, phases={}, edition=edition, at=request.at)
    return redirect("guide")


@require_POST
def answer_seat(request: Request, seat_id: UUID) -> HttpResponse:
    can = valid(forms.AnswerForm.of(request))["can"]
    actions.answer_seat(actor=request.actor, seat_id=seat_id, can=can, at=request.at)
    return back(request, "my_tents")


@require_POST
def welcome_guest(request: Request, seat_id: UUID) -> HttpResponse:
    again = valid(forms.AgainForm.of(request))["again"]
    seat = actions.welcome_guest(actor=request.actor, seat_id=seat_id, again=again, at=request.at)
    return back(request, "tent", seat.tent_id)


@require_POST
def welcome_all(request: Request, tent_id: UUID) -> HttpResponse:
    actions.welcome_all(actor=request.actor, tent_id=tent_id, at=request.at)
    return back(request, "tent", tent_id)


@require_POST
def refuse_guest(request: Request, seat_id: UUID) -> HttpResponse:
    seat = actions.refuse_guest(actor=request.actor, seat_id=seat_id, at=request.at)
    return back(request, "tent", seat.tent_id)


@require_POST
def cancel_tent(request: Request, tent_id: UUID) -> HttpResponse:
    actions.cancel_tent(actor=request.actor, tent_id=tent_id, at=request.at)
    return back(request, "tent", tent_id)


@require_POST
def begin_tent(request: Request, tent_id: UUID) -> HttpResponse:
    arrived = valid(forms.ArrivedForm.of(request))["arrived"]
    chair = _chair(request)
    actions.begin(
        actor=request.actor, tent_id=tent_id, at=request.at, chair_account_id=chair, arrived=arrived
    )
    return redirect("tent", tent_id)


@require_POST
def undo_begin(request: Request, tent_id: UUID) -> HttpResponse:
    actions.undo_begin(actor=request.actor, tent_id=tent_id, at=request.at)
    return redirect("tent", tent_id)


@require_POST
def give_chair(request: Request, tent_id: UUID) -> HttpResponse:
    actions.give_chair(actor=request.actor, tent_id=tent_id, account_id=_chair(request), at=request.at)
    return redirect("tent", tent_id)


@require_POST
def set_phase(request: Request, tent_id: UUID) -> HttpResponse:
    phase = valid(forms.PhaseForm.of(request))["phase"]
    actions.set_phase(actor=request.actor, tent_id=tent_id, phase=phase, at=request.at)
    return redirect("tent", tent_id)


def understood(request: Request, tent_id: UUID) -> HttpResponse:
    """Without an error this is only passed by: what was typed and could not be kept stands here again."""
    family_id = queries.family_of_tent(request.actor, tent_id, at=request.at)
    with opening(request.actor, "tent.seen", family_id, at=request.at) as look:
        page = queries.tent_page(look, tent_id)
    form = forms.UnderstoodForm.of(request).careful(family_id)
    say = lambda: actions.say_understood(  # noqa: E731
        actor=request.actor, tent_id=tent_id, at=request.at, **form.cleaned_data
    )
    if form.done(say):
        return redirect("tent", tent_id)
    return render(request, "tents/understood.html", {"page": page, "form": form}, status=form.http_status)


def heard(request: Request, tent_id: UUID) -> HttpResponse:
    family_id = queries.family_of_tent(request.actor, tent_id, at=request.at)
    with opening(request.actor, "tent.seen", family_id, at=request.at) as look:
        page = queries.tent_page(look, tent_id)
    form = forms.HeardForm.of(request).careful(family_id)
    say = lambda: actions.say_heard(  # noqa: E731
        actor=request.actor, tent_id=tent_id, at=request.at, **form.cleaned_data
    )
    if form.done(say):
        return redirect("tent", tent_id)
    return render(request, "tents/heard.html", {"page": page, "form": form}, status=form.http_status)


@require_POST
def say_there(request: Request, tent_id: UUID) -> HttpResponse:
    said = valid(forms.ThereForm.of(request))
    actions.say_there(actor=request.actor, tent_id=tent_id, at=request.at, **said)
    return redirect("tent", tent_id)


@require_POST
def raise_hand(request: Request, tent_id: UUID) -> HttpResponse:
    actions.raise_hand(actor=request.actor, tent_id=tent_id, at=request.at)
    return redirect("tent", tent_id)


@require_POST
def lower_hand(request: Request, hand_id: UUID) -> HttpResponse:
    tent = actions.lower_hand(actor=request.actor, hand_id=hand_id, at=request.at)
    return redirect("tent", tent.pk)


@require_POST
def give_turn(request: Request, hand_id: UUID) -> HttpResponse:
    tent = actions.give_turn(actor=request.actor, hand_id=hand_id, at=request.at)
    return redirect("tent", tent.pk)


@require_POST
def next_turn(request: Request, tent_id: UUID) -> HttpResponse:
    turn = valid(forms.TurnForm.of(request))["turn"]
    actions.next_turn(actor=request.actor, tent_id=tent_id, turn=turn, at=request.at)
    return redirect("tent", tent_id)


@require_POST
def remove_piece(request: Request, piece_id: UUID) -> HttpResponse:
    piece = actions.remove_piece(actor=request.actor, piece_id=piece_id, at=request.at)
    return back(request, "tent", piece.tent_id)


def drawing(request: Request, tent_id: UUID) -> HttpResponse:
    family_id = queries.family_of_tent(request.actor, tent_id, at=request.at)
    with opening(request.actor, "tent.drawing_seen", family_id, at=request.at) as look:
        page = queries.analysis_page(look, tent_id, forms.ChosenForm.chosen(request))
    sheet = forms.Drawn.of(request, page)
    if sheet.done(lambda: _draw(request, tent_id, sheet)):
        return redirect(reverse("drawing", args=[tent_id]) + sheet.onward)
    context = {"page": page, "forms": sheet}
    return render(request, "tents/analysis.html", context, status=sheet.http_status)


def growth(request: Request, tent_id: UUID) -> HttpResponse:
    family_id = queries.family_of_tent(request.actor, tent_id, at=request.at)
    with opening(request.actor, "tent.drawing_seen", family_id, at=request.at) as look:
        page = queries.growth(look, tent_id, forms.StepForm.step_of(request))
    return render(request, "tents/growth.html", {"page": page})


def _draw(request: Request, tent_id: UUID, sheet: forms.Drawn) -> object:
    """What the posted form asks: each form is a step in the drawing."""
    here = {"tent_id": tent_id} if sheet.name in {"add", "join", "back"} else {}
    return DRAWS[sheet.name](actor=request.actor, at=request.at, **here, **sheet.asked)


DRAWS: Mapping[str, Callable[..., object]] = {
    "add": actions.write_piece,
    "join": actions.link,
    "back": actions.step_back,
    "remark": actions.remark,
    "put": actions.put,
    "sign": actions.change_sign,
    "cut": actions.cut,
}


def piece_about(request: Request, piece_id: UUID) -> HttpResponse:
    family_id = queries.family_of_piece(request.actor, piece_id, at=request.at)
    with opening(request.actor, "tent.seen", family_id, at=request.at) as look:
        tent_id, said = queries.piece_about(look, piece_id)
    form = AboutForm.of(request, said=said)
    say = lambda: actions.say_whom(  # noqa: E731
        actor=request.actor, piece_id=piece_id, at=request.at, **form.cleaned_data
    )
    if form.done(say):
        return redirect("tent", tent_id)
    page = {"said": said, "form": form, "back": reverse("tent", args=[tent_id])}
    return render(request, "families/about.html", page, status=form.http_status)


def settle_direction(request: Request, piece_id: UUID) -> HttpResponse:
    """What is still open in a direction, filled in at the table."""
    wish = queries.wish(request.actor, piece_id, at=request.at)
    if wish is None:
        raise NotVisible
    form = forms.SettleForm.of(request, wish=wish).careful(wish.family_id)
    settle = lambda: actions.settle_direction(  # noqa: E731
        actor=request.actor, piece_id=piece_id, at=request.at, **form.cleaned_data
    )
    if form.done(settle):
        return redirect("tent", wish.tent_id)
    context = {"form": form, "wish": wish}
    return render(request, "tents/settle_direction.html", context, status=form.http_status)


def ask_around(request: Request, piece_id: UUID) -> HttpResponse:
    """A direction as a question to the neighbourhood; the board hears nothing of where it came from."""
    wish = queries.wish(request.actor, piece_id, at=request.at)
    if wish is None:
        raise NotVisible
    with opentent.opening_answers(request.actor, wish.request_id, at=request.at) as look:
        start = opentent.question_start(look, wish.request_id)
    known = {**wish.as_question(), "neighbourhood": start.neighbourhood}
    form = QuestionForm.of(request, initial=known).careful(start.family_id)
    ask = lambda: post_question(  # noqa: E731
        actor=request.actor, at=request.at, request_id=wish.request_id, **form.cleaned_data
    )
    if form.done(lambda: _out_of(request, piece_id, "question", ask)):
        return redirect("tent", wish.tent_id)
    context = {"form": form, "start": start, "request_id": wish.request_id, "wish": wish}
    return render(request, "opentent/new_question.html", context, status=form.http_status)


def _out_of(request: Request, piece_id: UUID, became: str, make: Callable[[], actions.Made]) -> actions.Made:
    return actions.out_of(actor=request.actor, piece_id=piece_id, became=became, make=make, at=request.at)


@require_POST
def close_tent(request: Request, tent_id: UUID) -> HttpResponse:
    stops_here = valid(forms.BreakOffForm.of(request))["stops_here"]
    actions.close(actor=request.actor, tent_id=tent_id, at=request.at, stops_here=stops_here)
    return redirect("tent", tent_id)


def _chair(request: Request) -> UUID | None:
    chair: UUID | None = valid(forms.ChairForm.of(request))["account_id"]
    return chair
