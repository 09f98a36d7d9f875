# Two stages: what builds stays behind, what runs is a virtual environment and nothing else.
FROM python:3.11-bookworm AS build

ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
WORKDIR /src
# The locks alone first: a change of the code does not fetch everything again.
COPY requirements-service.lock ./
RUN /opt/venv/bin/pip install --no-deps --require-hashes -r requirements-service.lock
COPY pyproject.toml README.md LICENSE ./
COPY extractor extractor
COPY extractor_eval extractor_eval
COPY eval eval
COPY prompts prompts
COPY adapters adapters
RUN /opt/venv/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm

RUN useradd --system --uid 10001 --home-dir /data extractor \
 && mkdir /data /models \
 && chown extractor /data /models
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    EXTRACTOR_MODELS_DIR=/models \
    EXTRACTOR_STORE=/data/results.sqlite
USER 10001
WORKDIR /data
VOLUME ["/data", "/models"]
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# The process itself gets SIGTERM, and drains.
ENTRYPOINT ["extractor"]
CMD ["serve", "--host", "0.0.0.0"]
