# syntax=docker/dockerfile:1
FROM rust:1.95-bookworm AS build
# zlib-ng, which Pingora compresses with, is built by cmake.
RUN apt-get update && apt-get install -y --no-install-recommends cmake && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --locked --release -p proxy --bin lms-gateway

FROM debian:bookworm-slim
# The vendors' certificates are checked against the system's roots.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 65532 --no-create-home --shell /usr/sbin/nologin gateway
COPY --from=build /src/target/release/lms-gateway /usr/local/bin/lms-gateway
COPY config /etc/lms-gateway
USER 65532
EXPOSE 8080 9464
HEALTHCHECK --interval=10s --timeout=4s --start-period=5s \
  CMD ["lms-gateway", "healthcheck", "--config", "/etc/lms-gateway/gateway.yaml"]
ENTRYPOINT ["lms-gateway"]
CMD ["serve", "--config", "/etc/lms-gateway/gateway.yaml"]
