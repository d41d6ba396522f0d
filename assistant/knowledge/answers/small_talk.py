"""Greetings, thanks and questions about Earshot itself: a colleague replies to them without looking anything up."""

import re

_HELLO = "Hi! Ask me anything about our documents, for example “How do customers pause their plan?”"
_THANKS = "You're welcome."
_BYE = "Goodbye!"
_FINE = "Doing well, thanks. Is there anything I can look up for you?"
_BOT = "Yes, I'm a bot: Earshot. I quote our documents, and I say so when they don't answer a question."
_NOISE = "Sorry, I didn't understand that. Could you ask it as a question?"
_END = r"(?: (?:earshot|there|all|team|everyone|again|everybody|bot))*"
_REPLIES = tuple(
    (re.compile(pattern), reply)
    for pattern, reply in (
        (rf"(?:hi+|hey+|hello+|hiya|yo|howdy|greetings|good (?:morning|afternoon|evening|day)|morning){_END}", _HELLO),
        (
            rf"(?:ok |okay |great |cool |perfect )*(?:thanks|thank you|thx|ty|cheers|many thanks)"
            rf"(?: (?:so much|a lot|very much|a bunch|a million))?{_END}",
            _THANKS,
        ),
        (rf"(?:good ?bye|bye+|bye bye|see you|see ya|good night|cya)(?: later| tomorrow)?{_END}", _BYE),
        (rf"(?:(?:hi|hey|hello) )?(?:how are you(?: doing)?(?: today)?|how['’]?s it going|what['’]?s up){_END}", _FINE),
        (
            r"(?:(?:hi|hey|hello) )?(?:are you (?:really )?(?:a |an )?(?:real )?"
            r"(?:bot|robot|human|person|ai|machine|real)|who are you|what are you"
            r"|am i talking to a (?:bot|human|person|robot))",
            _BOT,
        ),
    )
)
_LETTERS = re.compile(r"[^\W\d_]")
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]{6,}|(.)\1{4,}")


def find_small_talk(text: str) -> str:
    """Return the reply to a message that asks nothing of the documents; empty for every other message."""
    said = " ".join(re.sub(r"[^\w\s'’]", " ", text.casefold()).split())
    for pattern, reply in _REPLIES:
        if pattern.fullmatch(said):
            return reply
    return _NOISE if _is_noise(text, said) else ""


def _is_noise(text: str, said: str) -> bool:
    """Nothing but signs, or one word that nobody could say."""
    if not _LETTERS.search(text):
        return not any(sign.isalnum() for sign in text)
    return " " not in said and said.isascii() and said.isalpha() and _CONSONANTS.search(said) is not None
