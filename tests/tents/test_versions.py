"""A later version of the page that remains: made from what was agreed, agreed again; both stay readable."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO

import pytest
from django.db import DatabaseError, connection, transaction
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from hendig.audit.actions import change as audited
from hendig.audit.actions import speaking
from hendig.families.models import FamilyMember, Whom
from hendig.kernel.refusal import NotVisible
from hendig.kernel.walls import SEAL
from hendig.keys import actions as keys
from hendig.tents import actions, queries
from hendig.tents.models import LaterPage, Page, PageStage, PieceKind, Tent, View
from hendig.tents.queries.sheet import Sheet
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.tents import agree, closed_tent, look, talked_through, write
from tests.support.world import World


@built_once
def tent(world: World) -> Tent:
    """The page of its talk is agreed."""
    found = closed_tent(world)
    agree(world, found)
    return found


def anew(world: World, tent: Tent, who: str = "sanne") -> LaterPage:
    return actions.begin_later_page(actor=world.actor(who), tent_id=tent.pk, at=world.at)


def sheet(world: World, tent: Tent, who: str = "sanne", number: int | None = None) -> Sheet:
    return queries.sheet(look(world, tent.family_id, who), tent.pk, number)


def change(world: World, tent: Tent, agreements: str, who: str = "sanne") -> None:
    now = sheet(world, tent, who).as_typed()
    typed = {**now, "agreements": agreements}
    actions.amend_page(actor=world.actor(who), tent_id=tent.pk, at=world.at, **typed)  # type: ignore[arg-type]


def said_yes(world: World, tent: Tent, who: str = "sanne") -> None:
    edition = sheet(world, tent, who).edition
    actions.agree_page(actor=world.actor(who), tent_id=tent.pk, edition=edition, at=world.at)


@pytest.mark.parametrize("who", ["sanne", "noor", "ellen"])
def test_a_later_version_begins_as_what_was_agreed(world: World, tent: Tent, who: str) -> None:
    before = sheet(world, tent)
    later = anew(world, tent, who)
    assert (later.number, later.stage) == (2, PageStage.DRAFT)
    now = sheet(world, tent)
    assert (now.number, now.agreements, now.people) == (2, before.agreements, before.people)
    assert now.not_amend is None
    assert now.not_later is not None


def test_both_stay_readable_and_the_first_is_as_it_was(world: World, tent: Tent) -> None:
    first = sheet(world, tent)
    anew(world, tent)
    change(world, tent, "Mark belt dinsdag met school.")
    said_yes(world, tent)
    assert sheet(world, tent).agreements == "Mark belt dinsdag met school."
    assert sheet(world, tent, number=1).agreements == first.agreements
    assert [one.number for one in sheet(world, tent).versions] == [1, 2]
    assert sheet(world, tent).agreed_by == "Sanne"
    # And again.
    assert anew(world, tent).number == 3
    assert sheet(world, tent, number=2).agreements == "Mark belt dinsdag met school."


def test_a_guest_begins_none_and_nobody_while_there_is_a_draft(world: World, tent: Tent) -> None:
    assert code_of(lambda: anew(world, tent, "anouk")) == "page.not_yours"
    anew(world, tent)
    assert code_of(lambda: anew(world, tent, "ellen")) == "page.still_draft"
    assert LaterPage.objects.filter(tent=tent).count() == 1


def test_a_draft_is_amended_itself(world: World, closed: Tent) -> None:
    assert code_of(lambda: anew(world, closed)) == "page.still_draft"


def test_who_sits_not_at_the_table_finds_no_version(world: World, tent: Tent) -> None:
    anew(world, tent)
    with pytest.raises(NotVisible):
        anew(world, tent, "bram")
    assert not LaterPage.objects.visible_to(world.actor("bram"), at=world.at).exists()
    assert LaterPage.objects.visible_to(world.actor("anouk"), at=world.at).count() == 1


def test_what_was_agreed_is_frozen_by_the_database_too(world: World, tent: Tent) -> None:
    anew(world, tent)
    said_yes(world, tent)
    for words in (
        "UPDATE tents_page SET until_on = NULL WHERE tent_id = %s",
        "UPDATE tents_laterpage SET until_on = NULL WHERE tent_id = %s",
    ):
        with pytest.raises(DatabaseError, match="cannot be altered"), transaction.atomic():
            connection.cursor().execute(words, [tent.pk])
    assert code_of(lambda: change(world, tent, "Toch anders.")) == "page.agreed"


def test_the_keys_of_an_agreed_page_are_replaced_and_its_words_destroyed(world: World, tent: Tent) -> None:
    """By Hendig itself, and nothing but the sealed words."""
    before = Page.objects.get(tent=tent)
    places = [before.compartment_id]
    world.later(hours=1)
    keys.renew_keys(actor=world.system, compartment_ids=places, at=world.at)
    assert keys.seal_again(actor=world.system, compartment_ids=places, at=world.at) > 0
    page = Page.objects.get(tent=tent)
    assert (page.question, page.agreed_at) == (before.question, before.agreed_at)
    tries: tuple[tuple[str, dict[str, object], bool], ...] = (
        (SEAL, {"question": ""}, False),
        ("", {"question": "Anders."}, True),
        (SEAL, {"edition": page.edition + 1}, True),
    )
    for purpose, altered, refused in tries:
        code = code_of_database(partial(alter, world, page, purpose, altered))
        assert code == ("an agreed page cannot be altered" if refused else "")
    assert Page.objects.get(tent=tent).question == ""


def alter(world: World, page: Page, purpose: str, altered: dict[str, object]) -> None:
    with audited(world.system, "erasure.emptied", at=world.at) as act:
        with speaking(world.system, world.at, purpose=purpose):
            for name, value in altered.items():
                setattr(page, name, value)
            page.save(update_fields=list(altered))
        act.record(page)


def code_of_database(act: Callable[[], object]) -> str:
    """What the database says when it refuses; nothing where it does not."""
    try:
        act()
    except DatabaseError as no:
        return str(no).partition("\n")[0]
    return ""


def test_a_version_that_changed_meanwhile_is_not_agreed_unread(world: World, tent: Tent) -> None:
    anew(world, tent)
    read = sheet(world, tent).edition
    change(world, tent, "Mark belt dinsdag.", "ellen")

    def agree_to_it() -> object:
        return actions.agree_page(actor=world.actor("sanne"), tent_id=tent.pk, edition=read, at=world.at)

    assert code_of(agree_to_it) == "page.changed"


def text(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_the_page_and_the_paper_say_which_version_it_is(world: World, tent: Tent) -> None:
    sanne, url = world.client("sanne"), f"/tenten/{tent.pk}/blad/"
    first = sanne.get(url).content.decode()
    assert "Er is iets veranderd: maak een nieuwe versie" in first
    assert "Alle versies" not in first
    assert sanne.post(f"{url}nieuw/").headers["location"] == f"{url}#aanpassen"
    later = sanne.get(url).content.decode()
    assert "versie 2" in later and "Alle versies" in later  # noqa: PT018
    older = sanne.get(f"{url}?versie=1").content.decode()
    assert "Dit is een eerdere versie" in older
    assert "blad.pdf?versie=1" in older
    assert "Dit is een eerdere versie" not in later
    assert "Versie 2" in text(sanne.get(f"/tenten/{tent.pk}/blad.pdf").content)
    assert "Versie" not in text(sanne.get(f"/tenten/{tent.pk}/blad.pdf?versie=1").content)
    assert sanne.get(f"{url}?versie=9").status_code == 404
    assert sanne.get(f"{url}?versie=nonsense").status_code == 200


def test_who_has_the_version_before_on_the_screen_agrees_to_and_overwrites_nothing_unread(
    world: World, closed: Tent
) -> None:
    """Mark reads the draft that Sanne agrees to meanwhile; a later version is amended as often as it was."""
    read = sheet(world, closed, "mark").as_typed()
    agree(world, closed)
    anew(world, closed)
    mark, edition = world.actor("mark"), sheet(world, closed, number=1).edition
    yes = partial(actions.agree_page, actor=mark, tent_id=closed.pk, edition=edition, at=world.at)
    keep = partial(actions.amend_page, actor=mark, tent_id=closed.pk, at=world.at, **read)  # type: ignore[arg-type]
    for words in ("", "Mark belt dinsdag."):
        if words:
            change(world, closed, words, "ellen")
        assert code_of(yes) == code_of(keep) == "page.changed"
    assert sheet(world, closed).agreements == "Mark belt dinsdag."


def drawn(found: Sheet) -> tuple[object, ...]:
    """All that the drawing of this version shows."""
    assert found.picture is not None
    picture = found.picture
    return picture.desk.boxes, picture.desk.arrows, picture.sentences, picture.paragraphs, picture.tried


class TestTheDrawing:
    """What the family agreed to stays drawn as it was, whatever is said of it later."""

    @staticmethod
    def about_another(world: World, tent: Tent) -> None:
        """That Noor sleeps badly is about her father after all."""
        slept = next(one for one in tent.pieces.all() if one.text == "Noor slaapt slecht")
        mark = Whom(member_id=FamilyMember.objects.get(account=world.account("mark")).pk)
        actions.say_whom(actor=world.actor("ellen"), piece_id=slept.pk, about=mark, at=world.at)

    def test_what_is_kept_is_what_was_shown(self, world: World, begun: Tent) -> None:
        tent = talked_through(world, begun)
        [slept, row] = [one for one in tent.pieces.order_by("id") if one.kind == PieceKind.FACTOR]
        write(world, tent, "Een weerkaart", kind=PieceKind.TRIED, outcome="partly")
        for who, view in (("sanne", View.DIFFER), ("ellen", View.AGREE), ("mark", View.FIRST)):
            for effect in (None, slept.pk) if view != View.FIRST else (None,):
                actions.remark(
                    actor=world.actor(who),
                    piece_id=row.pk,
                    effect_id=effect,
                    view=view,
                    text="Ik zie rust.",
                    at=world.at,
                )
        actions.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
        shown = drawn(sheet(world, tent))
        agree(world, tent)
        assert Page.objects.get(tent=tent).drawing
        assert drawn(sheet(world, tent)) == drawn(sheet(world, tent, "anouk")) == shown

    def test_whom_it_is_about_changes_a_later_version_alone(self, world: World, tent: Tent) -> None:
        shown = drawn(sheet(world, tent))
        self.about_another(world, tent)
        assert drawn(sheet(world, tent)) == shown
        anew(world, tent)
        assert drawn(sheet(world, tent, number=1)) == shown
        assert "Noor slaapt slecht" not in str(drawn(sheet(world, tent)))
        said_yes(world, tent)
        assert "Noor slaapt slecht" not in str(drawn(sheet(world, tent)))
        paper = text(queries.page_pdf(look(world, tent.family_id, "sanne"), tent.pk, 1))
        assert "Er is vaak ruzie thuis. Dat maakt erger: Noor slaapt slecht" in " ".join(paper.split())

    def test_a_draft_follows_what_is_said(self, world: World, closed: Tent) -> None:
        self.about_another(world, closed)
        assert "Noor slaapt slecht" not in str(drawn(sheet(world, closed)))

    def test_the_name_of_the_child_stays_too(self, world: World, tent: Tent) -> None:
        shown = drawn(sheet(world, tent))
        child = tent.compartment.record.child
        assert child is not None
        with audited(world.system, "erasure.emptied", at=world.at) as act:
            child.first_name = "Nora"
            child.save()
            act.record(child)
        assert drawn(sheet(world, tent)) == shown

    def test_an_agreed_page_is_read_with_fewer_questions(
        self, world: World, tent: Tent, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        found = look(world, tent.family_id, "sanne")
        with django_assert_num_queries(1):
            queries.sheet(found, tent.pk)

    def test_a_page_from_before_is_drawn_from_the_table(self, world: World, tent: Tent) -> None:
        """A page that was agreed before its drawing was kept."""
        shown = drawn(sheet(world, tent))
        alter(world, Page.objects.get(tent=tent), SEAL, {"drawing": ""})
        assert drawn(sheet(world, tent)) == shown
