"""Each person of the story looks around in the own room: every page is for everyone, on every screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, ViewportSize, expect

from hendig.billing.actions import make_pot
from hendig.billing.models import Agreement, Invoice, PaymentBatch
from hendig.families.models import FamilyMember, Invitation
from hendig.helprequests.models import HelpRequest
from hendig.kernel.actor import Role
from hendig.kernel.periods import local_day
from hendig.matching.models import Match, MatchTalk
from hendig.opentent.models import Post
from hendig.people.models import Professional, Registration
from hendig.people.rules import Means
from hendig.plans import actions as plans
from hendig.tents.models import Tent
from tests.support import bank, billing, matching, opentent, tents
from tests.support.clock import Clock
from tests.support.fixtures import PageFor
from tests.support.live import SOON, Live
from tests.support.pages import assert_accessible
from tests.support.registrations import SKJ
from tests.support.world import World
from tests.support.world import signed_in as cookie_of

NARROW: ViewportSize = {"width": 320, "height": 640}
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Town:
    """A family in the middle of its story: a talk that waits for a yes, a tent, help that stands, a bill."""

    world: World
    house: matching.Household
    talk: MatchTalk
    tent: Tent
    post: Post
    match: Match

    @property
    def family(self) -> str:
        return str(self.house.family_id)


@pytest.fixture
def town(peelrand: World, clock: Clock) -> Town:
    """All of it by the real actions; the clock stands in the month after."""
    world = peelrand
    billing.agree(world)
    house = matching.household(world)
    post = opentent.ask_the_board(world, house.request)
    opentent.answer(world, post)
    tent = tents.closed_tent(world, house)
    match = _help(world, house)
    talk = matching.open_talk(world, house, "youssef")
    clock.set(world.at)
    return Town(world, house, talk, tent, post, match)


def _help(world: World, house: matching.Household) -> Match:
    """Anouk helps; one appointment was kept, one waits for its tap."""
    outcome = matching.say(world, matching.open_talk(world, house), "anouk", "noor", "sanne", "mark", "ellen")
    assert outcome.match is not None
    made = outcome.match
    billing.keep(world, made, (world.at + timedelta(days=1)).date())
    billing.plan(world, made, world.at + timedelta(hours=1))
    ellen = world.actor("ellen")
    plans.set_goal(actor=ellen, request_id=house.request.pk, words="Weer slapen.", at=world.at)
    world.later(hours=3)
    return made


@pytest.fixture
def signed_in(live: Live, page_for: PageFor) -> Callable[..., Page]:
    """A page of this person's own."""

    def opened(
        world: World, name: str, *, phone: bool = False, dark: bool = False, means: Means = Means.PASSKEY
    ) -> Page:
        page = page_for(phone=phone, dark=dark)
        cookie = cookie_of(world.account(name).pk, means)
        page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
        return page

    return opened


def assert_fits(page: Page) -> None:
    """Nobody has to scroll sideways."""
    too_wide = page.evaluate(WIDE)
    assert too_wide <= 0, f"{page.url} is {too_wide} px too wide"


def look_around(page: Page, paths: list[str], *, dark: bool) -> None:
    """Every page answers, fits a phone at 400 %, and axe finds nothing, by day and by night."""
    usual = page.viewport_size
    assert usual
    for at, path in enumerate(paths):
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, f"{answer.status} {path}"
        # The room in both schemes, and each page at both sizes, without looking four times at everything.
        page.emulate_media(color_scheme="dark" if dark == (at % 2 == 0) else "light", reduced_motion="reduce")
        assert_accessible(page)
        page.set_viewport_size(NARROW)
        page.emulate_media(color_scheme="light" if dark == (at % 2 == 0) else "dark", reduced_motion="reduce")
        assert_fits(page)
        assert_accessible(page)
        page.set_viewport_size(usual)


def _path(name: str, *args: object) -> str:
    return reverse(name, args=args)


def family_room(town: Town) -> list[str]:
    return [
        _path("family", town.family),
        _path("plan", town.family),
        _path("circle", town.family),
        _path("who_looked", town.family),
        _path("own_record", town.family),
        _path("take_along", town.house.request.compartment.record_id),
        _path("new_goal", town.family),
        _path("new_task", town.family),
        _path("question_answers", town.house.request.pk),
        _path("new_question", town.house.request.pk),
        _path("tent", town.tent.pk),
        _path("tent_page", town.tent.pk),
        _path("match_talk", town.talk.pk),
        _path("plan_appointment", town.family, town.match.pk),
        _path("end_match", town.match.pk),
        _path("notices"),
        _path("board"),
        _path("post", town.post.pk),
    ]


def test_sanne_at_night_on_her_phone(town: Town, signed_in: Callable[..., Page]) -> None:
    page = signed_in(town.world, "sanne", phone=True, dark=True)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    look_around(page, [*family_room(town), "/hulp/", "/over-hendig/"], dark=True)


def test_noor_on_her_phone(town: Town, signed_in: Callable[..., Page]) -> None:
    page = signed_in(town.world, "noor", phone=True)
    page.goto("/")
    page.get_by_role("button", name="Goed", exact=True).first.click()
    # What was said goes below what still waits for an answer.
    expect(page.locator("button[aria-current=true]", has_text="Goed").first).to_be_visible()
    look_around(page, [_path("family", town.family), _path("match_talk", town.talk.pk)], dark=False)


def test_noor_lets_her_aunt_see_along_with_a_code(town: Town, signed_in: Callable[..., Page]) -> None:
    noor = signed_in(town.world, "noor", phone=True)
    noor.goto(_path("who_may", town.family))
    noor.get_by_text("Nodig iemand uit").click()
    noor.get_by_label("Voornaam").fill("Joke")
    noor.get_by_label("E-mailadres").fill("joke@buurt.example")
    noor.get_by_role("button", name="Uitnodigen").click()
    code = noor.locator(".big").inner_text()
    assert_accessible(noor)
    noor.get_by_role("link", name="Ik heb de code").click()
    expect(noor.get_by_text("Joke ziet nog niets.")).to_be_visible()
    made = Invitation.objects.get()
    joke = signed_in(town.world, "joke", phone=True)
    look_around(joke, [_path("invitation", made.pk)], dark=False)
    look_around(noor, [_path("who_may", town.family), _path("invite_anew", made.pk)], dark=True)
    joke.get_by_label("De code die u hoorde").fill(code)
    joke.get_by_role("button", name="Meedoen").click()
    expect(joke.get_by_text("U doet mee vanaf nu.")).to_be_visible()
    noor.goto(_path("who_may", town.family))
    expect(noor.get_by_text("Joke doet mee sinds")).to_be_visible()


def test_mark_says_no_and_nobody_blames_him(town: Town, signed_in: Callable[..., Page]) -> None:
    mark = signed_in(town.world, "mark", phone=True)
    ellen = signed_in(town.world, "ellen")
    ellen.goto(_path("match_talk", town.talk.pk))
    mark.goto(_path("match_talk", town.talk.pk))
    mark.get_by_role("button", name="Nee, liever niet").click()
    expect(mark.get_by_text("Geen klik – we zoeken verder")).to_be_visible()
    expect(mark.get_by_text("niemand hoeft te zeggen waarom")).to_be_visible()
    assert_accessible(mark)
    expect(ellen.get_by_text("Geen klik – we zoeken verder")).to_be_visible(timeout=SOON)
    ellen.get_by_role("button", name="Zoek verder met iemand anders").first.click()
    expect(ellen.get_by_role("heading", name="Wie past bij dit gezin?")).to_be_visible()
    look_around(mark, [_path("family", town.family)], dark=False)


def test_ellen_at_her_desk(town: Town, signed_in: Callable[..., Page]) -> None:
    page = signed_in(town.world, "ellen")
    request = town.house.request
    rooms = [
        _path("coach_board"),
        _path("coach_list"),
        _path("first_talk", request.pk),
        _path("open_talk", request.pk),
        _path("call_tent", request.pk),
        _path("end_request", town.family, request.pk),
        _path("way_in", FamilyMember.objects.get(family_id=town.house.family_id, first_name="Noor").pk),
        _path("learning"),
    ]
    shared = (
        ("family", town.family),
        ("plan", town.family),
        ("tent", town.tent.pk),
        ("match_talk", town.talk.pk),
    )
    look_around(page, [*rooms, *(_path(*one) for one in shared)], dark=False)
    page.goto(_path("coach_board"))
    page.keyboard.press("/")
    page.keyboard.type("Noor")
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="Noor")).to_be_visible()


def test_anouk_on_the_road(town: Town, signed_in: Callable[..., Page]) -> None:
    page = signed_in(town.world, "anouk", phone=True)
    look_around(
        page,
        [
            _path("today"),
            _path("my_tents"),
            _path("tent", town.tent.pk),
            _path("plan", town.family),
            _path("family", town.family),
            _path("plan_appointment", town.family, town.match.pk),
            _path("notices"),
        ],
        dark=False,
    )
    page.goto(_path("today"))
    expect(page.get_by_role("button", name="Geweest").first).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Geweest")).to_have_count(0)


def test_jolanda_and_henk_in_the_month_after(
    town: Town, clock: Clock, signed_in: Callable[..., Page]
) -> None:
    clock.set(town.world.later(days=31))
    jolanda, henk = signed_in(town.world, "jolanda"), signed_in(town.world, "henk")
    henk.goto(_path("service_codes"))
    expect(henk.get_by_text("Dit zijn voorbeelden: elke gemeente kiest haar eigen codes.")).to_be_visible()
    codes = henk.locator("[data-item] a")
    for key, place in (("j", 0), ("j", 1), ("k", 0), ("k", 0)):
        henk.keyboard.press(key)
        expect(codes.nth(place)).to_be_focused()
    henk.goto(_path("pay"))
    jolanda.goto("/")
    look_around(jolanda, [_path("hours")], dark=False)
    jolanda.get_by_role("button", name="Verstuur factuur").click()
    expect(henk.get_by_role("button", name="Betaal alles wat klopt")).to_be_visible(timeout=SOON)
    invoice = Invoice.objects.get()
    look_around(henk, [_path("pay"), _path("invoice", invoice.pk), _path("learning")], dark=False)
    agreement = Agreement.objects.get()
    kept = [_path("agreements"), _path("new_agreement"), _path("agreement", agreement.pk)]
    kept += [_path("service_codes"), _path("service_code", town.match.service_code_id)]
    # Of help in one family nothing is drawn: that of the year to come, with nothing in it yet, is.
    pot = make_pot(
        actor=town.world.actor("petra"),
        name="Jeugd",
        year=town.world.at.year + 1,
        cents=1000,
        at=town.world.at,
    )
    kept += [f"{_path('pots')}?jaar={pot.year}", _path("new_pot"), _path("pot", pot.pk)]
    look_around(henk, kept, dark=True)
    henk.goto(_path("pay"))
    jolanda.goto(_path("invoice", invoice.pk))
    henk.get_by_role("button", name="Betaal alles wat klopt").click()
    # With one button it goes to the bank; paid it is when the bank says so, on both screens by itself.
    expect(jolanda.get_by_text("de bank betaalt op")).to_be_visible(timeout=SOON)
    expect(jolanda.get_by_text("betaald op")).to_have_count(0)
    batch = PaymentBatch.objects.get()
    look_around(henk, [_path("pay"), _path("bank"), _path("batch", batch.pk)], dark=True)
    henk.goto(_path("batch", batch.pk))
    jolanda.goto(_path("invoice", invoice.pk))
    clock.travel(days=4)
    town.world.at = clock.now()
    bank.read(town.world, bank.afschrift(town.world, *bank.one_by_one(batch), on=batch.pays_on))
    for page in (jolanda, henk):
        expect(page.get_by_text("betaald op")).to_be_visible(timeout=SOON)
    look_around(henk, [_path("pay"), _path("bank"), _path("batch", batch.pk)], dark=False)
    look_around(jolanda, [_path("hours"), _path("invoice", invoice.pk)], dark=True)
    assert PaymentBatch.objects.count() == 1
    town.world.add_worker("cora", Role.AUDITOR)
    rooms = ("accountant", "paid", "journals", "seal", "register")
    chain = _path("chain", batch.payments.get().pk)
    look_around(signed_in(town.world, "cora"), [*map(_path, rooms), chain], dark=False)


def test_piet_the_neighbour(town: Town, signed_in: Callable[..., Page]) -> None:
    page = signed_in(town.world, "piet", phone=True)
    look_around(
        page,
        [
            _path("my_answers"),
            _path("board"),
            _path("post", town.post.pk),
            _path("new_offer"),
            _path("notices"),
        ],
        dark=False,
    )


def test_karin_and_petra_who_account_and_learn(town: Town, signed_in: Callable[..., Page]) -> None:
    look_around(signed_in(town.world, "karin"), [_path("log")], dark=False)
    look_around(signed_in(town.world, "petra"), [_path("learning")], dark=True)


def test_petra_asks_for_a_coach_and_karin_agrees(peelrand: World, signed_in: Callable[..., Page]) -> None:
    petra, karin = signed_in(peelrand, "petra"), signed_in(peelrand, "karin", phone=True, means=Means.DEMO)
    look_around(petra, [_path("ask_role")], dark=False)
    petra.get_by_label("Voornaam").fill("Fatma")
    petra.get_by_label("Achternaam").fill("Yilmaz")
    petra.get_by_label("E-mailadres").fill("fatma@peelrand.example")
    petra.get_by_label("gezinscoach").check()
    petra.get_by_role("button", name="Vraag deze rol").click()
    expect(petra.get_by_role("button", name="Akkoord").first).to_be_disabled()
    look_around(petra, [_path("workers")], dark=True)
    look_around(karin, [_path("workers")], dark=False)
    karin.get_by_role("button", name="Akkoord Fatma Yilmaz", exact=True).click()
    expect(karin.get_by_text("Fatma heeft de rol vanaf nu.")).to_be_visible()
    look_around(signed_in(peelrand, "jolanda"), [_path("workers"), _path("ask_role")], dark=True)


def test_jolanda_proposes_a_registration_and_petra_looks_it_up(
    peelrand: World, signed_in: Callable[..., Page]
) -> None:
    jolanda, petra = signed_in(peelrand, "jolanda"), signed_in(peelrand, "petra")
    of_anouk = _path("registrations", Professional.objects.get(account=peelrand.account("anouk")).pk)
    look_around(jolanda, [_path("professionals"), of_anouk], dark=False)
    jolanda.get_by_text("Stel een registratie voor").click()
    assert_accessible(jolanda)
    jolanda.get_by_label("SKJ").check()
    jolanda.get_by_label("Nummer").fill("11001234²")
    jolanda.get_by_role("button", name="Stel voor", exact=True).click()
    expect(jolanda.get_by_text("heeft alleen cijfers")).to_be_visible()
    assert_accessible(jolanda)
    jolanda.get_by_label("Nummer").fill(SKJ)
    jolanda.get_by_role("button", name="Stel voor", exact=True).click()
    expect(jolanda.get_by_text("Voorgesteld.")).to_be_visible()
    waits = _path("answer_registration", Registration.objects.get().pk)
    look_around(petra, [_path("professionals"), of_anouk, waits], dark=True)
    petra.get_by_label("Nagekeken op").fill(local_day(peelrand.at).isoformat())
    petra.get_by_role("button", name="Het klopt, bewaar").click()
    expect(petra.get_by_text("Bewaard.")).to_be_visible()
    look_around(petra, [of_anouk], dark=False)


def test_who_comes_by(peelrand: World, page_for: PageFor) -> None:
    page = page_for()
    look_around(
        page,
        ["/", "/hulp/", "/open-tent/", "/over-hendig/", "/aanmelden/", "/demo/", "/demo/post/"],
        dark=False,
    )
    for dark in (False, True):
        look_around(page, ["/componenten/"], dark=dark)


@pytest.mark.parametrize(
    ("who", "path", "status"), [("sanne", "/gezin/bestaat-niet/", 404), ("henk", "/gezinnen/", 403)]
)
def test_a_no_is_a_page_for_everyone_too(
    peelrand: World, signed_in: Callable[..., Page], who: str, path: str, status: int
) -> None:
    matching.household(peelrand)
    page = signed_in(peelrand, who, phone=True, dark=True)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == status
    assert_accessible(page)


def test_the_tent_is_one_screen_for_two(
    peelrand: World, clock: Clock, signed_in: Callable[..., Page]
) -> None:
    tent = tents.meeting(peelrand)
    clock.set(peelrand.at)
    anouk, sanne = signed_in(peelrand, "anouk"), signed_in(peelrand, "sanne", phone=True)
    sanne.goto(_path("tent", tent.pk))
    anouk.goto(_path("tent", tent.pk))
    anouk.get_by_role("button", name="Verder naar: Luisteren").click()
    expect(sanne.get_by_text("Wat wilt u dat wij vandaag goed begrijpen?")).to_be_visible(timeout=SOON)
    sanne.get_by_label("Wat is de vraag?").fill("Hoe slaapt Noor weer?")
    sanne.get_by_role("button", name="Leg op tafel").click()
    expect(anouk.get_by_text("Hoe slaapt Noor weer?")).to_be_visible(timeout=SOON)
    for page in (anouk, sanne):
        assert_accessible(page)


def test_a_refused_form_keeps_what_was_typed(peelrand: World, page_for: PageFor) -> None:
    page = page_for(phone=True)
    page.goto("/hulp/")
    page.get_by_label("Wat is er aan de hand?").fill("Het gaat niet goed.")
    page.get_by_role("button", name="Versturen").click()
    expect(page.get_by_text("Nog even dit, dan kunt u verder")).to_be_visible()
    expect(page.get_by_label("Wat is er aan de hand?")).to_have_value("Het gaat niet goed.")
    assert_accessible(page)


def test_no_word_is_lost_when_the_connection_drops(peelrand: World, clock: Clock, page_for: PageFor) -> None:
    page = page_for(phone=True)
    page.goto("/hulp/")
    page.get_by_label("Wat is er aan de hand?").fill("Het gaat niet goed.")
    page.context.set_offline(True)
    expect(page.get_by_text("Even geen verbinding")).to_be_visible()
    page.context.set_offline(False)
    page.goto("/open-tent/")
    page.goto("/hulp/")
    expect(page.get_by_label("Wat is er aan de hand?")).to_have_value("Het gaat niet goed.")
    expect(page.get_by_text("Wat u eerder typte, staat er weer.")).to_be_visible()


def test_no_word_is_lost_when_the_session_ends(
    town: Town, signed_in: Callable[..., Page], live: Live
) -> None:
    page = signed_in(town.world, "sanne", phone=True)
    page.goto(_path("new_goal", town.family))
    words = page.get_by_label("Wat wilt u bereiken?")
    words.fill("Samen eten zonder ruzie.")
    Session.objects.all().delete()
    page.get_by_role("button", name="Dit is ons doel").click()
    expect(page.get_by_role("heading", name="Inloggen")).to_be_visible()
    cookie = town.world.client("sanne").cookies["hendig"].value
    page.context.add_cookies([{"name": "hendig", "value": cookie, "url": live.url}])
    page.goto(_path("new_goal", town.family))
    expect(page.get_by_label("Wat wilt u bereiken?")).to_have_value("Samen eten zonder ruzie.")
    assert HelpRequest.objects.count() == 1
