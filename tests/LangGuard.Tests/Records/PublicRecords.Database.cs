namespace LangGuard.Tests.Records;

internal static partial class PublicRecords
{
    private static PublicRecord[] Database =>
    [
        new("CVE-2023-36189, CVE-2023-32785", "injected SQL ran", "PostgreSqlDatabaseTests.Denies_what_is_not_granted"),
        new("CVE-2024-8309, CVE-2024-7042", "a prompt deleted everything and read other tenants' data", "RowFilterAttackTests.Shows_and_changes_no_row_of_another_tenant"),
        new("CVE-2024-21513", "every value that came back was evaluated", "InjectionTests.What_a_value_says_is_never_carried_out"),
        new("CVE-2025-8709, CVE-2025-67644, CVE-2026-55405", "keys of filters became part of a statement in the product's own store", "ApprovalTests.Names_in_a_store_are_values_and_open_nothing_of_others"),
        new("CVE-2025-8709, CVE-2025-67644, CVE-2026-55405", "the same, in the audit", "AuditTableTests.A_name_is_a_value_and_never_part_of_a_statement"),
        new("arXiv 2308.01990", "prompts became statements that drop, change and show", "InjectionTests.A_prompt_that_becomes_a_statement_neither_changes_nor_shows_what_is_not_granted"),
        new("arXiv 2308.01990", "a stored text gave orders", "InjectionTests.A_stored_text_that_gives_orders_orders_nothing"),
        new("server-postgres", "`COMMIT` left the read-only transaction", "InjectionTests.The_end_of_a_read_only_transaction_is_no_way_out"),
        new("CVE-2026-12045", "the same, on to running programs", "PostgreSqlWallTests.Lets_nothing_but_a_query_through"),
        new("CVE-2026-130008", "trailing statements, ATTACH, PRAGMA", "PracticeTests.Practice_S30_no_spelling_changes_the_schema"),
        new("CVE-2026-63129", "the preview ran before it was approved", "WritePreviewTests.What_is_denied_is_not_previewed"),
        new("CVE-2026-85620", "functions in FROM were not looked at", "InjectionTests.No_spelling_and_no_place_of_a_function_reads_a_file_of_the_server"),
        new("CVE-2026-25879, CVE-2026-50180, CVE-2026-54760", "a list of forbidden functions missed names and spellings", "InjectionTests.No_spelling_and_no_place_of_a_function_reads_a_file_of_the_server"),
        new("CVE-2026-61789", "a comment for the gate was a statement for the server", "InjectionTests.A_comment_that_the_server_reads_as_a_statement_is_no_comment"),
        new("ibmi-mcp-server 0.6.2", "a function in a SELECT ran commands", "InjectionTests.What_runs_inside_the_server_is_run_by_name_only"),
        new("CVE-2026-35402, CVE-2026-55615, CVE-2026-41274, CVE-2026-32247", "procedures were called and names were pasted into queries", "InjectionTests.What_runs_inside_the_server_is_run_by_name_only"),
        new("CVE-2026-41274, CVE-2026-32247", "the same, by names in parameters", "InjectionTests.A_name_in_a_parameter_names_nothing"),
        new("rocketride #2087", "SELECT INTO, FOR UPDATE, nextval, dblink", "InjectionTests.What_looks_like_a_query_and_does_more_is_denied"),
        new("postgres-mcp-hardened 0.1", "a hidden column answered through JOIN USING", "GuardedDatabaseTests.A_denied_column_is_denied_in_every_position"),
        new("SQLite reference MCP server", "a stored text reached an agent with more rights", "InjectionTests.A_ticket_that_was_stored_stays_a_value_and_stays_untrusted"),
        new("SQLite reference MCP server", "the same, where that agent's policy trusts the database", "InjectionTests.What_one_agent_stored_is_untrusted_for_another_that_trusts_the_database"),
        new("Replit (July 2025)", "production rows were changed in a freeze", "AttackScenarioTests.Does_no_harm(FrozenApp)"),
        new("Replit (July 2025)", "production rows were dropped in a freeze", "WritePreviewTests.A_frozen_or_ended_session_commits_nothing"),
    ];
}
