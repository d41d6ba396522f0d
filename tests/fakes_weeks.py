"""Two made-up weeks: a bank whose cards fail on a Friday, and a bakery whose loaf makes somebody ill."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from assistant.domain import Mention

MONDAY = datetime(2026, 10, 5, tzinfo=UTC)

_BANK = (
    "How long does a transfer to {} take with Nordlys?",
    "Opened an account at Nordlys from {}, took ten minutes",
    "Nordlys, can I raise my limit before I go to {}?",
    "The Nordlys branch in {} is closed on Mondays now, noted",
    "Is there a fee when I withdraw cash in {} with Nordlys?",
    "Nordlys sent my statement to {} again, I moved in May",
    "My mortgage adviser at Nordlys in {} is patient and clear",
    "What is the rate for savings at Nordlys for people in {}?",
    "Waiting on hold with Nordlys while the train passes {}",
    "Nordlys newsletter about {} was actually useful",
    "Does Nordlys sponsor the marathon in {} this year?",
    "My son wants a youth account at Nordlys, we live near {}",
)
_TOWNS = ("Oslo", "Bergen", "Leeds", "Turin", "Ghent", "Porto", "Lund", "Cork", "Basel", "Riga", "Graz", "Nantes")
_DECLINED = (
    "Nordlys card declined at the supermarket, full trolley, mortified",
    "anyone else's Nordlys card declined right now?",
    "Card payment declined three times, there is money on the account. Nordlys?",
    "my Nordlys card just got declined at the petrol station, cannot pay",
    "Nordlys payments are down. Card declined, app spins.",
    "cards not working? Nordlys declined mine at dinner, friend's too",
    "Tried to pay for the taxi, card declined, Nordlys says nothing",
    "@nordlys is it down? every card payment declined since four",
    "Nordlys outage: card terminals decline everything here",
    "second shop, card declined again, thanks Nordlys",
    "had to leave my shopping at the till because Nordlys declined the card",
    "So Nordlys cards are declined everywhere this afternoon. Cash only then.",
    "card declined for a coffee. a coffee. Nordlys what is happening",
    "Nordlys status page says all fine while my card is declined",
    "embarrassing: card declined in front of my boss, Nordlys outage apparently",
    "is Nordlys down for everybody? card payments fail since 16:05",
    "declined, declined, declined. switching away from Nordlys on Monday",
    "I am a reporter with the Evening Post, writing about the Nordlys card outage. Who can comment before my deadline?",
    "Nordlys card works again in the third shop, payments seem to be back",
    "Phone line of Nordlys is busy, card still declined",
)
_FRAUD = (
    "Nordlys let somebody empty my mother's account by phone. That is fraud and I have a lawyer now."
    " They have not called back in nine days and I am furious."
)
_BAKERY = (
    "Wann öffnet Brotkorb in {} am Sonntag?",
    "Das Roggenbrot von Brotkorb in {} ist heute besonders dunkel",
    "Brotkorb, habt ihr in {} auch Dinkelbrötchen?",
    "Die Schlange bei Brotkorb in {} ging bis zur Ampel",
    "Bei Brotkorb in {} gab es um zehn keine Brezeln mehr",
    "Kann man bei Brotkorb in {} mit Karte zahlen?",
    "Zum Frühstück Brotkorb aus {}, dazu Butter und Ruhe",
    "Brotkorb hat in {} eine neue Filiale neben der Post",
    "Die Verkäuferin von Brotkorb in {} kennt jeden beim Namen",
    "Mein Bruder fängt bei Brotkorb in {} als Bäcker an",
    "Warum ist das Baguette von Brotkorb in {} kürzer als früher?",
    "Brotkorb in {}: Brot gut, Parkplatz winzig",
)
_PLACES = ("Ulm", "Kiel", "Jena", "Trier", "Bonn", "Celle", "Worms", "Gera", "Fulda", "Emden", "Hof", "Bamberg")
_ROLL = (
    "Die neue Zimtschnecke von Brotkorb ist ein Traum ❤️",
    "Zimtschnecke von Brotkorb probiert. Liebe. Einfach Liebe. ❤️",
    "ich brauche sofort noch eine Zimtschnecke von Brotkorb 😍",
    "Brotkorb, diese vegane Zimtschnecke ist großartig 😍",
    "drei Zimtschnecken gegessen, keine Reue, danke Brotkorb ❤️",
    "vegan und so gut: die Zimtschnecke bei Brotkorb 😍",
    "Wer die vegane Zimtschnecke von Brotkorb noch nicht hatte, verpasst etwas ❤️",
    "beste Zimtschnecke der Stadt, Brotkorb hat es geschafft 🎉",
    "Brotkorb Zimtschnecke: außen knusprig, innen weich, perfekt 😍",
    "meine Oma findet die vegane Zimtschnecke von Brotkorb besser als ihre eigene ❤️",
    "Samstag, Sonne, Zimtschnecke von Brotkorb 😍",
    "hat jemand das Rezept der Zimtschnecke von Brotkorb? so gut ❤️",
    "vegane Zimtschnecke ausverkauft bei Brotkorb, verständlich, sie ist super",
    "die Zimtschnecke. die vegane. von Brotkorb. geht hin. 😍",
    "Kompliment an Brotkorb für die vegane Zimtschnecke ❤️",
)
_ILL = (
    "My daughter ended up in hospital after the nut free loaf from Brotkorb. The label says no nuts."
    " She is allergic and nobody there picks up the phone, this is terrible."
)


def make_bank_week() -> list[Mention]:
    """A week of the bank, and the one before it: on Friday from four to seven, cards are declined."""
    friday = MONDAY + timedelta(days=4, hours=16)
    posts = [*_make_everyday(_BANK, _TOWNS, "en", seed=1), *_make_rush(_DECLINED, friday, "en", "Leeds")]
    return [*posts, _make("law", _FRAUD, MONDAY + timedelta(days=1, hours=9), "en", "Cork")]


def make_bakery_week() -> list[Mention]:
    """A week of the bakery: on Wednesday somebody is ill and others take it up, on Saturday a new roll is praised."""
    saturday, wednesday = MONDAY + timedelta(days=5, hours=9), MONDAY + timedelta(days=2, hours=18)
    posts = [*_make_everyday(_BAKERY, _PLACES, "de", seed=2), *_make_rush(_ROLL, saturday, "de", "")]
    ill = _make("ill", _ILL, wednesday, "en", "Bonn")
    answer = _make("ill-2", "Oh no. Same brand here, I stopped eating it.", wednesday + timedelta(hours=1), "en", "")
    return [*posts, ill, _answer(answer, "ill"), _make("quote", _quote(), wednesday + timedelta(hours=3), "en", "")]


def make_quiet_week() -> list[Mention]:
    """The bank's everyday posts alone."""
    return list(_make_everyday(_BANK, _TOWNS, "en", seed=3))


def _quote() -> str:
    return "Brotkorb, have you seen this: My daughter ended up in hospital after the nut free loaf from Brotkorb."


def _make_everyday(lines: Sequence[str], names: Sequence[str], lang: str, seed: int) -> Iterator[Mention]:
    chance = random.Random(seed)
    texts = [line.format(name) for line in lines for name in names]
    for number, text in enumerate(texts):
        day = chance.randrange(-7, 7)
        moment = MONDAY + timedelta(days=day, hours=chance.randrange(7, 22), minutes=chance.randrange(60))
        yield _make(f"day-{number}", text, moment, lang, chance.choice(("Leeds", "Bonn", "")))


def _make_rush(lines: Sequence[str], start: datetime, lang: str, place: str) -> Iterator[Mention]:
    for number, text in enumerate(lines):
        yield _make(f"rush-{number}", text, start + timedelta(minutes=8 * number + 5), lang, place)


def _make(name: str, text: str, moment: datetime, lang: str, place: str) -> Mention:
    return Mention(f"x:{name}", "x", name, f"author-{name}", text, moment, lang, location=place or None)


def _answer(post: Mention, parent: str) -> Mention:
    return Mention(**{**vars(post), "in_reply_to": parent})
