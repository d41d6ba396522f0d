"""How likely a post is to be written for the machine and not for us: a badge for the card, no verdict."""

import base64
import binascii
import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.guards.folding import fold
from assistant.guards.hidden import find_invisible, find_mixed_words, find_odd_letters, find_spaced


class RiskLevel(StrEnum):
    """What the card's badge says."""

    HIGH = "high"
    SOME = "some"
    NONE = "none"


@dataclass(frozen=True)
class Risk:
    """The level, and a plain sentence for each thing that was found."""

    level: RiskLevel
    reasons: tuple[str, ...] = ()


_HIGH, _SOME = 3, 2
_MANY_SIGNS = 8
_INSTRUCTIONS = r"(?:instruction|direction|prompt|rule|guideline|command|order|polic(?:y|ie)|training|programming|constraint|restriction|filter|context|message)s?"
_MODEL = r"(?:ai|a\.i\.|assistant|chat ?bot|bot|chat ?gpt|gpt-?\d*|llm|language model|claude|gemini|llama|copilot|openai)"
_MARKS: tuple[tuple[int, str, str], ...] = (
    (3, "It tells the reader to drop earlier instructions.",
     rf"\b(?:ignor|disregard|forget|overrid|bypass|discard|drop|skip|neglect|do not follow|don(?:'|’)t follow|stop following)\w*\b[^.!?\n]{{0,50}}?\b"
     rf"(?:previous|prior|above|earlier|preceding|all|any|your|the|these|those|system|original|safety)\b[^.!?\n]{{0,30}}?\b{_INSTRUCTIONS}\b"
     r"|\b(?:ignore|disregard|forget) (?:all |your |any |the |of )*(?:previous|prior|above)\b(?! (?:e-?mails?|messages?|notes?|tweets?|posts?|comments?|repl|orders?|versions?|tickets?|attachment|invoice|link|draft))"
     # Spanish, French, German, Italian, Portuguese, Polish, Dutch
     r"|\b(?:olvida|ignora|oublie[zr]?|ignore[zr]?|vergiss|vergessen sie|ignoriere|dimentica|esque[çc]a|zignoruj|zapomnij|negeer|vergeet)\b"
     r"[^.!?\n]{0,40}\b(?:instruc\w+|anweisung\w*|istruzion\w+|instru[çc]\w+|polece\w+|instrukcj\w+|consignes?|r[eè]gles?|regeln|reglas|regole|opdracht\w*)"
     r"|\b(?:nota (?:del|de) sistema|note du syst[eè]me|systemhinweis|nota di sistema|sin restricciones|sans restrictions?|ohne einschränkungen)\b"),
    (3, "It gives new instructions to a machine.",
     rf"\b(?:new|updated|real|actual|true|secret|hidden|important|urgent|system|admin\w*|developer|override)\s+{_INSTRUCTIONS}\s*(?::|-|follow|from)"
     r"|\b(?:system|admin|developer|debug|maintenance|god|dan|sudo|root|jailbreak|unrestricted|unfiltered)[ -]?(?:mode|override|access)\b"),
    (3, "It speaks to a model as one.",
     rf"\b(?:you are|you(?:'|’)re|act as|acting as|behave as|respond as|pretend|role-?play|simulate|become|imagine you)\b[^.!?\n]{{0,60}}\b"
     rf"(?:{_MODEL}|unrestricted|unfiltered|uncensored|without (?:any )?(?:rules|restrictions|limits|filters|limitations))\b"
     r"|\b(?:jail ?broken|jailbreak|do anything now|dan\b.{0,20}mode|stay in character|in character|never (?:refuse|break character))\b"),
    (2, "It assigns a role.",
     r"\b(?:from now on|for the rest of (?:this|the|our)|henceforth|in this (?:conversation|chat|scenario|hypothetical))\b[^\n]{0,80}\b(?:you|your|act|answer|respond|reply)\b"
     r"|\b(?:i want you to|i need you to|you (?:will|must|shall|are going to|are to)) (?:act|play|pretend|respond|reply|answer|be|become|write|generate|create|roleplay|simulate)\b"
     r"|\b(?:you are now|you will now|you are going to|act as (?:if|an?|my|the)|^\W*(?:act|respond|answer|speak|talk) (?:as|like)\b|pretend (?:to be|that|you)|your (?:new )?role is)\b"),
    (3, "It asks for the instructions or the internal text.",
     rf"\b(?:reveal|show|print|repeat|output|display|tell|give|share|disclose|leak|dump|recite|reproduce|copy|list|write|send|provide|translate|encode|summari[sz]e|what (?:is|are|were)|convert|spell)\b"
     rf"[^.!?\n]{{0,60}}\b(?:your|the|these|initial|hidden|system|original|secret|above|full|exact|entire)\b[^.!?\n]{{0,25}}\b"
     rf"(?:system prompt|prompt|{_INSTRUCTIONS}|configuration|system message|initial message|api keys?|credentials|passwords?|secrets?|internal (?:documents?|notes?|data))\b"),
    (2, "It wants the words above repeated.",
     r"\b(?:repeat|print|output|copy|recite|echo|continue|complete)\b[^.!?\n]{0,40}\b(?:everything|all|text|words?|sentences?|content|lines?|verbatim|word for word)\b[^.!?\n]{0,30}\b(?:above|before|prior|so far|start\w*|begin\w*|verbatim)\b"
     r"|\b(?:verbatim|word for word)\b"),
    (2, "It wants something sent, moved or paid.",
     r"\b(?:send|forward|e-?mail|post|upload|transmit|transfer|exfiltrat|share|wire|pay|deposit|invite|dm)\w*\b[^.!?\n]{0,80}\b(?:to|at|into|via|with)\b\s*(?:the )?(?:following|this|these|my|user|account|recipient|channel|address|@?[\w.+-]+@[\w-]+\.\w+|https?://|www\.|[A-Z]{2}\d{2}|'|\"|“)"
     r"|(?:^|[.!?:;,] |\bplease |\bthen |\band |\bdo )(?:delete|erase|wipe|cancel|reserve|create|add|append|update|modify|grant|install|download|execute|run|make|save|write|get|visit|say|invite)\b(?! my| me| our)[^.!?\n]{0,60}\b"
     r"(?:all|every|files?|e-?mails?|events?|calendar|transactions?|user|users|channels?|script|command|program|the following|hotel|room|reservation|appointment|recurring|bill|cloud drive|website|webpage|inbox)\b"),
    (2, "It tells the reader to do this before or instead of the task.",
     r"\b(?:before you|after (?:you|that|this)|instead of|rather than|in addition to|as part of)\b[^.!?\n]{0,60}\b(?:task|summar\w+|answer\w*|respond\w*|request|question|proceed\w*|solve|help\w*|reply\w*)\b"
     r"|\b(?:please )?(?:first|also),? (?:please )?(?:do|perform|complete|execute|make sure|visit|say|include|send)\b"
     r"|\b(?:in|with) your (?:answer|reply|response|output|summary|next message)\b|\b(?:begin|start|end|append|prefix|finish) (?:your|each|every|the) (?:answer|reply|response|sentence|message|output)\b"
     r"|\b(?:respond|reply|answer|output|return) (?:only|just|exactly|solely|strictly|always|with)\b|\bto (?:the|any) (?:ai|assistant|model|bot|llm)\b"),
    (2, "It orders writing or work that no customer wants of a company.",
     r"^\W*(?:please |kindly |now |can you |could you |also,? )*(?:write|compose|draft|develop|create|generate|provide|produce|translate|summari[sz]e|paraphrase|rewrite|rephrase|encode|decode|encrypt|scramble|rearrange|substitute|replace|convert|change|modify|transform|insert|introduce|randomly|remove|group|swap|alter|misspell|craft|implement|design|explain how|describe how|recommend|suggest|summon|solve|calculate|list)\b"
     r"[^?\n]{0,90}\b(?:poem|story|essay|speech|letter|article|song|haiku|joke|script|code|function|program|python|javascript|java|sql|bash|language|languages|words?|letters?|sentences?|text|paragraphs?|spaces?|vowels?|numbers?|anagrams?|homophones?|headline|title|clickbait|e-?mails?|response|reply|content|message|spell\w*|emojis?|characters?|algorithm|equation|malware|virus|phishing|spam|exploit|network|system|systems|data|devices?|memory|cookies?)\b"),
    (3, "It asks for help with an attack.",
     r"\b(?:(?:write|create|build|make|develop|give me|show me|how (?:to|do i|can i))\b[^.!?\n]{0,40}\b(?:malware|ransomware|key ?logger|phishing|botnet|trojan|backdoor|virus|exploit)|document\.cookie|self-replicat\w+|os\.environ|/etc/passwd)\b"
     r"|\b(?:integrat|merg|embed|blend|meld|incorporat|includ|inclusion|insert|utili[sz]|us|add|fus|weav|stitch|infus)\w*\b[^.!?\n]{0,40}\b(?:code|script) (?:snippet|excerpt|segment|block|section|fragment|sample|piece|below)|```\s*\n?\s*(?:import|from|#!|<\?php|const|var|function|def)\b"),
    (3, "It holds code, markup or commands.",
     r"<\s*/?\s*(?:script|iframe|img|svg|object|embed|marquee|isindex|!--|!\[cdata\[|!doctype|html|system|instruction\w*|assistant|passage)\b[^>]*>?"
     r"|<\s*(?:a|link|meta|style|form|input|body|video|math|base|div|x)\b[^>]*(?:href|src|on\w+|style|http-equiv|action)\s*="
     r"|\bon(?:error|load|click|mouse\w+|focus|toggle)\s*=|javascript\s*:|vbscript:|data:text/|!\[[^\]]*\]\(\s*(?:https?:|data:|javascript:)|\[[^\]]*\]\(\s*(?:data|javascript):"
     r"|(?:'|\"|\))\s*(?:or|and)\s+['\"\d(][^\n]{0,20}=|\bunion\s+(?:all\s+)?select\b|\bdrop\s+table\b|;\s*(?:drop|insert|delete|update|shutdown|exec)\b|--\s*$|\bxp_cmdshell\b|\bwaitfor delay\b"
     r"|\$\(\s*\w+|`[^`\n]*\b(?:cat|ls|rm|touch|wget|curl|ping|whoami|id)\b|\brm\s+-rf\b|\bsudo\s+\w+|\b(?:system|eval|exec|popen)\s*\(|\{\{.*?\}\}|\$\{[^}]+\}|<%.*?%>|\.\./\.\./|\bcmd\.exe\b|/bin/(?:sh|bash)\b|%(?:0[0-9a-f]|3c|3e|2e)|\\x[0-9a-f]{2}"),
    (3, "It plays at being a system's message.",
     r"<\|[^|]{0,30}\|>|\[/?(?:INST|SYS|SYSTEM|ADMIN|USER|ASSISTANT)\]|<<SYS>>|^\s*#{2,}\s*(?:system|instruction|new|end|assistant|user|context|response)|^\s*(?:system|assistant|admin|developer)\s*:|(?:-|=|#|\*){3,}\s*(?:end|begin|start|system|new|user)\b|\bend of (?:document|context|input|user|prompt|instructions|post)\b|</(?:post|passage|question|document|context|user|system|earlier)>"),
    (2, "It calls on urgency or authority over the machine.",
     rf"\b(?:as|i am|i(?:'|’)m|this is) (?:your|the|an?) (?:developer|creator|admin\w*|engineer|owner|security (?:team|auditor|researcher)|openai|anthropic|operator)\b|\b(?:authorized|authorised) (?:personnel|access|test|audit)\b|\b(?:hey|dear|attention|note to|hello)[ ,]+{_MODEL}\b|\b(?:this is|it is) (?:very |super |extremely |an? )?(?:important|urgent|emergency)[ !.:]"),
)  # fmt: skip
_PATTERNS = tuple(
    (weight, told, re.compile(pattern, re.IGNORECASE | re.MULTILINE | re.DOTALL)) for weight, told, pattern in _MARKS
)
_ENCODED = re.compile(r"(?<![\w/+.:-])(?:[A-Za-z0-9+/]{24,}={0,2}|(?:[0-9a-fA-F]{2}[ :]?){12,})(?![\w/+])")


def judge_risk(post: str) -> Risk:
    """What in a post is meant for a machine. Nothing hangs on it but a badge: the guards hold whatever it says."""
    plain = fold(post).text
    found = [(weight, told) for weight, told, pattern in _PATTERNS if pattern.search(post) or pattern.search(plain)]
    found += _find_tricks(post)
    reasons = tuple(dict.fromkeys(told for _, told in found))
    total = sum(weight for weight, _ in found)
    level = RiskLevel.HIGH if total >= _HIGH else RiskLevel.SOME if total >= _SOME else RiskLevel.NONE
    return Risk(level, reasons)


def _find_tricks(post: str) -> list[tuple[int, str]]:
    hidden = [
        # A few come with copied text and with names in some apps; a message hidden in them takes more.
        (1 if len(find_invisible(post)) < _MANY_SIGNS else 3, "It holds invisible signs.", bool(find_invisible(post))),
        (2, "It mixes letters of scripts that look alike.", any(find_mixed_words(post))),
        (1, "It is written in letters that only look like letters.", any(find_odd_letters(post))),
        (3, "Its letters are set apart.", any(find_spaced(post))),
        (2, "A part of it is encoded.", any(_is_encoded(found[0]) for found in _ENCODED.finditer(post))),
    ]
    return [(weight, told) for weight, told, is_there in hidden if is_there]


def _is_encoded(text: str) -> bool:
    """Whether it is text in base64 or in hexadecimal digits: what decodes to words was hidden on purpose."""
    for decode in (_from_hex, _from_base64):
        raw = decode(text)
        if len(raw) >= 8 and sum(32 <= byte < 127 for byte in raw) / len(raw) > 0.9:
            return True
    return False


def _from_hex(text: str) -> bytes:
    try:
        return bytes.fromhex(re.sub(r"[ :]", "", text))
    except ValueError:
        return b""


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
