"""Nothing of what only staff may know leaves, however it is spelt; what is public passes."""

from pathlib import Path

import pytest
from fakes_reply import Library
from guards.making import make_candidate

from assistant.domain import Audience, Sentence, Support
from assistant.domain.replies import Effect
from assistant.knowledge.search.vectors import ChromaIndex
from assistant.knowledge.tables.documents import DocumentTables
from assistant.replies.guards.internal_hosts import InternalHostFinder
from assistant.replies.guards.internal_names import NameFinder
from assistant.replies.guards.internal_words import AudienceGuard, RunFinder
from assistant.replies.guards.private_words import PrivateWords

SECRET = "Agents may refund up to two hundred euros without asking a lead."
PUBLIC = "You can pause your plan for up to three months."
NOTES = (
    "Facts go to #crisis-room. See [the wiki](https://wiki.acme.example/on-call) and ask Corvane, as Corvane knows."
    " The folding bike starts on 18 May 2027 in Lyon."
)
WORDS = PrivateWords(
    code_names=("Blue Heron",), staff=("Wiktor Zalewny",), canaries=("canary-7f3a9",), unreleased=("18 May 2027",)
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    library = Library(tmp_path_factory.mktemp("home"))
    library.add("Refund authority", f"{SECRET}\n\n{PUBLIC}", Audience.INTERNAL)
    library.add("Notes", NOTES, Audience.INTERNAL)
    library.add("Pausing", f"{PUBLIC} More at https://acme.example/help. The Berlin hub opens at ten.")
    return library


@pytest.fixture(scope="module")
def guard(library: Library, tmp_path_factory: pytest.TempPathFactory) -> AudienceGuard:
    vectors = ChromaIndex(library.store.path.parent / "chroma")
    return AudienceGuard(DocumentTables(library.store), library.words, vectors, library.embedder, WORDS)


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        SECRET.upper(),
        "Hello! agents may refund, up to two: hundred euros",
        "**Agents** may _refund_ up to two hundred",
        "Agents may refund\n\nup to two hundred euros",
        "Agents mаy rеfund uр to twо hundred euros",
        "Ag\u200bents may ref\u200dund up to two hun\u00addred euros",
        "Ａｇｅｎｔｓ may refund up to two hundred euros",
        "𝐀𝐠𝐞𝐧𝐭𝐬 may refund up to two hundred euros",
    ],
)
def test_internal_words_are_found_in_any_spelling(library: Library, text: str) -> None:
    [finding] = RunFinder(library.words).check(make_candidate(text))
    assert finding.effect is Effect.BLOCK
    assert finding.words == text[finding.start : finding.start + len(finding.words)]
    assert "internal document" in finding.reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thanks for asking.",
        PUBLIC,
        PUBLIC.lower().replace(" ", "\n"),
        "Agents may refund some money.",
        'AND OR NOT NEAR( "quotes" * - (x) ' * 3,
        "🚲 " * 50,
    ],
)
def test_public_and_own_words_are_no_internal_run(library: Library, text: str) -> None:
    assert RunFinder(library.words).check(make_candidate(text)) == []


def test_overlapping_runs_are_one_finding_and_separate_ones_are_two(library: Library) -> None:
    twice = "Agents may refund up to two. By the way: hundred euros without asking a lead"
    found = [finding.words for finding in RunFinder(library.words).check(make_candidate(twice))]
    assert found == ["Agents may refund up to two", "hundred euros without asking a lead"]


def test_what_was_public_is_found_once_its_public_document_is_gone(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.add("Pausing", PUBLIC)
    library.add("Playbook", PUBLIC, Audience.INTERNAL)
    assert RunFinder(library.words).check(make_candidate(PUBLIC)) == []

    library.remove("Pausing")

    assert len(RunFinder(library.words).check(make_candidate(PUBLIC))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Blue Heron is coming.",
        "BLUE-HERON!",
        "b l u e h e r o n",
        "Вlue Неron",
        "8lu3 H3r0n",
        "Blue Heron's launch",
        "Ask Wiktor Zalewny.",
        "(canary-7f3a9)",
        "C a n a r y 7 f 3 a 9",
        "It starts on 2027-05-18.",
        "It starts on May 18.",
    ],
)
def test_listed_words_and_dates_block_however_they_are_spelt(library: Library, text: str) -> None:
    found = NameFinder(WORDS, DocumentTables(library.store), library.words).check(make_candidate(text))
    assert [finding.effect for finding in found if finding.effect is Effect.BLOCK] == [Effect.BLOCK]


@pytest.mark.parametrize("text", ["The true heron is blue.", "Bluebells, her only flowers.", "In May we ride."])
def test_words_that_only_come_near_pass(library: Library, text: str) -> None:
    assert NameFinder(WORDS, DocumentTables(library.store), library.words).check(make_candidate(text)) == []


@pytest.mark.parametrize("text", ["Ask in #crisis-room.", "Write to C0AB12CD34E.", "Our maker is Corvane, who knows."])
def test_channels_ids_and_names_of_internal_documents_are_found(library: Library, text: str) -> None:
    assert len(NameFinder(WORDS, DocumentTables(library.store), library.words).check(make_candidate(text))) == 1


def test_a_name_that_the_customer_used_may_be_used(library: Library) -> None:
    finder = NameFinder(WORDS, DocumentTables(library.store), library.words)
    assert finder.check(make_candidate("We know of Corvane.", post="Is it made by Corvane?")) == []


@pytest.mark.parametrize(
    "text",
    [
        "See http://10.0.0.7/x",
        "It runs on build.corp and that is it.",
        "Open https://tickets/4",
        "Look at https://wiki.acme.example/other",
        "Look at wiki．acme．example",
        "see db.prod.internal",
    ],
)
def test_internal_places_are_blocked(library: Library, text: str) -> None:
    found = InternalHostFinder(WORDS, DocumentTables(library.store)).check(make_candidate(text))
    assert found
    assert all(finding.effect is Effect.BLOCK for finding in found)


@pytest.mark.parametrize("text", ["See https://acme.example/help", "We open at 10:00:00.", "Version 6.2.3.1 is out."])
def test_public_places_pass(library: Library, text: str) -> None:
    assert InternalHostFinder(WORDS, DocumentTables(library.store)).check(make_candidate(text)) == []


def test_a_sentence_near_to_an_internal_one_is_found_unless_public_evidence_carries_it(guard: AudienceGuard) -> None:
    text = "Without asking a lead, two hundred euros may be refunded by agents."
    [finding] = guard.check(make_candidate(text))
    assert "means nearly what an internal document says" in finding.reason

    assert guard.check(make_candidate(text, (Sentence(text, Support.QUOTED, (1,)),))) == []


def test_a_date_of_internal_documents_alone_is_found_with_the_words_beside_it(guard: AudienceGuard) -> None:
    [finding, *_] = guard.check(make_candidate("You will love it: a folding bike in Lyon from May 18."))
    assert "date" in finding.reason
    assert guard.check(make_candidate("Our summer party is on June 18.")) == []
