# SQL Server is in no Debian package: its parser tests always run, cases on a server only where one is named.
if [ -z "${LANGGUARD_TEST_SQLSERVER:-}" ]; then
  say "SQL Server: no case runs on a server, because LANGGUARD_TEST_SQLSERVER names none"
fi
