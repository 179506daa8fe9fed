"""The drawing in words: whole sentences, to be read aloud and written on the page that remains."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hendig.kernel.refusal import Words
from hendig.tents.models import Place, Sign
from hendig.tents.rules.drawing import Factor, Link, Said
from hendig.tents.rules.lines import pairs, rounds
from hendig.tents.rules.typed import plain, typed

DOES: Mapping[str, Words] = {
    Sign.WORSE: _("%(cause)s. Dat maakt erger: %(effect)s"),
    Sign.KEEPS: _("%(cause)s. Dat houdt in stand: %(effect)s"),
    Sign.SOFTENS: _("%(cause)s. Dat maakt lichter: %(effect)s"),
    Sign.PROTECTS: _("%(cause)s. Dat beschermt tegen: %(effect)s"),
}
EACH_OTHER: Mapping[str, Words] = {
    Sign.WORSE: _("%(cause)s. En: %(effect)s. Die twee maken elkaar erger."),
    Sign.KEEPS: _("%(cause)s. En: %(effect)s. Die twee houden elkaar in stand."),
    Sign.SOFTENS: _("%(cause)s. En: %(effect)s. Die twee maken elkaar lichter."),
    Sign.PROTECTS: _("%(cause)s. En: %(effect)s. Die twee beschermen elkaar."),
}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What lies in one place, in sentences."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Differing:
    """What not everybody sees so: whose words it is, and how each of the others sees it."""

    # With what was typed marked as such.
    marked: str
    voice: str
    others: tuple[Said, ...]

    @property
    def text(self) -> str:
        return plain(self.marked)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The same as it is read aloud, with what was typed marked as such."""
        one = gettext("%(voice)s zegt: %(text)s") % {"voice": self.voice, "text": ended(self.marked)}
        others = (Said(said.voice, typed(said.text)) for said in self.others)
        return (one if self.voice else ended(self.marked), *map(otherwise, others))


def sentences(factors: Sequence[Factor], links: Iterable[Link] = ()) -> tuple[str, ...]:
    """Each factor at least once, with what it does; then the circles that keep themselves going."""
    texts = {factor.id: _bare(factor.text) for factor in factors}
    known = [link for link in links if link.cause in texts and link.effect in texts]
    does: dict[UUID, list[str]] = defaultdict(list)
    named: set[UUID] = set()
    effects: dict[tuple[UUID, str], list[UUID]] = defaultdict(list)
    for link, back in pairs(known):
        named |= {link.cause, link.effect} if back else {link.cause}
        views = _views(link, back)
        if back or views:
            does[link.cause].append(" ".join([_line(link, texts, both=back is not None), *views]))
        else:
            effects[link.cause, link.sign].append(link.effect)
    for (cause, sign), several in effects.items():
        words = {"cause": texts[cause], "effect": "; ".join(texts[effect] for effect in several)}
        does[cause].append(f"{str(DOES[sign]) % words}.")
    said = [
        sentence
        for factor in factors
        for sentence in (does[factor.id] or ([] if factor.id in named else [ended(factor.text)]))
    ]
    circles = (way for way in rounds(known) if len(way) > 2)
    return (*said, *(_circle([texts[key] for key in way]) for way in circles))


def sentence_of(sign: str, cause: str, effect: str) -> str:
    """What the one does to the other."""
    return str(DOES[sign]) % {"cause": _bare(cause), "effect": _bare(effect)} + "."


def differing(factors: Sequence[Factor], links: Iterable[Link]) -> tuple[Differing, ...]:
    """Where we differ: what plays a part and how it hangs together, of which somebody sees it otherwise."""
    texts = {factor.id: typed(_bare(factor.text)) for factor in factors}
    known = [link for link in links if link.cause in texts and link.effect in texts]
    return (
        *(Differing(typed(one.text), one.voice, one.differ) for one in factors if one.differ),
        *(
            Differing(_line(link, texts, both=back is not None), link.voice, others)
            for link, back in pairs(known)
            if (others := (*link.differ, *(back.differ if back else ())))
        ),
    )


def paragraphs(factors: Sequence[Factor], titles: Mapping[str, str]) -> tuple[Paragraph, ...]:
    """What was said, place by place: whose words it is, and who sees it so or otherwise."""
    found = (
        Paragraph(
            titles.get(place, str(place.label)),
            tuple(_said(one) for one in factors if (one.place or Place.CHILD) == place),
        )
        for place in Place
    )
    return tuple(one for one in found if one.sentences)


def first(factors: Iterable[Factor]) -> tuple[str, ...]:
    """What comes first and why, each voice by itself; what most would do first is said first."""
    chosen = sorted((one for one in factors if one.first), key=lambda one: -len(one.first))
    return tuple(
        gettext("Daarom eerst: %(what)s. %(who)s zegt waarom: %(why)s")
        % {"what": _bare(one.text), "who": said.voice, "why": ended(said.text)}
        for one in chosen
        for said in one.first
    )


def tried(text: str, outcome: str) -> str:
    """What was tried, and what came of it when that was said."""
    words = gettext("Geprobeerd: %(what)s") % {"what": text}
    return f"{_bare(words)}. {capfirst(outcome)}." if outcome else ended(words)


def _said(factor: Factor) -> str:
    kind = gettext("Kracht") if factor.is_strength else gettext("Zorg")
    who = gettext("%(kind)s, zegt %(voice)s: ") % {"kind": kind, "voice": factor.voice}
    parts = [f"{who if factor.voice else f'{kind}: '}{_bare(factor.text)}."]
    return " ".join([*parts, *agreeing(factor.agree), *map(otherwise, factor.differ)])


def _line(link: Link, texts: Mapping[UUID, str], *, both: bool) -> str:
    """The one and the other, as a sentence."""
    words = {"cause": texts[link.cause], "effect": texts[link.effect]}
    return str(EACH_OTHER[link.sign]) % words if both else f"{str(DOES[link.sign]) % words}."


def _views(link: Link, back: Link | None) -> list[str]:
    """What each thinks of it, the one way and the other."""
    ways = [link, *([back] if back else [])]
    agree = [said for way in ways for said in way.agree]
    differ = (said for way in ways for said in way.differ)
    told = (
        gettext("%(voice)s ziet dit verband anders: %(text)s") % {"voice": one.voice, "text": ended(one.text)}
        for one in differ
    )
    return [*agreeing(agree), *told]


def agreeing(several: Sequence[Said]) -> list[str]:
    """Who sees it so too, in one sentence; of nobody none."""
    if not several:
        return []
    words = ngettext("%(names)s is het ermee eens.", "%(names)s zijn het ermee eens.", len(several))
    return [words % {"names": _names(several)}]


def otherwise(said: Said) -> str:
    """How somebody sees it, in a sentence."""
    return gettext("%(voice)s ziet het anders: %(text)s") % {"voice": said.voice, "text": ended(said.text)}


def _names(several: Sequence[Said]) -> str:
    return listed([one.voice for one in several])


def listed(words: Sequence[str]) -> str:
    """One after the other, as in a sentence."""
    return gettext(" en ").join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _circle(texts: Sequence[str]) -> str:
    return gettext(
        "Dit is een kring: %(way)s, en dan weer van voren af aan. Zo houdt het zichzelf in stand."
    ) % {"way": gettext(", dan ").join(texts)}


def ended(text: str) -> str:
    """A whole sentence."""
    text = text.strip()
    return text if plain(text).endswith((".", "!", "?", "…")) else f"{text}."


def _bare(text: str) -> str:
    """Without the stop at its end, so that the sentence goes on."""
    return text.strip().rstrip(" .")
