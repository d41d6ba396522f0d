"""Whom a post is about: names as whole words, ours before competitors', and what is said to us in our own places."""

from dataclasses import replace

import pytest
from fakes_reply import make_mention
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import Brand
from assistant.domain.outside import NAME, bound
from assistant.listening.analysis.analyser import Analyser
from assistant.listening.analysis.brands import BrandFinder, Names, list_names
from assistant.listening.networks.settings import parse_listening

NAMES = Names(
    brands=("Larkspur Bikes", "Larkspur Cargo"),
    handles=("larkspurbikes", "askcargo"),
    hashtags=("larkspurcargo", "ridewithus"),
    competitors=("Pedal Post", "Larkspur Bikes Rental", "Yahoo!", "C++", "自転車便"),
    own_networks=frozenset(("facebook",)),
)
FINDER = BrandFinder(NAMES)
BIKES, CARGO = Brand("Larkspur Bikes", is_ours=True), Brand("Larkspur Cargo", is_ours=True)
PEDAL = Brand("Pedal Post", is_ours=False)


@pytest.mark.parametrize(
    ("text", "brands"),
    [
        ("Larkspur Bikes is slow", (BIKES,)),
        ("LARKSPUR-BIKES, really?", (BIKES,)),
        ("thanks @LarkspurBikes!", (BIKES,)),
        ("ask u/askcargo about it", (BIKES,)),
        ("on my #LarkspurCargo today", (CARGO,)),
        ("#ridewithus", (BIKES,)),
        ("Pedal Post's app is better", (PEDAL,)),
        ("@pedalpost where is it", (PEDAL,)),
        ("Pedal Post beats Larkspur Bikes, and Pedal Post knows", (PEDAL, BIKES)),
        ("Larkspur Bikes Rental is a scam", (Brand("Larkspur Bikes Rental", is_ours=False),)),
        ("I read it on yahoo", (Brand("Yahoo!", is_ours=False),)),
        ("written in c++ of course", (Brand("C++", is_ours=False),)),
        ("今日は自転車便を使った", (Brand("自転車便", is_ours=False),)),
        ("the mailman pedals, posts and pedalposting", ()),
        ("askcargo without its sign", ()),
        ("Ｐｅｄａｌ Ｐｏｓｔ", (PEDAL,)),
        ("", ()),
    ],
)
def test_names_are_found_as_whole_words(text: str, brands: tuple[Brand, ...]) -> None:
    assert FINDER.find_brands(make_mention(text=text)) == brands


def test_what_is_said_to_us_is_about_us_too_though_it_names_a_competitor_alone() -> None:
    text = "Pedal Post is cheaper"
    assert FINDER.find_brands(make_mention(text=text, network="facebook")) == (BIKES, PEDAL)
    assert FINDER.find_brands(make_mention(text=text), is_to_us=True) == (BIKES, PEDAL)
    in_our_subreddit = replace(make_mention(text=text), url="https://www.reddit.com/r/larkspurbikes/comments/1/why")
    assert FINDER.find_brands(in_our_subreddit) == (BIKES, PEDAL)


def test_a_name_in_both_lists_is_ours() -> None:
    finder = BrandFinder(Names(brands=("Lark",), competitors=("lark",)))
    assert finder.find_brands(make_mention(text="Lark!")) == (Brand("Lark", is_ours=True),)


def test_the_names_come_from_networks_yaml_with_our_accounts_and_our_forum() -> None:
    text = """
brands: [Larkspur]
competitors: [Pedal Post]
bluesky: {handle: lark.example, app_password: B_PASSWORD}
reddit: {client_id: R_ID, client_secret: R_SECRET, username: lark_team}
discourse:
  - {url: "https://community.example", everything: true}
  - {url: "https://bikes.example"}
"""
    names = list_names(parse_listening(text, "networks.yaml"))
    assert names.handles == ("lark.example", "lark_team")
    assert "discourse:community.example" in names.own_networks
    assert "discourse:bikes.example" not in names.own_networks


def test_new_competitors_make_another_version_so_that_known_posts_can_be_looked_at_again() -> None:
    versions = [Analyser(brands=BrandFinder(Names(competitors=c))).version for c in (("A",), ("A",), ("A", "B"), ())]
    assert versions[0] == versions[1]
    assert len(set(versions)) == 3


def test_a_competitor_whose_name_differs_from_ours_by_gaps_only_is_ours() -> None:
    finder = BrandFinder(Names(brands=("Swift",), competitors=("Swi ft",)))
    assert [brand.is_ours for brand in finder.find_brands(make_mention(text="Swift is great"))] == [True]


@given(
    st.lists(st.text(max_size=12), max_size=4),
    st.text(max_size=12).map(lambda name: bound(name, NAME)),
    st.text(max_size=60),
)
def test_no_name_and_no_text_breaks_it_and_an_own_name_is_found_where_it_stands_alone(
    names: list[str], own: str, text: str
) -> None:
    finder = BrandFinder(Names(brands=(own,), competitors=tuple(names), handles=tuple(names)))
    finder.find_brands(make_mention(text=text))
    found = finder.find_brands(make_mention(text=own))
    assert any(brand.is_ours for brand in found) or not any(sign.isalnum() for sign in own)


def test_without_names_nobody_is_named() -> None:
    assert Analyser().analyse(make_mention(text="Pedal Post is great")).brands == ()
