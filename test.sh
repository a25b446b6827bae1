#!/usr/bin/env bash
# Builds everything and runs all tests, those in the browser included. It needs the .NET SDK; a browser and nginx it installs where none is found.
set -uo pipefail
cd "$(dirname "$0")"

say() { printf '%s\n' "$*"; }

if ! command -v dotnet >/dev/null; then
  say "There is no 'dotnet' in PATH. Install the .NET SDK named in global.json, then run ./test.sh again."
  exit 1
fi

find_browser() {
  for name in chromium chromium-browser google-chrome google-chrome-stable microsoft-edge; do
    command -v "$name" && return 0
  done
  for app in "Google Chrome" "Chromium" "Microsoft Edge"; do
    [ -x "/Applications/$app.app/Contents/MacOS/$app" ] && say "/Applications/$app.app/Contents/MacOS/$app" && return 0
  done
  return 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

if [ -z "${BROWSER_PATH:-}" ]; then
  if ! BROWSER_PATH=$(find_browser); then
    if ! command -v apt-get >/dev/null; then
      say "The browser tests need Chromium, Chrome or Edge. None is in PATH, and there is no apt-get to install one with."
      say "Install one of them, or name its program in BROWSER_PATH, then run ./test.sh again."
      exit 1
    fi
    say "No Chromium, Chrome or Edge found: installing Debian's chromium, and a font for it."
    if ! { as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium fonts-liberation; } >apt.log 2>&1; then
      tail -n 20 apt.log
      say "The installation failed; the whole of what it said is in apt.log."
      exit 1
    fi
    rm -f apt.log
    BROWSER_PATH=$(find_browser) || { say "chromium is installed, but is not in PATH."; exit 1; }
  fi
fi
export BROWSER_PATH
say "Browser: $BROWSER_PATH"

# Debian puts nginx where only root looks. Without it the tests that need it are skipped, so a failure here is none.
if ! PATH="$PATH:/usr/sbin" command -v nginx >/dev/null; then
  if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    say "No nginx found: installing Debian's nginx-light. Its service is not started; the tests start nginx themselves."
    # A unit that is masked while its package is installed is not started.
    [ -d /run/systemd/system ] && as_root systemctl mask --quiet nginx.service
    { as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nginx-light; } >nginx.log 2>&1 \
      && rm -f nginx.log || say "The installation failed; what it said is in nginx.log. The tests with nginx are skipped."
    [ -d /run/systemd/system ] && as_root systemctl unmask --quiet nginx.service
  else
    say "No nginx found, and none can be installed here without asking: the tests with nginx are skipped. On Debian: apt-get install nginx-light."
  fi
fi

dotnet build OtpPortal.sln || exit 1

passed=0 failed=0 skipped=0 broken=0
for project in OtpPortal.Tests OtpPortal.E2E; do
  log=$(mktemp)
  dotnet test "$project" --no-build "$@" | tee "$log"
  [ "${PIPESTATUS[0]}" = 0 ] || broken=1

  # The summary line of the runner: "Passed!  - Failed:     0, Passed:     5, Skipped:     0, Total: …".
  counts=$(sed -nE 's/.*Failed: *([0-9]+), Passed: *([0-9]+), Skipped: *([0-9]+),.*/\1 \2 \3/p' "$log" | tail -n 1)
  rm -f "$log"
  if [ -z "$counts" ]; then
    say "$project ran no test."
    # A filter may leave one of the projects without a test, but not both.
    [ $# -gt 0 ] || broken=1
    continue
  fi
  read -r f p s <<<"$counts"
  failed=$((failed + f)) passed=$((passed + p)) skipped=$((skipped + s))
done

[ $((passed + failed)) != 0 ] || broken=1
[ "$broken" = 0 ] || [ "$failed" != 0 ] || failed=1
say "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
