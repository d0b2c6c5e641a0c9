# Sourced by test.sh. Starts a throw-away PostgreSQL on loopback, in a temporary folder and as a user without rights,
# and exports LANGGUARD_TEST_POSTGRES for the tests. A server that LANGGUARD_TEST_POSTGRES names already is used as it is;
# its login must be a superuser, because the tests make roles and databases.

end_postgres() {
  # The server's own pid: runuser, which waits for it, does not pass the signal on.
  kill -INT "$(head -n 1 "$postgres_folder/data/postmaster.pid" 2>/dev/null)" 2>/dev/null || kill "$postgres_pid" 2>/dev/null || true
  wait "$postgres_pid" 2>/dev/null || true
}

stop_postgres() {
  end_postgres
  rm -rf "$postgres_folder"
}

start_postgres() {
  local version port password as=()
  for version in 18 17 16 15; do
    PATH="/usr/lib/postgresql/$version/bin:$PATH" # Debian keeps the servers out of the way; the oldest here wins.
  done
  need initdb postgresql "a server for the PostgreSQL tests"
  postgres_folder=$(mktemp -d)
  if [ "$(id -u)" = 0 ]; then
    # The server refuses to run as root.
    id postgres >/dev/null 2>&1 && as=(runuser -u postgres --) || as=(runuser -u nobody --)
    chown "${as[2]}" "$postgres_folder"
  fi

  password=$(od -An -N 24 -tx1 /dev/urandom | tr -d ' \n')
  (umask 077 && printf '%s\n' "$password" >"$postgres_folder/password")
  [ ${#as[@]} = 0 ] || chown "${as[2]}" "$postgres_folder/password"
  cd "$postgres_folder" # A folder that the server's user can read.
  if ! "${as[@]}" initdb -D "$postgres_folder/data" -U postgres --pwfile="$postgres_folder/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$postgres_folder/initdb.log" 2>&1; then
    cat "$postgres_folder/initdb.log" >&2
    say "PostgreSQL could not make its data folder. Set LANGGUARD_TEST_POSTGRES to use a server of your own."
    exit 1
  fi

  for _ in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 20000))
    "${as[@]}" postgres -D "$postgres_folder/data" -p "$port" -k "$postgres_folder" -c listen_addresses=127.0.0.1 \
      -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=250 \
      -c shared_buffers=64MB -c log_min_messages=fatal >"$postgres_folder/server.log" 2>&1 &
    postgres_pid=$!
    for _ in $(seq 1 300); do
      if pg_isready -q -h 127.0.0.1 -p "$port"; then
        export LANGGUARD_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=postgres;Password=$password;Database=postgres"
        cleanup+=(stop_postgres)
        cd "$OLDPWD"
        return
      fi
      kill -0 "$postgres_pid" 2>/dev/null || break
      sleep 0.2
    done
    end_postgres
  done

  cat "$postgres_folder/server.log" >&2
  rm -rf "$postgres_folder"
  say "PostgreSQL did not start. Set LANGGUARD_TEST_POSTGRES to use a server of your own."
  exit 1
}

[ -n "${LANGGUARD_TEST_POSTGRES:-}" ] || start_postgres
