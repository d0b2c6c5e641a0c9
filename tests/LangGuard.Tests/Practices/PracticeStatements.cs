namespace LangGuard.Tests.Practices;

/// <summary>The statements of LangChain's security policy, in our own words, with what answers each and the test that proves it.
/// Tests called <c>Practice_Snn_...</c> are found by their names; a proof here is another test, as Class.Method.</summary>
internal static class PracticeStatements
{
    internal static readonly (string Id, string Statement, string Capability, string? Proof)[] All =
    [
        ("S01", "An agent touches files, services and databases, near and far.", "Three guarded surfaces, and every function, under one policy.", null),
        ("S02", "Integrations exist so that agents can act.", "The guards are the platform's own types and lose nothing of allowed work.", null),
        ("S03", "Whoever builds an agent follows good practice.", "Secure by default: with nothing said nothing is allowed, and the denial says what to write.", null),
        ("S04", "Scope permissions to what the application needs.", "Learn: a recorded run becomes the smallest policy.", "PolicyRecorderTests.The_learnt_policy_allows_the_run_and_denies_a_hundred_others"),
        ("S05", "Broad permissions are vulnerabilities.", "Findings at start; a strict policy refuses to start.", null),
        ("S06", "Use credentials that only read.", "The credential audit compares a login with the policy.", null),
        ("S07", "Close what is sensitive.", "Built-in catalogues of secret files, control files, catalogs and metadata addresses.", null),
        ("S08", "Sandbox the process.", "Posture checks that can be required.", null),
        ("S09", "Control outgoing requests by a proxy.", "RequireProxy: no way around, closed when it is down.", null),
        ("S10", "As it suits the application.", "Presets that can be narrowed.", "PolicyPresetTests.Two_presets_narrow_each_other_when_they_intersect"),
        ("S11", "People err, and so do models.", "Denials that let a model correct itself; a mistake has no effect.", null),
        ("S12", "Assume that every permission is used in every way.", "ExplainReach: the worst that a policy allows.", "ReachReportTests.Every_allowed_operation_lies_inside_the_report"),
        ("S13", "A credential that can delete will delete.", "The audit names every right that the policy does not need.", null),
        ("S14", "No technique is perfect.", "A layer that fails denies.", null),
        ("S15", "Prompts reduce risk and do not end it.", "Decisions read no prompt and no statement of intent.", null),
        ("S16", "Combine layers.", "Walls that hold when a layer above is wrong.", null),
        ("S17", "For instance read-only access in a sandbox.", "The sandbox that a policy asks for: what it does not name is not there, even without any guard.", "SandboxedProcessTests.Only_what_the_policy_names_is_there"),
        ("S18", "Risk: data is lost or corrupted.", "Journal and undo, writes that are old or new and nothing between.", null),
        ("S19", "Risk: confidential data is disclosed.", "Scopes that do not even tell what exists; secrets searched for in everything that leaves.", null),
        ("S20", "Risk: systems become slow or unavailable.", "Limits on sizes, times, rows, rates and concurrency.", null),
        ("S21", "Scenario: the user asks to delete files.", "Deleting is a verb of its own, denied unless granted.", null),
        ("S22", "Scenario: the user asks to read sensitive content.", "Content of results is searched for keys and tokens.", null),
        ("S23", "Limit an agent to a directory.", "Handles beneath a root.", null),
        ("S24", "Allow only files that are safe to read or write.", "Globs, extensions and sniffed types.", null),
        ("S25", "Run it in a container besides.", "A Compose file from the policy: its directories, read-only where it reads.", "SandboxPlanTests.The_compose_file_mounts_the_directories_and_gives_no_rights_besides"),
        ("S26", "Scenario: harmful data is written to a service.", "Bodies of a granted shape only.", null),
        ("S27", "Scenario: data is deleted through a service.", "Deletes and their disguises.", null),
        ("S28", "Give read-only keys.", "Keys attached by the host, one for reads and one for writes.", "CredentialTests.Attaches_a_read_key_to_reads_and_a_write_key_to_writes"),
        ("S29", "Allow only endpoints that withstand misuse.", "Endpoint rules, and operations of an OpenAPI document.", null),
        ("S30", "Scenario: a table is dropped or a schema changed.", "Only queries and changes of rows run.", null),
        ("S31", "Scope database credentials to tables.", "The least role, generated from the policy.", null),
        ("S32", "Think of read-only database credentials.", "Sessions of the engine that only read.", null),
        ("S33", "Talk to the security team.", "A report that can be read and compared.", null),
        ("S34", "Report vulnerabilities by the programme.", "SECURITY.md: a private channel, response times, safe harbour.", null),
        ("S35", "Read scope and structure first.", "SECURITY.md: what is in scope and what is not.", null),
        ("S36", "Know which packages are in scope.", "Every package is listed.", "PackageTests.The_security_page_and_the_readme_name_every_package"),
        ("S37", "Experimental code is out of scope.", "There is none: no API is marked experimental.", null),
        ("S38", "Tools are out of scope, because they touch the world.", "The promise turned around: an effect outside the policy is in scope.", null),
        ("S39", "Code with security notices is judged case by case.", "Whatever weakens a guard is called Unguarded.", null),
        ("S40", "A hosted service has its own channel.", "There is none: nothing is sent anywhere by itself.", null),
        ("S41", "Other questions have an address.", "SECURITY.md and the questions page.", null),
    ];
}
