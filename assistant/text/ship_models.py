"""Makes the int8 copies of both models beside the code, for an image that needs no torch."""

from assistant.core.shipped import SHIPPED_MODELS
from assistant.text.embedding_int8 import build_embedder
from assistant.text.multilingual import build_multilingual


def ship_models() -> None:
    """Make them. Raises ModelError where the models that they are made of are not installed."""
    build_embedder("ctranslate2", "", SHIPPED_MODELS)
    build_multilingual(SHIPPED_MODELS)


if __name__ == "__main__":
    ship_models()
