"""What is of a youth or of one parent alone: its pieces, and who reads them."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from hendig.audit.forms import Form, Request
from hendig.families import forms, queries
from hendig.families.actions import notes, sharing
from hendig.families.actions.told import write_told
from hendig.families.queries import apart as own


def apart(request: Request, family_id: UUID) -> HttpResponse:
    chosen = forms.read_id(request.GET.get("van", ""))
    with own.opening_apart(request.actor, family_id, at=request.at, record_id=chosen) as look:
        page = own.apart(look)
    return _page(request, page)


def part_of_parent(request: Request, member_id: UUID) -> HttpResponse:
    """A coach whom nobody named is asked first whether to read along from now on."""
    place = own.part_of(request.actor, member_id, at=request.at)
    if place is None:
        return _read_along(request, member_id)
    with own.opening_place(request.actor, place, at=request.at) as look:
        page = own.apart(look)
    return _page(request, page)


def _page(request: Request, page: own.Apart) -> HttpResponse:
    form = forms.NoteForm.of(request, page=page)
    write = write_told if page.speaks else partial(notes.write_note, person_id=page.person_id)
    keep = lambda: write(actor=request.actor, record_id=page.record_id, at=request.at, **form.cleaned_data)  # noqa: E731
    if form.done(keep) is not None:
        return redirect(request.get_full_path())
    context = {"page": page, "form": form, "back": forms.read_id(request.GET.get("terug", ""))}
    return render(request, "families/apart.html", context, status=form.http_status)


def _read_along(request: Request, member_id: UUID) -> HttpResponse:
    family_id = queries.family_of(request.actor, member_id, at=request.at)
    with queries.opening_persons(request.actor, "family.persons_seen", family_id, at=request.at) as look:
        person = own.who_could_be_read(look, member_id)
    form = Form.of(request)
    if form.done(lambda: sharing.read_along(actor=request.actor, person_id=member_id, at=request.at)):
        return redirect("part_of_parent", member_id)
    page = {"person": person, "family_id": family_id, "form": form}
    return render(request, "families/read_along.html", page, status=form.http_status)


def own_piece_about(request: Request, note_id: UUID) -> HttpResponse:
    place = own.place_of_note(request.actor, note_id, at=request.at)
    with own.opening_place(request.actor, place, at=request.at) as look:
        said = own.note_about(look, note_id)
    form = forms.AboutForm.of(request, said=said)
    say = lambda: notes.say_whom(actor=request.actor, note_id=note_id, at=request.at, **form.cleaned_data)  # noqa: E731
    back = _here(place.family_id, place.person_id)
    if form.done(say):
        return redirect(back)
    page = {"said": said, "form": form, "back": back}
    return render(request, "families/about.html", page, status=form.http_status)


@require_POST
def take_note_back(request: Request, note_id: UUID) -> HttpResponse:
    note = notes.take_note_back(actor=request.actor, note_id=note_id, at=request.at)
    here = _here(note.family_id, note.compartment.person_id)
    return redirect(f"{here}?terug={note.pk}&van={note.record_id}")


@require_POST
def put_note_back(request: Request, note_id: UUID) -> HttpResponse:
    note = notes.put_note_back(actor=request.actor, note_id=note_id, at=request.at)
    return redirect(_here(note.family_id, note.compartment.person_id))


@require_POST
def name_reader(request: Request, record_id: UUID) -> HttpResponse:
    form = forms.ReaderForm.of(request)
    if not form.is_valid():
        return HttpResponseBadRequest()
    typed = form.cleaned_data
    act = sharing.name_for_own_part if typed["on"] else sharing.name_no_more
    row = act(
        actor=request.actor,
        record_id=record_id,
        account_id=typed["account"],
        person_id=typed["person"],
        at=request.at,
    )
    return redirect(_here(row.family_id, typed["person"]))


def _here(family_id: UUID, person_id: UUID | None) -> str:
    return reverse("part_of_parent", args=[person_id]) if person_id else reverse("apart", args=[family_id])
