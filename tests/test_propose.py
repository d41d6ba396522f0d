"""What a proposal becomes, and only once: an internal document that answers, or nothing."""

from pathlib import Path

import frontmatter
import pytest
from fakes import FakeEmbedder

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import Audience, Question
from assistant.errors import InputError
from assistant.knowledge.tables.proposals import OwnerRequest, Proposal

REQUEST = OwnerRequest("key", "How do I: pause --- \n a plan?", "U1", "U2", "C1", "1.0", "C1", "1.0")


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    folder = tmp_path / "knowledge"
    folder.mkdir()
    values = {"earshot_home": tmp_path / "home", "knowledge_dir": folder, "answer_confidence": 0}
    return Assistant(Settings.model_validate(values), embedder=FakeEmbedder())


def propose(assistant: Assistant, text: str = "Plans pause in the portal.", ts: str = "2.0") -> Proposal | None:
    return assistant.knowledge.proposals.propose(REQUEST, text, "Ben: B", ts, assistant.clock())


def test_an_accepted_proposal_is_an_internal_document_with_its_author_and_question(assistant: Assistant) -> None:
    propose(assistant)
    path = assistant.knowledge.curation.accept(1, "", assistant.home.clock())
    page = frontmatter.loads(path.read_text())
    assert page.metadata["title"] == "How do I: pause --- a plan?"
    assert (page.metadata["owner"], page.metadata["audience"]) == ("Ben: B", "internal")
    assert "portal" in assistant.knowledge.answer(Question("Where do plans pause?")).answer
    assert "portal" not in assistant.knowledge.answer(Question("Where do plans pause?", Audience.PUBLIC)).answer
    assert assistant.knowledge.proposals.list_open() == []


def test_a_proposal_is_decided_once(assistant: Assistant) -> None:
    propose(assistant)
    assistant.knowledge.curation.drop(1, "", assistant.home.clock())
    for decide in (assistant.knowledge.curation.accept, assistant.knowledge.curation.drop):
        with pytest.raises(InputError, match="dropped already"):
            decide(1, "", assistant.home.clock())
    with pytest.raises(InputError, match="no proposal 7"):
        assistant.knowledge.curation.accept(7, "", assistant.home.clock())
    assert propose(assistant, ts="9.0") is None


def test_accepting_again_after_a_crash_ends_the_same(assistant: Assistant) -> None:
    propose(assistant)
    first = assistant.knowledge.curation.accept(1, "", assistant.home.clock())
    assistant.home.store.change("update proposals set status = 'open'")  # as if it had died before it was noted
    assert assistant.knowledge.curation.accept(1, "", assistant.home.clock()) == first
    assert assistant.knowledge.documents.count()["internal_documents"] == 1


def test_more_replies_add_up_and_the_same_one_counts_once(assistant: Assistant) -> None:
    propose(assistant)
    propose(assistant)
    proposal = propose(assistant, "Also by mail.", "3.0")
    assert proposal is not None
    assert proposal.text == "Plans pause in the portal.\n\nAlso by mail."


def test_a_reply_that_its_author_deletes_is_no_proposal_any_more(assistant: Assistant) -> None:
    propose(assistant)
    assistant.knowledge.proposals.withdraw("2.0", assistant.clock())
    assert assistant.knowledge.proposals.list_open() == []
