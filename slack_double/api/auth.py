"""auth.test and apps.connections.open."""

from ..aliases import Json
from .registry import Call, method


@method("auth.test")
def auth_test(call: Call) -> Json:
    settings = call.world.settings
    return {
        "url": f"https://{settings.team_domain}.slack.com/",
        "team": settings.team_name,
        "user": settings.bot_name,
        "team_id": settings.team_id,
        "user_id": settings.bot_user_id,
        "bot_id": settings.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", app_token=True)
def apps_connections_open(call: Call) -> Json:
    """The URL is good for one connection."""
    world = call.world
    address = world.base_url.replace("http://", "ws://")
    return {"url": f"{address}/link/?ticket={world.hub.new_ticket()}&app_id={world.settings.app_id}"}
