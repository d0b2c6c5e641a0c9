namespace LangGuard.Tests.Support;

/// <summary>Allows what the test says, by the effect of its votes alone.</summary>
internal sealed class TestLayer(string name, Func<Operation, Decision> decide) : PermissionLayer
{
    public override string Name => name;

    public override Decision Decide(Operation operation) => decide(operation);

    internal static TestLayer AllowAll() => new("allow-all", Votes.Allow);
}
