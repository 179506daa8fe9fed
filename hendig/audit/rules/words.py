"""A seal in a few Dutch words, so that a person can note it down, say it aloud and type it in again."""

from __future__ import annotations

import hashlib
import re

from hendig.kernel.traces import fold

# 512 short words that everybody knows: nine bits each. Their order is part of every code that was ever noted.
WORDS = """
aardig acht adem adres akker alarm album anker appel april arm arts avond baai baan baard bakker
balk ballon bank basis bed beek been bel berg beurs bezem bij blaas blad blauw blij blik bloem boer
boom boon bord bos boter bouw braam breed brief bril broek broer brok brood brug bruin bui buis bult
buur cactus cake cent cirkel club cola dag dam dans deeg deksel denken deuk deur diep dier dijk doek
doel dokter dons doos dop dorp dorst draad draak droog droom druif druk drum duik duim duin dweil
echo eend eeuw egel eik eiland elf emmer engel erwt eten etui fabel fakkel fee feest fiets film
fluit foto fris fruit gans gast gat geel geit geld geluk gids gieter gips gitaar glad glas gloed
goed golf goot goud graan grap gras grens grijs groen groep grond groot gum haai haak haar hal hals
hamer hand harp hart haven heide helm hemd hemel herfst hert heuvel hoed hoek honing hoog hooi hoop
hoorn hotel hout huis hut iglo inkt jaar jam jeugd jong juli juni jurk kaart kaas kabel kachel kade
kamer kanaal kans kap kar karper keel kei kelder kers ketel keuken kip kist klas klei klep kleur
klok klomp kluis knie knoop knop koe koek koffer kom komma kool koor koord koper korf korst kous
kraai kraan krant kring kroon kruid kuif kuil kunst kurk kust kwal kwart kwast laars lade laken lamp
land leer leeuw lente lepel les letter lever lezen licht lied lief lijm lijn lijst linde links lint
lip loep lood loof lucht lus maan maand maat mais mantel markt mast mei melk menu merel merk meter
middag mier mijl mijn minuut mist moeder mond mooi morgen mos motor mouw mug munt muts muur muziek
naald naam nacht nest net neus nicht noord noot oase oever olie olijf oma oog oogst oor oost opa
oven paal paard paars pad palm papier parel park pas pauze peer pen peper perk pijl pijp pink plaat
plan plank plant plein pluim pols pomp pony poort pop post prijs prins proef punt put raad raam
radio regel regen reis riem riet rijst ring ritme rivier roer rond rook roos rots rozijn rug ruit
rups saus schaap schelp schip schoen school schuur slak slang slee slot sneeuw snel snor soep sok
spek spel spiegel spin spons spoor staart stad stal steen stem ster stoel stoep stof stok storm
straat strik stroom struik suiker taal taart tafel tak tand tante tapijt tas tegel tent tien tijd
tijger toets toren touw trap trein trom trui tuin tulp tunnel turf twee uil uur vaas vader valk
varen vat veen veld verf vest vier vijf vijver vilt vin vis vlag vlam vlecht vlieg vlinder vloer
vlot voet vogel vonk vork vos vraag vriend vrij vroeg vuur wang warm water web week weg weide wekker
wens wereld west wiel wilg wind winkel winter wit wol wolf wolk woord worm worst wortel zaad zaag
zacht zak zalf zalm zang zebra zee zeep zeil zes zeven zilver zoet zomer zon zoon zout zuid zus
zwaan zwart
""".split()  # noqa: SIM905 - as a list it would be five hundred lines

HOW_MANY = 5
BITS = 9
# Forty-five bits can be searched through; at this price for each guess nobody does.
ROUNDS = 100_000
PURPOSE = b"hendig word code 1"


def code(number: int, seal_hash: bytes) -> str:
    """The seal as its number and five words: "1204 anker boon kelder mei zon". Takes 30 ms, on purpose."""
    drawn = int.from_bytes(hashlib.pbkdf2_hmac("sha256", seal_hash, PURPOSE, ROUNDS))
    words = [WORDS[drawn >> BITS * place & (1 << BITS) - 1] for place in range(HOW_MANY)]
    return f"{number} {' '.join(words)}"


def read(typed: str) -> tuple[int, str] | None:
    """The number and the whole code in what somebody typed; None when it is not one.

    Capitals, accents, commas, dashes and the word "zegel" before it do not matter.
    """
    number, *given = _parts(typed) or [""]
    if not number.isdecimal() or len(number) > 15 or len(given) != HOW_MANY:
        return None
    return int(number), f"{int(number)} {' '.join(given)}"


def unknown(typed: str) -> list[str]:
    """The words in what somebody typed that are in no code: slips of the pen."""
    known = set(WORDS)
    return [part for part in _parts(typed) if not part.isdecimal() and part not in known]


def _parts(typed: str) -> list[str]:
    return re.findall(r"[a-z]+|[0-9]+", fold(typed).strip().removeprefix("zegel"))
