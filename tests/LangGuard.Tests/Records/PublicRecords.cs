namespace LangGuard.Tests.Records;

/// <summary>Public records of attacks and accidents, what went wrong in a few words, and the test that shows it does not happen
/// here. The tests are named for the technique.</summary>
internal static partial class PublicRecords
{
    internal static readonly (string Surface, PublicRecord[] Records)[] All =
        [("HTTP", Http), ("Files", Files), ("Database", Database), ("Agents", Agents), ("By construction", Construction)];
}
