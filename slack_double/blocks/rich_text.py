"""Rich text: what Slack's own composer produces."""

from .checks import Check, any_of, array, boolean, by_type, choice, later, number, shape, string

_NAMES = ["bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"]
_STYLE = shape({}, dict.fromkeys(_NAMES, boolean))
_ID = string(255, 1)


def _inline(type_name: str, required: dict[str, Check], optional: dict[str, Check] | None = None) -> tuple[str, Check]:
    return type_name, shape(required, {"style": _STYLE, **(optional or {})}, type_name=type_name)


INLINE = by_type(
    dict(
        [
            _inline("text", {"text": string(40_000, 1)}),
            _inline("link", {"url": string(3000, 1)}, {"text": string(40_000), "unsafe": boolean}),
            _inline(
                "emoji",
                {"name": string(255, 1)},
                {"unicode": string(255), "url": string(3000), "skin_tone": number(1, 6)},
            ),
            _inline("user", {"user_id": _ID}),
            _inline("channel", {"channel_id": _ID}),
            _inline("usergroup", {"usergroup_id": _ID}),
            _inline("team", {"team_id": _ID}),
            _inline("broadcast", {"range": choice("here", "channel", "everyone")}),
            _inline("color", {"value": string(20, 1)}),
            _inline(
                "date",
                {"timestamp": number(0, 9_999_999_999), "format": string(255, 1)},
                {"url": string(3000), "fallback": string(255)},
            ),
        ]
    )
)
_INLINES = array(INLINE, 5000)
_BORDER: dict[str, Check] = {"border": choice(0, 1)}
_SECTION = shape({"elements": _INLINES}, type_name="rich_text_section")
_PARTS: dict[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": shape({"elements": _INLINES}, _BORDER, type_name="rich_text_quote"),
    "rich_text_preformatted": shape(
        {"elements": _INLINES}, {**_BORDER, "language": string(50)}, type_name="rich_text_preformatted"
    ),
    "rich_text_list": shape(
        {"elements": array(later(lambda: _SECTION), 5000), "style": choice("bullet", "ordered")},
        {**_BORDER, "indent": number(0, 8), "offset": number(0, 10_000)},
        type_name="rich_text_list",
    ),
}
RICH_TEXT = shape(
    {"elements": array(any_of(by_type(_PARTS)), 5000, 1)}, {"block_id": string(255, 1)}, type_name="rich_text"
)
