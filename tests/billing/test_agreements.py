"""What is agreed with a partner: dated, nothing overwritten, and what it makes of the hours."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hendig.audit.actions import reading
from hendig.audit.models import Entry
from hendig.billing import actions, queries, rules
from hendig.billing.models import Agreement, InvoiceStage, Tariff, Variant
from hendig.billing.rules import Kept, Price, Stands, Terms
from hendig.families.queries import opening
from hendig.kernel.periods import AMSTERDAM, Period, local_day
from hendig.kernel.refusal import Forbidden, NotVisible, Refused
from hendig.matching.models import Match
from hendig.people.models import Unit
from hendig.plans import actions as plans
from tests.support.billing import HOUR, agree, at_end_of, keep, make_match, plan, send
from tests.support.refusals import code_of
from tests.support.together import at_once
from tests.support.world import World, build_world

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
NOWHERE = UUID(int=7)
# What it takes to tell the walls who asks, and that it is over.
WALLS = 2
H1, H2 = uuid4(), uuid4()
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def agreed(world: World, **terms: object) -> Agreement:
    """An agreement with Vlinder for the year, with a tariff on H2 from its first day."""
    henk = world.actor("henk")
    facts = {"from_on": date(2026, 1, 1), "until_on": None, **terms}
    agreement = actions.make_agreement(
        actor=henk,
        partner_id=world.partners["vlinder"].pk,
        at=world.at,
        **facts,  # type: ignore[arg-type]
    )
    change(world, agreement, agreement.from_on)
    return agreement


def change(
    world: World, agreement: Agreement, on: date, cents: int = HOUR, who: str = "henk", code: str = "H2"
) -> Tariff:
    return actions.change_tariff(
        actor=world.actor(who),
        agreement_id=agreement.pk,
        service_code_id=world.service_code(code).pk,
        cents_per_hour=cents,
        from_on=on,
        at=world.at,
    )


def end(world: World, agreement: Agreement, on: date, who: str = "henk") -> Agreement:
    return actions.end_agreement(actor=world.actor(who), agreement_id=agreement.pk, until_on=on, at=world.at)


# --- what counts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "minutes", "missed", "counted"),
    [
        (Terms(), 60, False, 60),
        (Terms(), 60, True, 0),
        (Terms(travel_minutes=15), 60, False, 75),
        (Terms(travel_minutes=15), 60, True, 0),
        (Terms(indirect_percent=10), 45, False, 50),  # 4.5 goes up
        (Terms(missed_percent=50), 45, True, 23),
        (Terms(20, 10, 100), 60, False, 86),
        (Terms(20, 10, 100), 60, True, 60),
    ],
)
def test_what_counts_follows_from_the_appointment(
    terms: Terms, minutes: int, missed: bool, counted: int
) -> None:
    assert terms.counted(Kept(uuid4(), uuid4(), H2, NOVEMBER, minutes, missed)) == counted


@given(st.integers(5, 720), st.integers(0, 120), st.integers(0, 100), st.integers(0, 100))
def test_nobody_is_paid_less_than_was_kept_nor_more_for_what_was_missed(
    minutes: int, travel: int, indirect: int, missed: int
) -> None:
    terms = Terms(travel, indirect, missed)
    assert terms.counted(Kept(uuid4(), uuid4(), H2, NOVEMBER, minutes)) >= minutes
    assert 0 <= terms.counted(Kept(uuid4(), uuid4(), H2, NOVEMBER, minutes, missed=True)) <= minutes


def test_an_agreement_that_stands_prices_an_hour_before_one_that_is_over() -> None:
    over = Price(H2, Period(date(2025, 1, 1)), 8000, agreed=Period(date(2025, 1, 1), date(2025, 12, 31)))
    now = Price(H2, Period(date(2026, 1, 1)), 9000, agreed=YEAR)
    assert rules.price_on([over, now], H2, NOVEMBER) == now
    assert rules.price_on([over], H2, NOVEMBER) == over  # it is sent, and asked about
    assert rules.price_on([over, now], H1, NOVEMBER) is None


def test_travel_and_indirect_time_stand_on_the_invoice_without_anybody_writing_them(world: World) -> None:
    agreed(world, travel_minutes=15, indirect_percent=10)
    match = make_match(world)
    keep(world, match, date(2026, 11, 3), 60)
    keep(world, match, date(2026, 11, 10), 45)
    at_end_of(world, NOVEMBER)
    invoice = send(world, NOVEMBER)
    line = invoice.lines.get()
    assert line.minutes == (60 + 15 + 6) + (45 + 15 + 5)
    assert invoice.total_cents == line.cents == 21900
    assert invoice.stage == InvoiceStage.RIGHT


def missed(world: World, percent: int) -> None:
    agreed(world, missed_percent=percent)
    match = make_match(world)
    keep(world, match, date(2026, 11, 3), 60)
    miss(world, match)
    at_end_of(world, NOVEMBER)


def miss(world: World, match: Match) -> None:
    gone = plan(world, match, datetime(2026, 11, 4, 10, tzinfo=AMSTERDAM), 60)
    world.at = datetime(2026, 11, 4, 12, tzinfo=AMSTERDAM)
    plans.miss_appointment(actor=world.actor("anouk"), appointment_id=gone.pk, at=world.at)


@pytest.mark.parametrize(("percent", "minutes"), [(0, 60), (50, 90)])
def test_what_did_not_go_ahead_counts_as_far_as_was_agreed(world: World, percent: int, minutes: int) -> None:
    missed(world, percent)
    invoice = send(world, NOVEMBER)
    assert invoice.lines.get().minutes == minutes
    assert invoice.stage == InvoiceStage.RIGHT


def test_a_family_reads_the_same_cost_before_and_after_also_of_what_was_missed(world: World) -> None:
    missed(world, 50)
    sanne = world.actor("Sanne")
    family_id = world.account("Sanne").family_members.get().family_id

    def cost() -> queries.OwnHelp:
        with opening(sanne, "family.page_seen", family_id, at=world.at) as look:
            return queries.own_help(look)

    before = cost()
    send(world, NOVEMBER)
    assert before == cost() == queries.OwnHelp(minutes=60, cents=13500, unpriced=0, own=True, missed=True)


BESIDE, MISSED = "Reistijd en voorbereiding tellen mee", "Een afspraak die niet doorging, telt ook mee"


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ({}, []),
        ({"travel_minutes": 15}, [BESIDE]),
        ({"indirect_percent": 10}, [BESIDE]),
        ({"missed_percent": 50}, [MISSED]),
        ({"travel_minutes": 15, "missed_percent": 50}, [BESIDE, MISSED]),
    ],
)
def test_a_family_reads_in_a_sentence_why_it_costs_more_than_its_hours(
    world: World, terms: dict[str, int], told: list[str]
) -> None:
    agreed(world, **terms)
    match = make_match(world)
    keep(world, match, date(2026, 11, 3), 60)
    miss(world, match)
    assert [words for words in (BESIDE, MISSED) if words in cost_page(world)] == told
    at_end_of(world, NOVEMBER)
    send(world, NOVEMBER)
    assert [words for words in (BESIDE, MISSED) if words in cost_page(world)] == told, "invoiced as well"


def cost_page(world: World) -> str:
    family_id = world.account("Sanne").family_members.get().family_id
    status, html = page(world, "Sanne", reverse("own_help", args=[family_id]))
    assert status == 200
    return html


@pytest.mark.parametrize(("percent", "words"), [(50, "ging niet door"), (0, "Nog geen afspraak.")])
def test_a_family_reads_what_it_cost_where_nothing_but_that_did_not_go_ahead(
    world: World, percent: int, words: str
) -> None:
    agreed(world, missed_percent=percent)
    miss(world, make_match(world))
    shown = cost_page(world)
    assert [text for text in ("ging niet door", "Nog geen afspraak.") if text in shown] == [words]
    assert ("45,00" in shown) == bool(percent)


# --- an agreement --------------------------------------------------------------------------------------


def test_an_agreement_says_how_it_pays_and_the_log_says_what_was_agreed(world: World) -> None:
    agreement = agreed(world, variant=Variant.GENERIC, travel_minutes=15)
    entry = Entry.objects.get(code="agreement.made")
    assert (entry.object_id, entry.family_id) == (agreement.pk, None)
    assert entry.facts["variant"] == "generic"
    assert entry.facts["travel"] == 15


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"until_on": date(2025, 12, 31)}, "agreement.ends_before_start"),
        ({"travel_minutes": 121}, "agreement.too_much_travel"),
        ({"indirect_percent": 101}, "agreement.too_much"),
        ({"missed_percent": 101}, "agreement.too_much"),
    ],
)
def test_an_agreement_that_cannot_be_is_refused(world: World, wrong: dict[str, object], code: str) -> None:
    assert code_of(lambda: agreed(world, **wrong)) == code
    assert not Agreement.objects.exists()


def test_an_agreement_ends_on_a_day_and_never_again_later(world: World) -> None:
    agreement = agreed(world)
    end(world, agreement, date(2026, 12, 31))
    assert code_of(lambda: end(world, agreement, date(2027, 1, 31))) == "agreement.has_ended"
    assert code_of(lambda: end(world, agreement, date(2025, 12, 31))) == "agreement.ends_before_start"
    end(world, agreement, date(2026, 11, 30))
    agreement.refresh_from_db()
    assert agreement.until_on == date(2026, 11, 30)
    facts = [entry.facts for entry in Entry.objects.filter(code="agreement.ended").order_by("id")]
    assert [one["before"] for one in facts] == [None, "2026-12-31"]


def test_an_agreement_does_not_end_before_what_was_invoiced_under_it(world: World) -> None:
    agreement = agreed(world)
    keep(world, make_match(world), date(2026, 11, 3))
    at_end_of(world, NOVEMBER)
    send(world, NOVEMBER)
    with pytest.raises(Refused) as no:
        end(world, agreement, date(2026, 11, 2))
    assert no.value.refusal.code == "agreement.already_invoiced"
    assert "3 november 2026" in str(no.value.refusal.message)
    end(world, agreement, date(2026, 11, 3))


def test_hours_after_the_end_are_asked_about_until_there_is_a_next_agreement(world: World) -> None:
    first = agreed(world, travel_minutes=15)
    end(world, first, date(2026, 11, 5))
    match = make_match(world)
    keep(world, match, date(2026, 11, 3))
    keep(world, match, date(2026, 11, 10))
    at_end_of(world, NOVEMBER)
    invoice = send(world, NOVEMBER)
    assert invoice.lines.get().findings == ["no_agreement"]


def test_the_next_agreement_takes_over_with_its_own_tariff_and_terms(world: World) -> None:
    end(world, agreed(world, travel_minutes=15), date(2026, 11, 5))
    agreed(world, from_on=date(2026, 11, 6), indirect_percent=50)
    match = make_match(world)
    keep(world, match, date(2026, 11, 5))
    keep(world, match, date(2026, 11, 6))
    at_end_of(world, NOVEMBER)
    invoice = send(world, NOVEMBER)
    assert invoice.stage == InvoiceStage.RIGHT
    assert invoice.lines.get().minutes == 75 + 90


# --- a tariff ------------------------------------------------------------------------------------------


def test_from_a_day_on_an_hour_costs_something_else_and_what_it_cost_stays(world: World) -> None:
    agreement = agreed(world)
    change(world, agreement, date(2026, 11, 9), 9300)
    rows = Tariff.objects.order_by("from_on").values_list("cents_per_hour", "from_on", "until_on")
    assert list(rows) == [
        (HOUR, date(2026, 1, 1), date(2026, 11, 8)),
        (9300, date(2026, 11, 9), None),
    ]
    match = make_match(world)
    keep(world, match, date(2026, 11, 8))
    keep(world, match, date(2026, 11, 9))
    at_end_of(world, NOVEMBER)
    invoice = send(world, NOVEMBER)
    assert sorted(invoice.lines.values_list("first_on", "cents")) == [
        (date(2026, 11, 8), HOUR),
        (date(2026, 11, 9), 9300),
    ]
    assert invoice.stage == InvoiceStage.RIGHT


def test_a_tariff_that_would_overlap_leave_a_gap_or_lie_outside_is_refused_in_words(world: World) -> None:
    agreement = agreed(world, until_on=date(2026, 12, 31))
    assert code_of(lambda: change(world, agreement, date(2026, 1, 1), 9300)) == "tariff.overlaps"
    change(world, agreement, date(2026, 11, 9), 9300)
    assert code_of(lambda: change(world, agreement, date(2026, 10, 1), 9100)) == "tariff.overlaps"
    assert code_of(lambda: change(world, agreement, date(2027, 1, 1), 9400)) == "tariff.outside_agreement"
    assert code_of(lambda: change(world, agreement, date(2026, 12, 1), 99)) == "tariff.too_low"
    last = Tariff.objects.get(until_on=None)
    henk = world.actor("henk")
    actions.end_tariff(actor=henk, tariff_id=last.pk, until_on=date(2026, 11, 20), at=world.at)
    with pytest.raises(Refused) as no:
        change(world, agreement, date(2026, 11, 22), 9400)
    assert no.value.refusal.code == "tariff.gap"
    assert "20 november 2026" in str(no.value.refusal.message)
    change(world, agreement, date(2026, 11, 21), 9400)


def test_a_gap_before_the_next_tariff_is_refused_too() -> None:
    june = Period(date(2026, 6, 1), date(2026, 6, 30))

    def told(last: date) -> str | None:
        no = rules.why_no_tariff(9000, Period(date(2026, 1, 1), last), YEAR, [june], own=[june])
        return no.code if no else None

    assert told(date(2026, 5, 30)) == "tariff.gap"
    assert told(date(2026, 5, 31)) is None
    assert told(date(2026, 6, 1)) == "tariff.overlaps"


def test_a_refused_tariff_leaves_the_standing_one_as_it_was(world: World) -> None:
    agreement = agreed(world, until_on=date(2026, 12, 31))
    assert code_of(lambda: change(world, agreement, date(2027, 1, 1), 9300)) == "tariff.outside_agreement"
    assert Tariff.objects.get().until_on is None


def test_a_tariff_does_not_change_from_a_day_that_was_invoiced(world: World) -> None:
    agreement = agreed(world)
    keep(world, make_match(world), date(2026, 11, 3))
    at_end_of(world, NOVEMBER)
    send(world, NOVEMBER)
    assert code_of(lambda: change(world, agreement, date(2026, 11, 3), 9300)) == "tariff.already_invoiced"
    change(world, agreement, date(2026, 11, 4), 9300)


@pytest.mark.parametrize("who", ["jolanda", "ellen", "anouk", "petra", "karin", "piet"])
def test_only_finance_keeps_agreements(world: World, who: str) -> None:
    agreement = agreed(world)
    with pytest.raises(Forbidden):
        change(world, agreement, date(2026, 12, 1), who=who)
    with pytest.raises(Forbidden):
        end(world, agreement, date(2026, 12, 1), who=who)


def test_an_agreement_that_is_not_there_is_not_visible(world: World) -> None:
    agreement = agreed(world)
    agreement.pk = NOWHERE
    for act in (partial(change, world, agreement), partial(end, world, agreement)):
        with pytest.raises(NotVisible):
            act(date(2026, 12, 1))


@pytest.mark.django_db(transaction=True)
def test_twelve_who_agree_a_tariff_at_once_agree_one() -> None:
    world = build_world()
    agreement = agreed(world)
    told = at_once(
        *(partial(change, world, agreement, date(2026, 12, 1), 9300 + number) for number in range(12))
    )
    assert told.count("done") == 1
    assert told.count("tariff.overlaps") == 11
    assert Tariff.objects.filter(until_on=None).count() == 1


# --- the pages -----------------------------------------------------------------------------------------


def page(world: World, who: str, path: str) -> tuple[int, str]:
    with time_machine.travel(world.at, tick=False):
        answer = world.client(who).get(path)
    return answer.status_code, answer.content.decode()


def post(world: World, path: str, who: str = "henk", **data: object) -> tuple[int, str, str]:
    with time_machine.travel(world.at, tick=False):
        answer = world.client(who).post(path, {"_key": str(uuid4()), **data})
    return answer.status_code, answer.get("Location", ""), answer.content.decode()


def test_the_page_says_what_holds_what_comes_and_with_whom_nothing_holds(world: World) -> None:
    status, html = page(world, "henk", reverse("agreements"))
    assert status == 200
    assert "Er geldt nu geen afspraak" in html
    agreement = agreed(world)
    status, html = page(world, "henk", reverse("agreements"))
    assert reverse("agreement", args=[agreement.pk]) in html
    assert "1 code" in html
    assert "Zonder afspraak" in html
    assert "Anker" in html
    assert reverse("agreements") in page(world, "henk", reverse("pay"))[1]


# --- hours that wait for a tariff ----------------------------------------------------------------------


def waiting(world: World, who: str = "henk") -> list[tuple[str, str, date, int]]:
    rows = [one.hours for one in queries.agreements(world.actor(who), at=world.at).waiting]
    return [(one.partner, one.code, one.month, one.minutes) for one in rows]


def test_finance_reads_what_waits_for_a_tariff_as_the_office_does(world: World) -> None:
    agreement = agreed(world, from_on=date(2026, 11, 10))
    match, other = make_match(world), make_match(world, "Fatima", code="H1")
    vlinder = world.partners["vlinder"].name
    keep(world, match, date(2026, 11, 3), 60)
    keep(world, match, date(2026, 11, 10), 90)  # agreed
    keep(world, other, date(2026, 11, 11), 45)
    keep(world, other, date(2026, 11, 12), 45)
    keep(world, other, date(2026, 12, 1), 30)
    at_end_of(world, date(2026, 12, 1))
    rest = [(vlinder, "H1", NOVEMBER, 90), (vlinder, "H1", DECEMBER, 30)]
    all_of_it = [*rest, (vlinder, "H2", NOVEMBER, 60)]
    assert waiting(world) == all_of_it
    jolanda = world.actor("jolanda")
    with reading(jolanda, world.at):
        office = queries.month(jolanda, None, DECEMBER, at=world.at)
    assert office.unpriced == (("H1", 120), ("H2", 60))
    assert send(world, NOVEMBER).lines.get().minutes == 90
    assert waiting(world) == all_of_it, "a month that was sent leaves them waiting"
    change(world, agreement, date(2026, 11, 10), code="H1")
    assert waiting(world) == [(vlinder, "H2", NOVEMBER, 60)], "the others go along with the next month"


def test_a_tariff_before_the_first_one_holds_until_that_begins_and_what_waited_is_sent(world: World) -> None:
    agreement = agreed(world)
    keep(world, make_match(world, code="H1"), date(2026, 11, 3), 60)
    change(world, agreement, date(2026, 11, 10), 9500, code="H1")
    assert [one[1:] for one in waiting(world)] == [("H1", NOVEMBER, 60)]
    change(world, agreement, date(2026, 11, 1), 9000, code="H1")
    held = Tariff.objects.filter(service_code__code="H1").values_list("from_on", "until_on", "cents_per_hour")
    assert list(held) == [
        (date(2026, 11, 1), date(2026, 11, 9), 9000),
        (date(2026, 11, 10), None, 9500),
    ]
    assert waiting(world) == []
    at_end_of(world, NOVEMBER)
    assert send(world, NOVEMBER).total_cents == 9000


def test_what_did_not_go_ahead_and_what_is_planned_waits_for_no_tariff(world: World) -> None:
    match = make_match(world)
    miss(world, match)
    plan(world, match, datetime(2026, 11, 5, 10, tzinfo=AMSTERDAM), 60)
    world.at = datetime(2026, 11, 6, 10, tzinfo=AMSTERDAM)
    assert waiting(world) == []


def test_the_last_and_the_first_hour_of_a_month_are_of_their_own_month_here(world: World) -> None:
    match = make_match(world)
    keep(world, match, date(2026, 11, 30), 30, hour=23)
    keep(world, match, date(2026, 12, 1), 45, hour=0)
    assert [one[2:] for one in waiting(world)] == [(NOVEMBER, 30), (DECEMBER, 45)]


def test_an_hour_of_more_than_a_year_ago_is_not_looked_for(world: World) -> None:
    keep(world, make_match(world), date(2026, 11, 3))
    world.at = datetime(2027, 11, 30, 23, tzinfo=AMSTERDAM)
    assert len(waiting(world)) == 1
    world.at = datetime(2027, 12, 1, tzinfo=AMSTERDAM)
    assert waiting(world) == []


def test_the_page_says_what_waits_and_leads_to_where_a_tariff_is_set_and_names_nobody(world: World) -> None:
    match = make_match(world)
    keep(world, match, date(2026, 11, 3), 90)
    new = f"{reverse('new_agreement')}?partner={world.partners['vlinder'].pk}"
    html = card_of(page(world, "henk", reverse("agreements"))[1])
    assert f'href="{new}"' in html
    assert "H2, november 2026" in html
    assert "1,5 uur" in html
    assert not {"Sanne", "KindSanne", "Verhoeven", "Anouk", match.number} & set(re.findall(r"[\w-]+", html))
    actions.make_agreement(
        actor=world.actor("henk"),
        partner_id=world.partners["vlinder"].pk,
        variant=Variant.FIXED,
        from_on=date(2026, 1, 1),
        at=world.at,
    )
    assert f'href="{new}"' in card_of(page(world, "henk", reverse("agreements"))[1]), "no tariff goes there"
    agreement = agreed(world)
    assert not queries.agreements(world.actor("henk"), at=world.at).waiting
    other = keep(world, make_match(world, "Fatima", code="H1"), date(2026, 11, 4))
    assert other.stage == "kept"
    html = card_of(page(world, "henk", reverse("agreements"))[1])
    assert f'href="{reverse("agreement", args=[agreement.pk])}#tariff"' in html
    assert "4 november 2026 of eerder" in html


def card_of(html: str) -> str:
    found = re.search(r'id="waiting-hours".*?</ul>.*?</div>', html, re.DOTALL)
    assert found, "the card is on the page"
    return found[0]


def test_where_more_waits_than_a_page_shows_it_says_so(world: World) -> None:
    months = [date(2026 + (10 + n) // 12, (10 + n) % 12 + 1, 5) for n in range(11)]
    first, other = make_match(world), make_match(world, "Fatima", code="H1")
    for day in months[:10]:
        keep(world, first, day)
        keep(world, other, day, hour=14)
    assert len(waiting(world)) == 20
    assert "Er wacht nog meer." not in card_of(page(world, "henk", reverse("agreements"))[1])
    keep(world, first, months[10])
    assert len(waiting(world)) == 20
    assert "Er wacht nog meer." in card_of(page(world, "henk", reverse("agreements"))[1])


def test_of_two_partners_with_one_name_the_one_without_an_agreement_is_named(world: World) -> None:
    agreed(world)
    # The same name by another key of the world.
    other = world.add_partner("VLINDER")
    assert other.name == world.partners["vlinder"].name
    assert (other.pk, other.name) in queries.agreements(world.actor("henk"), at=world.at).without


def test_finance_makes_an_agreement_sets_a_tariff_and_ends_it_in_the_page(world: World) -> None:
    partner = world.partners["vlinder"]
    status, where, _html = post(
        world,
        reverse("new_agreement"),
        partner_id=partner.pk,
        variant="effort",
        from_on="2026-01-01",
        travel_minutes="15",
        indirect_percent="0",
        missed_percent="0",
    )
    agreement = Agreement.objects.get()
    assert (status, where) == (302, reverse("agreement", args=[agreement.pk]))
    assert "Er is nog geen tarief" in page(world, "henk", where)[1]
    code = world.service_code().pk
    status, where, _html = post(
        world,
        reverse("change_tariff", args=[agreement.pk]),
        service_code_id=code,
        cents_per_hour="86,40",
        from_on="2026-01-01",
    )
    assert status == 302
    html = page(world, "henk", where)[1]
    assert "€\xa086,40" in html
    assert "Reizen: 15 minuten per afspraak." in html
    assert post(world, reverse("end_agreement", args=[agreement.pk]), until_on="2026-12-31")[0] == 302
    assert "tot en met 31 december 2026" in page(world, "henk", where)[1]


def test_what_was_typed_stays_and_the_page_says_what_is_wrong(world: World) -> None:
    agreement = agreed(world)
    path = reverse("change_tariff", args=[agreement.pk])
    code = world.service_code().pk
    for typed, words in (("tachtig", "Dit is geen bedrag"), ("86,405", "twee cijfers achter de komma")):
        status, _where, html = post(
            world, path, service_code_id=code, cents_per_hour=typed, from_on="2026-12-01"
        )
        assert status == 422
        assert words in html
        assert f'value="{typed}"' in html
    status, _where, html = post(
        world, path, service_code_id=code, cents_per_hour="0,50", from_on="2026-12-01"
    )
    assert (status, "Een uur kost ten minste" in html) == (422, True)
    status, _where, html = post(world, reverse("end_agreement", args=[agreement.pk]), until_on="2025-01-01")
    assert (status, "ligt voor de eerste dag" in html) == (422, True)
    status, _where, html = post(
        world,
        reverse("new_agreement"),
        partner_id=agreement.partner_id,
        variant="effort",
        from_on="2026-01-01",
        travel_minutes="500",
        indirect_percent="0",
        missed_percent="0",
    )
    assert (status, "van 0 tot en met 120" in html) == (422, True)


@pytest.mark.parametrize("who", ["jolanda", "ellen", "petra"])
def test_nobody_else_opens_the_pages(world: World, who: str) -> None:
    agreement = agreed(world)
    for name, args in (("agreements", []), ("new_agreement", []), ("agreement", [agreement.pk])):
        assert page(world, who, reverse(name, args=args))[0] == 403


def test_an_agreement_of_nobody_answers_as_one_that_is_hidden(world: World) -> None:
    assert page(world, "henk", reverse("agreement", args=[NOWHERE]))[0] == 404
    assert post(world, reverse("change_tariff", args=[NOWHERE]))[0] == 404


def test_how_a_tariff_stands_is_judged_within_its_agreement() -> None:
    assert rules.within(Period(date(2025, 1, 1)), YEAR) == YEAR
    assert rules.within(Period(date(2027, 1, 1)), YEAR) is None
    assert rules.stands(YEAR, date(2025, 12, 31)) == Stands.LATER
    assert rules.stands(YEAR, date(2026, 12, 31)) == Stands.NOW
    assert rules.stands(YEAR, date(2027, 1, 1)) == Stands.OVER


def test_every_page_costs_the_same_number_of_queries_at_any_size(world: World) -> None:
    agreement = agreed(world)
    henk = world.actor("henk")

    def cost() -> list[int]:
        told = []
        for look in (
            partial(queries.agreements, henk, at=world.at),
            partial(queries.agreement, henk, agreement.pk, at=world.at),
            partial(queries.partners_to_agree_with, henk),
        ):
            with CaptureQueriesContext(connection) as seen:
                look()
            told.append(len(seen))
        return told

    small = cost()
    for name, code, day in (("Sanne", "H1", 3), ("Fatima", "H3", 4)):
        keep(world, make_match(world, name, code=code), date(2026, 11, day))
    agree(world, "anker")
    for n in range(6):
        change(world, agreement, date(2026, 12, 1) + timedelta(days=n), 9300 + n)
    assert len(queries.agreements(henk, at=world.at).waiting) == 2
    # The hours that wait are asked of the walls: in a request these are told once who asks.
    assert cost() == small == [5 + WALLS, 3, 1]


# --- codes ---------------------------------------------------------------------------------------------

MAPPED = {
    "name": "Naast het gezin",
    "sentence": "Iemand die een tijd meeloopt.",
    "unit": "01",
    "ijw_category": "45",
    "ijw_code": "45A48",
    "cbs_care_form": "04",
    "iv3_field": "6.72a",
}


def test_a_code_has_the_names_of_the_municipality_and_of_everybody_else(world: World) -> None:
    code = world.service_code("H2")
    assert "nog niet af" in page(world, "henk", reverse("service_codes"))[1]
    where = reverse("service_code", args=[code.pk])
    assert post(world, where, **MAPPED, from_on=local_day(world.at))[:2] == (302, reverse("service_codes"))
    code.refresh_from_db()
    assert {name: getattr(code, name) for name in MAPPED} == MAPPED
    assert code.code == "H2"
    html = page(world, "henk", reverse("service_codes"))[1]
    assert "Naast het gezin" in html
    assert "In de omgeving van de jeugdige" in html
    entry = Entry.objects.get(code="service_code.changed")
    assert entry.facts == {
        "code": "H2",
        "category": "45",
        "care_form": "04",
        "iv3": "6.72a",
        "from_on": "2026-11-02",
    }


@pytest.mark.parametrize(
    ("unit", "told", "not_told"),
    [
        ("01", [], ["per dagdeel", "per etmaal"]),
        ("04", [], ["per dagdeel", "per etmaal"]),
        ("16", ["360,00 per dagdeel"], ["per etmaal"]),
        ("14", ["2.160,00 per etmaal"], ["per dagdeel"]),
    ],
)
def test_a_code_is_counted_in_what_the_region_agreed_and_an_hour_costs_its_part_of_that(
    world: World, unit: str, told: list[str], not_told: list[str]
) -> None:
    agreement = agreed(world)
    code = world.service_code("H2")
    where = reverse("service_code", args=[code.pk])
    changed = post(world, where, **{**MAPPED, "unit": unit}, from_on=local_day(world.at))
    assert changed[:2] == (302, reverse("service_codes"))
    html = page(world, "henk", reverse("agreement", args=[agreement.pk]))[1]
    assert [words for words in told if words not in html] == []
    assert [words for words in not_told if words in html] == []
    assert str(Unit(unit).label) in page(world, "henk", reverse("service_codes"))[1]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"ijw_category": "31"}, "code.no_category"),
        ({"ijw_code": ""}, "code.bad_ijw_code"),
        ({"ijw_code": "45 48"}, "code.bad_ijw_code"),
        ({"ijw_code": "45A489"}, "code.bad_ijw_code"),
        ({"cbs_care_form": "05"}, "code.no_care_form"),
        ({"iv3_field": "6.72"}, "code.no_iv3"),
    ],
)
def test_what_others_do_not_know_is_refused(world: World, wrong: dict[str, str], code: str) -> None:
    row = world.service_code("H2")
    facts = {**MAPPED, **wrong}

    def change_it() -> object:
        return actions.change_code(
            actor=world.actor("henk"),
            service_code_id=row.pk,
            from_on=local_day(world.at),
            at=world.at,
            **facts,
        )

    assert code_of(change_it) == code
    status, _where, html = post(
        world, reverse("service_code", args=[row.pk]), **facts, from_on=local_day(world.at)
    )
    assert status == 422
    assert 'value="Naast het gezin"' in html
    row.refresh_from_db()
    assert row.name == "Begeleiding"


def test_only_finance_changes_a_code_and_one_of_nobody_is_not_there(world: World) -> None:
    row, today = world.service_code("H2"), local_day(world.at)
    for who in ("jolanda", "ellen", "petra"):
        with pytest.raises(Forbidden):
            actions.change_code(
                actor=world.actor(who), service_code_id=row.pk, from_on=today, at=world.at, **MAPPED
            )
    with pytest.raises(NotVisible):
        actions.change_code(
            actor=world.actor("henk"), service_code_id=NOWHERE, from_on=today, at=world.at, **MAPPED
        )
    assert page(world, "henk", reverse("service_code", args=[NOWHERE]))[0] == 404
    henk = world.actor("henk")
    with CaptureQueriesContext(connection) as seen:
        queries.codes(henk)
        queries.code(henk, row.pk)
    assert len(seen) == 3
