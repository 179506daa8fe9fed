"""Who sees a line otherwise, of the drawing or of the page that remains, stands beside it in own words."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from hendig.audit.models import Entry
from hendig.families.models import Whom
from hendig.kernel.refusal import NotVisible, Refused
from hendig.tents import actions, queries
from hendig.tents.models import Influence, PagePart, PageRemark, Phase, Piece, Place, Remark, Sign, Tent, View
from hendig.tents.queries.sheet import Sheet
from tests.support.drawing import join, put, think, think_of, understanding
from tests.support.matching import Household
from tests.support.refusals import code_of
from tests.support.shared import built_once
from tests.support.tents import agree, closed_tent, go_to, look, screen, understood
from tests.support.world import World

LIGHT = "Ze slaapt slecht door het licht."
LINE = "Er is vaak ruzie. Dat maakt erger: Noor slaapt slecht."


@built_once
def tent(world: World, house: Household) -> Tent:
    return understanding(world, house)


@built_once
def two(world: World, tent: Tent) -> tuple[Piece, Piece]:
    return (
        put(world, tent, "Er is vaak ruzie.", "sanne", Place.PARENTS),
        put(world, tent, "Noor slaapt slecht", "noor", Place.CHILD),
    )


@built_once
def line(world: World, two: tuple[Piece, Piece]) -> Influence:
    """Noor says that the one makes the other worse."""
    return join(world, *two, Sign.WORSE, "noor")


@pytest.fixture(autouse=True)
def the_clock_of_the_world(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


def twin(world: World, tent: Tent, who: str = "sanne") -> str:
    """What the twin says first: of the line, with how each sees it."""
    return screen(world, tent, who).drawing.sentences[0]


class TestALineOfTheDrawing:
    @pytest.mark.parametrize(("who", "name"), [("mark", "Mark"), ("noor", "Noor"), ("anouk", "Anouk")])
    def test_a_parent_a_youth_and_a_professional_say_so_in_their_own_voice(
        self, world: World, tent: Tent, line: Influence, who: str, name: str
    ) -> None:
        think_of(world, line, View.DIFFER, who, LIGHT)
        assert twin(world, tent) == f"{LINE} {name} ziet dit verband anders: {LIGHT}"
        (arrow,) = screen(world, tent, "youssef").drawing.desk.arrows
        assert arrow.doubt == name[0]
        (where,) = screen(world, tent, "youssef").drawing.differing
        assert (where.voice, [(one.voice, one.text) for one in where.others]) == ("Noor", [(name, LIGHT)])
        entry = Entry.objects.filter(code="tent.remarked").get()
        assert entry.facts == {"piece": str(line.cause_id), "view": "differ", "said_of": str(line.effect_id)}

    def test_nobody_is_overwritten_and_each_voice_has_one_view(
        self, world: World, house: Household, tent: Tent, line: Influence
    ) -> None:
        think(world, line.cause, View.AGREE, "mark")
        think_of(world, line, View.DIFFER, "mark", "Eerst zo.")
        think_of(world, line, View.DIFFER, "mark", LIGHT)
        think_of(world, line, View.DIFFER, "ellen", "Ik slaap juist goed.", voice_of=house.child.pk)
        think_of(world, line, View.AGREE, "anouk")
        assert twin(world, tent) == (
            f"{LINE} Anouk is het ermee eens. Mark ziet dit verband anders: {LIGHT}"
            " Noor ziet dit verband anders: Ik slaap juist goed."
        )
        think_of(world, line, View.AGREE, "mark")
        assert "Mark ziet dit verband anders" not in twin(world, tent)
        assert "Mark is het ermee eens." in str(screen(world, tent, "noor").drawing.paragraphs)

    def test_who_changes_the_line_changes_nobodys_view_of_it(
        self, world: World, tent: Tent, line: Influence
    ) -> None:
        think_of(world, line, View.DIFFER, "mark", LIGHT)
        actions.change_sign(actor=world.actor("noor"), link_id=line.pk, sign=Sign.KEEPS, at=world.at)
        assert twin(world, tent).endswith(f"Mark ziet dit verband anders: {LIGHT}")

    def test_it_is_undone_step_by_step(self, world: World, tent: Tent, line: Influence) -> None:
        think_of(world, line, View.AGREE, "mark")
        think_of(world, line, View.DIFFER, "mark", LIGHT)
        for left in (f"{LINE} Mark is het ermee eens.", LINE):
            world.at += timedelta(minutes=1)
            actions.step_back(actor=world.actor("mark"), tent_id=tent.pk, at=world.at)
            assert twin(world, tent) == left

    def test_a_line_of_which_another_said_something_is_not_pulled_away(
        self, world: World, tent: Tent, line: Influence
    ) -> None:
        think_of(world, line, View.DIFFER, "mark", LIGHT)

        def back() -> object:
            return actions.step_back(actor=world.actor("noor"), tent_id=tent.pk, at=world.at)

        assert code_of(back) == "step.built_on"
        assert LIGHT in twin(world, tent)
        # The sign that Noor gave it last she takes back herself.
        world.at += timedelta(minutes=1)
        actions.change_sign(actor=world.actor("noor"), link_id=line.pk, sign=Sign.KEEPS, at=world.at)
        back()
        assert twin(world, tent) == f"{LINE} Mark ziet dit verband anders: {LIGHT}"

    def test_it_goes_with_its_line_and_comes_back_with_it(
        self, world: World, tent: Tent, line: Influence
    ) -> None:
        think_of(world, line, View.DIFFER, "mark", LIGHT)
        world.at += timedelta(minutes=1)
        actions.remove_piece(actor=world.actor("noor"), piece_id=line.effect_id, at=world.at)
        assert LIGHT not in str(screen(world, tent, "mark").drawing)
        actions.step_back(actor=world.actor("noor"), tent_id=tent.pk, at=world.at)
        assert LIGHT in twin(world, tent)

    def test_it_takes_words_and_a_line_that_lies_there(
        self, world: World, line: Influence, two: tuple[Piece, Piece]
    ) -> None:
        assert code_of(lambda: think_of(world, line, View.DIFFER, "mark", " ")) == "remark.no_words"
        assert code_of(lambda: think_of(world, line, View.DIFFER, "mark", "a" * 301)) == "remark.too_long"
        assert code_of(lambda: think_of(world, line, View.FIRST, "mark", "daarom")) == "link.not_first"
        other_way = {"effect_id": two[0].pk}
        with pytest.raises(Refused) as no:
            think(world, two[1], View.DIFFER, "mark", LIGHT, **other_way)
        assert no.value.refusal.code == "link.gone"
        with pytest.raises(NotVisible):
            think(world, two[1], View.DIFFER, "mark", LIGHT, effect_id=uuid4())
        assert not Remark.objects.exists()

    def test_the_child_reads_no_view_of_a_line_to_what_is_about_another(
        self, world: World, tent: Tent, two: tuple[Piece, Piece], house: Household
    ) -> None:
        about = Whom(house.member("Sanne").pk)
        hers = put(world, tent, "Mama werd vroeger geslagen.", "ellen", Place.PARENTS, about=about)
        to_hers = join(world, two[0], hers, Sign.WORSE, "ellen")
        think_of(world, to_hers, View.DIFFER, "mark", "Dat is lang geleden.")
        assert "lang geleden" not in str(screen(world, tent, "noor").drawing)
        assert "lang geleden" in str(screen(world, tent, "sanne").drawing)
        assert not Remark.objects.visible_to(world.actor("noor"), at=world.at).exists()

    def test_it_is_said_on_the_page_of_the_drawing_and_refused_words_stay(
        self, world: World, tent: Tent, line: Influence
    ) -> None:
        anouk, here = world.client("anouk"), reverse("drawing", args=[tent.pk])
        page = unescape(anouk.get(here, {"line": str(line.pk)}).content.decode())
        # Who may not change the line may still see it otherwise.
        assert "Alleen wie het tekende en het gezin kunnen dit veranderen." in page
        assert "Ik zie het anders" in page
        sent = {
            "do": "remark", "piece_id": line.cause_id, "effect_id": line.effect_id, "view": "differ",
            "link_id": line.pk,
        }  # fmt: skip
        long = "<script>" + "woord " * 60
        refused = anouk.post(here, {"_key": str(uuid4()), **sent, "text": long})
        assert refused.status_code == 422
        assert long.strip() in unescape(refused.content.decode())
        assert "<script>woord" not in refused.content.decode()
        assert "Dit verband" in refused.content.decode()
        assert anouk.post(here, {"_key": str(uuid4()), **sent, "text": LIGHT}).status_code == 302
        page = unescape(anouk.get(here).content.decode())
        assert "Waar we het verschillend zien" in page
        assert f"{LINE} Anouk ziet dit verband anders: {LIGHT}" in page
        assert "hang-doubt" in page
        assert "iemand ziet het anders" in page

    def test_words_for_a_line_that_just_went_are_not_lost(
        self, world: World, tent: Tent, line: Influence
    ) -> None:
        actions.cut(actor=world.actor("noor"), link_id=line.pk, at=world.at)
        sent = {"do": "remark", "piece_id": line.cause_id, "effect_id": line.effect_id, "view": "differ"}
        answer = world.client("mark").post(
            reverse("drawing", args=[tent.pk]),
            {"_key": str(uuid4()), **sent, "link_id": line.pk, "text": LIGHT},
        )
        assert answer.status_code == 422
        assert LIGHT in unescape(answer.content.decode())
        assert "Dit verband ligt er niet meer" in unescape(answer.content.decode())

    def test_it_is_a_step_of_how_the_understanding_grew(
        self, world: World, house: Household, tent: Tent, line: Influence
    ) -> None:
        think_of(world, line, View.DIFFER, "mark", LIGHT)
        world.at += timedelta(minutes=1)
        actions.change_sign(actor=world.actor("noor"), link_id=line.pk, sign=Sign.KEEPS, at=world.at)
        seen = look(world, house.family_id, "sanne")
        steps = [queries.growth(seen, tent.pk, at) for at in range(1, 5)]
        assert steps[3].came[0] == f"Mark ziet het anders: {LIGHT} Dat gaat over: {LINE}"
        assert (steps[2].picture.differing, len(steps[3].picture.differing)) == ((), 1)

    def test_both_stand_on_the_page_that_remains_and_on_paper(
        self, world: World, house: Household, tent: Tent, line: Influence
    ) -> None:
        think(world, line.cause, View.DIFFER, "mark", "We praten gewoon hard.")
        think_of(world, line, View.DIFFER, "anouk", LIGHT)
        about = Whom(house.member("Sanne").pk)
        hers = put(world, tent, "Mama werd vroeger geslagen.", "ellen", Place.PARENTS, about=about)
        think_of(
            world, join(world, line.cause, hers, Sign.WORSE, "ellen"), View.DIFFER, "mark", "Lang geleden."
        )
        understood(world, tent)
        go_to(world, tent, Phase.AGREE)
        actions.close(actor=world.actor("anouk"), tent_id=tent.pk, at=world.at)
        for who in ("noor", "sanne"):
            page = unescape(world.client(who).get(reverse("tent_page", args=[tent.pk])).content.decode())
            assert "Waar we het verschillend zien" in page
            assert page.count("We praten gewoon hard.") == 2  # in the twin, and where we differ
            assert LIGHT in page
            assert "geslagen" not in page
            assert "Lang geleden" not in page
            words = text_of(world.client(who).get(reverse("tent_page_pdf", args=[tent.pk])).content)
            assert "Mark ziet het anders: We praten gewoon hard." in words
            assert f"Anouk ziet het anders: {LIGHT}" in words
            assert "geslagen" not in words


def text_of(pdf: bytes) -> str:
    """The words on the paper, on one line: lines break where they may."""
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


# --- the page that remains ---

SAID = "Noor slaapt slecht"
OTHER = "Ik slaap goed, maar te kort."


@built_once
def closed(world: World) -> Tent:
    """The talk is over; its page is a draft."""
    return closed_tent(world)


def sheet(world: World, tent: Tent, who: str = "sanne", number: int | None = None) -> Sheet:
    return queries.sheet(look(world, tent.family_id, who), tent.pk, number)


def line_of(world: World, tent: Tent, part: PagePart = PagePart.AGREEMENTS) -> str:
    return next(lines[0].text for key, lines in sheet(world, tent).parts if key == part)


def differ(
    world: World,
    tent: Tent,
    who: str,
    text: str = OTHER,
    *,
    part: PagePart = PagePart.AGREEMENTS,
    line: str = "",
) -> PageRemark:
    return actions.differ_on_page(
        actor=world.actor(who),
        tent_id=tent.pk,
        part=part,
        line=line or line_of(world, tent, part),
        text=text,
        at=world.at,
    )


def seen(
    world: World, tent: Tent, who: str = "sanne", number: int | None = None
) -> list[tuple[str, str, str, bool]]:
    """Each view on the page: of which line, whose, and whether that line was amended since."""
    return [
        (line.text, one.voice, one.text, line.gone)
        for _part, lines in sheet(world, tent, who, number).parts
        for line in lines
        for one in line.others
    ]


def take_back(world: World, remark: PageRemark, who: str) -> PageRemark:
    return actions.take_back_on_page(actor=world.actor(who), remark_id=remark.pk, at=world.at)


class TestALineOfThePage:
    @pytest.mark.parametrize(("who", "name"), [("mark", "Mark"), ("noor", "Noor"), ("anouk", "Anouk")])
    def test_everybody_who_sat_there_says_so_beside_the_line(
        self, world: World, closed: Tent, who: str, name: str
    ) -> None:
        line = line_of(world, closed)
        differ(world, closed, who)
        assert seen(world, closed) == [(line, name, OTHER, False)]
        assert line in sheet(world, closed).agreements.splitlines()
        entry = Entry.objects.filter(code="tent.page_remarked").get()
        assert entry.facts["part"] == "agreements"

    def test_a_voice_has_one_view_of_a_line_and_takes_it_back_itself(
        self, world: World, closed: Tent
    ) -> None:
        differ(world, closed, "mark", "Eerst zo.")
        mine, others = differ(world, closed, "mark"), differ(world, closed, "noor", "Ik ook.")
        line = line_of(world, closed)
        assert seen(world, closed) == [(line, "Mark", OTHER, False), (line, "Noor", "Ik ook.", False)]
        assert code_of(lambda: take_back(world, others, "mark")) == "page.not_your_words"
        take_back(world, mine, "mark")
        assert seen(world, closed) == [(line, "Noor", "Ik ook.", False)]
        with pytest.raises(NotVisible):
            take_back(world, mine, "mark")
        with pytest.raises(NotVisible):
            take_back(world, others, "bram")

    def test_where_the_line_was_amended_both_can_still_be_read(self, world: World, closed: Tent) -> None:
        line = line_of(world, closed)
        differ(world, closed, "mark")
        now = sheet(world, closed).as_typed()
        typed = {**now, "agreements": f"Iets anders.\n{line}"}
        actions.amend_page(actor=world.actor("sanne"), tent_id=closed.pk, at=world.at, **typed)  # type: ignore[arg-type]
        assert seen(world, closed) == [(line, "Mark", OTHER, False)]
        now = sheet(world, closed).as_typed()
        typed = {**now, "agreements": "Iets anders."}
        actions.amend_page(actor=world.actor("sanne"), tent_id=closed.pk, at=world.at, **typed)  # type: ignore[arg-type]
        assert seen(world, closed) == [(line, "Mark", OTHER, True)]

    def test_nobody_agrees_to_a_view_that_they_did_not_read(self, world: World, closed: Tent) -> None:
        read = sheet(world, closed).edition
        said = differ(world, closed, "anouk")
        assert code_of(lambda: agree(world, closed, edition=read)) == "page.changed"
        read = sheet(world, closed).edition
        take_back(world, said, "anouk")
        assert code_of(lambda: agree(world, closed, edition=read)) == "page.changed"

    def test_it_stays_with_what_was_agreed_and_goes_along_to_a_later_version(
        self, world: World, closed: Tent
    ) -> None:
        said = differ(world, closed, "mark")
        agree(world, closed)
        assert code_of(lambda: differ(world, closed, "noor")) == "page.agreed"
        assert code_of(lambda: take_back(world, said, "mark")) == "page.agreed"
        for words in ("UPDATE tents_pageremark SET number = 9", "DELETE FROM tents_pageremark"):
            with pytest.raises(DatabaseError, match="cannot be altered"), transaction.atomic():
                connection.cursor().execute(words)
        actions.begin_later_page(actor=world.actor("sanne"), tent_id=closed.pk, at=world.at)
        line = line_of(world, closed)
        assert seen(world, closed) == [(line, "Mark", OTHER, False)]
        later = PageRemark.objects.get(number=2)
        assert (later.author_id, later.at) == (said.author_id, said.at)
        take_back(world, later, "mark")
        assert seen(world, closed) == []
        assert seen(world, closed, number=1) == [(line, "Mark", OTHER, False)]

    def test_it_takes_words_and_a_line_that_stands_there(self, world: World, closed: Tent) -> None:
        assert code_of(lambda: differ(world, closed, "mark", " ")) == "page.no_words"
        assert code_of(lambda: differ(world, closed, "mark", "a" * 200_000)) == "page.remark_too_long"
        assert code_of(lambda: differ(world, closed, "mark", line="Nooit gezegd.")) == "page.line_gone"
        with pytest.raises(NotVisible):
            differ(world, closed, "bram")
        assert not PageRemark.objects.exists()

    def test_the_page_says_it_on_screen_and_on_paper(self, world: World, closed: Tent) -> None:
        anouk, url = world.client("anouk"), reverse("tent_page", args=[closed.pk])
        page = unescape(anouk.get(url).content.decode())
        assert "Welke zin ziet u anders?" in page
        key = page.split(f">{line_of(world, closed)}</option>")[0].rsplit('value="', 1)[1].rstrip('"')
        to, sent = reverse("differ_on_page", args=[closed.pk]), {"line": key, "text": ""}
        refused = anouk.post(to, {"_key": str(uuid4()), **sent})
        assert refused.status_code == 422
        assert "Schrijf in één zin hoe u het ziet." in unescape(refused.content.decode())
        gone = anouk.post(to, {"_key": str(uuid4()), "line": "agreements-0", "text": OTHER})
        assert "Deze zin staat er niet meer zo." in unescape(gone.content.decode())
        assert OTHER in unescape(gone.content.decode())
        assert anouk.post(to, {"_key": str(uuid4()), **sent, "text": OTHER}).headers["location"] == url
        page = unescape(anouk.get(url).content.decode())
        assert "Anouk ziet het anders:</span> " + OTHER in page
        remark = PageRemark.objects.get()
        away = reverse("take_back_on_page", args=[remark.pk])
        assert away in page
        assert away not in world.client("sanne").get(url).content.decode()
        words = text_of(anouk.get(reverse("tent_page_pdf", args=[closed.pk])).content)
        assert f"Anouk ziet het anders: {OTHER}" in words
        agree(world, closed)
        page = unescape(anouk.get(url).content.decode())
        assert OTHER in page
        assert away not in page
        assert "Welke zin ziet u anders?" not in page

    def test_it_takes_one_query_more_however_many_there_are(
        self, world: World, closed: Tent, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for several in (("mark",), ("noor", "anouk", "ellen", "youssef")):
            for who in several:
                differ(world, closed, who)
            reader = look(world, closed.family_id, "anouk")
            with django_assert_num_queries(5):
                queries.sheet(reader, closed.pk)
