#!/usr/bin/env bash
# Builds Release with warnings as errors and runs every test on this machine. Installs what the tests need where it may,
# else says what is missing. Ends with one line: N passed, N failed, N skipped.
set -euo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*" >&2; }

# need COMMAND PACKAGE WHAT-FOR: makes sure that a command exists, by Debian's package where we may install one.
need() {
  command -v "$1" >/dev/null 2>&1 && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "Installing $2 ($3) ..."
    [ -n "${apt_updated:-}" ] || apt-get update -qq
    apt_updated=1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null
    command -v "$1" >/dev/null 2>&1 && return
  fi
  say "Missing: $1 ($3). On Debian or Ubuntu: sudo apt-get install $2"
  exit 1
}

if ! command -v dotnet >/dev/null 2>&1; then
  say "Missing: the .NET SDK 10. See https://dotnet.microsoft.com/download"
  exit 1
fi

for setup in tests/setup/*.sh; do
  # Each starts what a group of tests needs, and may add to `cleanup`.
  [ -e "$setup" ] && . "$setup"
done
cleanup_all() { for step in "${cleanup[@]:-}"; do [ -n "$step" ] && $step || true; done; }
trap cleanup_all EXIT

dotnet build LangGuard.sln -c Release -v quiet --nologo

status=0 passed=0 failed=0 skipped=0
log=$(mktemp)
for project in tests/*/; do
  grep -qs '<IsTestProject>true' "$project"*.csproj || continue
  dotnet test "$project" -c Release --no-build --nologo 2>&1 | tee "$log" || status=1
  summary=$(grep -E '^(Passed|Failed|Skipped)! +- Failed:' "$log" | tail -n 1 || true)
  number() { printf '%s' "$summary" | sed -nE "s/.*$1: +([0-9]+).*/\1/p"; }
  if [ -z "$summary" ]; then
    say "No test ran in $project"
    status=1
    continue
  fi
  passed=$((passed + $(number Passed)))
  failed=$((failed + $(number Failed)))
  skipped=$((skipped + $(number Skipped)))
done
rm -f "$log"

[ "$((passed + failed))" -gt 0 ] || { say "No test was executed."; status=1; }
[ "$failed" = 0 ] || status=1
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
