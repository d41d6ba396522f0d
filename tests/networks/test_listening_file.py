"""networks.yaml: what is wrong is told with its line and how to mend it, and no key is ever repeated."""

from pathlib import Path

import pytest
from networks.payloads import clock

from assistant.domain import Attempt
from assistant.errors import ConfigError, NetworkError
from assistant.listening.networks.base.protocol import Recheck
from assistant.listening.networks.registry import build_networks, build_posts, build_senders, find_standing
from assistant.listening.networks.settings import NetworkSettings, load_listening, parse_listening

_ROOT = Path(__file__).parent.parent.parent
_EXAMPLE = (_ROOT / "networks.example.yaml").read_text(encoding="utf-8")


def _fail(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        parse_listening(text, "networks.yaml")
    assert caught.value.hint
    assert caught.value.__cause__ is None, "a cause would show the line, and what stands in it"
    return caught.value


def test_the_example_is_a_whole_file() -> None:
    found = parse_listening(_EXAMPLE, "networks.example.yaml")
    assert found.terms == ("Larkspur Bikes", "#larkspurbikes", "@larkspurbikes")
    names = [network.name for network in build_networks(found, ["https://a.example/feed"], lambda name: "", clock)]
    assert names == [
        "rss:https://a.example/feed",
        "rss:https://forum.example/latest.rss",
        "reddit",
        "mastodon",
        "bluesky",
        "x",
        "youtube",
        "facebook",
        "instagram",
        "hackernews",
        "discourse:community.example",
        "discourse:bikes.example",
        "app_store",
    ]


def test_every_section_of_the_example_is_known_and_every_known_one_is_in_it() -> None:
    assert parse_listening(_EXAMPLE, "x").model_fields_set == set(NetworkSettings.model_fields)


WRONG = [
    ("brands:\n  - A\nbrand: [B]\n", 3, "there is no field brand, perhaps brands is meant"),
    ("x:\n  bearer_token: X_TOKEN\n  user: 5\n", 3, "there is no field x.user"),
    ("x:\n  user_id: 5\n", 1, "x.bearer_token is missing"),
    ("brands: Larkspur\n", 1, "brands must be a list"),
    ("brands:\n  - A\n  - b: c\n", 3, "brands.2 must be a single text"),
    ("brands:\n  - Larkspur\n  - LARKSPUR\n", 3, "is in the list twice"),
    ("brands: [A]\nhandles: [b]\nbrands: [C]\n", 3, "brands is here twice"),
    ("feeds:\n  - forum.example/latest.rss\n", 2, "must be an address that starts with https://"),
    ("feeds:\n  - https://ann:pass@forum.example\n", 2, "must not hold a password"),
    ("reddit: yes\n", 1, "reddit must hold fields of its own"),
    ("mastodon:\n  server: m.example\n  access_token: M_TOKEN\n", 2, "must be an address"),
    ("discourse:\n  - url: https://f.example\n    everything: perhaps\n", 3, "must be true or false"),
    ("app_store:\n  - app: 1\n    countries: []\n", 3, "must not be empty"),
    ("app_store:\n  - app: 1\n    countries: [gbr]\n", 3, "is not written as it should be"),
    ("brands: ['']\n", 1, "brands.1 must not be empty"),
    ("app_store:\n  - app: my-app\n    countries: [gb]\n", 2, "is not written as it should be"),
    ("brands:\n  - [\n", 3, "this is no YAML"),
    ("brands: [A\nhandles: [b]\n", 2, "this is no YAML"),
    ("- brands\n", 1, "it must hold fields"),
    ("just words\n", 1, "it must hold fields"),
    ("a: &a [*a]\n", 1, "aliases (*) are not read here"),
    (f"a: {'[' * 20}{']' * 20}\n", 1, "nested too deep"),
    ("brands:\n  - A\n  - B\x00\n", 3, "holds a sign that YAML does not allow"),
    ("x:\n  bearer_token: X_TOKEN\n  replies: [yes]\n", 3, "x.replies must be true or false"),
    ("x:\n  bearer_token: X_TOKEN\nhas_enterprise: true\n", 3, "has_enterprise here: look whether it is indented"),
]


@pytest.mark.parametrize(("text", "line", "words"), WRONG)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, words: str) -> None:
    message = _fail(text).message
    assert f"networks.yaml, line {line}: " in message
    assert words in message


@pytest.mark.parametrize(
    "key",
    ["sk-AbCdEf0123456789", "AAAAAAAAAAAAAAAAAAAAABearerHush", "hush", "EAAGm0PX4ZCpsBAHUSH", "MY KEY", "${X_TOKEN}"],
)
def test_a_key_in_the_file_is_refused_and_not_repeated(key: str) -> None:
    error = _fail(f"brands: [A]\nx:\n  bearer_token: {key!r}\n")
    assert "line 3: x.bearer_token must be the NAME of an environment variable, such as MY_API_KEY" in error.message
    assert ".env" in error.message
    assert key not in f"{error.message} {error.hint}"


@pytest.mark.parametrize(
    "text",
    [
        "sk-AbChush: 1\n",
        "x: {bearer_token: X_TOKEN, EAAG_hush: 1}\n",
        "hush-key: a\nhush-key: b\n",
        "x:\n  token: hush-key\n",
        "x: hush-key\n",
        "hush-key\n",
        "x: {bearer_token: [hush-key]}",
        "x: *hush-key\n",
    ],
)
def test_a_key_in_a_wrong_place_is_not_repeated_either(text: str) -> None:
    error = _fail(text)
    assert "hush" not in f"{error.message} {error.hint}"


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "brands:\nreddit:\n"])
def test_an_empty_file_or_section_listens_to_nothing(text: str) -> None:
    assert parse_listening(text, "networks.yaml") == NetworkSettings()


def test_one_fault_is_told_once_and_two_are_told_together() -> None:
    message = _fail("app_store:\n  - app: 1\n    countries: [gbr]\nx: {}\n").message
    assert message.count("networks.yaml, line") == 2
    assert "empty" not in message


def test_norway_is_a_country_and_a_number_is_a_name() -> None:
    found = parse_listening("brands: [42]\napp_store:\n  - {app: 1, countries: [no, ON]}\n", "networks.yaml")
    assert (found.brands, found.app_store[0].countries) == (("42",), ("no", "on"))


def test_signs_before_names_are_taken_away() -> None:
    found = parse_listening("handles: ['@larkspurbikes']\nhashtags: ['#bikes']\n", "networks.yaml")
    assert (found.handles, found.hashtags) == (("larkspurbikes",), ("bikes",))


def test_a_missing_file_matters_only_when_somebody_named_it(tmp_path: Path) -> None:
    assert load_listening(tmp_path / "networks.yaml", is_needed=False) == NetworkSettings()
    with pytest.raises(ConfigError, match=r"NETWORKS_FILE .* is not there"):
        load_listening(tmp_path / "networks.yaml", is_needed=True)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "networks.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read as UTF-8"):
        load_listening(tmp_path / "networks.yaml", is_needed=True)


def test_a_key_that_is_not_set_stops_its_own_network_with_its_name() -> None:
    listening = parse_listening(_EXAMPLE, "networks.yaml")
    for network in build_networks(listening, (), lambda name: "", clock):
        if network.name in ("reddit", "mastodon", "bluesky", "x", "youtube", "facebook", "instagram"):
            with pytest.raises(NetworkError, match=r"The key [A-Z_]+ is not set") as caught:
                network.read("")
            assert ".env" in caught.value.hint


def test_networks_that_can_be_asked_again_are_known() -> None:
    networks = build_networks(parse_listening(_EXAMPLE, "networks.yaml"), (), lambda name: "", clock)
    again = {network.name for network in networks if isinstance(network, Recheck)}
    assert again == {"reddit", "mastodon", "bluesky", "x", "youtube", "facebook", "instagram", "hackernews"}


def test_the_names_of_all_keys_are_known_so_that_the_log_leaves_them_out() -> None:
    names = parse_listening(_EXAMPLE, "networks.yaml").key_names
    assert {"REDDIT_CLIENT_SECRET", "REDDIT_PASSWORD", "X_BEARER_TOKEN", "DISCOURSE_API_KEY"} <= set(names)


def test_without_a_switch_nothing_can_be_sent_and_the_example_has_none_on() -> None:
    found = parse_listening(_EXAMPLE, "x")
    networks = build_networks(found, [], lambda name: "", clock)
    posts = build_posts(found, networks, lambda name: "", clock)
    assert set(posts) == {
        *("reddit", "mastodon", "bluesky", "x", "youtube", "facebook", "instagram"),
        *("discourse:community.example", "discourse:bikes.example"),
    }
    assert build_senders(posts, found, _find_nothing) == {}
    switched = parse_listening(_EXAMPLE.replace("replies: false", "replies: true"), "x")
    assert set(build_senders(posts, switched, _find_nothing)) == set(posts) - {"discourse:bikes.example"}


def _find_nothing(key: str) -> Attempt:
    raise AssertionError(key)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x:\n  bearer_token: X_TOKEN\n  replies: true\n", "x has replies: true, and needs user_id and consumer_key"),
        ("reddit:\n  client_id: A_B\n  client_secret: C_D\n  replies: true\n", "needs username and password"),
        ("youtube:\n  api_key: A_B\n  replies: true\n", "needs client_id and client_secret and refresh_token"),
        ("discourse:\n  - url: https://a.example\n    replies: true\n", "needs api_key and api_username"),
        ("mastodon:\n  server: https://a.example\n  access_token: A_B\n  replies: maybe\n", "must be true or false"),
    ],
)
def test_who_wants_to_answer_is_told_which_keys_that_needs(text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        parse_listening(text, "networks.yaml")


def test_what_the_company_has_settled_is_read_from_the_file() -> None:
    standing = find_standing(parse_listening(_EXAMPLE, "x"))
    assert (standing.handles, standing.welcome) == (frozenset({"larkspurbikes"}), frozenset({"larkspurbikes"}))
    assert not standing.has_ai_approval
