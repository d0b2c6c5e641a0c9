using LangGuard.Permissions;

namespace LangGuard.Tests.Support;

/// <summary>Votes for tests.</summary>
internal static class Votes
{
    internal static readonly Reason Because = new("test.because", "The test says so.");

    internal static readonly Grant FunctionGrant = new FunctionGrant(trusted: true);

    internal static Decision Allow(Operation operation) => Decision.Allow(FunctionGrant);
}
