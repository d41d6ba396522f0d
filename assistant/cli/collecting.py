"""What a collecting brought, for a terminal; and what is wrong with a file before it is read."""

from pathlib import Path

from assistant.cli.output import say
from assistant.errors import InputError
from assistant.listening.collect import CollectReport, NetworkReport
from assistant.listening.networks.base.errors import tell_failure
from assistant.listening.networks.base.protocol import Rejected
from assistant.reports.digest import name_networks

_MOST_REJECTED = 20
_GZIP = b"\x1f\x8b"


def print_report(report: CollectReport) -> None:
    """What came, a line for each network, what was left out, and what could not be read."""
    names = name_networks([done.network for done in report.networks])
    too_old = f", {report.too_old} too old" if report.too_old else ""
    say(f"{report.new} new, {report.known} known, {len(report.rejected)} rejected{too_old}.")
    for done in report.networks:
        say(f"  {names[done.network]}: {_describe(done)}", style="red" if done.failure else "")
    _print_rejected(report.rejected, names)
    retries = {done.network: done.retry_at for done in report.networks}
    for failed in report.failed:
        name = names.get(failed.place, failed.place)
        say(f"  {name}: {tell_failure(failed.reason, retry_at=retries.get(failed.place))}", style="red")


def check_file(path: Path) -> None:
    """Raise InputError, in plain words, for what is surely no file of posts."""
    mend = "Give a .jsonl or .csv file, or .gz of one."
    if not path.exists():
        raise InputError(f"The file {path} cannot be read: it is not there.", mend)
    if path.is_dir():
        raise InputError(f"The file {path} cannot be read: it is a folder.", mend)
    if path.is_file() and path.suffix.lower() == ".gz" and not _is_gzipped(path, mend):
        raise InputError(f"The file {path} cannot be read: it is called .gz and is not compressed.", mend)


def _is_gzipped(path: Path, mend: str) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_GZIP)) == _GZIP
    except OSError as error:
        raise InputError(f"The file {path} cannot be read: {error.strerror}.", mend) from error


def _print_rejected(rejected: list[Rejected], names: dict[str, str]) -> None:
    for post in rejected[:_MOST_REJECTED]:
        network = f"{names.get(post.network, post.network)}, " if post.network else ""
        say(f"  {network}{post.place}: {post.reason}")
    if len(rejected) > _MOST_REJECTED:
        say(f"  … and {len(rejected) - _MOST_REJECTED} more that were rejected; --json lists all.")


def _describe(done: NetworkReport) -> str:
    counts = {"new": done.new, "known": done.known, "edited": done.edited, "deleted": done.removed}
    counts |= {"rejected": done.rejected, "too old": done.too_old}
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count or name == "new")
    rest = "; there is more, the next collecting goes on" if done.is_capped else ""
    failed = "could not be read" if done.is_empty else "was read only in part"
    return f"{told}{rest}{f'; {failed}' if done.failure else ''}"
