using LangGuard.Ablation;
using LangGuard.Auditing;
using LangGuard.Http;

namespace LangGuard.Testing.Conformance;

/// <summary>Builds a policy as its host does, without what would leave traces of a test in the host's stores.</summary>
internal static class PolicyUnderTest
{
    /// <summary>Builds it.</summary>
    /// <param name="configure">What the host says.</param>
    /// <param name="redirect">Puts the world of a case in the place of the real one.</param>
    public static Policy Build(Action<PolicyBuilder> configure, Action<PolicyBuilder> redirect)
    {
        var builder = new PolicyBuilder();
        configure(builder);
        builder.SwitchOff(Wall.Audit);
        builder.Collect<AuditFileParts>().Tables.Clear();
        builder.Options.DefendInDepth.Audit.Folder = null;
        builder.Options.DefendInDepth.Journal.Directory = null;
        builder.Options.DefendInDepth.RequireProxy = null;
        builder.Collect<EgressOptions>().Proxy = null;
        redirect(builder);
        return builder.Build();
    }
}
