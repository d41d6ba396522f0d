"""May we answer this post: yes, a person only, or no, by rules in data (eligibility.yaml), each with its source."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from assistant.core.yaml_files import FieldsFile
from assistant.domain import Eligibility, MayReply, Mention
from assistant.errors import ConfigError

_SUBREDDIT = re.compile(r"reddit\.com/r/(\w+)", re.IGNORECASE)
_STOP = re.compile(
    r"\b(?:(?:please|pls|just)\s+)?(?:stop|quit)\s+(?:replying|responding|writing|talking|messaging|contacting|tagging)"
    r"(?:\s+(?:to|at|with))?\s+(?:me|us|my\s+(?:posts?|tweets?|comments?))\b"
    r"|(?<!you )(?<!they )(?<!we )(?<!people )"
    r"\b(?:do\s+not|don['’]?t|never)\s+(?:ever\s+|please\s+)?(?:reply|respond|write|message|contact|tag)(?:\s+to)?\s+me"
    r"(?:\s+(?:again|ever|any\s?more))?\b"
    r"|\bleave\s+me\s+alone\b"
    r"|\bh(?:ö|oe)r(?:t|en\s+sie)?\s+(?:bitte\s+)?auf,?\s+mir\s+zu\s+(?:antworten|schreiben)\b"
    r"|\b(?:antwortet|schreibt)\s+mir\s+(?:bitte\s+)?(?:nicht|nie)\s+mehr\b"
    r"|\blasst\s+mich\s+(?:bitte\s+)?in\s+ruhe\b"
    r"|\barr[êe]te[zr]?\s+de\s+(?:me\s+|m['’])(?:répondre|repondre|écrire|ecrire|contacter)\b"
    r"|\blaisse[zr]?[\s-]moi\s+tranquille\b"
    r"|\bdej(?:a|en)\s+de\s+(?:responderme|escribirme|contactarme)\b|\bd[ée]j(?:a|en)me\s+en\s+paz\b"
    r"|\bprzesta(?:ńcie|ń)\s+(?:do\s+mnie\s+pisać|mi\s+odpisywać|pisać\s+do\s+mnie)\b"
    r"|\bnie\s+pisz(?:cie)?\s+(?:już\s+)?do\s+mnie\b|\bzostaw(?:cie)?\s+mnie\s+w\s+spokoju\b"
    r"|\bsmett(?:ete(?:la)?|ila)\s+di\s+(?:scrivermi|rispondermi)\b|\blascia(?:te)?mi\s+in\s+pace\b"
    r"|\bpar(?:em|e)\s+de\s+me\s+(?:responder|escrever)\b|\bdeix[ea]m?-me\s+em\s+paz\b"
    r"|\blaat\s+me\s+met\s+rust\b|\bstop\s+met\s+(?:mij\s+te\s+)?(?:reageren|antwoorden)\b",
    re.IGNORECASE,
)
# X: "If a user says stop, stop." The word alone, beside handles.
_STOP_ALONE = re.compile(
    r"(?:@[\w.]+\s+)*(?:please\s+)?(?:stop|unsubscribe|opt[\s-]?out)(?:\s+please)?[\s.!]*(?:@[\w.]+\s*)*", re.IGNORECASE
)
# "If you don't reply to me, I …" asks for the opposite.
_CONDITION = re.compile(r"\b(?:if|when|why|because|since|wenn|warum|weil|si|pourquoi|porque)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?\n]")
_MOST_BEFORE = 300  # characters of a sentence; a post may hold hundreds of such phrases


class ReplyRule(BaseModel):
    """One rule of one platform (`*`: all). `read` is the day on which its source was last looked at."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    network: str
    says: str
    check: str
    otherwise: Literal["assist", "no"]
    since: date
    source: str
    read: date
    verified: bool
    note: str = ""
    hours: int | None = Field(None, gt=0)


@dataclass(frozen=True)
class CompanyStanding:
    """The company's own facts: who we are, where we are welcome, what a platform has agreed to.

    Names in small letters, without @ and r/.
    """

    handles: frozenset[str] = frozenset()
    welcome: frozenset[str] = frozenset()
    unwelcome: frozenset[str] = frozenset()
    has_ai_approval: bool = False
    has_enterprise: bool = False


@dataclass(frozen=True)
class Facts:
    """Facts about one post at a moment. `is_locked` is False where nobody has looked."""

    now: datetime
    has_sender: bool
    has_opted_out: bool = False
    replied_at: datetime | None = None
    is_locked: bool = False


@dataclass(frozen=True)
class _Case:
    mention: Mention
    facts: Facts
    standing: CompanyStanding
    rule: ReplyRule


def load_rules() -> tuple[ReplyRule, ...]:
    """The rules that come with Earshot. Raises ConfigError for a rule that is not written as it should be."""
    name = "eligibility.yaml"
    file = FieldsFile(name, "Bring the file back as it was, or fix it.", is_each_once=False)
    content = file.parse(files("assistant.listening.networks.base").joinpath(name).read_text(encoding="utf-8"))
    try:
        rules = TypeAdapter(tuple[ReplyRule, ...]).validate_python(content)
    except ValidationError as error:
        raise ConfigError(file.tell(error, list(ReplyRule.model_fields)), "Bring the file back as it was.") from None
    for rule in rules:
        if rule.check not in _CHECKS:
            raise ConfigError(f"{name}: the rule {rule.name} names the check {rule.check}, which there is not.")
    return rules


def judge_eligibility(
    mention: Mention, facts: Facts, standing: CompanyStanding, rules: Sequence[ReplyRule]
) -> Eligibility:
    """The strictest of all rules that hold: no before assist before yes. `until` is when a yes will end."""
    if mention.removed_at:
        return Eligibility(MayReply.NO, "The post is no longer there.", "deleted")
    network = mention.network.partition(":")[0]
    ours = [rule for rule in rules if rule.network in ("*", network)]
    failed = [(rule, why) for rule in ours if (why := _CHECKS[rule.check](_Case(mention, facts, standing, rule)))]
    for may_reply in (MayReply.NO, MayReply.ASSIST):
        for rule, why in failed:
            if rule.otherwise == may_reply:
                return Eligibility(may_reply, why, rule.name)
        if may_reply is MayReply.NO and not facts.has_sender:
            return Eligibility(
                MayReply.ASSIST,
                f"Earshot can't post to {mention.network}. Copy the text, post it, then mark it as sent.",
                "no-sender",
            )
    ends = [mention.created_at + timedelta(hours=rule.hours) for rule in ours if rule.hours]
    return Eligibility(MayReply.YES, "Earshot posts it once you approve.", "", min(ends, default=None))


def asks_to_stop(text: str) -> bool:
    """Return whether a post asks us, beyond doubt, not to answer its author any more.

    Few phrases in eight languages: to miss one costs a polite reply, to see one too many silences a customer.
    """
    says_it = any(not _is_conditional(text, one.start()) for one in _STOP.finditer(text))
    return says_it or bool(_STOP_ALONE.fullmatch(text.strip()))


def _is_conditional(text: str, place: int) -> bool:
    before = _SENTENCE_END.split(text[max(0, place - _MOST_BEFORE) : place])[-1]
    return bool(_CONDITION.search(before))


def _say_over(case: _Case) -> str:
    ends_at = case.mention.created_at + timedelta(hours=case.rule.hours or 0)
    return f"{case.rule.says} It ended at {ends_at:%Y-%m-%d %H:%M} UTC." if case.facts.now > ends_at else ""


def _say_answered(case: _Case) -> str:
    at = case.facts.replied_at
    return f"{case.rule.says} We did at {at:%Y-%m-%d %H:%M} UTC." if at else ""


def _say_foreign(case: _Case) -> str:
    found = _SUBREDDIT.search(case.mention.url or "")
    name = found[1].lower() if found else ""
    if name and name in case.standing.unwelcome:
        return f"r/{name} does not want replies by an app: a person may answer there."
    return "" if name and name in case.standing.welcome else case.rule.says


def _is_unsummoned(case: _Case) -> bool:
    named = {name.lower() for name in re.findall(r"(?<!\w)@(\w+)", case.mention.text)}
    return not (case.standing.has_enterprise or named & case.standing.handles)


def _when(fails: Callable[[_Case], bool]) -> Callable[[_Case], str]:
    return lambda case: case.rule.says if fails(case) else ""


# Why a rule does not let us answer; empty where it does.
_CHECKS: dict[str, Callable[[_Case], str]] = {
    "opted_out": _when(lambda case: case.facts.has_opted_out),
    "asks_to_stop": _when(lambda case: asks_to_stop(case.mention.text)),
    "locked": _when(lambda case: case.facts.is_locked),
    "ai_approved": _when(lambda case: not case.standing.has_ai_approval),
    "has_parent": _when(lambda case: not case.mention.in_reply_to),
    "one_reply": _say_answered,
    "summoned": _when(_is_unsummoned),
    "subreddit": _say_foreign,
    "window": _say_over,
    "duty": lambda case: "",
}
