"""Puts texts together that say the same, by their vectors."""

from assistant.text.embedding import Vectors


def cluster(vectors: Vectors, cosine: float) -> list[int]:
    """A number for each vector, the same for those alike: average linkage over cosines (SciPy)."""
    import numpy as np
    from scipy.cluster.hierarchy import fcluster, linkage  # scikit-learn's takes three times as long to load

    if len(vectors) < 2:
        return [0] * len(vectors)
    # Those that are just so far apart stay apart.
    farthest = np.nextafter(1 - cosine, 0)
    labels: list[int] = fcluster(linkage(vectors, "average", "cosine"), farthest, "distance").tolist()
    return labels
