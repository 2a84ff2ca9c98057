#!/bin/sh
# Install the JavaScript peer into bench/.work/ (git ignores it) and say which other peers are absent.
set -eu
cd "$(dirname "$0")"

mkdir -p .work/node
cp programs/package.json .work/node/
(cd .work/node && npm install --no-audit --no-fund --loglevel=error)

binaries="$(go env GOBIN 2>/dev/null || true)"
PATH="$PATH:${binaries:-${GOPATH:-$HOME/go}/bin}"
command -v kubectl >/dev/null || echo "absent: kubectl (https://kubernetes.io/docs/tasks/tools/)"
command -v helm >/dev/null || echo "absent: helm (go install helm.sh/helm/v4/cmd/helm@latest)"
command -v kustomize >/dev/null || echo "absent: kustomize (go install sigs.k8s.io/kustomize/kustomize/v5@latest)"
