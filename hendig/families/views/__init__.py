"""The people of a family: who looked, the own circle, an own way in, who decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hendig.audit.actions import Viewing
from hendig.audit.forms import Form, Request
from hendig.audit.queries import newest_seal_line
from hendig.families import actions, forms, queries
from hendig.families.actions import capacity as judging
from hendig.families.actions import deputies as deputy
from hendig.families.actions import gp as practice
from hendig.families.actions import gp_asks as asking
from hendig.families.actions import invitations, questions, sharing
from hendig.families.actions import ways_in as back
from hendig.families.queries import capacity, gp_asks, invited, looked, same, ways_in
from hendig.families.queries import deputies as standing_in
from hendig.families.queries import gp as of_gp
from hendig.families.queries import my_looks as my
from hendig.families.queries import who_may as may
from hendig.families.queries.quiet import quietly
from hendig.kernel.periods import local_day
from hendig.kernel.refusal import NotVisible


def who_looked(request: Request, family_id: UUID) -> HttpResponse:
    form = forms.SieveForm(request.GET)
    sieve, before = form.sieve(), form.before()
    with queries.opening_all(request.actor, "family.log_seen", family_id, at=request.at) as look:
        form.offer(looked.who_is_there(look))
        page = {
            "family": queries.family_name(look),
            "involved": queries.involved(look),
            "page": quietly(looked.who_looked(look, before=before, sieve=sieve)),
            "topics": looked.topics(look),
            "seal": newest_seal_line(),
        }
    shown = {"form": form, "later": before, "sifts": sieve.sifts, "itself": sieve.itself}
    return render(request, "families/who_looked.html", {**page, **shown})


def ask_about_line(request: Request, family_id: UUID, entry_id: UUID) -> HttpResponse:
    form = forms.QuestionForm.of(request)
    with queries.opening_all(request.actor, "family.log_seen", family_id, at=request.at) as look:
        page = {"family": queries.family_name(look), "line": looked.one_line(look, entry_id)}
    ask = lambda: questions.ask_about_line(  # noqa: E731
        actor=request.actor, look=look, entry_id=entry_id, at=request.at, **form.cleaned_data
    )
    if form.done(ask) is not None:
        messages.success(
            request, _("Uw vraag ligt bij de privacyfunctionaris. Het antwoord komt hier te staan.")
        )
        return redirect(f"{reverse('who_looked', args=[family_id])}#regel-{entry_id}")
    return render(request, "families/ask_about_line.html", {"form": form, **page}, status=form.http_status)


def log_questions(request: Request) -> HttpResponse:
    page = {
        "waiting": looked.to_answer(request.actor, at=request.at),
        "answered": looked.answered(request.actor, at=request.at),
    }
    return render(request, "families/log_questions.html", page)


def log_question(request: Request, question_id: UUID) -> HttpResponse:
    form = forms.AnswerForm.of(request)
    answer = lambda: questions.answer_question(  # noqa: E731
        actor=request.actor, question_id=question_id, at=request.at, **form.cleaned_data
    )
    if form.done(answer) is not None:
        messages.success(request, _("Uw antwoord staat nu bij de regel, en het gezin krijgt bericht."))
        return redirect("log_questions")
    page = {"question": looked.question(request.actor, question_id, at=request.at), "form": form}
    return render(request, "families/log_question.html", page, status=form.http_status)


def my_looks(request: Request) -> HttpResponse:
    form = forms.MySieveForm(request.GET)
    form.offer(my.my_families(request.actor, at=request.at))
    sieve, before = form.sieve(), form.before()
    page = my.my_looks(request.actor, at=request.at, before=before, sieve=sieve)
    shown = {"page": page, "form": form, "later": before, "sifts": sieve.sifts}
    return render(request, "families/my_looks.html", shown)


@require_POST
def stay_longer(request: Request, family_id: UUID) -> HttpResponse:
    sharing.stay_longer(actor=request.actor, family_id=family_id, at=request.at)
    messages.success(request, _("U kijkt een jaar langer mee. Het gezin krijgt daar bericht van."))
    return redirect("family", family_id)


def deputies(request: Request) -> HttpResponse:
    page = standing_in.deputy_page(request.actor, at=request.at)
    form = forms.DeputyForm.of(request, page=page, on=local_day(request.at))
    name = lambda: deputy.name_deputy(actor=request.actor, at=request.at, **form.cleaned_data)  # noqa: E731
    named = form.done(name)
    if named is not None:
        words = _("%(name)s vervangt u bij %(count)s gezinnen. Elk gezin krijgt daar bericht van.")
        messages.success(request, words % {"name": named.first_name, "count": named.families})
        return redirect("deputies")
    return render(request, "families/deputies.html", {"page": page, "form": form}, status=form.http_status)


@require_POST
def end_deputy(request: Request, account_id: UUID) -> HttpResponse:
    deputy.end_deputy(actor=request.actor, account_id=account_id, at=request.at)
    messages.success(request, _("De vervanging is voorbij. De gezinnen krijgen daar bericht van."))
    return redirect("deputies")


def trainees(request: Request) -> HttpResponse:
    page = standing_in.trainee_page(request.actor, at=request.at)
    form = forms.TraineeForm.of(request, page=page)
    ask = lambda: deputy.ask_for_trainee(actor=request.actor, at=request.at, **form.cleaned_data)  # noqa: E731
    asked = form.done(ask)
    if asked is not None:
        words = _("%(name)s kijkt mee zodra een gezin ja zegt. Elk gezin krijgt daar bericht van.")
        messages.success(request, words % {"name": asked.first_name})
        return redirect("trainees")
    return render(request, "families/trainees.html", {"page": page, "form": form}, status=form.http_status)


@require_POST
def end_trainee(request: Request, account_id: UUID) -> HttpResponse:
    deputy.end_trainee(actor=request.actor, account_id=account_id, at=request.at)
    messages.success(request, _("Het meekijken is voorbij. De gezinnen krijgen daar bericht van."))
    return redirect("trainees")


def who_may(
    request: Request,
    family_id: UUID,
    *,
    more: Callable[[Viewing], Mapping[str, object]],
    template: str,
) -> HttpResponse:
    """Composed in `web` with what `more` adds of the rooms above: what is shared with whom outside."""
    with queries.opening_all(request.actor, "family.who_may_seen", family_id, at=request.at) as look:
        family, found, waiting = queries.family_name(look), may.who_may(look), invited.invited(look)
        asks, added = gp_asks.asks_of_gps(look, found), more(look)
    records = [(one.record_id, one.child) for one in found if one.decides]
    form = forms.ConfidantForm.of(request, records=records)
    if form.is_bound and not records:
        raise NotVisible
    invite = lambda: invitations.invite_confidant(  # noqa: E731
        actor=request.actor, at=request.at, **form.cleaned_data
    )
    made = form.done(invite)
    if made is not None:
        return render(request, "families/invited.html", {"made": made, "family": family})
    page = {"family": family, "records": found, "invited": waiting, "form": form, "decides": dict(records)}
    return render(request, template, {**page, "asks": asks, **added}, status=form.http_status)


def invite_gp(request: Request, family_id: UUID) -> HttpResponse:
    with queries.opening_all(request.actor, "family.who_may_seen", family_id, at=request.at) as look:
        family, found = queries.family_name(look), may.who_may(look)
    records = [(one.record_id, one.child) for one in found if one.decides]
    if not records:
        raise NotVisible
    form = forms.InviteForm.of(request, records=records)
    made = form.done(lambda: invitations.invite_gp(actor=request.actor, at=request.at, **form.cleaned_data))
    if made is not None:
        return render(request, "families/invited.html", {"made": made, "family": family})
    page = {"family": family, "form": form}
    return render(request, "families/invite_gp.html", page, status=form.http_status)


def gp(request: Request, record_id: UUID) -> HttpResponse:
    with of_gp.opening_gp(request.actor, record_id, at=request.at) as look:
        page = of_gp.gp_page(look, record_id)
    form = forms.GpForm.of(request).careful(page.family_id)
    write = lambda: practice.write_as_gp(  # noqa: E731
        actor=request.actor, record_id=record_id, at=request.at, **form.cleaned_data
    )
    if form.done(write) is not None:
        return redirect("gp", record_id)
    return render(request, "families/gp.html", {"page": page, "form": form}, status=form.http_status)


@require_POST
def share_gp_note(request: Request, note_id: UUID) -> HttpResponse:
    note = practice.share_note(actor=request.actor, note_id=note_id, at=request.at)
    messages.success(request, _("Gedeeld. Het gezin en de gezinscoach krijgen bericht."))
    return redirect("gp", note.record_id)


@require_POST
def keep_gp_note(request: Request, note_id: UUID) -> HttpResponse:
    note = practice.keep_note(actor=request.actor, note_id=note_id, at=request.at)
    messages.success(request, _("Niet meer gedeeld. Alleen u leest het nog."))
    return redirect("gp", note.record_id)


@require_POST
def say_gp_shares(request: Request, record_id: UUID) -> HttpResponse:
    return _said(request, record_id, practice.say_may_share)


def ask_as_gp(request: Request) -> HttpResponse:
    form = forms.AskAsGpForm.of(request)
    if form.done(lambda: asking.ask_to_join(actor=request.actor, at=request.at, **form.cleaned_data)):
        done = _("Kennen wij dit kind, dan leest het gezin uw vraag. Zegt het ja, dan krijgt u bericht.")
        messages.success(request, done)
        return redirect("today")
    page = {"form": form, "why_not": gp_asks.why_no_ask(request.actor, at=request.at)}
    return render(request, "families/ask_as_gp.html", page, status=form.http_status)


@require_POST
def answer_gp_ask(request: Request, ask_id: UUID) -> HttpResponse:
    yes = bool(request.POST.get("yes"))
    ask = asking.answer_ask(actor=request.actor, ask_id=ask_id, yes=yes, at=request.at)
    done = _("De huisarts doet nu mee.") if yes else _("U zei nee. De huisarts hoort dat niet.")
    messages.success(request, done)
    return redirect("who_may", ask.family_id)


def invite_anew(request: Request, invitation_id: UUID) -> HttpResponse:
    family_id = invited.family_of(request.actor, invitation_id, at=request.at)
    with queries.opening_all(request.actor, "family.who_may_seen", family_id, at=request.at) as look:
        one = invited.one_invited(look, invitation_id)
        page = {"family": queries.family_name(look), "one": one}
    # The code may be lost and the address right: then it is one tap.
    form = forms.WayInForm.of(request, initial={"email": one.email})
    made = form.done(
        lambda: invitations.invite_anew(
            actor=request.actor, invitation_id=invitation_id, at=request.at, **form.cleaned_data
        )
    )
    if made is not None:
        return render(request, "families/invited.html", {"made": made, "family": page["family"]})
    return render(request, "families/invite_anew.html", {"form": form, **page}, status=form.http_status)


@require_POST
def take_invitation_back(request: Request, invitation_id: UUID) -> HttpResponse:
    row = invitations.take_back(actor=request.actor, invitation_id=invitation_id, at=request.at)
    messages.success(request, _("De uitnodiging is teruggenomen. De link in de mail werkt niet meer."))
    return redirect("who_may", row.family_id)


def invitation(request: Request, invitation_id: UUID) -> HttpResponse:
    """The page of the code; one that is over, of somebody else or never was is the same page."""
    form = forms.InvitationForm.of(request)
    accept = lambda: invitations.accept(  # noqa: E731
        actor=request.actor, invitation_id=invitation_id, typed=form.cleaned_data["code"], at=request.at
    )
    try:
        if not form.is_bound:
            invitations.open_invitation(actor=request.actor, invitation_id=invitation_id, at=request.at)
        family_id = form.done(accept)
    except NotVisible:
        return _over(request)
    if family_id is not None:
        messages.success(request, _("U doet mee vanaf nu."))
        return redirect("family", family_id)
    return render(request, "families/invitation.html", {"form": form}, status=form.http_status)


def _over(request: Request) -> HttpResponse:
    # No forms: their tokens and paths would make the answers differ.
    response = render(request, "families/invitation_over.html", {"formless": True}, status=404)
    no = {"actor": request.actor, "what": "invitation", "at": request.at, "code": "not_visible"}
    response.refusal = no  # type: ignore[attr-defined]
    return response


@require_POST
def say_along(request: Request, record_id: UUID) -> HttpResponse:
    return _said(request, record_id, actions.say_about)


@require_POST
def read_child_alone(request: Request, record_id: UUID) -> HttpResponse:
    return _said(request, record_id, actions.read_child_alone)


@require_POST
def read_sort(request: Request, record_id: UUID) -> HttpResponse:
    return _said(request, record_id, actions.read_sort, forms.SortForm)


def _said(
    request: Request, record_id: UUID, act: Callable[..., Any], kind: type[forms.SayForm] = forms.SayForm
) -> HttpResponse:
    form = kind.of(request)
    if not form.is_valid():
        return HttpResponseBadRequest()
    said, typed = form.cleaned_data, {"record_id": record_id, "at": request.at}
    typed |= {"account_id": said.pop("account"), "yes": said.pop("on"), **said}
    return redirect("who_may", act(actor=request.actor, **typed).family_id)


@require_POST
def shut_out(request: Request, record_id: UUID) -> HttpResponse:
    return _about(request, record_id, sharing.shut_out)


@require_POST
def let_in_again(request: Request, record_id: UUID) -> HttpResponse:
    return _about(request, record_id, sharing.let_in_again)


@require_POST
def take_leave(request: Request, record_id: UUID) -> HttpResponse:
    return _about(request, record_id, sharing.take_leave)


def _about(request: Request, record_id: UUID, act: Callable[..., Any]) -> HttpResponse:
    form = forms.WhoForm.of(request)
    if not form.is_valid():
        return HttpResponseBadRequest()
    row = act(
        actor=request.actor, record_id=record_id, account_id=form.cleaned_data["account"], at=request.at
    )
    messages.success(request, _("Dat geldt vanaf nu."))
    return redirect("who_may", row.family_id)


def way_in(request: Request, member_id: UUID) -> HttpResponse:
    family_id = queries.family_of(request.actor, member_id, at=request.at)
    with queries.opening_persons(request.actor, "family.persons_seen", family_id, at=request.at) as look:
        person, way = queries.person(look, member_id), ways_in.way_in(look, member_id)
    form = forms.way_in(request, way)
    by_family = actions.ask_youth_account if way.is_child else actions.invite_parent
    act = actions.give_youth_account if way.to_confirm else by_family
    if form.done(lambda: act(actor=request.actor, member_id=member_id, at=request.at, **form.told())):
        messages.success(request, way.done)
        return redirect("family", family_id)
    page = {"form": form, "person": person, "family_id": family_id, "way": way}
    return render(request, "families/way_in.html", page, status=form.http_status)


def take_way_in_back(request: Request, member_id: UUID) -> HttpResponse:
    family_id = queries.family_of(request.actor, member_id, at=request.at)
    form = Form.of(request)
    take = lambda: back.take_way_in_back(actor=request.actor, member_id=member_id, at=request.at)  # noqa: E731
    if form.done(take):
        messages.success(request, _("Deze ingang is dicht. U kunt opnieuw uitnodigen."))
        return redirect("family", family_id)
    with queries.opening_persons(request.actor, "family.persons_seen", family_id, at=request.at) as look:
        page = {"given": ways_in.given_way_in(look, member_id), "family_id": family_id, "form": form}
    return render(request, "families/take_way_in_back.html", page, status=form.http_status)


def same_person(request: Request, member_id: UUID) -> HttpResponse:
    family_id = queries.family_of(request.actor, member_id, at=request.at)
    form = forms.SamePersonForm.of(request)
    write = lambda: actions.join_persons(  # noqa: E731
        actor=request.actor, member_id=member_id, at=request.at, **form.cleaned_data
    )
    if form.done(write) is not None:
        messages.success(request, _("Opgeschreven. Wie mag meekijken is niet veranderd."))
        return redirect("same_person", member_id)
    with queries.opening_persons(request.actor, "family.persons_seen", family_id, at=request.at) as look:
        page = {"same": same.same_person(look, member_id), "form": form, "family_id": family_id}
    return render(request, "families/same_person.html", page, status=form.http_status)


@require_POST
def part_persons(request: Request, link_id: UUID) -> HttpResponse:
    link = actions.part_persons(actor=request.actor, link_id=link_id, at=request.at)
    messages.success(request, _("Opgeschreven. Beide gezinnen staan er zoals daarvoor."))
    # Where it was pressed: the page of the other is a look at another family.
    here = link.other_id if request.POST.get("of") == str(link.other_id) else link.one_id
    return redirect("same_person", here)


def who_decides_now(request: Request, member_id: UUID) -> HttpResponse:
    return render(request, "families/capacity.html", {"page": _capacity(request, member_id)})


def judge_first(request: Request, member_id: UUID) -> HttpResponse:
    page = _capacity(request, member_id)
    form = forms.JudgeForm.of(request, asks_harm=page.asks_harm)
    hold = lambda: judging.judge_first(  # noqa: E731
        actor=request.actor, member_id=member_id, at=request.at, **form.cleaned_data
    )
    if form.done(hold) is not None:
        messages.success(request, _("Opgeschreven. Nu kijkt een tweede, los van u. Er verandert nog niets."))
        return redirect("capacity", member_id)
    context = {"page": page, "form": form, "why_not": page.why_no_new}
    return render(request, "families/judge.html", context, status=form.http_status)


def judge_second(request: Request, incapacity_id: UUID) -> HttpResponse:
    page = _capacity(request, capacity.member_of(request.actor, incapacity_id, at=request.at))
    form = forms.SecondForm.of(request)
    look = lambda: judging.judge_second(  # noqa: E731
        actor=request.actor, incapacity_id=incapacity_id, at=request.at, **form.cleaned_data
    )
    if form.done(look) is not None:
        messages.success(request, _("Opgeschreven. Wie het aangaat krijgt bericht."))
        return redirect("capacity", page.member_id)
    one = page.one(incapacity_id)
    context = {"page": page, "form": form, "one": one, "why_not": one.why_no_second}
    return render(request, "families/judge.html", context, status=form.http_status)


def object_to(request: Request, incapacity_id: UUID) -> HttpResponse:
    page = _capacity(request, capacity.member_of(request.actor, incapacity_id, at=request.at))
    form = forms.ObjectionForm.of(request)
    no = lambda: judging.object_to(  # noqa: E731
        actor=request.actor, incapacity_id=incapacity_id, at=request.at, **form.cleaned_data
    )
    if form.done(no) is not None:
        messages.success(request, _("Uw bezwaar staat er. Wie dit opschreef krijgt bericht."))
        return redirect("capacity", page.member_id)
    context = {"page": page, "form": form, "one": page.one(incapacity_id)}
    return render(request, "families/object.html", context, status=form.http_status)


@require_POST
def end_judgement(request: Request, incapacity_id: UUID) -> HttpResponse:
    member_id = capacity.member_of(request.actor, incapacity_id, at=request.at)
    judging.end_judgement(actor=request.actor, incapacity_id=incapacity_id, at=request.at)
    messages.success(request, _("Gestopt. De jongere beslist weer zelf."))
    return redirect("capacity", member_id)


def _capacity(request: Request, member_id: UUID) -> capacity.Capacity:
    family_id = queries.family_of(request.actor, member_id, at=request.at)
    with queries.opening(request.actor, "capacity.seen", family_id, at=request.at) as look:
        return capacity.capacity(look, member_id)
