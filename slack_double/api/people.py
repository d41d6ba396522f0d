"""users.info, list and lookupByEmail, bots.info, usergroups.list and users.list, team.info."""

from ..aliases import Json
from ..errors import SlackError
from ..settings import Settings
from ..workspace import Person
from .registry import Call, method, paginate


@method("users.info", scopes=("users:read",), required=("user",), tier=4)
def users_info(call: Call) -> Json:
    person = call.world.workspace.people.get(call.need_text("user"))
    if person is None:
        raise SlackError("user_not_found")
    described = describe_person(call.world.settings, person)
    return {"user": {**described, "locale": person.locale} if call.flag("include_locale") else described}


@method("users.list", scopes=("users:read",), tier=2)
def users_list(call: Call) -> Json:
    people = [describe_person(call.world.settings, person) for person in call.world.workspace.people.values()]
    page, rest = paginate(call, people)
    return {"members": page, **rest}


@method("users.lookupByEmail", scopes=("users:read.email",), required=("email",), tier=3)
def users_lookup_by_email(call: Call) -> Json:
    for person in call.world.workspace.people.values():
        described = describe_person(call.world.settings, person)
        if described["profile"].get("email") == call.need_text("email").lower() and not person.deleted:
            return {"user": described}
    raise SlackError("users_not_found")


@method("bots.info", scopes=("users:read",), required=("bot",), tier=3)
def bots_info(call: Call) -> Json:
    settings, wanted = call.world.settings, call.need_text("bot")
    ids = {settings.bot_id: settings.bot_user_id}
    ids |= {f"B{one.id[1:]}": one.id for one in call.world.workspace.people.values() if one.id not in ids.values()}
    person = call.world.workspace.people.get(ids.get(wanted, ""))
    if person is None or not person.is_bot:
        raise SlackError("bot_not_found")
    return {"bot": {"id": wanted, "name": person.name, "user_id": person.id, "deleted": person.deleted}}


@method("usergroups.list", scopes=("usergroups:read",), tier=2)
def usergroups_list(call: Call) -> Json:
    groups = call.world.workspace.usergroups.items()
    return {"usergroups": [{"id": name, "handle": name.lower(), "user_count": len(users)} for name, users in groups]}


@method("usergroups.users.list", scopes=("usergroups:read",), required=("usergroup",), tier=2)
def usergroups_users_list(call: Call) -> Json:
    users = call.world.workspace.usergroups.get(call.need_text("usergroup"))
    if users is None:
        raise SlackError("no_such_subteam")
    return {"users": list(users)}


@method("team.info", scopes=("team:read",), tier=3)
def team_info(call: Call) -> Json:
    settings = call.world.settings
    if call.text("team") not in (None, settings.team_id):
        raise SlackError("team_not_found")
    team = {"id": settings.team_id, "name": settings.team_name, "domain": settings.team_domain}
    return {"team": {**team, "url": f"https://{settings.team_domain}.slack.com/"}}


def describe_person(settings: Settings, person: Person) -> Json:
    """`is_stranger` marks someone from another company, seen through Slack Connect; the e-mail needs its own scope."""
    profile: Json = {"real_name": person.name, "display_name": person.name, "team": person.team_id}
    if "users:read.email" in settings.scopes and not person.is_bot:
        profile["email"] = f"{person.name}@example.com"
    described: Json = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "real_name": person.name,
        "deleted": person.deleted,
        "tz": person.tz,
        "profile": profile,
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_restricted": person.is_restricted or person.is_ultra_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        "is_bot": person.is_bot,
        "is_app_user": False,
    }
    return described if person.team_id == settings.team_id else {**described, "is_stranger": True}
