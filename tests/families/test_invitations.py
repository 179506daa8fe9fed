"""The wrong J. Janssen is invited: who reads the mail sees nothing without the code that was told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from hendig.audit.models import Entry, Kind
from hendig.families.actions import add_child, invitations, say_about, sharing, tell_whose_year_ends
from hendig.families.actions.invitations import Invited
from hendig.families.models import Consent, FamilyMember, Invitation, Involvement, MemberKind, Part
from hendig.families.queries import opening, opening_all
from hendig.families.queries.invited import invited
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.people import actions as people
from hendig.people.models import Letter, Notice
from tests.support.door import by_mail
from tests.support.families import talked
from tests.support.matching import Household
from tests.support.reading import Reader
from tests.support.smtp import Sink, smtp_sink
from tests.support.together import at_once
from tests.support.world import World

PAGES = ("family", "plan", "circle", "own_help", "own_record", "who_may", "who_looked")
JOKE = "joke@buurt.example"


@pytest.fixture(autouse=True)
def _the_clock_of_the_pages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hendig.web.middleware.timezone.now", lambda: world.at)


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    with smtp_sink() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


def record_of(house: Household) -> UUID:
    return house.request.compartment.record_id


def invite(world: World, house: Household, *, by: str = "noor", email: str = JOKE) -> Invited:
    return invitations.invite_confidant(
        actor=world.actor(by), record_id=record_of(house), first_name="Joke", email=email, at=world.at
    )


def accept(world: World, made: Invited, *, typed: str = "", who: str = "joke") -> UUID:
    return invitations.accept(
        actor=world.actor(who), invitation_id=made.invitation_id, typed=typed or made.code, at=world.at
    )


def wrong(made: Invited) -> str:
    return f"{(int(made.code) + 1) % 1_000_000:06d}"


def sees(world: World, house: Household, name: str = "joke") -> bool:
    try:
        with opening(world.actor(name), "family.page_seen", house.family_id, at=world.at):
            return True
    except NotVisible:
        return False


def page_of(made: Invited) -> str:
    return reverse("invitation", args=[made.invitation_id])


def post(client: Client, url: str, **fields: str) -> Any:
    return client.post(url, {"_key": str(uuid4()), **fields})


def who_may(world: World, house: Household, who: str = "noor") -> str:
    page = world.client(who).get(reverse("who_may", args=[house.family_id]))
    return " ".join(Reader(page.content.decode()).texts)


def tell_all(world: World) -> None:
    happened = Entry.objects.filter(kind=Kind.CHANGE).values_list("pk", flat=True)
    people.tell(entry_ids=list(happened), at=world.at)


# --- before it is accepted ---


def test_before_the_code_there_is_nothing_and_no_mail_with_content(world: World, house: Household) -> None:
    made = invite(world, house)
    assert not Involvement.objects.filter(account=world.account("joke")).exists()
    assert not Consent.objects.filter(account=world.account("joke")).exists()
    assert not FamilyMember.objects.filter(account=world.account("joke")).exists()
    browser = world.client("joke")
    for page in PAGES:
        nowhere = browser.get(reverse(page, args=[UUID(int=7)]))
        answer = browser.get(reverse(page, args=[house.family_id]))
        assert (answer.status_code, answer.content) == (404, nowhere.content), page
    words = browser.get(page_of(made)).content.decode()
    tell_all(world)
    letters = [f"{mail.subject} {mail.body}" for mail in Letter.objects.filter(to=JOKE)]
    assert len(letters) == 1
    for word in ("Noor", "Sanne", "Mark", "slaapt", str(house.family_id), str(record_of(house)), made.code):
        assert word not in words + letters[0] + browser.get("/").content.decode(), word


def test_the_code_lies_nowhere(world: World, house: Household) -> None:
    made = invite(world, house)
    kept = Invitation.objects.values().get()
    assert made.code not in str({**kept, "code_hash": bytes(kept["code_hash"])})
    assert made.code not in str(list(Entry.objects.values_list("facts", flat=True)))


def test_who_stands_in_no_record_is_not_found_by_a_later_child(world: World, house: Household) -> None:
    """A record that begins lets in the persons of the family, and who is invited is not one yet."""
    invite(world, house)
    add_child(
        actor=world.actor("ellen"),
        family_id=house.family_id,
        first_name="Lotte",
        born_on=date(2019, 1, 1),
        at=world.at,
    )
    assert not sees(world, house)


# --- the code ---


def test_the_right_code_lets_in_from_that_moment_and_the_family_reads_since_when(
    world: World, house: Household
) -> None:
    made = invite(world, house)
    world.later(days=2)
    assert accept(world, made) == house.family_id
    row = Involvement.objects.get(part=Part.CONFIDANT)
    assert (row.from_at, row.account_id) == (world.at, world.account("joke").pk)
    assert FamilyMember.objects.get(kind=MemberKind.CONFIDANT).first_name == "Joke"
    assert sees(world, house)
    assert re.search(r"Joke doet mee sinds \d+ \w+ \d{4}\.", who_may(world, house))
    tell_all(world)
    told = Notice.objects.filter(code="family.invitation_accepted").values_list("account_id", flat=True)
    assert list(told) == [world.account("noor").pk]


def test_it_is_walked_by_the_pages_from_the_mail_to_the_record(world: World, house: Household) -> None:
    url = reverse("who_may", args=[house.family_id])
    typed = {"record_id": str(record_of(house)), "first_name": "Joke", "what_for": "think"}
    no = post(world.client("noor"), url, **typed, email="joke@")
    assert (no.status_code, "Dit e-mailadres klopt niet" in no.content.decode()) == (422, True)
    shown = post(world.client("noor"), url, **typed, email=JOKE).content.decode()
    (code,) = re.findall(r'class="big">(\d{6})<', shown)
    assert code not in who_may(world, house)
    link = re.search(r"/uitnodiging/[0-9a-f-]+/", Letter.objects.get(to=JOKE).body)
    assert link
    browser = world.client()
    asked = browser.get(link[0])
    assert (asked.status_code, asked["Location"].split("?")[0]) == (302, reverse("sign_in"))
    assert by_mail(browser, JOKE, where=asked["Location"].removeprefix("/aanmelden/")) == link[0]
    no = post(browser, link[0], code=f"{(int(code) + 1) % 1_000_000:06d}")
    assert (no.status_code, "nog 4 keer" in no.content.decode()) == (422, True)
    yes = post(browser, link[0], code=code)
    assert yes["Location"] == reverse("family", args=[house.family_id])
    assert browser.get(yes["Location"]).status_code == 200


def test_a_child_that_was_chosen_is_never_another_when_one_is_left(world: World, house: Household) -> None:
    """With one child there is nothing to choose; who chose while there were two is asked again."""
    url = reverse("who_may", args=[house.family_id])
    typed = {"record_id": str(uuid4()), "first_name": "Joke", "email": JOKE}
    no = post(world.client("noor"), url, **typed)
    assert (no.status_code, "Kies over wie het gaat." in no.content.decode()) == (422, True)
    assert f'type="radio" name="record_id" value="{record_of(house)}"' in no.content.decode()
    assert not Invitation.objects.exists()


def test_who_decides_over_nobody_invites_nobody_by_the_page(world: World, house: Household) -> None:
    accept(world, invite(world, house))
    url = reverse("who_may", args=[house.family_id])
    assert world.client("joke").get(url).status_code == 200
    typed = {"record_id": str(record_of(house)), "first_name": "Riet", "email": "riet@buurt.example"}
    assert post(world.client("joke"), url, **typed).status_code == 404
    assert Invitation.objects.count() == 1


def test_five_wrong_codes_end_it_and_who_invited_is_told(world: World, house: Household) -> None:
    made = invite(world, house)
    codes = []
    for _try in range(5):
        with pytest.raises(Refused) as no:
            accept(world, made, typed=wrong(made))
        codes.append(no.value.refusal.code)
    assert codes == ["invitation.wrong_code"] * 4 + ["invitation.spent"]
    with pytest.raises(NotVisible):
        accept(world, made)
    assert not sees(world, house)
    tell_all(world)
    told = Notice.objects.filter(code="family.invitation_spent").values_list("account_id", flat=True)
    assert list(told) == [world.account("noor").pk]
    assert "vijf keer fout" in who_may(world, house)


def test_who_invited_and_sees_nothing_any_more_does_not_hear_what_came_of_it(
    world: World, house: Household
) -> None:
    made = invite(world, house, by="mark")
    say_about(
        actor=world.actor("noor"),
        record_id=record_of(house),
        account_id=world.account("mark").pk,
        yes=False,
        at=world.at,
    )
    accept(world, made)
    tell_all(world)
    assert not Notice.objects.filter(code="family.invitation_accepted").exists()


def test_a_wrong_code_costs_a_try_on_the_page_too(world: World, house: Household) -> None:
    made, browser = invite(world, house), world.client("joke")
    for left in (4, 3, 2, 1, 0):
        post(browser, page_of(made), code=wrong(made))
        assert Invitation.objects.get().tries_left == left
    assert post(browser, page_of(made), code=made.code).status_code == 404


# --- a yes lasts a year ---


def test_a_confidant_sees_along_for_a_year_and_the_family_can_invite_again(
    world: World, house: Household
) -> None:
    accept(world, invite(world, house))
    world.later(days=365, seconds=-1)
    assert sees(world, house)
    world.later(seconds=1)
    assert not sees(world, house)
    accept(world, invite(world, house))
    assert sees(world, house)


def test_near_the_end_a_yes_is_said_anew_in_one_tap(world: World, house: Household) -> None:
    accept(world, invite(world, house))
    world.later(days=200)
    assert "Nog een jaar ja" not in who_may(world, house)
    world.later(days=100)
    assert "Nog een jaar ja" in who_may(world, house)
    joke = str(world.account("joke").pk)
    said = post(world.client("noor"), reverse("say_along", args=[record_of(house)]), account=joke, on="1")
    assert said.status_code == 302
    assert "Nog een jaar ja" not in who_may(world, house)
    world.later(days=364)
    assert sees(world, house)
    world.later(days=1)
    assert not sees(world, house)


def test_a_month_before_the_family_and_who_sees_along_hear_of_it_once(world: World, house: Household) -> None:
    def told() -> list[str]:
        tell_all(world)
        found = Notice.objects.filter(code="family.yes_ends")
        return sorted(found.values_list("account__first_name", flat=True))

    accept(world, invite(world, house))
    town = world.municipality.pk
    world.later(days=334)
    assert tell_whose_year_ends(municipality_id=town, at=world.at) == 0
    world.later(days=1)
    assert tell_whose_year_ends(municipality_id=town, at=world.at) == 1
    assert tell_whose_year_ends(municipality_id=town, at=world.at) == 0
    assert {"Joke", "Noor"} <= set(told())
    say_about(
        actor=world.actor("noor"),
        record_id=record_of(house),
        account_id=world.account("joke").pk,
        yes=True,
        at=world.at,
    )
    world.later(days=334)
    assert tell_whose_year_ends(municipality_id=town, at=world.at) == 0
    world.later(days=1)
    assert tell_whose_year_ends(municipality_id=town, at=world.at) == 1


def test_it_lasts_a_week(world: World, house: Household) -> None:
    made = invite(world, house)
    world.later(days=7, seconds=-1)
    assert world.client("joke").get(page_of(made)).status_code == 200
    world.later(seconds=1)
    with pytest.raises(NotVisible):
        accept(world, made)
    assert "Verlopen op" in who_may(world, house)
    # Who is not invited any more may be invited again.
    assert accept(world, invite(world, house)) == house.family_id


def test_a_code_is_of_who_was_invited(world: World, house: Household) -> None:
    made = invite(world, house)
    talked(world, "Joris", "Bas", other="Els")
    for name in ("joris", "mark", "anouk", "ellen"):
        with pytest.raises(NotVisible):
            accept(world, made, who=name)
    with pytest.raises(Forbidden):
        invitations.accept(
            actor=world.visitor, invitation_id=made.invitation_id, typed=made.code, at=world.at
        )


@pytest.mark.django_db(transaction=True)
def test_who_accepts_twice_at_once_comes_in_once(world: World, house: Household) -> None:
    made, joke = invite(world, house), world.actor("joke")
    accept = lambda: invitations.accept(  # noqa: E731
        actor=joke, invitation_id=made.invitation_id, typed=made.code, at=world.at
    )
    assert sorted(at_once(accept, accept)) == ["done", "not visible"]
    assert Involvement.objects.filter(part=Part.CONFIDANT).count() == 1
    assert FamilyMember.objects.filter(kind=MemberKind.CONFIDANT).count() == 1


# --- who invites, and takes back ---


def test_only_who_decides_invites_and_not_somebody_of_the_family(world: World, house: Household) -> None:
    with pytest.raises(Refused) as no:
        invite(world, house, email="SANNE@gezin.example")
    assert no.value.refusal.code == "confidant.of_the_family"
    with pytest.raises(Forbidden):
        invite(world, house, by="ellen")
    talked(world, "Joris", "Bas", other="Els")
    with pytest.raises(NotVisible):
        invite(world, house, by="joris")


def test_an_address_that_is_invited_is_not_invited_twice(world: World, house: Household) -> None:
    invite(world, house)
    with pytest.raises(Refused) as no:
        invite(world, house, email=JOKE.upper())
    assert no.value.refusal.code == "confidant.invited"


def test_one_that_was_taken_back_reads_like_one_that_never_was(world: World, house: Household) -> None:
    made, browser = invite(world, house), world.client("joke")
    assert browser.get(page_of(made)).status_code == 200
    back = post(world.client("noor"), reverse("take_invitation_back", args=[made.invitation_id]))
    assert back["Location"] == reverse("who_may", args=[house.family_id])
    never = browser.get(reverse("invitation", args=[UUID(int=7)]))
    over = browser.get(page_of(made))
    other = world.client("anouk").get(page_of(made))
    assert (over.status_code, over.content) == (404, never.content)
    assert "Deze uitnodiging geldt niet meer, of is niet voor u." in over.content.decode()
    assert other.status_code == 404
    assert post(browser, page_of(made), code=made.code).content == never.content
    assert not sees(world, house)
    assert "Teruggenomen op" in who_may(world, house)


def test_only_who_decides_takes_back_and_only_what_is_open(world: World, house: Household) -> None:
    made = invite(world, house)
    talked(world, "Joris", "Bas", other="Els")
    for name, error in (("joris", NotVisible), ("joke", NotVisible), ("ellen", Forbidden)):
        with pytest.raises(error):
            invitations.take_back(actor=world.actor(name), invitation_id=made.invitation_id, at=world.at)
    accept(world, made)
    with pytest.raises(Refused) as no:
        invitations.take_back(actor=world.actor("noor"), invitation_id=made.invitation_id, at=world.at)
    assert no.value.refusal.code == "invitation.accepted"
    other = invite(world, house, email="tante@buurt.example")
    invitations.take_back(actor=world.actor("noor"), invitation_id=other.invitation_id, at=world.at)
    with pytest.raises(Refused) as no:
        invitations.take_back(actor=world.actor("noor"), invitation_id=other.invitation_id, at=world.at)
    assert no.value.refusal.code == "invitation.taken_back"


def test_who_was_let_in_is_taken_leave_of_as_before(world: World, house: Household) -> None:
    accept(world, invite(world, house))
    sharing.take_leave(
        actor=world.actor("noor"),
        record_id=record_of(house),
        account_id=world.account("joke").pk,
        at=world.at,
    )
    assert not sees(world, house)


# --- was it read? ---


def test_who_invites_reads_how_far_it_came(world: World, house: Household, sink: Sink) -> None:
    made = invite(world, house)
    assert "De mail is onderweg." in who_may(world, house)
    people.send_letter(letter_id=Letter.objects.get(to=JOKE).pk, at=world.at)
    assert len(sink.mails) == 1
    assert "De mail is verstuurd op" in who_may(world, house)
    world.client("joke").get(page_of(made))
    assert "De uitnodiging is geopend op" in who_may(world, house)
    assert JOKE in who_may(world, house)
    assert JOKE not in who_may(world, house, "sanne")


def test_an_address_that_does_not_exist_is_put_right_with_the_name_kept(
    world: World, house: Household, sink: Sink
) -> None:
    made = invite(world, house, email="jok@buurt.example")
    sink.unknown = True
    people.send_letter(letter_id=Letter.objects.get(to="jok@buurt.example").pk, at=world.at)
    shown = who_may(world, house)
    assert "Deze mail kwam niet aan." in shown
    assert "Nodig Joke opnieuw uit" in shown
    url, client = reverse("invite_anew", args=[made.invitation_id]), world.client("noor")
    page = client.get(url).content.decode()
    assert "Joke opnieuw uitnodigen" in page
    assert 'value="jok@buurt.example"' in page
    no = post(client, url, email="joke@")
    assert (no.status_code, 'value="joke@"' in no.content.decode()) == (422, True)
    shown = post(client, url, email=JOKE).content.decode()
    (code,) = re.findall(r'class="big">(\d{6})<', shown)
    newest = Invitation.objects.latest("id")
    assert (newest.first_name, newest.account.email) == ("Joke", JOKE)
    browser = world.client()
    by_mail(browser, JOKE)
    assert post(browser, reverse("invitation", args=[newest.pk]), code=code).status_code == 302
    by_mail(browser, "jok@buurt.example")
    assert post(browser, page_of(made), code=made.code).status_code == 404


def test_the_page_of_another_family_s_invitation_is_not_there(world: World, house: Household) -> None:
    made = invite(world, house)
    talked(world, "Joris", "Bas", other="Els")
    nowhere = world.client("joris").get(reverse("invite_anew", args=[UUID(int=7)]))
    for route in ("invite_anew", "take_invitation_back"):
        answer = post(world.client("joris"), reverse(route, args=[made.invitation_id]), email=JOKE)
        assert (answer.status_code, answer.content) == (404, nowhere.content)


def test_the_invitations_take_one_query_at_any_size(world: World, house: Household) -> None:
    counts = []
    for number in range(2):
        for each in range(1 + 3 * number):
            invite(world, house, email=f"{number}-{each}@buurt.example")
        with (
            opening_all(world.actor("noor"), "family.who_may_seen", house.family_id, at=world.at) as look,
            CaptureQueriesContext(connection) as caught,
        ):
            found = invited(look)
        assert len(found) == (1, 5)[number]
        counts.append(len(caught))
    assert counts == [1, 1]


def test_what_came_to_nothing_is_forgotten_by_the_page(world: World, house: Household) -> None:
    invite(world, house)
    world.later(days=31)
    with opening_all(world.actor("noor"), "family.who_may_seen", house.family_id, at=world.at) as look:
        assert invited(look) == ()
    assert Invitation.objects.get().expires_at < world.at - timedelta(days=20)
