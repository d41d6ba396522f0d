"""`/earshot follow`: what people say about something, each Monday or so; or whatever somebody posts, as it comes."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, ClassVar

from slack_bolt import Ack, App

from assistant.alerts.follows import DueNews, Follow, Follows, FollowTables, name_author
from assistant.core.home import Home
from assistant.core.job import Asker, Inbox, Job, JobHandlers
from assistant.core.roles import Action
from assistant.core.say import Say
from assistant.core.wording import Wording
from assistant.domain import Audience, Question
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
from assistant.slack.client.readers import Readers
from assistant.slack.home.schedule_words import find_schedule, is_too_often, tell_schedule
from assistant.text.tokens import find_terms

UNFOLLOW = "unfollow"
_MONDAYS = "0 9 * * 1"
_MOST_ABOUT = 120
_ALIKE = 3
_ASK = (
    r"(?:please |bitte )?(?:tell|ping|notify|let|send|show|give|sag|schick|zeig|gib|dis|préve\w+|prévi\w+|envo\w+"
    r"|montre\w*|avís\w+|avis\w+|dime|mándame|envíame|dimmi|mandami|avvis\w+|diz|diga|envie|laat|stuur|vertel|wyślij|powiedz|daj)"
)
_WHEN = (
    r"(?:when(?:ever)?|if|as soon as|(?:each|every) time|wenn|sobald|immer wenn|quand|lorsque|d[eè]s que|si|cuando"
    r"|quando|se|appena|assim que|als|zodra|wanneer|gdy|kiedy|jak|jeśli)"
)
_WRITES = (
    r"(?:posts?|writes?|tweets?|says?|mentions?|talks?|schreibt|postet|erwähnt|sagt|publie|écrit|poste|parle|mentionne"
    r"|publi[cq]\w+|escrib[ae]|escreve\w*|mencion[ae]|habl[ae]|fal[ae]\w*|scriv[ea]|pubblic\w+|parl[ai]|schrijft|plaatst"
    r"|noemt|pisze|napisze|opublikuje|wspomni)"
)
_AUTHOR = re.compile(
    rf"(?:[^@]*[ ,])?{_WHEN} (?P<handle>@\S+)\b.*|(?:{_ASK}\S*(?: \S+){{0,4}},? )?{_WHEN} "
    rf"(?:(?P<name>\S+(?: \S+)?) {_WRITES}\b.*|(?P<first>\S+) .{{1,40}}? {_WRITES}\b.*)",
    re.IGNORECASE,
)
_SAYING = (  # `what people say about the app` says the same as `the app`
    r"(?:what |how )?(?:do |are )?(?:our )?(?:people|customers|users|they|everybody|everyone) (?:are )?"
    r"(?:say|think|write|post|feel|saying|thinking|writing|posting) (?:about|of) ",
    r"(?:posts|news|feedback|everything) (?:about|on) |about ",
    r"was (?:die |unsere )?(?:leute|kunden|kundinnen|nutzer|menschen|man) (?:über|von|zu) (?P<de>.+?) "
    r"(?:sagen|schreiben|denken|meinen|sagt|schreibt|denkt|halten)|(?:beiträge|feedback|alles) (?:über|zu) ",
    r"ce que (?:les gens|les clients|nos clients|on) (?:disent|pensent|écrivent|dit|pense) "
    r"(?:de l'|de la |des? |du |sur )",
    r"(?:lo )?que (?:la gente|los clientes|nuestros clientes|se) "
    r"(?:dicen?|opinan?|piensan?|escriben?) (?:sobre|del?|acerca de) ",
    r"(?:che )?cosa (?:dice|dicono|pensa|pensano|scrivono) (?:la gente|i clienti|i nostri clienti) "
    r"(?:sull?[ao']?|dell?[ao']?|di) ?",
    r"(?:o )?que (?:as pessoas|os clientes|se) (?:dizem|diz|acham|pensam|escrevem) (?:sobre|d[aeo]|acerca d[aeo]) ",
    r"wat (?:de )?(?:mensen|klanten|gebruikers) (?:over|van) (?P<nl>.+?) (?:zeggen|schrijven|vinden|denken)",
    r"co (?:ludzie|klienci|użytkownicy) (?:mówią|piszą|myślą|sądzą) (?:o|na temat) ",
)
_LEAD = re.compile(rf"(?:{_ASK}(?: (?:me|mir|mi,?)|-moi)? )?(?:{'|'.join(_SAYING)})?", re.IGNORECASE)


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


def read_follow(text: str) -> FollowAsk | Say:
    """`every Monday what people say about the app`, `when @anna posts about us`; or what to say of what is unclear."""
    flat = " ".join(text.split())
    if found := _AUTHOR.fullmatch(flat):
        return FollowAsk(
            author=name_author((found["handle"] or found["name"] or found["first"]).rstrip(".,:;!?"))[:_MOST_ABOUT]
        )
    times = find_schedule(flat)
    if times and not times.cron:
        return Say.FOLLOW_WHEN
    if times and is_too_often(times.cron):
        return Say.FOLLOW_TOO_OFTEN
    about = _read_about(times.rest if times else flat)
    return FollowAsk(about=about[:_MOST_ABOUT], cron=times.cron if times else _MONDAYS) if about else Say.FOLLOW_WHAT


def _read_about(text: str) -> str:
    found = _LEAD.match(f"{text.strip(' ,.:!?')} ")
    named = found and (found["de"] or found["nl"])
    about = named or (found.string[found.end() :] if found else "")
    return about.strip(" ,.:!?") if find_terms(about) else ""


def tell_follow(follow: Follow | FollowAsk, wording: Wording) -> str:
    """What somebody follows, in words; escaped."""
    if follow.author:
        return wording.say(Say.FOLLOW_AUTHOR, author=escape_line(follow.author, _MOST_ABOUT))
    when = tell_schedule(follow.cron, wording)
    return wording.say(Say.FOLLOW_ABOUT, about=escape_line(follow.about, _MOST_ABOUT), when=when)


def list_ways(about: str) -> tuple[Question, ...]:
    """What to ask for posts about something: as it was written, or as a question."""
    texts = (f"{about}?", f"What do people say about {about}?")
    return tuple(Question(text, Audience.INTERNAL) for text in texts)


class FollowCommands:
    """The subcommands, and the button that ends one."""

    def __init__(
        self,
        home: Home,
        tables: FollowTables,
        opinions: Opinions,
        readers: Readers,
        inbox: Inbox,
    ) -> None:
        self._home = home
        self._tables = tables
        self._opinions = opinions
        self._readers = readers
        self._inbox = inbox

    def add_to(self, app: App) -> None:
        """Register the button."""
        app.action(UNFOLLOW)(self.handle_unfollow)

    def build_commands(self) -> Commands:
        """The subcommands."""
        told, needs = "sends you what people say about something, or what somebody posts", Action.READ_SUMMARY
        return {
            "follow": Command(self.follow, "[WHAT]", told, needs=needs),
            "unfollow": Command(self.unfollow, "NUMBER", "ends that", needs=needs),
        }

    def follow(self, issued: Issued) -> str:
        """Follow something, or list what one follows. Raises InputError for too much."""
        wording = self._readers.wording_for(issued.user)
        if not issued.text:
            return self._list(issued.user, wording)
        asked = read_follow(issued.text)
        if isinstance(asked, Say):
            return f"{wording.say(asked)}\n{wording.say(Say.FOLLOW_HOW, command=COMMAND)}"
        self._tables.add(issued.user, asked.about, asked.author, asked.cron, self._home.clock())
        told = [wording.say(Say.FOLLOW_DONE, what=tell_follow(asked, wording))]
        if quiet := self._home.settings.quiet_hours:
            start, _, end = quiet.partition("-")
            told.append(wording.say(Say.FOLLOW_QUIET, start=start, end=end))
        told += self._doubt(asked, wording)
        return " ".join([*told, wording.say(Say.FOLLOW_LISTS, command=COMMAND)])

    def _list(self, user: str, wording: Wording) -> str:
        lines = [f"{one.follow_id}. {tell_follow(one, wording)}" for one in self._tables.list_of(user)]
        if not lines:
            return f"{wording.say(Say.FOLLOW_NONE)}\n{wording.say(Say.FOLLOW_HOW, command=COMMAND)}"
        return "\n".join([wording.say(Say.FOLLOW_HEAD), *lines, wording.say(Say.FOLLOW_END, command=COMMAND)])

    def _doubt(self, asked: FollowAsk, wording: Wording) -> list[str]:
        """Nothing came yet of what was asked for: it may be new, or mistyped."""
        if asked.author:
            authors = self._tables.list_authors()
            if asked.author in authors:
                return []
            alike = [] if self._home.settings.digest_hide_authors else get_close_matches(asked.author, authors, _ALIKE)
            told = wording.say(Say.FOLLOW_NO_AUTHOR, author=escape_line(asked.author, _MOST_ABOUT))
            names = wording.join([f"“{escape_line(name, 60)}”" for name in alike])
            return [told, *([wording.say(Say.FOLLOW_MEANT, names=names)] if alike else [])]
        answers = (self._opinions.answer(question, self._home.clock()) for question in list_ways(asked.about))
        if any(answer and answer.is_grounded for answer in answers):
            return []
        return [wording.say(Say.FOLLOW_NO_POSTS, about=escape_line(asked.about, _MOST_ABOUT))]

    def unfollow(self, issued: Issued) -> str:
        """End one by its number."""
        wording, number = self._readers.wording_for(issued.user), issued.text.strip().rstrip(".")
        follow = self._tables.find(int(number)) if number.isdecimal() and len(number) < 10 else None
        if follow is None or not self._tables.remove(follow.follow_id, issued.user):
            return wording.say(Say.FOLLOW_NOT_THERE, command=COMMAND)
        return wording.say(Say.FOLLOW_ENDED, what=tell_follow(follow, wording))

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
        readers: Readers,
    ) -> None:
        self._home = home
        self._follows = follows
        self._posting = posting
        self._membership = membership
        self._opinions = opinions
        self._readers = readers

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
        wording, follow = self._readers.wording_for(ended.user), self._follows.tables.find(ended.follow_id)
        told = wording.say(Say.FOLLOW_NOT_THERE, command=COMMAND)
        if follow and self._follows.tables.remove(ended.follow_id, ended.user):
            told = wording.say(Say.FOLLOW_ENDED, what=tell_follow(follow, wording))
        self._posting.tell(ended.channel, ended.user, told)

    def _tell(self, news: DueNews) -> None:
        """Whoever is no full member any more is told nothing, and follows nothing."""
        follow = news.follow
        if not self._membership.is_full_member(follow.user):
            self._follows.tables.remove(follow.follow_id, follow.user)
            return
        wording = self._readers.wording_for(follow.user)
        blocks = self._build_posts(news, wording) if follow.author else self._build_said(news, wording)
        button = build_button(wording.say(Say.FOLLOW_BUTTON), UNFOLLOW, str(follow.follow_id))
        key = f"follow:{follow.follow_id}:{news.until.isoformat()}"
        direct = self._posting.open_direct(follow.user)
        text = wording.say(Say.FOLLOW_YOU, what=tell_follow(follow, wording))
        self._posting.post_once(key, direct, text, [*blocks, {"type": "actions", "elements": [button]}])
        self._follows.tables.note_told(follow.follow_id, news.until)

    def _build_posts(self, news: DueNews, wording: Wording) -> list[Block]:
        rows = self._follows.tables.list_posts(news)
        author = escape_line(str(rows[-1]["author"]) if rows else news.follow.author, 60)
        lines = [
            f"> {escape_line(row['text'], 400)}\n{escape_line(name_network(row['network']), 60)}"
            + (f" · {build_link(wording.say(Say.FOLLOW_OPEN_POST), row['url'])}" if row["url"] else "")
            for row in rows
        ]
        head = wording.say(Say.FOLLOW_NEW_POSTS, count=len(rows), author=author)
        return [build_section(join_lines([f"*{head}*", *lines], SECTION_CHARACTERS))]

    def _build_said(self, news: DueNews, wording: Wording) -> list[Block]:
        since = news.since.astimezone(self._home.settings.zone)
        period = AskedPeriod(news.since, news.until, f"since {since.day} {since:%B, %H:%M}")
        title = f"*{wording.say(Say.FOLLOW_SAID, about=escape_line(news.follow.about, _MOST_ABOUT))}*"
        for question in list_ways(news.follow.about):
            answer = self._opinions.answer(question, news.until, period)
            if answer and answer.is_grounded:
                said = build_answer_blocks(answer, Audience.INTERNAL, self._home.today(), wording)
                return [build_section(title), *said]
        moment = wording.name_moment(since)
        return [build_section(title), build_context(wording.say(Say.FOLLOW_NOTHING_NEW, moment=moment))]
