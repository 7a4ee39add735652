# syntax=docker/dockerfile:1

# Dependencies with their native parts. Both come prebuilt, for glibc: no compiler here, no install
# scripts, and no Alpine.
FROM node:22-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  # Of each native module keep the one binary that this platform and this Node load.
  && find node_modules/uWebSockets.js/dist/bin -type f \
    ! -name "$(node -p '`uws_${process.platform}_${process.arch}_${process.versions.modules}.node`')" -delete \
  && find node_modules/better-sqlite3/prebuilds -type f \
    ! -name "$(node -p '`${process.platform}-${process.arch}.node`')" -delete \
  && rm -rf node_modules/better-sqlite3/deps node_modules/better-sqlite3/src \
  # The Azure SDKs bring maps, types and builds for browsers: 85 MB that no server reads.
  && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete \
  && find node_modules/@azure node_modules/@typespec -type d \
    \( -name browser -o -name react-native -o -name workerd \) -path '*/dist/*' -prune -exec rm -rf {} + \
  && rm -rf node_modules/@azure/msal-browser \
  # Fail the build, not the first start, if one of them does not load.
  && node -e "Promise.all(['uWebSockets.js', '@azure/storage-blob', '@azure/storage-file-share', '@azure/identity'].map((name) => import(name))).then(() => new (require('better-sqlite3'))(':memory:').close())"

FROM node:22-bookworm-slim
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY src src
# Types are stripped here, once: the server loads faster and its file system may be read-only.
RUN node src/strip-cache.js
# The one folder that is written to. User 1000 is `node`, which comes with the image; as a number it
# satisfies runAsNonRoot.
RUN mkdir /data && chown node:node /data
VOLUME /data
USER 1000
ENV NODE_ENV=production \
  HOST=0.0.0.0 \
  PORT=8080 \
  DATABASE_URL=file:/data/scimlane.db
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# No shell between, and not the one that the base image puts there: SIGTERM reaches the server, which
# drains and exits. Words after the image's name are those of `scimlane`: `docker run … backup list`.
ENTRYPOINT ["node", "--v8-pool-size=1", "--max-semi-space-size=8", "src/main.js"]
# What was built, for /scim/admin/version: docker build --build-arg REVISION=$(git rev-parse HEAD).
# Last, so that a new one builds no layer anew.
ARG REVISION=
ENV SCIMLANE_REVISION=${REVISION}
