"""The calls as an OpenAPI description, and the page on which people read it: both made from the calls themselves."""

from collections.abc import Iterable
from html import escape
from typing import Any

from assistant.agents.calls import CALLS_A_MINUTE, AgentCall
from assistant.domain import Audience

PREFIX = "/api/v1/"
_REFUSALS = {
    "400": "The request cannot be read; `error` says what is wrong.",
    "401": "There is no token, or nobody made this one.",
    "403": "The token's audience is not enough.",
    "429": f"More than {CALLS_A_MINUTE} calls in a minute.",
    "503": "It failed for now; try again.",
}
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1d1c1d}"
    "code,pre{background:#f4f4f4;border-radius:4px;padding:.1em .3em}pre{padding:.8em;overflow-x:auto}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;border-bottom:1px solid #ddd;padding:.3em .6em}"
)


def build_openapi(calls: Iterable[AgentCall], version: str) -> dict[str, Any]:
    """The description of the HTTP calls, OpenAPI 3.1."""
    shapes: dict[str, Any] = {"Failure": _build_failure()}
    paths = {f"{PREFIX}{call.name}": {"post": _describe(call, shapes)} for call in calls}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Earshot",
            "version": version,
            "description": "Answers from the company's documents and its customers' posts. Nothing is ever sent.",
        },
        "paths": paths,
        "components": {
            "schemas": shapes,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def build_page(calls: Iterable[AgentCall]) -> str:
    """A page with each call, its fields and how to try it; it loads nothing from elsewhere."""
    parts = [_build_section(call) for call in calls]
    limits = f"At most {CALLS_A_MINUTE} calls a minute. Programs read <a href='/openapi.json'>openapi.json</a>."
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>Earshot for programs</title>"
        f"<style>{_STYLE}</style>"
        "<h1>Earshot for programs</h1><p>Five calls over HTTP. Each needs a token that an admin made: "
        f"<code>earshot tokens add NAME</code>. {limits} MCP clients find the same five at <code>/mcp</code>.</p>"
        f"{''.join(parts)}</html>"
    )


def _describe(call: AgentCall, shapes: dict[str, Any]) -> dict[str, Any]:
    refusals = {status: _build_response(text, "Failure") for status, text in _REFUSALS.items()}
    body = {"content": {"application/json": {"schema": _refer(call.request, shapes)}}, "required": True}
    result = {"description": "The result.", "content": {"application/json": {"schema": _refer(call.result, shapes)}}}
    return {
        "operationId": call.name,
        "summary": call.description,
        "description": _name_audience(call),
        "requestBody": body,
        "responses": {"200": result, **refusals},
    }


def _refer(model: Any, shapes: dict[str, Any]) -> dict[str, str]:
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    shapes.update(schema.pop("$defs", {}))
    shapes[model.__name__] = schema
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _build_response(description: str, shape: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{shape}"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _build_failure() -> dict[str, Any]:
    text = {"type": "string"}
    return {"type": "object", "properties": {"error": text, "hint": text}, "required": ["error", "hint"]}


def _name_audience(call: AgentCall) -> str:
    return "Any token." if call.audience is Audience.PUBLIC else "Needs a token for the audience internal."


def _build_section(call: AgentCall) -> str:
    fields = call.request.model_fields.items()
    rows = [
        f"<tr><td><code>{escape(name)}</code></td><td>{'required' if field.is_required() else 'optional'}</td>"
        f"<td>{escape(field.description or '')}</td></tr>"
        for name, field in fields
    ]
    name = next(name for name, _ in fields)
    tried = (
        f"curl -H 'Authorization: Bearer TOKEN' -H 'Content-Type: application/json' \\\n  -d '{{\"{name}\": \"…\"}}' "
    )
    return (
        f"<h2><code>POST {PREFIX}{call.name}</code></h2><p>{escape(call.description)} {_name_audience(call)}</p>"
        f"<table>{''.join(rows)}</table><pre>{escape(tried)}http://HOST{PREFIX}{call.name}</pre>"
    )
