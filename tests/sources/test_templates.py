"""What site generators leave in pages: readers see the titles and labels of it, and nothing else."""

from pathlib import Path

import pytest

from assistant.knowledge.ingest.conversion import convert
from assistant.knowledge.ingest.files import FoundFile, read_content

_LIMIT = 1_000_000


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("import Tabs from '@theme/Tabs';\nexport const x = {\n  a: 1,\n};\n\nText.", "Text."),
        ('<Tabs>\n<TabItem value="mac" label="macOS">\n\nRun it.\n\n</TabItem>\n</Tabs>', "**macOS**\n\nRun it."),
        ("Open {/* a note */} daily{' '}at {props.time}.", "Open  daily at ."),
        ('<Card title="Fees" href="/fees" />\n\nText.', "**Fees**\n\nText."),
        ("Use `<Tabs>` and `{x}`.", "Use `<Tabs>` and `{x}`."),
        ("```js\nimport a from 'b';\n{x}\n```", "```js\nimport a from 'b';\n{x}\n```"),
    ],
)
def test_jsx_leaves_no_trace_but_what_it_shows(written: str, wanted: str) -> None:
    text = convert(f"# Page\n\n{written}\n".encode(), ".mdx").text
    assert [line.rstrip() for line in text.split("\n") if line.strip()][1:] == [
        line for line in wanted.split("\n") if line.strip()
    ]


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        (":::tip[Do this]\nGo.\n:::", "**Do this**\n\nGo."),
        (":::warning\nGo.\n:::", "**Warning**\n\nGo."),
        ("::: danger STOP\nGo.\n:::", "**Stop**\n\nGo."),
        ('!!! note "Mind"\n    Go.\n    Slowly.\n\nMore.', "**Mind**\n\nGo.\nSlowly.\n\nMore."),
        ('=== "Linux"\n\n    Go.', "**Linux**\n\nGo."),
        ("> [!WARNING]\n> Go.", "> **Warning**\n>\n> Go."),
        ('{{< tab "Linux" >}}Go.{{< /tab >}}', "**Linux**Go."),
        ("{% include nav.html %}Go. {{ site.name }}", "Go. "),
        ("## Fees {#fees}\n\nGo.\n{: .note }", "## Fees\n\nGo."),
        ("[[toc]]\n\nGo.", "Go."),
        ("Write `{{ site.name }}` there.", "Write `{{ site.name }}` there."),
        ("A set {1, 2} and a [link](/x).", "A set {1, 2} and a [link](/x)."),
    ],
)
def test_admonitions_keep_their_titles_and_template_tags_go(written: str, wanted: str) -> None:
    text = convert(f"# Page\n\n{written}\n".encode(), ".md").text
    shown = [line.strip() for line in text.split("\n") if line.strip()]
    assert shown[1:] == [line.strip() for line in wanted.split("\n") if line.strip()]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("page.mdx", "import Steps from './_steps.mdx';\n\nBefore.\n\n<Steps />\n"),
        ("page.md", 'Before.\n\n--8<-- "_steps.mdx"\n'),
        ("page.md", "Before.\n\n{{#include _steps.mdx}}\n"),
        ("page.md", "Before.\n\n{! _steps.mdx !}\n"),
        ("page.md", "Before.\n\n[!INCLUDE [steps](_steps.mdx)]\n"),
        ("page.adoc", "Before.\n\ninclude::_steps.mdx[]\n"),
        ("page.rst", "Before.\n\n.. include:: _steps.mdx\n"),
    ],
)
def test_what_a_page_takes_in_stands_where_it_is_taken_in(tmp_path: Path, name: str, written: str) -> None:
    (tmp_path / "_steps.mdx").write_text("---\ntitle: Steps\n---\nPress the button.\n")
    (tmp_path / name).write_text(written)
    content, missing = read_content(FoundFile(tmp_path, tmp_path / name), _LIMIT)
    assert convert(content, Path(name).suffix).text.split() == ["Before.", "Press", "the", "button."]
    assert missing == ()


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "page.adoc").write_text("Before.\n\ninclude::steps.adoc[]\n")
    content, missing = read_content(FoundFile(tmp_path, tmp_path / "page.adoc"), _LIMIT)
    assert convert(content, ".adoc").text == "Before."
    assert missing == ("steps.adoc",)


def test_of_a_file_in_asciidoc_only_the_named_part_is_taken_in(tmp_path: Path) -> None:
    (tmp_path / "a.java").write_text("secret();\n// tag::x[]\nshown();\n// end::x[]\nsecret();\n")
    (tmp_path / "page.adoc").write_text("----\ninclude::a.java[tag=x]\n----\n")
    content, _ = read_content(FoundFile(tmp_path, tmp_path / "page.adoc"), _LIMIT)
    assert content.decode().split() == ["----", "shown();", "----"]


def test_a_partial_of_antora_is_found_in_its_module(tmp_path: Path) -> None:
    page = tmp_path / "modules" / "ROOT" / "pages" / "page.adoc"
    part = tmp_path / "modules" / "ROOT" / "partials" / "fee.adoc"
    for path, text in ((page, "include::partial$fee.adoc[]\n"), (part, "It costs 5 EUR.\n")):
        path.parent.mkdir(parents=True)
        path.write_text(text)
    assert read_content(FoundFile(tmp_path, page), _LIMIT)[0].decode().strip() == "It costs 5 EUR."


@pytest.mark.parametrize("secret", ["../outside.md", "internal/secret.md", "marked.md", "/etc/hostname"])
def test_a_page_takes_in_nothing_from_outside_and_nothing_internal(tmp_path: Path, secret: str) -> None:
    root = tmp_path / "docs"
    (root / "internal").mkdir(parents=True)
    (root / "internal" / "secret.md").write_text("Secret.")
    (root / "marked.md").write_text("---\naudience: internal\n---\nSecret.")
    (tmp_path / "outside.md").write_text("Secret.")
    (root / "page.md").write_text(f'Before.\n\n--8<-- "{secret}"\n')
    content, missing = read_content(FoundFile(root, root / "page.md"), _LIMIT)
    assert "Secret" not in content.decode()
    assert missing == (secret,)


@pytest.mark.parametrize("secret", ["../Internal/pay.md", "../hr/pay.md", "linked.md", "hard.md"])
def test_a_public_page_takes_in_nothing_that_is_not_public(tmp_path: Path, secret: str) -> None:
    for folder in ("public", "Internal", "hr", "_includes"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "pay.md").write_text(f"Text of {folder}.")
    (tmp_path / "public" / "linked.md").symlink_to(tmp_path / "hr" / "pay.md")
    (tmp_path / "public" / "hard.md").hardlink_to(tmp_path / "hr" / "pay.md")
    page = tmp_path / "public" / "page.md"
    page.write_text(f'--8<-- "{secret}"\n--8<-- "../_includes/pay.md"\n')
    content, missing = read_content(FoundFile(tmp_path, page), _LIMIT)
    assert (content.decode().strip(), missing) == ("Text of _includes.", (secret,))


def test_a_file_that_takes_in_itself_ends(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text('A.\n--8<-- "b.md"\n')
    (tmp_path / "b.md").write_text('B.\n--8<-- "a.md"\n')
    content, _ = read_content(FoundFile(tmp_path, tmp_path / "a.md"), _LIMIT)
    assert len(content) < 200
