"""Reasons to leave a post without a reply: rules in code, and those of the network's guide."""

import re
from collections.abc import Iterator

from assistant.domain import About, AdviceRule, Intent, NoReply, Sentiment, TriageAction, Urgency
from assistant.listening.analysis.duplicates import find_first
from assistant.listening.pipeline import reads_like_spam, triage
from assistant.replies.drafting.case import Case
from assistant.replies.drafting.situation import find_situation
from assistant.replies.style_guides import split_rule

_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget)\s+(?:all\s+|any\s+)?(?:of\s+)?(?:your|the|previous|prior|earlier)\b.{0,20}\b(?:instruction|rule|prompt)s?"
    r"|\b(?:reply|respond|answer)\s+(?:only\s+)?with\s+(?:exactly|only|the\s+word|your\s+(?:system\s+)?prompt)"
    r"|\brepeat\s+after\s+me\b|\bsystem\s+prompt\b|\bpretend\s+(?:to\s+be|you\s+are)\b|\byou\s+are\s+now\s+(?:a|an|in)\b",
    re.IGNORECASE,
)
_BAIT = re.compile(
    r"\b(?:ratio(?:ed)?\s*$|cope\s+harder|cry\s+about\s+it|say\s+something\s+(?:racist|political)|bet\s+you\s+won['’]?t\s+(?:reply|answer)"
    r"|admin\s+is\s+(?:a|an)\b|fight\s+me\b|who\s+did\s+you\s+vote)",
    re.IGNORECASE,
)
_SOLVED = re.compile(
    r"\b(?:never\s?mind|nvm|(?:i|we)\s+(?:just\s+)?(?:figured\s+it\s+out|fixed\s+it|solved\s+it|sorted\s+it|found\s+it)"
    r"|(?:it['’]?s|it\s+is|all|is|got\s+it|been)\s+(?:now\s+)?(?:working|sorted|fixed|solved|resolved|good)\s+(?:now|again|out)"
    r"|(?:works|working)\s+(?:again|now)|problem\s+solved|hat\s+sich\s+erledigt|geht\s+wieder|c['’]est\s+r[ée]gl[ée]"
    r"|ya\s+est[áa]\s+(?:resuelto|solucionado)|j[áa]\s+est[áa]\s+resolvido|risolto|opgelost|już\s+działa)",
    re.IGNORECASE,
)
_NOT_SOLVED = re.compile(
    r"\b(?:not|isn['’]?t|still|but|until|unless|when|if|nicht|aber|pas|mais|no|pero|não|mas|non|ma|niet|maar|nie|ale)\b",
    re.IGNORECASE,
)
_WRONG_ADDRESS = re.compile(
    r"\b(?:wrong\s+(?:account|company|handle|person|tag|brand)|(?:meant|trying)\s+to\s+tag|meant\s+for\s+@|not\s+you\s+guys"
    r"|(?:tagged|@'?ed)\s+the\s+wrong)",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"[\W_]*(?:ok(?:ay)?|thanks?|thank\s+you|thx|ty|cheers|great|perfect|will\s+do|got\s+it|danke|merci|gracias|obrigad[oa]|grazie|bedankt|dzi[ęe]k\w*|so\s+much|a\s+lot|very\s+much|[\W_])+",
    re.IGNORECASE,
)
_NAME = re.compile(r"@[\w.]+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LEAST_WORDS = 3
_NEVER_LEFT = (Intent.COMPLAINT, Intent.QUESTION, Intent.LEAVING, Intent.PRESS)


def find_no_reply(case: Case) -> str:
    """`name: why`, or nothing. What is urgent always gets a reply."""
    urgency = case.found.find(About.URGENCY)
    if urgency and urgency.label == Urgency.HIGH:
        return ""
    for name, why in (*_find_own(case), *_find_written(case), *_find_learned(case)):
        return f"{name}: {why}"
    return ""


def may_be_left(intent: str, is_question: bool, is_urgent: bool) -> bool:
    """Return whether a lesson may ever leave such a post without a reply."""
    return not is_question and not is_urgent and intent not in _NEVER_LEFT


def list_rules(case: Case) -> tuple[str, ...]:
    """The names by which a chat model may decline on this network."""
    return tuple(split_rule(rule)[0] for rule in case.guide.no_reply)


def _find_own(case: Case) -> Iterator[tuple[NoReply, str]]:
    """By the rules in code that the guide names."""
    checks = {
        NoReply.BAIT: _judge_bait,
        NoReply.SPAM: _judge_spam,
        NoReply.NOT_OURS: _judge_address,
        NoReply.ANSWERED: _judge_answered,
        NoReply.SOLVED: _judge_solved,
        NoReply.FAN_CHAT: _judge_chat,
    }
    for name, judge in checks.items():
        if name in case.guide.no_reply and (why := judge(case)):
            yield name, why


def _find_written(case: Case) -> Iterator[tuple[str, str]]:
    """By the guide's own rules."""
    for rule in case.guide.no_reply:
        name, phrases = split_rule(rule)
        for phrase in phrases:
            if re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", case.mention.text, re.IGNORECASE):
                yield name, f"it says “{phrase}”."


def _find_learned(case: Case) -> Iterator[tuple[str, str]]:
    """By lessons; that it is not urgent was asked before."""
    if may_be_left(case.intent, case.found.is_question, is_urgent=False):
        for lesson in case.lessons:
            if lesson.advice and lesson.advice.rule is AdviceRule.NO_REPLY:
                yield lesson.advice.words, f"people left such posts without a reply (lesson {lesson.lesson_id})."


def _judge_spam(case: Case) -> str:
    """What only looks like it by its words, and tells what went wrong, is a customer who won something in a game."""
    judged = triage(case.mention, case.found)
    is_sure = reads_like_spam(case.mention.text) or case.intent is not Intent.SPAM or not find_situation(case).matter
    return _lower(judged.reason) if judged.action is TriageAction.IGNORE and is_sure else ""


def _judge_bait(case: Case) -> str:
    if _ORDERS.search(case.mention.text):
        return "it tells us, or our software, what to do."
    return "it wants a quarrel, not an answer." if _BAIT.search(case.mention.text) else ""


def _judge_address(case: Case) -> str:
    return "its author says that it was meant for somebody else." if _WRONG_ADDRESS.search(case.mention.text) else ""


def _judge_answered(case: Case) -> str:
    """The same question again from the same person, which we answered."""
    texts = {earlier.mention_id: earlier.post for earlier in case.past.to_author if earlier.post}
    first = find_first(case.mention.text, list(texts), texts)
    return f"we answered the same words of this person before ({first})." if first else ""


def _judge_solved(case: Case) -> str:
    text = case.question.text
    if case.found.is_question:
        return ""
    found = _SOLVED.search(text)
    if found and not _NOT_SOLVED.search(_SOLVED.sub(" ", text)):
        return f"it says “{found[0]}”."
    was_ours = bool(case.thread) and case.thread[-1].is_ours
    return "it thanks us for our reply, and asks for nothing more." if was_ours and _CLOSES.fullmatch(text) else ""


def _judge_chat(case: Case) -> str:
    """Talk between others, or a cheer: nobody waits for us."""
    if case.found.is_question or case.found.sentiment is Sentiment.NEGATIVE or case.intent is Intent.COMPLAINT:
        return ""
    last = case.thread[-1] if case.thread else None
    if (
        last
        and not last.is_ours
        and last.author != case.mention.author
        and case.intent in (Intent.OTHER, Intent.PRAISE)
    ):
        return "people talk with each other here, and nobody asks us."
    words = _WORD.findall(_NAME.sub(" ", case.question.text))
    is_cheer = len(words) < _LEAST_WORDS and case.intent in (Intent.OTHER, Intent.PRAISE)
    return "general chat, nothing to answer." if is_cheer else ""


def _lower(reason: str) -> str:
    return reason[:1].lower() + reason[1:]
