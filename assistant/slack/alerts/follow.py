"""`/earshot follow`: what people say about something, each Monday or so; or whatever somebody posts, as it comes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from slack_bolt import Ack, App

from assistant.alerts.follows import DueNews, Follow, Follows, FollowTables, name_author
from assistant.core.home import Home
from assistant.core.job import Asker, Inbox, Job, JobHandlers
from assistant.core.roles import Action
from assistant.core.wording import Wording
from assistant.domain import Audience, Question
from assistant.errors import InputError
from assistant.listening.insights.answers import Opinions
from assistant.listening.insights.periods import AskedPeriod
from assistant.reports.digest import name_network
from assistant.slack.answers.blocks import build_answer_blocks
from assistant.slack.client.blocks import (
    SECTION_CHARACTERS,
    Block,
    build_button,
    build_context,
    build_link,
    build_section,
    escape_line,
    join_lines,
)
from assistant.slack.client.commands import COMMAND, Command, Commands, Issued
from assistant.slack.client.membership import Membership
from assistant.slack.client.poster import Poster
from assistant.slack.home.schedule_words import is_too_often, read_schedule, tell_schedule

UNFOLLOW = "unfollow"
_MONDAYS = "0 9 * * 1"
_MOST_ABOUT = 120
_USUAL_TIME = " at 09:00"
_NONE = "You don't follow anything yet."
_HOW = (
    f"For example: `{COMMAND} follow every Monday what people say about the app`, or "
    f"`{COMMAND} follow when @techradar posts about us`"
)
_ENDED = "Done, I won't tell you about {what} any more."
_NOT_THERE = f"You follow nothing with this number. `{COMMAND} follow` lists what you follow."
_TIMES = re.compile(
    r"\b(?P<when>(?:every|each|on) (?:day|weekday|week|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)|daily|weekly)"
    r"(?: at (?P<at>\d{1,2}(?:[:.]\d\d)?)(?: ?(?P<half>am|pm))?)?",
    re.IGNORECASE,
)
_AUTHOR = re.compile(
    r"(?:(?:please )?(?:tell|ping|notify) me |let me know )?(?:when(?:ever)?|if|as soon as|each time|every time) "
    r"(?P<who>\S.*?) (?:posts?|writes?|tweets?|says? (?:something|anything)|mentions?)"
    r"(?: (?:something|anything))?(?: (?:about )?us)?(?: again)?[.!]?",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:(?:please )?(?:tell|send|show|give) me )?"
    r"(?:(?:what )?(?:do |are )?(?:people|customers|users|they|everybody) (?:are )?"
    r"(?:say|think|write|post|saying|thinking|writing|posting) (?:about|of) "
    r"|(?:posts|news|feedback|everything) (?:about|on) |about )?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class FollowsDue(Job):
    """Tell everybody what is due by now."""

    kind: ClassVar = "follows"


@dataclass(frozen=True)
class FollowEnded(Job):
    """Somebody pressed the button that ends what they follow."""

    kind: ClassVar = "unfollow"
    follow_id: int
    user: str
    channel: str

    @property
    def asker(self) -> Asker:
        return Asker(self.user, self.channel)


@dataclass(frozen=True)
class FollowAsk:
    """What somebody asked to follow: `about` at the times of `cron`, or an `author`."""

    about: str = ""
    author: str = ""
    cron: str = ""


def read_follow(text: str) -> FollowAsk:
    """`every Monday what people say about the app`, `when @anna posts about us`. Raises InputError."""
    flat = " ".join(text.split())
    if found := _AUTHOR.fullmatch(flat):
        return FollowAsk(author=name_author(found["who"])[:_MOST_ABOUT])
    times = _TIMES.search(flat)
    cron = _read_times(times) if times else _MONDAYS
    rest = f"{flat[: times.start()]} {flat[times.end() :]}".strip(" ,.:!?") if times else flat.strip(" ,.:!?")
    about = _LEAD.sub("", f"{' '.join(rest.split())} ", count=1).strip()
    if not about or not cron or is_too_often(cron):
        raise InputError("I don't know what to follow, or when.", _HOW)
    return FollowAsk(about=about[:_MOST_ABOUT], cron=cron)


def _read_times(found: re.Match[str]) -> str:
    when = found["when"].lower().replace("daily", "every day").replace("weekly", "every monday")
    when = re.sub(r"^(?:every|each|on) week$", "every monday", when)
    hour, _, minute = (found["at"] or "9:00").replace(".", ":").partition(":")
    if found["half"]:
        hour = str(int(hour) % 12 + (12 if found["half"].lower() == "pm" else 0))
    cron = read_schedule(f"{when} at {hour}:{minute or '00'}")
    return cron if cron[0].isdigit() else ""


def tell_follow(follow: Follow | FollowAsk) -> str:
    """What somebody follows, in words; escaped."""
    if follow.author:
        return f"what {escape_line(follow.author, _MOST_ABOUT)} posts, as it comes"
    return f"what people say about {escape_line(follow.about, _MOST_ABOUT)}, {tell_schedule(follow.cron)}"


class FollowCommands:
    """The subcommands, and the button that ends one."""

    def __init__(self, home: Home, tables: FollowTables, inbox: Inbox) -> None:
        self._home = home
        self._tables = tables
        self._inbox = inbox

    def add_to(self, app: App) -> None:
        """Register the button."""
        app.action(UNFOLLOW)(self.handle_unfollow)

    def build_commands(self) -> Commands:
        """The subcommands."""
        told, needs = f"tells you of what you choose; {_HOW[0].lower()}{_HOW[1:]}", Action.READ_SUMMARY
        return {
            "follow": Command(self.follow, "[WHAT]", told, needs=needs),
            "unfollow": Command(self.unfollow, "NUMBER", "ends that", needs=needs),
        }

    def follow(self, issued: Issued) -> str:
        """Follow something, or list what one follows. Raises InputError."""
        if not issued.text:
            return self._list(issued.user)
        asked = read_follow(issued.text)
        self._tables.add(issued.user, asked.about, asked.author, asked.cron, self._home.clock())
        quiet = self._home.settings.quiet_hours
        spared = f" Between {quiet.replace('-', ' and ')} I stay quiet." if quiet else ""
        return f"Done: I'll send you {tell_follow(asked)}.{spared} `{COMMAND} follow` lists what you follow."

    def _list(self, user: str) -> str:
        lines = [f"{one.follow_id}. {tell_follow(one)}" for one in self._tables.list_of(user)]
        told = ["*You follow*", *lines, f"`{COMMAND} unfollow NUMBER` ends one."] if lines else [_NONE, _HOW]
        return "\n".join(told)

    def unfollow(self, issued: Issued) -> str:
        """End one by its number."""
        number = issued.text.strip().rstrip(".")
        follow = self._tables.find(int(number)) if number.isdecimal() and len(number) < 10 else None
        if follow is None or not self._tables.remove(follow.follow_id, issued.user):
            return _NOT_THERE
        return _ENDED.format(what=tell_follow(follow))

    def handle_unfollow(self, body: dict[str, Any], ack: Ack) -> None:
        """The button under what was told."""
        action, user = body["actions"][0], body["user"]["id"]
        ended = FollowEnded(int(action["value"]), user, body["channel"]["id"])
        self._inbox(ended, f"unfollow:{action['action_ts']}:{user}")
        ack()


class FollowFlow:
    """Tells people what they follow, in a direct message, each piece once."""

    def __init__(
        self,
        home: Home,
        follows: Follows,
        posting: Poster,
        membership: Membership,
        opinions: Opinions,
        wording: Callable[[], Wording],
    ) -> None:
        self._home = home
        self._follows = follows
        self._posting = posting
        self._membership = membership
        self._opinions = opinions
        self._wording = wording

    def add_to(self, jobs: JobHandlers) -> None:
        """Handle what is due, and what is ended."""
        jobs.add(FollowsDue, lambda job: self.tell_due())
        jobs.add(FollowEnded, self.end)

    def tell_due(self) -> None:
        """Tell everybody what is due."""
        for news in list(self._follows.list_due(self._home.clock())):
            self._tell(news)

    def end(self, ended: FollowEnded) -> None:
        """End one at the click of a button."""
        follow = self._follows.tables.find(ended.follow_id)
        is_ended = follow is not None and self._follows.tables.remove(ended.follow_id, ended.user)
        told = _ENDED.format(what=tell_follow(follow)) if follow and is_ended else _NOT_THERE
        self._posting.tell(ended.channel, ended.user, told)

    def _tell(self, news: DueNews) -> None:
        """Whoever is no full member any more is told nothing, and follows nothing."""
        follow = news.follow
        if not self._membership.is_full_member(follow.user):
            self._follows.tables.remove(follow.follow_id, follow.user)
            return
        blocks = self._build_posts(news) if follow.author else self._build_said(news)
        button = build_button("Stop following", UNFOLLOW, str(follow.follow_id))
        key = f"follow:{follow.follow_id}:{news.until.isoformat()}"
        direct = self._posting.open_direct(follow.user)
        text = f"You follow {tell_follow(follow)}"
        self._posting.post_once(key, direct, text, [*blocks, {"type": "actions", "elements": [button]}])
        self._follows.tables.note_told(follow.follow_id, news.until)

    def _build_posts(self, news: DueNews) -> list[Block]:
        rows = self._follows.tables.list_posts(news)
        author = escape_line(str(rows[-1]["author"]), 60) if rows else escape_line(news.follow.author, 60)
        lines = [
            f"> {escape_line(row['text'], 400)}\n{escape_line(name_network(row['network']), 60)}"
            + (f" · {build_link('open the post', row['url'])}" if row["url"] else "")
            for row in rows
        ]
        count = "1 new post" if len(rows) == 1 else f"{len(rows)} new posts"
        return [build_section(join_lines([f"*{count} by {author}*", *lines], SECTION_CHARACTERS))]

    def _build_said(self, news: DueNews) -> list[Block]:
        since = news.since.astimezone(self._home.settings.zone)
        period = AskedPeriod(news.since, news.until, f"since {since.day} {since:%B, %H:%M}")
        about = news.follow.about
        title = f"*What people said about {escape_line(about, _MOST_ABOUT)}*"
        for text in (f"{about}?", f"What do people say about {about}?"):
            answer = self._opinions.answer(Question(text, Audience.INTERNAL), news.until, period)
            if answer and answer.is_grounded:
                said = build_answer_blocks(answer, Audience.INTERNAL, self._home.today(), self._wording())
                return [build_section(title), *said]
        return [build_section(f"{title} {period.label}"), build_context("Nothing new.")]
