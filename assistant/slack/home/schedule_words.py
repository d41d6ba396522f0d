"""Schedules in words, and back: “every Monday at 09:00” for `0 9 * * 1`, in every language that Earshot speaks."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from itertools import pairwise

from croniter import croniter

from assistant.core.cron import is_schedule
from assistant.core.say import Say
from assistant.core.wording import Wording

_LEAST = timedelta(days=1)
_TRIED = 24
_USUAL_TIME = "0 9"
_SIMPLE = re.compile(r"(\d{1,2}) (\d{1,2}) (\*|\d{1,2}|L) \* (\*|1-5|[0-7](?:,[0-7])*|[0-7]#[1-4]|L[0-7])")
_TOKEN = re.compile(r"\d{1,2}[:.h]\d\d(?!\d)|\d+(?:st|nd|rd|th|er|[eoaº°ª](?!\w)|\.(?= \w))|\d+|[^\W\d]+(?:-[^\W\d]+)*")


class _Kind(Enum):
    """What a word does in a schedule."""

    EVERY = auto()
    ON = auto()
    AT = auto()
    AND = auto()
    NUMBER = auto()
    CLOCK = auto()
    HALF = auto()
    ORDINAL = auto()
    DAY = auto()
    UNIT = auto()  # says all by itself: `daily`
    SPAN = auto()  # of which `every` makes a schedule
    MONTH = auto()
    HOUR = auto()
    SOON = auto()


# What people write, in small letters and without accents. A word counts as what it fits first.
_WORDS: tuple[tuple[_Kind, str, str], ...] = (
    (_Kind.DAY, "0", r"sundays?|sonntags?|dimanches?|domingos?|domenic(?:a|he)|zondag(?:en)?|niedziel\w{1,2}"),
    (_Kind.DAY, "1", r"mondays?|montags?|lundis?|lunes|lunedi|maandag(?:en)?|poniedzial\w+|segundas?(?:-feiras?)?"),
    (_Kind.DAY, "2", r"tuesdays?|dienstags?|mardis?|martes|martedi|dinsdag(?:en)?|wtor\w+|tercas?(?:-feiras?)?"),
    (_Kind.DAY, "3", r"wednesdays?|mittwochs?|mercredis?|miercoles|mercoledi|woensdag(?:en)?|srod[aeyi]"),
    (_Kind.DAY, "3", r"quartas?(?:-feiras?)?"),
    (_Kind.DAY, "4", r"thursdays?|donnerstags?|jeudis?|jueves|giovedi|donderdag(?:en)?|czwartk\w+|czwartek"),
    (_Kind.DAY, "4", r"quintas?(?:-feiras?)?"),
    (
        _Kind.DAY,
        "5",
        r"fridays?|freitags?|vendredis?|viernes|venerdi|vrijdag(?:en)?|piat(?:ek|ki|ku)|sextas?(?:-feiras?)?",
    ),
    (_Kind.DAY, "6", r"saturdays?|samstags?|sonnabends?|samedis?|sabados?|sabat[oi]|zaterdag(?:en)?|sobot[aey]"),
    (_Kind.UNIT, "* * 1-5", r"weekdays?|workdays?|werktag(?:s|en?)?|wochentags|werkdag(?:en)?|doordeweeks"),
    (_Kind.UNIT, "* * *", r"daily|taglich|quotidien\w*|diario|diari?amente|quotidian\w+|dagelijks\w*|codzien\w+"),
    (_Kind.UNIT, "* * 1", r"weekly|wochentlich|hebdomadaire|semanal(?:mente)?|settimanal(?:e|mente)|wekelijks\w*"),
    (_Kind.UNIT, "1 * *", r"monthly|monatlich|mensuel\w*|mensual(?:mente)?|mensal(?:mente)?|mensil(?:e|mente)"),
    (_Kind.UNIT, "1 * *", r"maandelijks\w*|miesiecznie|comiesieczn\w+"),
    (_Kind.SOON, "", r"hourly|stundlich|minut(?:[aiyo]|os|e[ns]?)?|seconds|sekund\w*|seconde[ns]?|segundos|secondi"),
    (_Kind.SPAN, "* * *", r"days?|tage?n?|jours?|dias?|giorn[oi]|dag(?:en)?|dzien|dnia"),
    (_Kind.SPAN, "* * 1", r"weeks?|wochen?|semaines?|semanas?|settiman[ae]|weken|tydzien"),
    (_Kind.MONTH, "1 * *", r"months?|monats?|mois|mes|mese|maand|miesiac\w*"),
    (_Kind.HOUR, "", r"hours?|stunden?|uhr|heures?|horas?|or[ae]|uur|uren|godzin[aeuy]?|godz|h|clock"),
    (_Kind.EVERY, "each", r"every|each|jede[nrms]?|chaque|cada|ogni|elke?|iedere?|kazd\w{1,3}"),
    (_Kind.EVERY, "", r"alle|immer|to(?:us|utes)|tod[oa]s?|tutt[ie]|co"),  # each says something else as well
    (_Kind.HALF, "am", r"am|rano|morgens|matin|mattino|manha|manana|ochtends|morning"),
    (_Kind.HALF, "pm", r"pm|abends|nachmittags|soir|tarde|noite|sera|avonds|middags|wieczorem|evening|afternoon"),
    (_Kind.CLOCK, "0 12", r"noon|midday|mittags|midi|mediodia|mezzogiorno|meio-dia|poludnie"),
    (_Kind.ORDINAL, "1", r"first|erste[nrs]?|premiere?|primer[ao]?|prim[oa]|primeir[oa]|eerste|pierwsz\w+"),
    (_Kind.ORDINAL, "2", r"second[oa]?|zweite[nrs]?|deuxieme|segund[oa]|tweede|drug\w+"),
    (_Kind.ORDINAL, "3", r"third|dritte[nrs]?|troisieme|tercer[ao]?|terz[oa]|terceir[oa]|derde|trzeci\w*"),
    (_Kind.ORDINAL, "4", r"fourth|vierte[nrs]?|quatrieme|cuart[oa]|quart[oa]|vierde|czwart[aey]\w*"),
    (_Kind.ORDINAL, "L", r"last|letzte[nrs]?|derni(?:er|ere)|ultim[oa]|laatste|ostatni\w*"),
    (_Kind.AND, "", r"and|und|et|y|e|en|i|oraz"),
    (_Kind.AT, "", r"at|um|gegen|ab|a|alle|as|om|o"),
    (
        _Kind.ON,
        "",
        r"on|the|in|of|am|an|im|des|le|les|du|de|del|di|el|los|las|il|la|op|van|w|we|na|nas|no|nos|os|aos|s|l",
    ),
)
_WEEKDAYS = "weekdays"
_PHRASES = re.compile(  # of several words, for weekdays
    r"\b(?:(?:working|business) days?|jours? ouvr\w+|dias? (?:laborables?|habil(?:es)?|ut(?:il|eis))|en semaine"
    r"|entre semana|giorn[oi] ferial[ei]|dni robocze|dzien roboczy|dzien powszedni)\b"
)
_ALLE, _AM = "alle", "am"  # in German `every` and `on`; `at` in Italian, and the first half of the day
_DAY_OR_ORDINAL = {"segunda": "2", "quarta": "4"}
_SHORT_DAYS = dict(zip("sun mon tue wed thu fri sat so mo di mi do fr sa".split(), "01234560123456", strict=True))
_STEPS = (_Kind.DAY, _Kind.UNIT, _Kind.SPAN, _Kind.MONTH, _Kind.HOUR, _Kind.SOON, _Kind.HALF)
_LOOSE = (_Kind.ON, _Kind.AND, _Kind.AT, _Kind.EVERY)
_HOURLY = "0 * * * *"


@dataclass(frozen=True)
class FoundSchedule:
    """A schedule in a text: its cron expression, empty where it is unclear, and the text without it."""

    cron: str
    rest: str


@dataclass(frozen=True)
class _Token:
    kind: _Kind | None
    value: str
    start: int
    end: int


def tell_schedule(cron: str, wording: Wording) -> str:
    """A cron expression in words, which read_schedule reads as the same; as it is where there are none for it."""
    found = _SIMPLE.fullmatch(cron.strip())
    if found is None or (found[3] != "*" and found[4] != "*"):
        return cron
    minute, hour, day, days = found.groups()
    time = f"{int(hour):02d}:{int(minute):02d}"
    if day != "*":
        return wording.say(Say.SCHEDULE_MONTH_END if day == "L" else Say.SCHEDULE_MONTHLY, day=day, time=time)
    if days in ("*", "1-5"):
        return wording.say(Say.SCHEDULE_DAILY if days == "*" else Say.SCHEDULE_WEEKDAYS, time=time)
    if "#" in days or "L" in days:
        name = wording.name_weekday(int(days.strip("L")[0]))
        key = Say.SCHEDULE_ORDINALS_FEMININE if name.endswith("a") else Say.SCHEDULE_ORDINALS
        nth = wording.say(key).split(", ")[int(days[-1]) - 1 if "#" in days else -1]
        return wording.say(Say.SCHEDULE_NTH, nth=nth, day=name, time=time)
    names = [wording.name_weekday(int(number)) for number in days.split(",")]
    return wording.say(Say.SCHEDULE_WEEKLY, days=wording.join(names), time=time)


def read_schedule(text: str) -> str:
    """The cron expression of some words; text that says anything else stays what it is."""
    found = find_schedule(text)
    return found.cron if found and found.cron and not re.search(r"\w", found.rest) else text.strip()


def find_schedule(text: str) -> FoundSchedule | None:
    """The times that a text speaks of: anywhere with an `every` before them, else at its beginning or end."""
    text = unicodedata.normalize("NFC", text)
    tokens = _read_tokens(text)
    runs = [run for run in _list_runs(tokens) if run]
    chosen = [run for run in runs if _is_plain(run) or (_is_likely(run) and _is_at_edge(run, tokens))]
    begins = tokens[0] if tokens else None
    if begins and begins.kind is _Kind.EVERY and begins.value and not any(map(_is_plain, chosen)):
        return FoundSchedule("", text)  # `every full moon`, `every other Monday`
    if not chosen:
        return None
    rest = text
    for run in reversed(chosen):
        rest = f"{rest[: run[0].start]} {rest[run[-1].end :]}"
    return FoundSchedule(_to_cron([token for run in chosen for token in run]), " ".join(rest.split()))


def is_too_often(cron: str) -> bool:
    """Return whether a schedule comes due twice within a day: what is summed up more often says the same again."""
    if not is_schedule(cron):
        return False
    due = croniter(cron, datetime(2026, 1, 1, tzinfo=UTC))
    times = [due.get_next(datetime) for _ in range(_TRIED)]
    return any(later - earlier < _LEAST for earlier, later in pairwise(times))


def _read_tokens(text: str) -> list[_Token]:
    folded = "".join(_fold(sign) for sign in text)
    folded = _PHRASES.sub(lambda found: _WEEKDAYS.ljust(len(found[0]), "_"), folded)
    words = [(found[0].rstrip("_"), found.start(), found.end()) for found in _TOKEN.finditer(folded)]
    tokens: list[_Token] = []
    for number, (word, start, end) in enumerate(words):
        kind, value = _sort(word)
        after = words[number + 1][0] if number + 1 < len(words) else ""
        if word == _AM and not (tokens and tokens[-1].kind in (_Kind.NUMBER, _Kind.CLOCK)):
            kind = _Kind.ON
        if word == _ALLE and after[:1].isdigit():
            kind = _Kind.AT
        if word in _SHORT_DAYS and after[:1].isdigit():
            kind, value = _Kind.DAY, _SHORT_DAYS[word]
        if word in _DAY_OR_ORDINAL and _sort(after)[0] is _Kind.DAY:
            kind, value = _Kind.ORDINAL, _DAY_OR_ORDINAL[word]
        tokens.append(_Token(kind, value, start, end))
    return tokens


def _fold(sign: str) -> str:
    """One sign in small letters and without its accent."""
    plain = {"ł": "l", "Ł": "l", "ß": "s"}.get(sign) or unicodedata.normalize("NFD", sign)[0]
    return plain.lower()[0]


def _sort(word: str) -> tuple[_Kind | None, str]:
    if clock := re.fullmatch(r"(\d+)[:.h](\d\d)", word):
        return _Kind.CLOCK, f"{int(clock[2])} {int(clock[1])}"
    if number := re.match(r"\d+", word):
        return (_Kind.NUMBER if number[0] == word else _Kind.ORDINAL), str(int(number[0]))
    return next(((kind, value) for kind, value, words in _WORDS if re.fullmatch(words, word)), (None, ""))


def _list_runs(tokens: Sequence[_Token]) -> list[list[_Token]]:
    """What speaks of times, each piece in one go, without the small words around it that may belong to the rest."""
    runs: list[list[_Token]] = [[]]
    for token in tokens:
        if token.kind is None:
            runs.append([])
        else:
            runs[-1].append(token)
    for run in runs:
        while run and run[-1].kind in _LOOSE:
            run.pop()
        while run and run[0].kind is _Kind.AND:
            del run[0]
    return runs


def _is_plain(run: Sequence[_Token]) -> bool:
    """Return whether there is an `every` with what is counted right after it, or after a number."""
    kinds = [token.kind for token in run if token.kind not in (_Kind.ORDINAL, _Kind.NUMBER, _Kind.ON)]
    return any(one is _Kind.EVERY and after in _STEPS for one, after in pairwise(kinds))


def _is_likely(run: Sequence[_Token]) -> bool:
    """Return whether it has a day, a word such as `daily`, a day of the month, or a time of the day."""
    kinds = [token.kind for token in run]
    pairs = set(pairwise(kinds))
    is_time = _Kind.CLOCK in kinds or (_Kind.NUMBER in kinds and bool({_Kind.AT, _Kind.HALF, _Kind.HOUR} & set(kinds)))
    is_monthly = _Kind.MONTH in kinds and bool({_Kind.ORDINAL, _Kind.NUMBER} & set(kinds))
    is_named = (_Kind.ORDINAL, _Kind.MONTH) in pairs or (_Kind.NUMBER, _Kind.MONTH) in pairs  # `the first month`
    is_day = _Kind.DAY in kinds or _Kind.UNIT in kinds or (_Kind.SOON in kinds and len(kinds) == 1)
    return is_time or is_day or (is_monthly and not is_named)


def _is_at_edge(run: Sequence[_Token], tokens: Sequence[_Token]) -> bool:
    return run[0] is tokens[0] or run[-1] is tokens[-1]


def _to_cron(tokens: Sequence[_Token]) -> str:
    time, numbers = _read_time(tokens)
    days = _read_days(tokens, numbers)
    return days if days in ("", _HOURLY) else time and f"{time} {days}"


def _read_time(tokens: Sequence[_Token]) -> tuple[str, list[str]]:
    """Minute and hour, empty where there is no such time; and the numbers that are none."""
    clocks = [token.value for token in tokens if token.kind is _Kind.CLOCK]
    numbers: list[str] = []
    is_monthly = any(token.kind is _Kind.MONTH for token in tokens)
    kinds = [None, *(token.kind for token in tokens), None]
    for before, token, after in zip(kinds, tokens, kinds[2:], strict=False):
        if token.kind is not _Kind.NUMBER:
            continue
        is_time = before is _Kind.AT or after in (_Kind.HALF, _Kind.HOUR)
        is_count = after in (_Kind.SPAN, _Kind.DAY, _Kind.SOON)
        if is_time or not (is_monthly or is_count):
            clocks.append(f"0 {token.value}")
        else:
            numbers.append(token.value)
    half = next((token.value for token in tokens if token.kind is _Kind.HALF), "")
    minute, hour = map(int, (clocks or ["0 18" if half == "pm" else _USUAL_TIME])[0].split())
    hour = hour % 12 + (12 if half == "pm" else 0) if half and hour <= 12 else hour
    return (f"{minute} {hour}" if minute < 60 and hour < 24 and len(clocks) < 2 else ""), numbers


def _read_days(tokens: Sequence[_Token], numbers: Sequence[str]) -> str:
    """The last three fields, or all five of what comes round within a day; empty where it is unclear."""
    kinds = {token.kind for token in tokens}
    days, ordinals = _list_values(tokens, _Kind.DAY), _list_values(tokens, _Kind.ORDINAL)
    spans = [*_list_values(tokens, _Kind.UNIT), *_list_values(tokens, _Kind.SPAN)]
    is_monthly = _Kind.MONTH in kinds or "1 * *" in spans
    if days:
        is_whole = not numbers and set(spans) <= {"* * 1"}
        return _read_weekdays(days, ordinals, is_monthly, _Kind.EVERY in kinds) if is_whole else ""
    if is_monthly:
        found = [*ordinals, *numbers] or ["1"]
        is_day = len(found) == 1 and (found[0] == "L" or 0 < int(found[0]) < 32)
        return f"{found[0]} * *" if is_day and set(spans) <= {"1 * *", "* * *"} else ""
    if not spans and (_Kind.SOON in kinds or {_Kind.HOUR, _Kind.EVERY} <= kinds):
        return _HOURLY
    if ordinals or numbers or len(spans) > 1:
        return ""
    return spans[0] if spans else "* * *"


def _read_weekdays(days: Sequence[str], ordinals: Sequence[str], is_monthly: bool, has_every: bool) -> str:
    """`every second Monday` may mean every other one: with an `every`, the month has to be named."""
    if not ordinals:
        return "" if is_monthly else f"* * {','.join(sorted(days))}"
    if len(days) > 1 or len(ordinals) > 1 or ordinals[0] not in "1234L" or (has_every and not is_monthly):
        return ""
    return f"* * L{days[0]}" if ordinals[0] == "L" else f"* * {days[0]}#{ordinals[0]}"


def _list_values(tokens: Sequence[_Token], kind: _Kind) -> list[str]:
    return list(dict.fromkeys(token.value for token in tokens if token.kind is kind))
