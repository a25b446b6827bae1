#!/usr/bin/env bash
# Pictures of every page and mail, in both themes, for phone and desktop, made from the running portal,
# and the statistics of an invented day: artifacts/screens/.
set -euo pipefail
cd "$(dirname "$0")"
dotnet build OtpPortal.E2E
dotnet OtpPortal.E2E/bin/Debug/net10.0/OtpPortal.E2E.dll -explicit only -class OtpPortal.E2E.Screens -class OtpPortal.E2E.StatisticsPicture
