"""How well other languages than English are served: `python -m benchmarks.languages HOME`.

HOME is an EARSHOT_HOME with the example company ingested. Measured on `evals/languages/`: the same complaint in four
languages in one cluster, and the passage of a public page that answers a post in one of six languages.
"""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sklearn.metrics import adjusted_rand_score

from assistant.app import Assistant
from assistant.core.config import Settings
from assistant.domain import Audience, Question, SearchResult
from assistant.knowledge.answers.sections import Sections
from assistant.reports.figures.topics import SAME_COSINE
from assistant.text.embedding import cluster

_SETS = Path(__file__).parent.parent / "evals" / "languages"
_SHOWN = 3
_LINES = (3.1, 3.2, 3.3, 3.4, 3.5)


def main() -> None:
    """Print both figures."""
    assistant = Assistant(Settings(_env_file=None, earshot_home=Path(sys.argv[1])))
    _measure_clusters(assistant)
    _measure_passages(assistant)


def _measure_clusters(assistant: Assistant) -> None:
    rows = _read("complaints.jsonl")
    vectors = assistant.knowledge.post_embedder.embed([row["text"] for row in rows])
    found = cluster(vectors, SAME_COSINE)
    rand = adjusted_rand_score([row["labels"]["complaint"] for row in rows], found)
    sys.stdout.write(f"{len(rows)} complaints: ARI {rand:.3f}, {len(set(found))} clusters\n")


def _measure_passages(assistant: Assistant) -> None:
    sections = Sections(assistant.knowledge.documents)
    fits: list[tuple[float, bool]] = []
    others: list[float] = []
    first = 0
    for row in _read("posts.jsonl"):
        findings = assistant.knowledge.retriever.search(Question(row["text"], Audience.PUBLIC))
        if not row["pages"]:
            others.append(findings.confidence)
            continue
        hits = [_holds(row, result, sections) for result in findings.results[:_SHOWN]]
        fits.append((findings.confidence, any(hits)))
        first += hits[0]
    found = sum(is_found for _, is_found in fits)
    sys.stdout.write(f"{len(fits)} posts: the passage is first for {first}, among the first {_SHOWN} for {found}\n")
    for line in _LINES:
        kept = sum(is_found for confidence, is_found in fits if confidence >= line)
        offered = sum(confidence >= line for confidence in others)
        sys.stdout.write(f"  from a confidence of {line}: {kept}; where none fits {offered} of {len(others)}\n")


def _holds(row: dict[str, Any], result: SearchResult, sections: Sections) -> bool:
    is_page = any(result.chunk.document_id.endswith(page) for page in row["pages"])
    return is_page and re.search(row["must"], sections.read(result.chunk).text) is not None


def _read(name: str) -> Sequence[dict[str, Any]]:
    lines = (_SETS / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


if __name__ == "__main__":
    main()
