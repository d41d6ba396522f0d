"""The flow of what one person asks of a digest: a private summary, the posts behind a number, and files."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from assistant.core.home import Home
from assistant.core.job import Asker, Job, JobHandlers
from assistant.core.roles import Action
from assistant.domain import Audience, Period, Scope
from assistant.errors import EarshotError, edge
from assistant.listening.build import Listening
from assistant.reports.build import Reports
from assistant.reports.digest import Digest, figures_to_csv, name_summary, posts_to_csv, quote_post
from assistant.reports.digest.plans import choose_period
from assistant.reports.figures import find_period, value
from assistant.slack.answers.delivery import AnswerMessage
from assistant.slack.answers.private import PrivateFlow
from assistant.slack.client.blocks import Block, build_context, escape, tell_failure
from assistant.slack.client.client import translated
from assistant.slack.client.membership import Membership
from assistant.slack.client.poster import Poster
from assistant.slack.client.uploads import Uploads
from assistant.slack.digests.blocks import REPORT, DigestRef, read_ref
from assistant.slack.digests.flow import DigestFlow, tell_in_line
from assistant.slack.digests.posts_behind import (
    NONE_THERE,
    PAGE_POSTS,
    POSTS_CSV,
    REFUSAL,
    ListPlace,
    Number,
    PostsPage,
    build_posts_modal,
    build_told_modal,
    list_numbers,
    read_place,
)

_PRIVATE = "Only you see this."
_SUMMING = "Summing up… Only you will see it."
_SENT = "I sent you {name} in a direct message."
_KEPT = timedelta(minutes=10)
_MOST_KEPT = 8
_MOST_POSTS = 100_000


@dataclass(frozen=True)
class SummaryAsk(Job):
    """`/earshot summary`: `text` names a period and perhaps a scope; `response_url` takes answers for half an hour."""

    kind: ClassVar = "summary"
    key: str
    channel: str
    user: str
    text: str
    response_url: str

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel)


@dataclass(frozen=True)
class FileAsk(Job):
    """A click on a button that gives a file: `place` is where in which digest it was, as text."""

    kind: ClassVar = "digest_file"
    key: str
    what: str
    place: str
    user: str
    channel: str = ""

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel)


@dataclass(frozen=True)
class PostsStep(Job):
    """Another number or page in the form with posts: `place` is which, as text."""

    kind: ClassVar = "digest_posts"
    view_id: str
    place: str
    user: str


class SummaryFlow:
    """Serves one person; each full member of the company may see all summaries, nobody else any."""

    def __init__(
        self,
        home: Home,
        listening: Listening,
        reports: Reports,
        client: WebClient,
        posting: Poster,
        uploads: Uploads,
        membership: Membership,
        digests: DigestFlow,
        private: PrivateFlow,
    ) -> None:
        self._home = home
        self._listening = listening
        self._reports = reports
        self._client = client
        self._posting = posting
        self._uploads = uploads
        self._membership = membership
        self._digests = digests
        self._private = private
        self._kept: OrderedDict[tuple[str, str], tuple[datetime, Digest]] = OrderedDict()
        self._lock = threading.Lock()

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle what one person asks."""
        jobs.add(SummaryAsk, self.answer)
        jobs.add(FileAsk, self.send_file)
        jobs.add(PostsStep, self.show_posts)

    def answer(self, asked: SummaryAsk) -> None:
        """Show a sign, then sum up a period for this person alone, or say why not."""
        self._private.say_once(asked.key, asked.response_url, asked.channel, asked.user, lambda: self._sum_up(asked))

    def read(self, text: str) -> tuple[Period, Scope]:
        """`2026-W46 topic=billing` as a period and a scope, each of which may be left out. Raises InputError."""
        words = text.split()
        place = next((number for number, word in enumerate(words) if "=" in word), len(words))
        period = choose_period(" ".join(words[:place]), self._home.clock(), self._home.settings.zone)
        return period, self._reports.read_scope(" ".join(words[place:]))

    def show_posts(self, step: PostsStep) -> None:
        """Fill the form with the posts behind a number; what cannot be shown is said in it."""
        try:
            with edge("showing the posts behind a number"):
                view = self._build_view(read_place(step.place), step.user)
        except EarshotError as error:
            if error.is_transient:
                raise
            view = build_told_modal(tell_failure(error))
        with translated():
            try:
                self._client.views_update(view_id=step.view_id, view=view)
            except SlackApiError as error:
                if error.response.get("error") != "not_found":  # the person has closed it
                    raise

    def send_file(self, asked: FileAsk) -> None:
        """Bring a file to the person's direct messages, once, and say so where they clicked."""
        try:
            with edge("sending a file of a summary"):
                told = self._send_file(asked)
        except EarshotError as error:
            if error.is_transient:
                raise
            told = escape(tell_failure(error))
        if asked.channel:
            self._posting.tell(asked.channel, asked.user, told)

    def _sum_up(self, asked: SummaryAsk) -> AnswerMessage:
        self._membership.check(asked.user, Action.READ_SUMMARY)
        period, scope = self.read(asked.text)
        self._private.show_sign(asked.key, asked.response_url, asked.channel, asked.user, _SUMMING)
        digest = self._reports.digest(period, scope)
        head, build_plain = self._digests.build_head(digest, Audience.INTERNAL, _PRIVATE)
        span = self._tell_span(digest)
        return AnswerMessage(tell_in_line(digest), [*head, *span], build_plain=lambda: [*build_plain(), *span])

    def _tell_span(self, digest: Digest) -> list[Block]:
        """Where an empty period was asked for: which ones are not."""
        span = self._listening.mentions.span()
        if value(digest.figures, "posts") or not span:
            return []
        first, last = (f"{moment.astimezone(self._home.settings.zone):%Y-%m-%d}" for moment in span)
        return [build_context(f"The posts that are kept are from {first} to {last}.")]

    def _build_view(self, place: ListPlace, user: str) -> Block:
        if not self._membership.may(user, Action.READ_SUMMARY):
            return build_told_modal(REFUSAL)
        digest = self._outline(place.ref)
        numbers = list_numbers(digest, place.ref.section) or list_numbers(digest, "")
        if not numbers:
            return build_told_modal(NONE_THERE)
        chosen = _choose(numbers, place.number)
        place = replace(place, number=chosen.key)
        return build_posts_modal(digest, place, numbers, self._read_page(chosen, place.page))

    def _read_page(self, number: Number, page: int) -> PostsPage:
        summing = self._reports.summing
        count, posts = summing.find_page(number.figure, page * PAGE_POSTS, PAGE_POSTS)
        is_hiding, names = self._home.settings.digest_hide_authors, self._listening.known_names
        return PostsPage(count, tuple(quote_post(post, is_hiding, names) for post in posts))

    def _outline(self, ref: DigestRef) -> Digest:
        """Counted again; for some minutes the same again, so that one can turn pages."""
        now, key = self._home.clock(), (ref.label, ref.scope)
        with self._lock:
            kept_at, kept = self._kept.get(key, (None, None))
        if kept and kept_at and now - kept_at < _KEPT:
            return kept
        digest = self._reports.outline(find_period(ref.label, self._home.settings.zone), ref.of)
        with self._lock:
            self._kept[key] = now, digest
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return digest

    def _send_file(self, asked: FileAsk) -> str:
        self._membership.check(asked.user, Action.READ_SUMMARY)
        name, content, comment = self._make_file(asked)
        direct = self._posting.open_direct(asked.user)
        self._uploads.share_once(asked.key, direct, name, content, escape(comment))
        return _SENT.format(name=escape(name))

    def _make_file(self, asked: FileAsk) -> tuple[str, bytes, str]:
        place = read_place(asked.place) if asked.what == POSTS_CSV else ListPlace(read_ref(asked.place))
        period = find_period(place.ref.label, self._home.settings.zone)
        title, stem = name_summary(period, place.ref.of), _name_file(period, place.ref.of)
        if asked.what == REPORT:
            page = self._reports.page(self._reports.digest(period, place.ref.of))
            return f"{stem}.html", page.encode(), f"{title}: save it, and open it in a browser."
        digest = self._outline(place.ref)
        if asked.what != POSTS_CSV:
            return f"{stem}.csv", figures_to_csv(digest.figures).encode("utf-8-sig"), f"{title}: all figures."
        number = _choose(list_numbers(digest, ""), place.number)
        posts = self._reports.summing.find_posts(number.figure, _MOST_POSTS)
        text = posts_to_csv(posts, self._home.settings.digest_hide_authors, self._listening.known_names)
        return f"{stem}-posts.csv", text.encode("utf-8-sig"), f"{title}, the posts behind “{number.label}”."


def _choose(numbers: list[Number], key: str) -> Number:
    """The number that was chosen; the first one where it is not there any more, or none was."""
    return next((number for number in numbers if number.key == key), numbers[0])


def _name_file(period: Period, scope: Scope) -> str:
    plain = "".join(sign if sign.isalnum() else "-" for sign in f"{period.label}-{scope}")
    return f"earshot-{plain.strip('-')}"
