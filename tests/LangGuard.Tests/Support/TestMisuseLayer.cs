namespace LangGuard.Tests.Support;

/// <summary>Objects as the test says.</summary>
internal sealed class TestMisuseLayer(string name, Func<Operation, GuardSession, Objection> review) : MisuseLayer
{
    public override string Name => name;

    public override Objection Review(Operation operation, GuardSession session) => review(operation, session);
}
