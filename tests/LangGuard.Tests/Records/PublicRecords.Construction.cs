namespace LangGuard.Tests.Records;

internal static partial class PublicRecords
{
    private const string NoPrograms = "ConstructionTests.No_package_starts_programs_or_compiles_text";

    private static PublicRecord[] Construction =>
    [
        new("CVE-2023-29374, CVE-2023-34540, CVE-2023-36095, CVE-2023-36188, CVE-2023-36258, CVE-2023-38860, CVE-2023-38896, CVE-2023-39631, CVE-2023-39659, CVE-2023-44467, CVE-2024-27444, CVE-2024-38459", "text of a model was run as a program", NoPrograms),
        new("CVE-2026-26030", "the text of a filter was evaluated", NoPrograms),
        new("CVE-2025-6514, CVE-2025-53967", "a URL of a server reached a command line", NoPrograms),
        new("CVE-2023-34541, CVE-2023-36281", "a file of settings ran code when it was read", "FromConfigurationTests.A_configuration_is_data_and_brings_nothing_to_life"),
        new("CVE-2024-2057, CVE-2024-5998, CVE-2025-64439, CVE-2026-27794", "stored objects came back as code", NoPrograms),
        new("CVE-2025-68664, GHSA-c67j-w6g6-q2cm", "data brought objects and variables of the environment to life", "ConstructionTests.No_package_expands_variables_of_the_environment"),
        new("CVE-2025-6984, CVE-2025-6985, GHSA-m42m-m8cr-8m58", "XML read local files", "ConstructionTests.No_package_reads_XML"),
        new("CVE-2026-40160", "a client for emergencies went without the check", "ConstructionTests.Only_the_guard_makes_clients_and_sockets"),
    ];
}
