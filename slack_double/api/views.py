"""views.open, push, update and publish; and blocks.validate, which looks at views and blocks alike."""

import copy
import json

from ..aliases import Json
from ..blocks import check_blocks, check_view
from ..errors import SlackError, invalid_arguments
from ..world import World
from .content import refuse_unknown_files, refuse_unknown_parts
from .registry import Call, method

MOST_VIEW_BYTES = 250_000


@method("views.open", required=("trigger_id", "view"))
def open_view(call: Call) -> Json:
    view = _read_view(call, "modal")
    user_id = call.world.triggers.exchange(call.need_text("trigger_id"))
    return {"view": copy.deepcopy(call.world.views.open(user_id, view))}


@method("views.push", required=("trigger_id", "view"))
def push_view(call: Call) -> Json:
    view = _read_view(call, "modal")
    user_id = call.world.triggers.exchange(call.need_text("trigger_id"))
    return {"view": copy.deepcopy(call.world.views.push(user_id, view))}


@method("views.update", required=("view",))
def update_view(call: Call) -> Json:
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if view_id and external_id:
        raise invalid_arguments("Cannot provide both `view_id` and `external_id`")
    if not view_id and not external_id:
        raise invalid_arguments("Either `view_id` or `external_id` is required")
    view = _read_view(call, None)
    return {"view": copy.deepcopy(call.world.views.update(view, view_id, external_id, call.text("hash")))}


@method("views.publish", required=("user_id", "view"))
def publish_view(call: Call) -> Json:
    user_id = call.need_text("user_id")
    if user_id not in call.world.workspace.people:
        raise invalid_arguments("invalid `user_id`")
    if not call.world.settings.has_home:
        raise SlackError("not_enabled")
    view = _read_view(call, "home")
    return {"view": copy.deepcopy(call.world.views.publish(user_id, view, call.text("hash")))}


def check_view_or_refuse(world: World, view: object, kind: str | None = None) -> Json:
    """Raises what Slack answers for a view that breaks the rules; a view's block errors are invalid_arguments."""
    report = check_view(view)
    refuse_unknown_parts(world, view, "/view", report)
    if report.errors or not isinstance(view, dict):
        raise invalid_arguments(*report.errors)
    if kind is not None and view["type"] != kind:
        raise invalid_arguments(f"must be a valid enum value: {kind} [json-pointer:/view/type]")
    refuse_unknown_files(world, view["blocks"])
    if len(json.dumps(view)) > MOST_VIEW_BYTES:
        raise SlackError("view_too_large")
    world.warn(report.warnings)
    return view


@method("blocks.validate")
def validate_blocks(call: Call) -> Json:
    """Look at exactly one of `blocks`, `message` and `view`, and post or open nothing."""
    given = [name for name in ("blocks", "message", "view") if call.args.get(name)]
    if len(given) != 1:
        raise invalid_arguments("Provide exactly one of `blocks`, `view`, or `message`")
    part = call.structure(given[0])
    if given[0] == "message":
        part = part.get("blocks") if isinstance(part, dict) else None
    is_view = given[0] == "view"
    report = check_view(part) if is_view else check_blocks(part)
    refuse_unknown_parts(call.world, part, "/view" if is_view else "/blocks", report)
    if report.errors:
        errors = [{"pointer": _point(one), "code": "failed_constraint", "message": one} for one in report.errors]
        raise SlackError(f"invalid_{given[0]}", errors=errors)
    return {}


def _point(error: str) -> str:
    return error.rpartition("[json-pointer:")[2].removesuffix("]")


def _read_view(call: Call, kind: str | None) -> Json:
    return check_view_or_refuse(call.world, call.structure("view"), kind)
