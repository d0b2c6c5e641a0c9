namespace LangGuard.Tests.Records;

internal static partial class PublicRecords
{
    private static PublicRecord[] Agents =>
    [
        new("CVE-2026-25592", "a helper became a tool that nobody had granted", "StdioServerTests.What_is_not_listed_is_not_callable"),
        new("semantic-kernel PR 13644, PR 13683, PR 11440", "an empty list allowed everything", "FromConfigurationTests.An_empty_section_denies_everything"),
        new("agent-framework issue 6486, PR 6487", "an approval without arguments held for the whole tool", "StandingApprovalTests.An_approval_of_a_call_without_arguments_covers_no_call_with_arguments"),
        new("CVE-2026-56074", "an approval was kept by the name of the tool", "StandingApprovalTests.An_approval_of_one_call_covers_no_other_call_of_the_tool"),
        new("granit-dotnet PR 2895", "a tool that was not listed could be called by anybody", "HttpServerTests.Nobody_sees_and_calls_nothing"),
        new("granit-dotnet PR 2895", "the same, without hints", "StdioServerTests.What_is_not_listed_is_not_callable"),
        new("CVE-2026-32211", "a function worked without anybody", "RequestBoundaryTests.A_request_of_nobody_has_no_session"),
        new("crewAI PR 5311", "an environment variable opened writing again", "FromConfigurationTests.A_value_from_the_environment_refuses_to_start"),
        new("CVE-2025-68144", "an argument was taken for an option", "SteeringArgumentTests.An_argument_that_a_tool_takes_for_an_option_is_denied"),
        new("CVE-2025-68143, CVE-2025-68145, CVE-2026-27735", "a repository was made or read elsewhere", "SteeringArgumentTests.A_repository_elsewhere_is_neither_read_nor_made"),
        new("CVE-2026-27735", "one tool did what another was not allowed to", "SteeringArgumentTests.What_one_tool_may_not_do_no_other_does"),
        new("CVE-2025-65106", "placeholders in a text reached into objects", "LoggerSinkTests.A_name_with_placeholders_stays_as_it_is"),
        new("PocketOS (April 2026)", "a token from a file deleted a volume", "CredentialTests.Refuses_what_the_agent_puts_where_credentials_go"),
        new("PocketOS (April 2026)", "the same, from end to end", "AttackScenarioTests.Does_no_harm(StagingToken)"),
        new("Supabase (2025)", "a ticket made an agent publish a table of tokens", "AttackScenarioTests.Does_no_harm(PoisonedTicket)"),
        new("GitHub (May 2025)", "an issue made an agent copy private data", "LinksInContentTests.What_a_private_place_of_a_site_said_is_not_published_at_a_public_one"),
        new("GitHub (May 2025)", "the same, to another site", "OutwardRequestTests.What_one_site_said_does_not_go_to_another"),
    ];
}
