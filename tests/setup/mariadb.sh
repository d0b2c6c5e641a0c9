# Sourced by test.sh. Starts a throw-away MariaDB on loopback, in a temporary folder and as a user without rights, and exports
# LANGGUARD_TEST_MYSQL for the tests. A server that LANGGUARD_TEST_MYSQL names already is used as it is; its login must be
# allowed everything, because the tests make users and databases.

end_mariadb() {
  kill -TERM "$(head -n 1 "$mariadb_folder/pid" 2>/dev/null)" 2>/dev/null || kill "$mariadb_pid" 2>/dev/null || true
  wait "$mariadb_pid" 2>/dev/null || true
}

stop_mariadb() {
  end_mariadb
  rm -rf "$mariadb_folder"
}

start_mariadb() {
  local port password as=()
  PATH="$PATH:/usr/sbin" # Debian keeps the server there.
  need mariadbd mariadb-server "a server for the MySQL tests"
  mariadb_folder=$(mktemp -d)
  if [ "$(id -u)" = 0 ]; then
    # The server refuses to run as root.
    id mysql >/dev/null 2>&1 && as=(--user=mysql) || as=(--user=nobody)
    chown "${as[0]#--user=}" "$mariadb_folder"
  fi

  password=$(od -An -N 24 -tx1 /dev/urandom | tr -d ' \n')
  if ! mariadb-install-db --no-defaults --datadir="$mariadb_folder/data" "${as[@]}" --skip-test-db --skip-name-resolve \
    --auth-root-authentication-method=normal >"$mariadb_folder/install.log" 2>&1; then
    cat "$mariadb_folder/install.log" >&2
    say "MariaDB could not make its data folder. Set LANGGUARD_TEST_MYSQL to use a server of your own."
    exit 1
  fi

  (umask 077 && printf '%s\n' "CREATE USER langguard@'127.0.0.1' IDENTIFIED BY '$password';" \
    "GRANT ALL ON *.* TO langguard@'127.0.0.1' WITH GRANT OPTION;" "DROP USER root@localhost;" >"$mariadb_folder/init.sql")
  [ ${#as[@]} = 0 ] || chown "${as[0]#--user=}" "$mariadb_folder/init.sql"
  for _ in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 20000))
    mariadbd --no-defaults "${as[@]}" --datadir="$mariadb_folder/data" --socket="$mariadb_folder/socket" --port="$port" \
      --bind-address=127.0.0.1 --pid-file="$mariadb_folder/pid" --init-file="$mariadb_folder/init.sql" --skip-name-resolve \
      --skip-log-bin --innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=64M --max-connections=250 \
      >"$mariadb_folder/server.log" 2>&1 &
    mariadb_pid=$!
    for _ in $(seq 1 300); do
      if mariadb --no-defaults -h 127.0.0.1 -P "$port" -u langguard -p"$password" -e 'SELECT 1' >/dev/null 2>&1; then
        export LANGGUARD_TEST_MYSQL="Server=127.0.0.1;Port=$port;User ID=langguard;Password=$password;Database=mysql"
        cleanup+=(stop_mariadb)
        return
      fi
      kill -0 "$mariadb_pid" 2>/dev/null || break
      sleep 0.2
    done
    end_mariadb
    sed -i '/CREATE USER/s/CREATE USER/CREATE USER IF NOT EXISTS/; s/DROP USER root/DROP USER IF EXISTS root/' "$mariadb_folder/init.sql"
  done

  cat "$mariadb_folder/server.log" >&2
  rm -rf "$mariadb_folder"
  say "MariaDB did not start. Set LANGGUARD_TEST_MYSQL to use a server of your own."
  exit 1
}

[ -n "${LANGGUARD_TEST_MYSQL:-}" ] || start_mariadb
