"""The summary opens with what happened, in the week of any company, and with nothing in a quiet one."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from fakes_weeks import MONDAY, make_bakery_week, make_bank_week, make_quiet_week

from assistant.core.database import Store
from assistant.domain import Audience, Mention
from assistant.domain.calendar import read_hours
from assistant.listening.analysis.analyser import Analyser
from assistant.listening.analysis.brands import BrandFinder, Names
from assistant.listening.pipeline import sort_new_mentions
from assistant.listening.tables.posts import MentionTables
from assistant.reports.digest import Digest
from assistant.reports.digest.digest import Circumstances, DigestMaker
from assistant.reports.figures import Measure, find_posts, find_week
from assistant.reports.figures.tables import MeasuringTables
from assistant.text.embedding import SentenceTransformerEmbedder

UTC_ZONE = ZoneInfo("UTC")
WEEK = find_week("2026-W41", UTC_ZONE)
NOW = MONDAY + timedelta(days=7, hours=9)


def summarise(store: Store, posts: list[Mention], brand: str, audience: Audience = Audience.INTERNAL) -> Digest:
    mentions = MentionTables(store)
    mentions.add(posts, NOW)
    sort_new_mentions(mentions, Analyser(brands=BrandFinder(Names(brands=(brand,)))), NOW)
    measuring = Measure(UTC_ZONE, read_hours("Mon-Fri 09:00-17:00", UTC_ZONE), 8)
    making = DigestMaker(MeasuringTables(store), mentions, measuring, goals=lambda: (), embed=None)
    circumstances = Circumstances((), (), (brand,), has_reviewers=True, has_readers=True, public_documents=3, now=NOW)
    return making.sum_up(WEEK, circumstances, audience=audience)


def test_a_bank_reads_first_that_its_cards_failed_and_that_somebody_has_a_lawyer(store: Store) -> None:
    digest = summarise(store, make_bank_week(), "Nordlys")
    outage, law, work = (news.text for news in digest.news)
    assert outage.startswith("Outage in Leeds, Fri 9 Oct 16:05 to 18:")
    assert "declined" in outage
    assert "1 from the press" in outage
    assert law.startswith("Legal matter in Cork, Tue 6 Oct 09:00: “That is fraud and I have a lawyer now.”")
    assert work.startswith("To do: answer the legal matter")
    assert "reply to the press (1 post)" in work


def test_a_bakery_reads_first_that_somebody_is_in_hospital_and_then_that_a_roll_is_loved(store: Store) -> None:
    digest = summarise(store, make_bakery_week(), "Brotkorb")
    danger, roll = digest.news[0].text, digest.news[1].text
    assert danger.startswith("Danger in Bonn, Wed 7 Oct 18:00: “My daughter ended up in hospital")
    assert "3 people write about it" in danger
    assert "Zimtschnecke" in roll
    assert "Sat 10 Oct" in roll


def test_an_event_holds_its_own_posts_and_nearly_no_others(store: Store) -> None:
    digest = summarise(store, make_bank_week(), "Nordlys")
    [posts] = [figure for figure in digest.figures if figure.name == "event_posts.1"]
    found = set(find_posts(MeasuringTables(store), posts, 1000))
    rush = {mention_id for mention_id in found if mention_id.startswith("x:rush-")}
    assert posts.value == len(found)
    assert len(rush) >= 19
    assert len(found - rush) <= 1


@pytest.mark.parametrize("brand", ["Nordlys", "Somebody else"])
def test_a_quiet_week_has_no_event(store: Store, brand: str) -> None:
    digest = summarise(store, make_quiet_week(), brand)
    assert [news.text for news in digest.news] == ["Nothing stood out this week: no event, and no danger that waits."]


def test_other_companies_read_what_happened_but_not_what_we_did(store: Store) -> None:
    digest = summarise(store, make_bank_week(), "Nordlys", Audience.PUBLIC)
    told = " ".join(news.text for news in digest.news)
    assert "Outage in Leeds" in told
    assert "To do" not in told
    assert "answered" not in told
    assert not any(figure.name.startswith(("event_waiting", "event_replied")) for figure in digest.figures)


def test_an_empty_week_says_only_that_it_is_empty(store: Store) -> None:
    digest = summarise(store, [], "Nordlys")
    assert digest.news == ()
    assert digest.headlines[0] == "No posts found for this week."


def test_what_people_speak_of_besides_is_named_by_their_words_and_holds_no_post_of_an_event(
    store: Store, real_embedder: SentenceTransformerEmbedder
) -> None:
    mentions = MentionTables(store)
    mentions.add(make_bank_week(), NOW)
    sort_new_mentions(mentions, Analyser(real_embedder, brands=BrandFinder(Names(brands=("Nordlys",)))), NOW)
    measuring = Measure(UTC_ZONE, read_hours("Mon-Fri 09:00-17:00", UTC_ZONE), 8)
    making = DigestMaker(MeasuringTables(store), mentions, measuring, lambda: (), real_embedder.embed)
    around = Circumstances((), (), ("Nordlys",), has_reviewers=True, has_readers=True, public_documents=3, now=NOW)
    digest = making.sum_up(WEEK, around)
    [section] = [section for section in digest.sections if section.title == "What people speak of besides"]
    behind = {
        mention_id
        for figure in digest.figures
        if figure.name.startswith("subject_posts")
        for mention_id in find_posts(MeasuringTables(store), figure, 1000)
    }
    assert len(section.lines) >= 2
    assert not [mention_id for mention_id in behind if mention_id.startswith("x:rush-")]
    assert all("% of all posts" in line.note for line in section.lines)
    assert not [line.label for line in section.lines if line.label.casefold() == "“nordlys”"]
