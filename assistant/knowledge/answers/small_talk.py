"""Greetings, thanks and questions about Earshot itself: a colleague replies to them without looking anything up."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.core.say import Say
from assistant.core.wording import Wording, Wordings
from assistant.domain import Answer, Look
from assistant.text.embedding import Embedder, Vectors

_EXAMPLES: Mapping[Say | None, Sequence[str]] = {
    Say.HELLO: (
        "hi", "hello", "hey there", "good morning", "good evening everyone", "morning team", "howdy", "what is up",
        "hello I am new here",
    ),
    Say.WELCOME: (
        "thanks", "thanks a lot", "thank you so much", "thanks that helped", "cheers mate", "thx",
        "great answer thank you", "perfect thanks", "that was helpful",
    ),
    Say.GOODBYE: ("bye", "goodbye see you tomorrow", "see you monday", "good night", "have a nice weekend"),
    Say.HOW_ARE_YOU: (
        "how are you", "hi how are you", "how is it going", "did you sleep well", "tell me a joke",
        "do you like coffee", "do you know everything",
    ),
    Say.BOT: (
        "are you a bot", "are you human", "who are you", "what is your name", "who made you", "are you an AI",
        "am I talking to a real person", "are you ChatGPT",
    ),
    Say.SOURCES: (
        "where do you get your answers from", "how do you know that", "which documents do you read",
        "what are your sources",
    ),
    Say.HELP: (
        "help", "what can you do", "what can I ask you", "what are you for",
    ),
    None: ("ok", "ok cool", "nice", "lol", "good job", "well done", "haha", "wow", "got it", "never mind", "good bot"),
    Say.SORRY: (
        "that is wrong", "that was not helpful", "no that is not what I asked", "you are useless", "bad bot",
        "your answer is nonsense",
    ),
    Say.HERE: (
        "test", "testing testing", "are you there", "hello are you working",
    ),
}  # fmt: skip
_NOD = "👍"  # where there is nothing to say
# The embedder of small talk reads English; of other languages only these words, alone, are small talk.
_ELSEWHERE: Mapping[str, Mapping[Say, Sequence[str]]] = {
    "de": {
        Say.HELLO: ("hallo", "guten morgen", "guten tag", "guten abend", "moin", "servus", "grüß gott", "hallo alle"),
        Say.WELCOME: ("danke", "danke schön", "dankeschön", "vielen dank", "danke dir", "besten dank", "super danke"),
        Say.GOODBYE: ("tschüss", "tschüß", "auf wiedersehen", "bis morgen", "schönes wochenende", "schönen feierabend"),
        Say.HELP: ("hilfe", "was kannst du", "was kann ich dich fragen"),
        Say.BOT: ("wer bist du", "bist du ein bot", "bist du ein mensch"),
    },
    "fr": {
        Say.HELLO: ("bonjour", "salut", "bonsoir", "coucou", "bonjour à tous"),
        Say.WELCOME: ("merci", "merci beaucoup", "merci bien", "super merci"),
        Say.GOODBYE: ("au revoir", "à demain", "bon week-end", "bonne soirée"),
        Say.HELP: ("aide", "que sais-tu faire", "que peux-tu faire", "que pouvez-vous faire"),
        Say.BOT: ("qui es-tu", "qui êtes-vous", "es-tu un robot"),
    },
    "pl": {
        Say.HELLO: ("cześć", "czesc", "dzień dobry", "dzien dobry", "hej", "siema"),
        Say.WELCOME: ("dzięki", "dzieki", "dziękuję", "dziekuje", "wielkie dzięki", "dziękuję bardzo"),
        Say.GOODBYE: ("do widzenia", "do jutra", "miłego weekendu"),
        Say.HELP: ("pomoc", "co potrafisz", "co umiesz"),
        Say.BOT: ("kim jesteś", "jesteś botem", "czy jesteś botem"),
    },
    "es": {
        Say.HELLO: ("hola", "buenos días", "buenos dias", "buenas tardes", "buenas", "hola a todos"),
        Say.WELCOME: ("gracias", "muchas gracias", "mil gracias", "genial gracias"),
        Say.GOODBYE: ("adiós", "hasta luego", "hasta mañana", "buen fin de semana"),
        Say.HELP: ("ayuda", "qué sabes hacer", "qué puedes hacer", "que puedes hacer"),
        Say.BOT: ("quién eres", "eres un bot"),
    },
    "it": {
        Say.HELLO: ("ciao", "buongiorno", "buonasera", "salve", "ciao a tutti"),
        Say.WELCOME: ("grazie", "grazie mille", "perfetto grazie"),
        Say.GOODBYE: ("arrivederci", "a domani", "buon fine settimana"),
        Say.HELP: ("aiuto", "cosa sai fare", "che cosa sai fare", "cosa puoi fare"),
        Say.BOT: ("chi sei", "sei un bot"),
    },
    "pt": {
        Say.HELLO: ("olá", "ola", "oi", "bom dia", "boa tarde", "boa noite"),
        Say.WELCOME: ("obrigado", "obrigada", "muito obrigado", "muito obrigada"),
        Say.GOODBYE: ("tchau", "até amanhã", "até logo", "bom fim de semana"),
        Say.HELP: ("ajuda", "o que sabes fazer", "o que você sabe fazer", "o que pode fazer"),
        Say.BOT: ("quem és", "quem é você", "você é um robô", "és um bot"),
    },
    "nl": {
        Say.HELLO: ("hoi", "goedemorgen", "goedemiddag", "goedendag", "goedenavond", "hoi allemaal"),
        Say.WELCOME: ("dank je", "dank je wel", "bedankt", "dankjewel", "top bedankt"),
        Say.GOODBYE: ("doei", "tot ziens", "tot morgen", "fijn weekend"),
        Say.HELP: ("hulp", "wat kun je", "wat kan je", "wat kan ik je vragen"),
        Say.BOT: ("wie ben je", "ben je een bot"),
    },
}  # fmt: skip
# How they were chosen: docs/decisions.md.
_LEAST_LIKENESS, _SURE_LIKENESS = 0.55, 0.72
_MOST_WORDS = 12
_LEAST_WORDS = 4  # of fewer the language is a guess: `hi` alone is found to be Catalan
_NAME = re.compile(r"[,\s]{0,20}\bearshot\b[,\s]*")
_LETTERS = re.compile(r"[^\W\d_]")
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]{6,}|(.)\1{4,}")
_KEYBOARD = ("qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm")
_RUN = 5  # keys beside each other: “wert” is a German word


@dataclass(frozen=True)
class TalkReply:
    """A reply to small talk; where it is not sure, an answer from the documents comes first."""

    text: str
    is_sure: bool
    language: str


class SmallTalk:
    """Knows small talk by its meaning, and replies in the words of `wordings`."""

    def __init__(self, embedder: Embedder, wordings: Wordings) -> None:
        self._embedder = embedder
        self._wordings = wordings

    def find_reply(self, text: str, wording: Wording, is_english: bool = True) -> TalkReply | None:
        """Return the reply to a message that asks nothing of the documents, and to a bare mention what can be asked.

        `wording` is for words that are nobody's language: a greeting in Polish is returned in Polish.
        """
        if not text.strip():
            return _reply(Say.HELP, wording)
        if _is_noise(text):
            return _reply(Say.NOISE, wording)
        if len(text.split()) > _MOST_WORDS:
            return None
        said = " ".join(_NAME.sub("", text.casefold()).strip(" .,!?¡¿👋🙏").split())
        for language, replies in self._elsewhere.items():
            if said in replies:
                return _reply(replies[said], self._wordings.choose(language))
        if not is_english and len(said.split()) >= _LEAST_WORDS:
            return None
        keys, examples = self._examples
        likeness = examples @ self._embedder.embed([said])[0]
        best = int(likeness.argmax())
        is_sure = bool(likeness[best] >= _SURE_LIKENESS)
        is_near = is_sure or (is_english and likeness[best] >= _LEAST_LIKENESS)
        return _reply(keys[best], wording, is_sure) if is_near else None

    @cached_property
    def _elsewhere(self) -> dict[str, dict[str, Say]]:
        return {
            language: {word.casefold(): key for key, words in replies.items() for word in words}
            for language, replies in _ELSEWHERE.items()
        }

    @cached_property
    def _examples(self) -> tuple[list[Say | None], Vectors]:
        said = [(key, example) for key, examples in _EXAMPLES.items() for example in examples]
        return [key for key, _ in said], self._embedder.embed([example.lower() for _, example in said])


def to_answer(talk: TalkReply) -> Answer:
    """Return the reply as an answer that rests on nothing."""
    return Answer(talk.text, is_grounded=False, reason="", look=Look.TALK, language=talk.language)


def _reply(key: Say | None, wording: Wording, is_sure: bool = True) -> TalkReply:
    return TalkReply(wording.say(key) if key else _NOD, is_sure, wording.language)


def _is_noise(text: str) -> bool:
    """Nothing but signs, or one word that nobody could say."""
    if not _LETTERS.search(text):
        return not any(sign.isalnum() for sign in text)
    said = text.strip(" .!?").lower()
    if not (said.isascii() and said.isalpha()):
        return False
    runs = (row[place : place + _RUN] for row in _KEYBOARD for place in range(len(row) - _RUN + 1))
    return _CONSONANTS.search(said) is not None or any(run in said for run in runs)
