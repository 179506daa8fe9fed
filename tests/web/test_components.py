"""What every page is made of: words, buttons with their reasons, fields that keep what was typed."""

from __future__ import annotations

import json
import re
import runpy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from hendig.kernel.refusal import Refusal
from hendig.web import gallery, portraits, words
from hendig.web.icons import ICONS
from hendig.web.tags.markup import portrait_markup

VENDOR = Path(gallery.__file__).parent / "static" / "vendor"
TODAY = date(2026, 11, 22)
REFUSAL = Refusal("not_yet", "Eerst moet Mark ja zeggen.")


class Talk(forms.Form):
    words = forms.CharField(label="Wat speelt er?", help_text="Kort is goed.", widget=forms.Textarea)
    day = forms.DateField(label="Welke dag?", required=False)
    click = forms.ChoiceField(
        label="Klikt het?", widget=forms.RadioSelect, choices=[("yes", "Ja"), ("no", "Nee")]
    )
    score = forms.IntegerField(label="Hoe gaat het?")


@dataclass
class Named:
    first_name: str


def render(source: str, **context: object) -> str:
    request = RequestFactory().get("/")
    return engines["django"].from_string(source).render(context, request)


def key_of(markup: str) -> str:
    found = re.search(r'name="_key" value="([^"]+)"', markup)
    assert found
    return found.group(1)


@pytest.mark.parametrize(
    ("cents", "said"), [(123450, "€\xa01.234,50"), (5, "€\xa00,05"), (-250, "\u2212€\xa02,50")]
)
def test_money_is_written_as_in_the_netherlands(cents: int, said: str) -> None:
    assert words.money_in_words(cents) == said


@pytest.mark.parametrize(("cents", "said"), [(123400, "€\xa01.234"), (123450, "€\xa01.234,50")])
def test_whole_euros_need_no_cents(cents: int, said: str) -> None:
    assert words.money_in_words(cents, whole=True) == said


def test_money_is_written_as_in_english() -> None:
    with translation.override("en"):
        assert words.money_in_words(123450) == "€1,234.50"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (90, "1,5 uur"),
        (60, "1 uur"),
        (75, "1,25 uur"),
        (30, "0,5 uur"),
        (20, "20 minuten"),
        (1, "1 minuut"),
        (80, "1 uur en 20 min"),
        (600, "10 uur"),
        (6000, "100 uur"),
    ],
)
def test_minutes_are_told_as_people_do(minutes: int, said: str) -> None:
    assert words.hours_in_words(minutes) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 22), "vandaag"),
        (date(2026, 11, 23), "morgen"),
        (date(2026, 11, 21), "gisteren"),
        (date(2026, 12, 4), "vr 4 dec"),
        (date(2025, 12, 4), "do 4 dec 2025"),
    ],
)
def test_days_near_today_have_a_name(day: date, said: str) -> None:
    assert words.day_in_words(day, TODAY) == said


def test_a_moment_is_told_in_local_time() -> None:
    assert words.moment_in_words(datetime(2026, 11, 22, 13, 0, tzinfo=UTC), TODAY) == "vandaag 14:00"


@pytest.mark.parametrize(
    ("days", "on", "said"),
    [
        (3, "Ellen", "wacht 3 dagen op Ellen"),
        (1, "Ellen", "wacht 1 dag op Ellen"),
        (0, "Ellen", "sinds vandaag bij Ellen"),
        (2, "", "wacht 2 dagen"),
    ],
)
def test_waiting_says_on_whom(days: int, on: str, said: str) -> None:
    assert words.waiting_in_words(days, on) == said


def test_an_action_is_a_form_with_a_token_and_its_own_key() -> None:
    source = '{% action "/kept/" "Geweest" appointment=7 %}'
    first, second = render(source), render(source)
    assert 'method="post" action="/kept/"' in first
    assert "csrfmiddlewaretoken" in first
    assert '<input type="hidden" name="appointment" value="7">' in first
    assert key_of(first) != key_of(second)


def test_a_refusal_greys_the_button_and_stands_beneath_it_in_words() -> None:
    markup = render('{% action "/match/" "Match maken" refusal=why %}', why=REFUSAL)
    described = re.search(r'aria-describedby="([^"]+)"', markup)
    assert described
    assert " disabled" in markup
    assert f'<p class="refusal" id="{described.group(1)}">' in markup
    assert "Eerst moet Mark ja zeggen." in markup


def test_without_a_refusal_the_button_can_be_pressed() -> None:
    assert "disabled" not in render('{% action "/match/" "Match maken" refusal=why %}', why=None)


def test_a_link_that_is_refused_is_no_link() -> None:
    markup = render('{% button "Verder" url="/next/" refusal=why %}', why=REFUSAL)
    assert "<a " not in markup
    assert " disabled" in markup


def test_a_form_that_comes_back_keeps_its_key_and_every_word() -> None:
    form = Talk({"_key": "the-first-key", "words": "Noor huilt <vaak>", "score": "6"})
    markup = render(
        "{% form_start '/ask/' form %}{% field form.words %}{% scale form.score %}{% form_end %}", form=form
    )
    assert key_of(markup) == "the-first-key"
    assert "Noor huilt &lt;vaak&gt;" in markup
    assert re.search(r'value="6" id="id_score_6" checked', markup)


def test_an_error_is_tied_to_its_field_and_does_not_scold() -> None:
    markup = render("{% form_errors form %}{% field form.words %}", form=Talk({"score": "6"}))
    assert 'aria-describedby="id_words-help id_words-error"' in markup
    assert 'aria-invalid="true"' in markup
    assert 'href="#id_words"' in markup
    assert "verplicht" not in markup


def test_a_form_without_errors_shows_no_summary() -> None:
    assert render("{% form_errors form %}", form=Talk()) == ""


def test_a_choice_becomes_cards_to_tap_within_a_named_group() -> None:
    markup = render("{% field form.click %}", form=Talk({"click": "no"}))
    assert "<fieldset" in markup
    assert "<legend" in markup
    assert markup.count('type="radio"') == 2
    assert re.search(r'value="no" id="id_click_1" checked', markup)


def test_a_date_is_asked_with_the_picker_and_shown_as_it_was_given() -> None:
    markup = render("{% field form.day %}", form=Talk(initial={"day": date(2026, 12, 4)}))
    assert 'type="date"' in markup
    assert 'value="2026-12-04"' in markup
    assert "mag leeg blijven" in markup


def test_a_switch_sends_what_it_should_become() -> None:
    on = render('{% switch "/share/" "Juf Karin" on=True %}')
    off = render('{% switch "/share/" "Juf Karin" on=False %}')
    assert 'aria-checked="true" name="on" value="0"' in on
    assert 'aria-checked="false" name="on" value="1"' in off


def test_the_same_first_name_has_the_same_face_everywhere() -> None:
    assert portrait_markup("Sanne") == portrait_markup(Named("Sanne"))
    assert portrait_markup("Sanne") != portrait_markup("Ellen")


def test_a_portrait_is_an_initial_that_can_be_read_and_guesses_nothing() -> None:
    assert ">É</text>" in portrait_markup("  élise")
    assert ">L</text>" in portrait_markup("<Lisa>")
    for ground, shade, ink in portraits._COLOURS:
        assert min(contrast(ink, ground), contrast(ink, shade)) >= 4.5


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_a_face_is_decoration_unless_it_speaks() -> None:
    assert 'aria-hidden="true"' in portrait_markup("Sanne")
    assert 'role="img" aria-label="Sanne"' in portrait_markup("Sanne", spoken=True)


@pytest.mark.parametrize(
    "source",
    [
        "{% person who who %}",
        "{% status who %}",
        "{% notice 'info' who %}x{% endnotice %}",
        "{% card who note=who %}x{% endcard %}",
        "{% action who who about=who item=who %}",
        "{% empty who who url=who label=who %}",
        "{% steps names 1 %}",
        "{% switch who who on=True help=who %}",
        "{% table who who %}{% endtable %}",
        "{% search_box who who who %}",
        "{% voice who who %}x{% endvoice %}",
    ],
)
def test_markup_from_people_stays_text(source: str) -> None:
    evil = '"><script>alert(1)</script>'
    assert "<script" not in render(source, who=evil, names=[evil])


def test_an_unknown_icon_is_a_bug_at_once() -> None:
    with pytest.raises(ValueError, match="no icon 'kettle'"):
        render('{% icon "kettle" %}')


def test_the_sprite_holds_exactly_the_icons_in_use() -> None:
    sprite = (VENDOR / "lucide" / "sprite.svg").read_text()
    assert set(re.findall(r'<symbol id="([^"]+)"', sprite)) == ICONS


def test_the_vendored_files_are_what_the_lock_says() -> None:
    script = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "vendor_assets.py"))
    assert script["differences"]() == []
    assert json.loads((VENDOR / "assets.lock.json").read_text()).keys() >= {"nldesign/nldesign.css"}


def test_a_page_needs_less_than_seventy_kilobytes_of_styles() -> None:
    own = sum(path.stat().st_size for path in (VENDOR.parent / "web").glob("*.css"))
    assert own + (VENDOR / "nldesign" / "nldesign.css").stat().st_size < 70_000


@pytest.mark.parametrize("status", [500, 503])
def test_a_broken_house_still_says_what_is_possible(status: int) -> None:
    page = engines["django"].get_template(f"{status}.html").render({})
    assert "<h1>" in page
    assert 'href="/"' in page
