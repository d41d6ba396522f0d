"""Git repositories read by themselves: a real bare one, by what differs between two commits."""

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import LocalServer, Served
from fakes_api import Answer, ApiServer, Asked
from keeping.making import Keeper
from sources.repositories import BEN, Repository

from assistant.domain import Audience, Question
from assistant.errors import ConfigError
from assistant.knowledge.sources.git.clone import find_open_url
from assistant.knowledge.sources.git.read import find_page_rule


class Hosted:
    """A repository that people push to a bare one."""

    def __init__(self, folder: Path) -> None:
        self.work = Repository(folder / "work")
        self.bare = folder / "hosted.git"
        for number in range(6):
            self.work.write(f"docs/{number}.md", f"# Page {number}\n\nThe text of number{number}.")
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", self.bare], check=True)
        self.push()

    def push(self) -> None:
        """Push everything, whatever was there."""
        self.work.git("push", "--quiet", "--force", str(self.bare), "main")

    def write(self, name: str, text: str) -> None:
        """Write, commit and push a file."""
        self.work.write(name, text)
        self.push()


@pytest.fixture
def hosted(tmp_path: Path) -> Hosted:
    return Hosted(tmp_path)


@pytest.fixture
def keeper(tmp_path: Path, hosted: Hosted) -> Keeper:
    keeper = Keeper(tmp_path)
    _name(keeper, f"url: {hosted.bare}", "folder: docs", "address: https://x.example/{path}")
    return keeper


def _name(keeper: Keeper, *fields: str) -> None:
    keeper.write("  - " + "\n    ".join(("kind: git", "name: handbook", *fields)) + "\n")


def test_a_repository_is_read_whole_and_then_only_where_two_commits_differ(keeper: Keeper, hosted: Hosted) -> None:
    assert keeper.sync("handbook").ingest.documents == 6
    assert keeper.ids("handbook") == [f"{number}.md" for number in range(6)]
    report = keeper.sync("handbook").ingest
    assert (report.unchanged, report.documents) == (0, 0), "no file is looked at while the commit is the same"

    hosted.work.write("docs/1.md", "# Page\n\nThe text of changed.")
    hosted.work.git("rm", "--quiet", "docs/2.md")
    hosted.work.commit()
    hosted.write("docs/new.md", "# New\n\nThe text of fresh.")
    report = keeper.sync("handbook").ingest
    assert (report.documents, report.removed, report.unchanged) == (2, 1, 0)
    assert [keeper.hits(word) for word in ("changed", "number2", "fresh")] == [1, 0, 1]


def test_what_lies_outside_of_its_folder_is_not_read(keeper: Keeper, hosted: Hosted) -> None:
    keeper.sync("handbook")
    hosted.write("secret.md", "# Secret\n\nThe text of outside.")
    assert keeper.sync("handbook").ingest.documents == 0
    assert keeper.hits("outside") == 0


def test_a_renamed_file_is_followed_and_not_embedded_again(keeper: Keeper, hosted: Hosted) -> None:
    keeper.sync("handbook")
    hosted.work.git("mv", "docs/3.md", "docs/third.md")
    hosted.work.commit()
    hosted.push()
    calls = keeper.embedder.calls
    report = keeper.sync("handbook").ingest
    assert (report.moved, report.removed, keeper.embedder.calls) == (1, 0, calls)
    assert "third.md" in keeper.ids("handbook")


def test_a_history_that_was_rewritten_is_read_anew(keeper: Keeper, hosted: Hosted) -> None:
    keeper.sync("handbook")
    hosted.work.git("checkout", "--quiet", "--orphan", "fresh")
    hosted.work.write("docs/1.md", "# Page\n\nThe text of rewritten.")
    hosted.work.git("branch", "--force", "main", "fresh")
    hosted.push()
    assert keeper.sync("handbook").failure == ""
    assert (keeper.hits("rewritten"), keeper.hits("number1"), len(keeper.ids("handbook"))) == (1, 0, 6)


def test_a_copy_that_was_damaged_is_made_anew(keeper: Keeper, hosted: Hosted) -> None:
    keeper.sync("handbook")
    (keeper.folder / "home" / "sources" / "handbook.clone" / ".git" / "HEAD").unlink()
    hosted.work.git("checkout", "--quiet", "--orphan", "fresh")
    hosted.work.git("branch", "--force", "-M", "fresh", "main")
    hosted.write("docs/1.md", "# Page\n\nThe text of rewritten.")
    calls = keeper.embedder.calls
    assert keeper.sync("handbook").failure == ""
    assert (keeper.hits("rewritten"), keeper.hits("number1"), len(keeper.ids("handbook"))) == (1, 0, 6)
    assert keeper.embedder.calls == calls + 1


def test_owner_and_day_come_from_the_repository_and_links_lead_to_its_host(keeper: Keeper, hosted: Hosted) -> None:
    hosted.work.write("docs/4.md", "# Page\n\nThe text of number4, by Ben.", BEN)
    hosted.write("CODEOWNERS", "docs/5.md @acme/support\n")
    keeper.sync("handbook")
    chunks = {
        word: keeper.assistant.knowledge.retriever.search(Question(word)).results[0].chunk
        for word in ("number4", "number5")
    }
    assert chunks["number4"].owner == "Ben Birch"
    assert chunks["number5"].owner == "@acme/support"
    assert chunks["number4"].url == "https://x.example/4.md"
    hosted.write("CODEOWNERS", "docs/ @acme/docs\n")
    keeper.sync("handbook")
    assert keeper.assistant.knowledge.retriever.search(Question("number4")).results[0].chunk.owner == "@acme/docs"


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("https://github.com/acme/docs.git", "https://github.com/acme/docs/blob/main/help/{path}"),
        ("git@gitlab.com:acme/team/docs.git", "https://gitlab.com/acme/team/docs/-/blob/main/help/{path}"),
        ("ssh://git@bitbucket.org/acme/docs", "https://bitbucket.org/acme/docs/src/main/help/{path}"),
        ("/srv/docs.git", None),
        ("https://git.acme.example/docs.git", None),
    ],
)
def test_links_of_known_hosts_are_made_without_being_told(url: str, rule: str | None) -> None:
    assert find_page_rule(url, "main", "help") == rule


def test_freshness_counts_from_the_commit(keeper: Keeper, hosted: Hosted) -> None:
    keeper.sync("handbook")
    hosted.work.write("docs/1.md", "# Page\n\nThe text of changed.")
    moment = (keeper.now + timedelta(minutes=6)).isoformat()
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@x.example", "commit", "--quiet", "--amend", "--no-edit"],
        cwd=hosted.work.top,
        env={"PATH": "/usr/bin:/bin", "GIT_COMMITTER_DATE": moment},
        check=True,
    )
    hosted.push()
    keeper.sync("handbook", minutes=10)
    assert keeper.seconds("handbook") == 4 * 60


def test_a_repository_that_is_gone_keeps_its_documents(keeper: Keeper, hosted: Hosted) -> None:
    keeper.sync("handbook")
    hosted.bare.rename(hosted.bare.with_name("away.git"))
    report = keeper.sync("handbook")
    assert "is not there" in report.failure
    assert report.hint == "Check url and branch."
    assert len(keeper.ids("handbook")) == 6


def test_an_unknown_branch_or_folder_is_named(keeper: Keeper, hosted: Hosted) -> None:
    _name(keeper, f"url: {hosted.bare}", "branch: nightly")
    assert "has no branch nightly" in keeper.sync("handbook").failure
    _name(keeper, f"url: {hosted.bare}", "folder: wiki")
    assert "has no folder wiki" in keeper.sync("handbook").failure


def test_a_key_is_sent_as_a_header_and_never_told(
    keeper: Keeper, server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.pages["/docs.git/info/refs?service=git-upload-pack"] = Served(status=401)
    monkeypatch.setenv("DOCS_TOKEN", "s3cret-token")
    _name(keeper, f"url: {server.url}/docs.git", "token: DOCS_TOKEN")
    report = keeper.sync("handbook")
    assert "does not let us in" in report.failure
    assert any(headers.get("authorization", "").startswith("Basic ") for _, headers in server.requests)
    assert "s3cret" not in report.failure + report.hint
    monkeypatch.delenv("DOCS_TOKEN")
    assert keeper.sync("handbook").failure == "The key DOCS_TOKEN is not set."


def test_a_hostile_repository_leads_nowhere(keeper: Keeper, hosted: Hosted, tmp_path: Path) -> None:
    (tmp_path / "outside.md").write_text("# Outside\n\nThe text of outside.")
    (hosted.work.top / "docs" / "link.md").symlink_to(tmp_path / "outside.md")
    (hosted.work.top / "docs" / "dir").symlink_to(tmp_path)
    (hosted.work.top / ".gitattributes").write_text("*.md filter=evil\n")
    (hosted.work.top / ".gitmodules").write_text('[submodule "x"]\npath = x\nurl = ext::touch pwned\n')
    hosted.work.commit()
    hosted.push()
    assert keeper.sync("handbook").failure == ""
    assert keeper.hits("outside") == 0


@pytest.mark.parametrize(
    "url", ["https://user:pass@x.example/a.git", "--upload-pack=touch", "ext::sh -c id", "-oProxyCommand=x"]
)
def test_an_address_that_holds_a_key_or_a_command_is_refused(url: str, keeper: Keeper) -> None:
    _name(keeper, f'url: "{url}"')
    with pytest.raises(ConfigError, match="line 4: url must"):
        keeper.assistant.knowledge.read_source_settings()


def test_nobody_hears_of_files_of_a_repository_that_are_no_documents(keeper: Keeper, hosted: Hosted) -> None:
    hosted.write("docs/CODEOWNERS", "* @acme/docs")
    hosted.write("docs/build.py", "print()")
    assert keeper.sync("handbook").ingest.skipped == []
    assert len(keeper.ids("handbook")) == 6


class SmallHost:
    """Serves the bare repository as plain files, to everybody or to those with a key."""

    def __init__(self, api: ApiServer, hosted: Hosted) -> None:
        self.is_open = True
        self._bare = hosted.bare
        subprocess.run(["git", "update-server-info"], cwd=hosted.bare, check=True)
        api.find = self._answer

    def _answer(self, asked: Asked) -> Answer | None:
        if not self.is_open and "authorization" not in asked.headers:
            return Answer({}, 401)
        path = self._bare / asked.path.removeprefix("/docs.git/")
        return Answer(path.read_bytes()) if path.is_file() else None


def test_a_repository_is_public_only_while_everybody_can_read_it(
    keeper: Keeper, hosted: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = ApiServer()
    host = SmallHost(api, hosted)
    monkeypatch.setenv("DOCS_TOKEN", "key")
    _name(keeper, f"url: {api.url}/docs.git", "folder: docs", "token: DOCS_TOKEN", "audience: public")

    def read_audiences() -> set[str]:
        keeper.sync("handbook")
        rows = keeper.assistant.home.store.rows("select audience from documents where source = 'handbook'")
        return {row["audience"] for row in rows}

    assert read_audiences() == {Audience.PUBLIC}
    host.is_open = False
    assert read_audiences() == {Audience.INTERNAL}, "although no commit is new"
    assert keeper.sync("handbook").ingest.documents == 0
    host.is_open = True
    assert read_audiences() == {Audience.PUBLIC}
    api.close()


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("git@github.com:larkspur/docs.git", "https://github.com/larkspur/docs.git"),
        ("ssh://git@git.x.example:2222/larkspur/docs.git", "https://git.x.example/larkspur/docs.git"),
        ("https://github.com/larkspur/docs.git", "https://github.com/larkspur/docs.git"),
        ("/srv/docs.git", ""),
        ("~/docs.git", ""),
    ],
)
def test_whether_everybody_can_read_a_repository_is_asked_over_https(url: str, wanted: str) -> None:
    assert find_open_url(url) == wanted
