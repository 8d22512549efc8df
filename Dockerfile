# The service's image (`service`: workers and `prepare` differ by command only), the same with
# LibreOffice for the api (`api`, the last stage) and the S3 server (`store`). Base images are
# pinned; how to renew them: docs/operations.md.

FROM python:3.13.14-slim-trixie AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/nastavnik
COPY requirements.lock /tmp/requirements.lock
# Hashes are checked, and nothing is compiled: no stage has a compiler for Python packages.
RUN /opt/nastavnik/bin/pip install --require-hashes --only-binary :all: \
      --requirement /tmp/requirements.lock \
    && /opt/nastavnik/bin/pip uninstall --yes pip
COPY domain /app/domain
COPY activities /app/activities
COPY workflows /app/workflows
COPY adapters /app/adapters
COPY api /app/api
COPY runtime /app/runtime
COPY migrations /app/migrations
COPY roadmaps /app/roadmaps
COPY rules /app/rules
COPY doc_templates /app/doc_templates
# The service runs on a read-only disk: compiled here, modules load fast all the same.
RUN /opt/nastavnik/bin/python -m compileall -q /app


# MinIO publishes no images any more: built from the last source, whose hash Go's checksum database
# knows, it is the very server that the contract tests run against (docs/adr/0006-object-store.md).
FROM golang:1.26.6-alpine3.23 AS store-build
ENV CGO_ENABLED=0 GOTOOLCHAIN=local
RUN go install github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c


FROM python:3.13.14-slim-trixie AS store
RUN groupadd --gid 10002 store \
    && useradd --uid 10002 --gid 10002 --home-dir /data --no-create-home store \
    && install --directory --owner=10002 --group=10002 --mode=0700 /data
COPY --from=store-build /go/bin/minio /usr/local/bin/minio
# Where it looks for certificates of its own; the folder of data is for data only.
ENV HOME=/tmp
USER 10002:10002
ENTRYPOINT ["minio"]
CMD ["server", "/data", "--address", ":9000", "--quiet"]


FROM python:3.13.14-slim-trixie AS service
# One heap for all threads: glibc seldom gives back those of single threads.
ENV PATH=/opt/nastavnik/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=2 \
    NASTAVNIK_HOME=/var/lib/nastavnik \
    NASTAVNIK_WEB_HOST=0.0.0.0
RUN groupadd --gid 10001 nastavnik \
    && useradd --uid 10001 --gid 10001 --home-dir /var/lib/nastavnik --no-create-home nastavnik \
    && install --directory --owner=10001 --group=10001 --mode=0700 /var/lib/nastavnik
COPY --from=packages /opt/nastavnik /opt/nastavnik
COPY --from=packages /app /app
WORKDIR /app
USER 10001:10001
CMD ["python", "-m", "runtime.web"]


# PDF copies are made where they are asked for. LibreOffice is larger than all the rest together, so
# nothing else carries it. Liberation Serif has the widths of Times New Roman: lines break alike.
# Electronic signatures are checked here too, those by GOST with OpenSSL's program and its engine.
FROM service AS api
USER 0:0
RUN apt-get update -qq \
    && apt-get install -qq --no-install-recommends \
      fontconfig fonts-liberation libengine-gost-openssl libreoffice-writer-nogui openssl \
    && rm -rf /var/lib/apt/lists/*
USER 10001:10001
