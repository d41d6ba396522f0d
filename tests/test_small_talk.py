"""Small talk is replied to at once; whatever could be a question is searched for."""

import pytest
from fakes import read_wordings

from assistant.knowledge.answers.small_talk import SmallTalk
from assistant.text.embedding import SentenceTransformerEmbedder


@pytest.fixture(scope="module")
def talk(real_embedder: SentenceTransformerEmbedder) -> SmallTalk:
    return SmallTalk(real_embedder, read_wordings())


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("hi", "Hi!"),
        ("Hello!", "Hi!"),
        ("hey earshot", "Hi!"),
        ("Good morning everyone", "Hi!"),
        ("thanks a lot!", "You're welcome"),
        ("thx", "You're welcome"),
        ("are you a bot?", "Yes, I'm a bot"),
        ("who are you?", "Yes, I'm a bot"),
        ("how are you?", "Doing well"),
        ("where do your answers come from?", "From this company's documents"),
        ("you're wrong", "Sorry about that"),
        ("are you there?", "I'm here"),
        ("asdfghjkl", "Sorry, I didn't"),
        ("qwertz", "Sorry, I didn't"),
        ("?!", "Sorry, I didn't"),
        ("bye", "Goodbye"),
        ("Hallo!", "Hallo! Frag mich"),
        ("Dzień dobry", "Cześć!"),
        ("merci beaucoup !", "Avec plaisir"),
        ("¡Gracias!", "¡De nada!"),
        ("what can you do?", "Ask me about"),
        ("help", "Ask me about"),
        (" ", "Ask me about"),
    ],
)
def test_small_talk_has_a_short_reply(talk: SmallTalk, text: str, begins: str) -> None:
    reply = talk.find_reply(text, read_wordings().choose())
    assert reply is not None
    assert reply.text.startswith(begins)


@pytest.mark.parametrize(("text", "begins"), [("hi", "Hi! Ask"), ("thx", "You're welcome"), ("bye", "Goodbye")])
def test_a_word_or_two_are_small_talk_whatever_language_they_are_taken_for(
    talk: SmallTalk, text: str, begins: str
) -> None:
    reply = talk.find_reply(text, read_wordings().choose(), is_english=False)
    assert reply is not None
    assert reply.is_sure
    assert reply.text.startswith(begins)


def test_a_question_in_another_language_is_never_taken_for_small_talk(talk: SmallTalk) -> None:
    for text in ("Jak wstrzymać abonament?", "Gdzie jest moja paczka i kiedy przyjdzie?", "Wo ist mein Paket?"):
        assert talk.find_reply(text, read_wordings().choose(), is_english=False) is None


@pytest.mark.parametrize(
    "text",
    [
        "hi, how do I pause my plan?",
        "thanks, and for students?",
        "refund policy",
        "E-104",
        "42",
        "\u8fd4\u54c1",
        "wert",
        "are you a member?",
        "GDPR",
        "HTTPS",
        "who are you selling bikes to?",
        "what if I tell you later than that?",
        "is the hub open on monday",
        "what helps against rust",
        "press contact pls",
        "Hallo, wo ist mein Paket?",
        "How do I pause?",
    ],
)
def test_a_question_is_never_taken_for_small_talk(talk: SmallTalk, text: str) -> None:
    reply = talk.find_reply(text, read_wordings().choose())
    assert reply is None or not reply.is_sure
