#!/bin/sh
# Owns process 1 of the container. The server runs below it: orphans of programs that claw ran are taken in here, and signals
# are passed on. Any other command takes its place. It makes JWT_SECRET once per volume where nobody gave one.
set -u

claw=/opt/claw/bin/claw.js
[ "${1:-serve}" = serve ] || exec node "$claw" "$@"

home="${CLAW_HOME:-/data}"
[ -n "${JWT_SECRET:-}" ] || unset JWT_SECRET
if [ -z "${JWT_SECRET:-}" ] && [ "${AUTH_ENABLED:-}" = true ] && ! grep -Eqs '^(export +)?JWT_SECRET *=' "$home/.env"; then
  secret="$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')"
  # A last line that does not end would become one with it.
  [ -z "$(tail -c 1 "$home/.env" 2>/dev/null)" ] || printf '\n' >>"$home/.env"
  (umask 077 && mkdir -p "$home" && printf 'JWT_SECRET=%s\n' "$secret" >>"$home/.env") || exit 1
fi

node "$claw" "$@" &
server=$!
trap 'kill -TERM "$server"' TERM INT
trap 'kill -HUP "$server"' HUP
# A signal ends the wait, not the server. While it waits, the shell takes in every child that ends.
while :; do
  wait "$server"
  code=$?
  kill -0 "$server" 2>/dev/null || exit "$code"
done
