"""Puts texts together that say the same, by their vectors."""

from assistant.index.embedding import Vectors


def cluster(vectors: Vectors, cosine: float) -> list[int]:
    """A number for each vector, the same for those alike: average linkage over cosines (scikit-learn)."""
    from sklearn.cluster import AgglomerativeClustering

    if len(vectors) < 2:
        return [0] * len(vectors)
    clustering = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=1 - cosine
    )
    labels: list[int] = clustering.fit_predict(vectors).tolist()
    return labels
