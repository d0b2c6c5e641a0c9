namespace LangGuard.Tests.Records;

internal static partial class PublicRecords
{
    private static PublicRecord[] Http =>
    [
        new("CVE-2023-46229", "a crawler walked from an outer site to an inner server", "LinksInContentTests.A_document_leads_only_where_a_rule_does"),
        new("langchain #38814", "entries of a nested sitemap were not compared with the site", "LinksInContentTests.A_document_leads_only_where_a_rule_does"),
        new("GHSA-6h8p-4hx9-w66c, CVE-2023-32786", "injected text chose the URL", "GuardedHttpHandlerTests.Denies_what_no_rule_grants_and_sends_nothing"),
        new("CVE-2024-0243, GHSA-h9j7-5xvc-qhg5", "hosts were compared by a prefix of the text", "LinksInContentTests.A_document_leads_only_where_a_rule_does"),
        new("langchainjs PR 9990, CVE-2026-26019", "the base URL was compared by a prefix", "LinksInContentTests.A_document_leads_only_where_a_rule_does"),
        new("CVE-2024-3095", "local and metadata addresses were reached", "AddressClassifierTests.Is_never_opened_by_a_rule"),
        new("CVE-2025-2828", "a request tool scanned ports and read metadata", "LinksInContentTests.A_scan_of_ports_connects_nowhere_and_uses_up_its_calls"),
        new("langchainjs PR 10116, CVE-2026-27795", "redirects were not checked", "GuardedHttpHandlerTests.Follows_redirects_that_the_rules_grant_and_refuses_the_others"),
        new("CVE-2026-26013", "a helper fetched a URL beside the guard", "HttpClientFactoryTests.Is_the_end_of_the_chain_whatever_the_order_of_registrations"),
        new("CVE-2026-41481", "a checked URL was fetched with redirects on", "HttpAttackTests.A_redirected_body_is_decided_on_again"),
        new("CVE-2026-41488", "the name was resolved again after the check", "HttpAttackTests.Rebinding_between_look_ups_reaches_nothing"),
        new("CVE-2026-48776", "an identifier changed the path of a URL", "OpenApiTests.An_argument_can_not_leave_its_slot"),
        new("CVE-2024-2965", "a document that names itself was read for ever", "LinksInContentTests.A_document_that_names_itself_is_read_as_often_as_the_policy_says"),
        new("CVE-2024-1455", "a small document unpacked without end", "ResponseLimitTests.Ends_a_decompression_bomb"),
        new("CVE-2026-26118", "a token was sent to a host of the input's choice", "CredentialTests.A_credential_goes_only_where_the_policy_says"),
        new("CVE-2024-38206", "private addresses passed in other spellings", "AttackScenarioTests.Does_no_harm(MetadataAndRebinding)"),
        new("semantic-kernel PR 13631, PR 14029, PR 14267, issue 14312", "the document of an API named its server, unchecked; addresses inside others and of the platform were missed", "OpenApiTests.The_host_app_names_the_server"),
        new("semantic-kernel PR 14267, issue 14312", "the same, by address", "AddressClassifierTests.Refuses_addresses_that_carry_an_inside_one"),
        new("semantic-kernel PR 13969", "two settings together opened redirects again", "HttpRuleParserTests.Reports_every_bad_rule_at_once"),
        new("CVE-2025-32711", "data left in the URL of an image through an allowed host", "OutwardRequestTests.Content_from_elsewhere_does_not_leave_in_a_query"),
        new("CVE-2025-32711", "the same, from end to end", "AttackScenarioTests.Does_no_harm(SecretNoteInQuery)"),
        new("CamoLeak", "hidden comments spelled a secret by one picture for each letter", "LinksInContentTests.Letters_are_not_spelled_by_one_request_each"),
        new("GHSA-j8q9-r9pq-2hh9, CVE-2026-56266, CVE-2026-55787, CVE-2026-79913, ruflo 3.63.2, plunk #449", "IPv6 spellings and transition forms passed a check of texts", "AddressClassifierTests.Agrees_with_the_reference_on_a_million_addresses"),
        new("cline #13494", "redirects were followed and hosts were not limited", "GuardedHttpHandlerTests.Follows_redirects_that_the_rules_grant_and_refuses_the_others"),
        new("Claude Cowork (January 2026)", "a foreign key went to an allowed host", "CredentialTests.Refuses_what_the_agent_puts_where_credentials_go"),
        new("Copilot Cowork", "links that open a file for everybody left", "LeakingLinkTests.A_link_that_opens_a_file_for_everybody_reaches_neither_the_model_nor_another_site"),
        new("Copilot Cowork", "a message to the own inbox loaded outer pictures", "LeakingLinkTests.A_message_to_the_users_own_inbox_loads_nothing_from_elsewhere"),
    ];
}
