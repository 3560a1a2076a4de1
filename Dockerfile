# Takhti in a container: one static binary on an empty image, run by a user
# without rights, with everything it keeps in /data.
#
#   docker build --build-arg VERSION=v1.0.0 -t takhti .
#   docker run -p 8080:8080 -v takhti-data:/data takhti
#
# The root file system may be read-only: uploads, too, are spooled in /data.

FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
COPY internal/stand-in internal/stand-in
RUN go mod download
COPY . .
ARG VERSION=unknown
ARG TARGETARCH
RUN arch="${TARGETARCH:-$(go env GOARCH)}" \
 && OUT=/out VERSION="$VERSION" scripts/release "linux/$arch" \
 && mv "/out/takhti-linux-$arch" /out/takhti \
 && mkdir /out/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/takhti /takhti
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENV TMPDIR=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --retries=3 \
  CMD ["/takhti", "ping", "--addr", "127.0.0.1:8080"]
ENTRYPOINT ["/takhti"]
CMD ["serve", "--data", "/data", "--addr", "0.0.0.0:8080"]
