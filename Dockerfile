# syntax=docker/dockerfile:1
# `docker build .` compiles in the image. `--build-arg BINARY=prebuilt` takes target/image/lms-gateway instead, and BASE may be any Debian 12
# with ca-certificates: deploy/image.sh builds so, without a daemon and without a registry of images.
ARG BINARY=build
ARG BASE=debian:bookworm-slim

FROM rust:1.95-bookworm AS build
# zlib-ng, which Pingora compresses with, is built by cmake.
RUN apt-get update && apt-get install -y --no-install-recommends cmake && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# What `lms-gateway version` says of the source: the image is built without .git.
ARG LMS_GATEWAY_REVISION=
RUN cargo build --locked --release -p proxy --bin lms-gateway && mv target/release/lms-gateway /lms-gateway

FROM scratch AS prebuilt
COPY target/image/lms-gateway /lms-gateway

FROM ${BINARY} AS binary

FROM ${BASE}
# The vendors' certificates are checked against the system's roots.
RUN [ -e /etc/ssl/certs/ca-certificates.crt ] \
 || { apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*; }
RUN useradd --uid 65532 --no-create-home --shell /usr/sbin/nologin gateway
COPY --from=binary /lms-gateway /usr/local/bin/lms-gateway
COPY config /etc/lms-gateway
LABEL org.opencontainers.image.title="lms-gateway" org.opencontainers.image.licenses="Apache-2.0"
USER 65532
EXPOSE 8080 9464
HEALTHCHECK --interval=10s --timeout=4s --start-period=5s \
  CMD ["lms-gateway", "healthcheck", "--config", "/etc/lms-gateway/gateway.yaml"]
ENTRYPOINT ["lms-gateway"]
CMD ["serve", "--config", "/etc/lms-gateway/gateway.yaml"]
