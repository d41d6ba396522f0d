"""The company's documents, staff's questions, and their answers."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from assistant.domain.outside import DOCUMENT, NAME, QUESTION, bound

_RESTRICTED = re.compile(r"internal(?:\+[0-9a-f]{12})+")


class Audience(StrEnum):
    """Readers of a Document. A reader with `internal` sees both; a reader with `public` sees public only.

    Besides these two there is `internal+NAME` for documents that only a ReaderSet may read; somebody who is in two
    such sets reads as `internal+NAME+OTHER`. These values are made when they are met: no list of them is complete.
    """

    PUBLIC = "public"
    INTERNAL = "internal"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str) or not _RESTRICTED.fullmatch(value):
            return None
        made = str.__new__(cls, value)
        made._name_ = made._value_ = value
        return made

    @property
    def set_names(self) -> tuple[str, ...]:
        """The names of the reader sets in it."""
        return tuple(self.value.split("+")[1:])

    @property
    def key(self) -> str:
        """The same as part of a name of a table or a collection."""
        return self.value.replace("+", "_")

    @property
    def level(self) -> "Audience":
        """Public or internal, whatever reader sets there are."""
        return Audience.PUBLIC if self == Audience.PUBLIC else Audience.INTERNAL

    @property
    def readable(self) -> tuple["Audience", ...]:
        """The audiences whose documents this reader may see."""
        if self == Audience.PUBLIC:
            return (Audience.PUBLIC,)
        return (Audience.PUBLIC, Audience.INTERNAL, *(Audience.INTERNAL.for_sets([one]) for one in self.set_names))

    def for_sets(self, names: Iterable[str]) -> "Audience":
        """The same with these reader sets; what is public is so for everybody."""
        if self == Audience.PUBLIC:
            return self
        return Audience("+".join((Audience.INTERNAL, *sorted({*self.set_names, *names}))))

    def covers(self, other: "Audience") -> bool:
        """Return whether this reader may see all that the other one may."""
        return set(other.readable) <= set(self.readable)


@dataclass(frozen=True)
class ReaderSet:
    """The people who may read a document: those whom each of these lists names.

    A name is a user group's id or handle, or an e-mail address. A list that is empty names nobody.
    """

    lists: tuple[tuple[str, ...], ...]

    @property
    def name(self) -> str:
        """The same for the same people, in whatever order they were named."""
        lists = sorted({tuple(sorted(set(names))) for names in self.lists})
        return hashlib.sha256(json.dumps(lists).encode()).hexdigest()[:12]

    def within(self, names: Iterable[str]) -> "ReaderSet":
        """Those of these people whom another list names too."""
        return ReaderSet((*self.lists, tuple(names)))


@dataclass(frozen=True)
class Document:
    """A knowledge file or page. `document_id` is its path below `source`, the folder or site it was ingested from.

    `lang` and `translation_of` are what the page says itself: its language, and the page that it is a translation of.
    One with `readers` is internal, and theirs alone.
    """

    source: str
    document_id: str
    title: str
    text: str
    audience: Audience
    content_hash: str
    url: str | None = None
    owner: str | None = None
    updated_on: date | None = None
    review_by: date | None = None
    lang: str = ""
    translation_of: str = ""
    readers: ReaderSet | None = None

    def __post_init__(self) -> None:
        """Keep a page within bounds, whoever wrote it, and among its readers, whatever else says that it is public."""
        if self.readers:
            object.__setattr__(self, "audience", Audience.INTERNAL)
        object.__setattr__(self, "title", bound(self.title, NAME))
        object.__setattr__(self, "text", bound(self.text, DOCUMENT))
        object.__setattr__(self, "owner", None if self.owner is None else bound(self.owner, NAME))


@dataclass(frozen=True)
class Chunk:
    """A piece of a Document: `heading` is the path of headings above it, `position` its place, counted from 0.

    `last_read` is set where the source cannot be read any more, `lang` where the page names its language.
    """

    chunk_id: int
    source: str
    document_id: str
    title: str
    heading: str
    text: str
    position: int
    audience: Audience
    url: str | None = None
    owner: str | None = None
    updated_on: date | None = None
    review_by: date | None = None
    last_read: date | None = None
    lang: str = ""


@dataclass(frozen=True)
class SearchResult:
    """A Chunk and how well it fits: `score` orders results, `likeness` is the cosine to the question (-1 to 1)."""

    chunk: Chunk
    score: float
    likeness: float


class Support(StrEnum):
    """The evidence of a sentence, never by the word of the model that wrote it; a counted one has numbers from SQL.

    Of a doubtful one every fact stands in its evidence, and yet that may say something else.
    """

    QUOTED = "quoted"
    SUPPORTED = "supported"
    DOUBTFUL = "doubtful"
    COUNTED = "counted"
    COURTESY = "courtesy"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class Citation:
    """The Chunk a sentence rests on; `quote` stands in it word for word, the days are ISO dates."""

    number: int
    document_id: str
    title: str
    heading: str
    url: str | None
    quote: str
    review_by: str | None = None
    updated_on: str | None = None
    last_read: str | None = None


@dataclass(frozen=True)
class Sentence:
    """One sentence or block of an Answer or a Draft; `citations` are numbers of its Citations.

    Where an Answer shows a passage, `heading` is the place that its first part is shown below, `keys` the words of a
    part that fit the question best, and `language` the passage's, where that is another one than the Answer's.
    """

    text: str
    support: Support
    citations: tuple[int, ...] = ()
    heading: str = ""
    keys: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True)
class Turn:
    """One earlier message of the conversation; `role` is `user` or `assistant`."""

    role: str
    text: str


@dataclass(frozen=True)
class Question:
    """A question from staff, who may read the answer, and what was said before in the thread.

    `locale` is what the person reads programs in, such as `de-DE`, as far as that is known. `ways` are other ways to
    put it, in the words that the documents use.
    """

    text: str
    audience: Audience = Audience.INTERNAL
    history: tuple[Turn, ...] = ()
    locale: str = ""
    ways: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Keep what was asked within bounds."""
        object.__setattr__(self, "text", bound(self.text, QUESTION))


class Look(StrEnum):
    """The kind of an Answer, so that none is mistaken for another: all, a part, a question back, pages, small talk."""

    ANSWER = "answer"
    PARTIAL = "partial"
    CLARIFY = "clarify"
    FINDINGS = "findings"
    TALK = "talk"


@dataclass(frozen=True)
class Nearest:
    """A page near to a Question, and who may know more: its owner."""

    document_id: str
    title: str
    url: str | None
    owner: str | None


class Rule(StrEnum):
    """The rule by which a Question was answered."""

    EMPTY = "empty"
    THRESHOLD = "threshold"
    CLARIFY = "clarify"
    EVIDENCE = "evidence"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Found:
    """A Chunk that a search found, and whether the answer rests on it; `score` as in SearchResult."""

    chunk_id: int
    document_id: str
    title: str
    heading: str
    score: float
    is_cited: bool


@dataclass(frozen=True)
class Trace:
    """The making of an Answer: what was searched, found and dropped, and by which rule.

    `confidence` is how sure the search was, `least_confidence` how sure it must be; `dropped` are sentences of the
    writer without evidence.
    """

    audience: Audience
    chunks: int
    confidence: float
    least_confidence: float
    rule: Rule
    found: tuple[Found, ...] = ()
    dropped: tuple[str, ...] = ()


class StageKind(StrEnum):
    """What is done for an answer, in this order; `writing` takes a while, and may come more than once."""

    SEARCHED = "searched"
    FIT = "fit"
    WRITING = "writing"
    CHECKED = "checked"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Stage:
    """Something that was done, or has begun, for an answer, and with how many passages or sentences."""

    kind: StageKind
    count: int


@dataclass(frozen=True)
class Answer:
    """The answer to a Question. Without evidence `is_grounded` is false and `reason` says why.

    `trace` says how it came about; what is counted from posts has none. `language` is the one that Earshot's own words
    in it are in; those of a passage stay in the passage's.
    """

    answer: str
    is_grounded: bool
    reason: str
    look: Look = Look.ANSWER
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    writer: str = "quoting"
    prompt_version: str = ""
    trace: Trace | None = None
    language: str = "en"
