"""Text in pictures and scans, read by rapidocr where it is installed."""

from __future__ import annotations  # numpy and rapidocr are imported only where a picture is read

import io
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from assistant.core.apart import give_more_memory
from assistant.errors import EmptyDocumentError, SourceError
from assistant.knowledge.ingest.converted import Converted

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp"})
MISSING = "Earshot reads pictures of text after: pip install 'earshot[ocr]'"
_LEAST_SCORE = 0.6
_MOST_PIXELS = 60_000_000
_LEAST_ROWS, _MOST_ROWS = 400, 700
_FRUGAL = {  # in memory, which a child that reads documents has little of
    "Global.log_level": "error",
    "Det.limit_type": "max",
    "Det.limit_side_len": 1280,
    "Rec.rec_batch_num": 1,
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
}


@lru_cache(maxsize=1)
def _load_reader() -> Any:
    """None where rapidocr is not installed."""
    try:
        from rapidocr import RapidOCR
    except ImportError:
        return None
    return RapidOCR(params=_FRUGAL)


def can_read_pictures() -> bool:
    """Return whether rapidocr is installed."""
    return _load_reader() is not None


def read_picture(content: bytes) -> Converted:
    """The text of a picture, from top to bottom. Raises SourceError where it cannot be read here."""
    from PIL import Image

    if not can_read_pictures():
        raise SourceError(f"is a picture; {MISSING}")
    with Image.open(io.BytesIO(content)) as picture:
        if picture.width * picture.height > _MOST_PIXELS:
            raise SourceError("has more pixels than a page needs")
        lines = read_pixels(picture.convert("RGB"))
    if not lines:
        raise EmptyDocumentError("is a picture without text that can be read")
    return Converted("\n".join(lines), remarks=("was read from a picture: compare before you rely on it",))


def read_pixels(picture: Any) -> list[str]:
    """The lines of text in a picture of PIL, those that are surely read."""
    import numpy as np

    with give_more_memory():
        return [line for strip in _cut_strips(np.asarray(picture)) for line in _read_strip(strip)]


def _cut_strips(pixels: Any) -> Iterator[Any]:
    """Strips of a picture, cut where there is the least in a row: a whole page at once takes half a gigabyte."""
    start = 0
    while len(pixels) - start > _MOST_ROWS:
        rows = pixels[start + _LEAST_ROWS : start + _MOST_ROWS]
        end = start + _LEAST_ROWS + int(rows.std(axis=(1, 2)).argmin()) + 1
        yield pixels[start:end]
        start = end
    yield pixels[start:]


def _read_strip(strip: Any) -> list[str]:
    found = _load_reader()(strip)
    if found is None or found.txts is None:
        return []
    kept = [
        (box, text)
        for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
        if score >= _LEAST_SCORE
    ]
    return [text for _, text in sorted(kept, key=lambda line: _find_place(line[0]))]


def _find_place(box: Any) -> tuple[int, float]:
    top = min(float(corner[1]) for corner in box)
    height = max(float(corner[1]) for corner in box) - top
    return round(top / max(height, 1.0)), min(float(corner[0]) for corner in box)
