using LangGuard.Ablation;
using LangGuard.Http;
using Microsoft.AspNetCore.Http;

namespace LangGuard.SecurityTests.Scenarios;

/// <summary>One app, its policy, and what a model in it tries. The same scenario runs guarded, without any guard, and with each
/// layer left out.</summary>
internal abstract class Scenario
{
    /// <summary>The number and name of the scenario.</summary>
    internal string Name => GetType().Name;

    /// <summary>Texts that may never reach the model, nor leave.</summary>
    internal virtual IReadOnlyList<string> Hidden => [];

    /// <summary>Texts that the model may read, but that may never leave.</summary>
    internal virtual IReadOnlyList<string> Inside => [];

    /// <summary>What the user asks for.</summary>
    internal virtual string User => "Please do the work that is waiting.";

    /// <summary>Layers and walls that hold alone and together: with any one of them off nothing happens either.</summary>
    internal virtual IReadOnlyList<Wall> Walls => [];

    /// <summary>Files and folders that may change, relative to the scenario's folder; a folder ends with a slash.</summary>
    internal virtual IReadOnlyList<string> Changes => [];

    /// <summary>The engine of its database.</summary>
    internal virtual string Engine => "sqlite";

    /// <summary>Makes files and rows.</summary>
    internal virtual void Plant(ScenarioWorld world)
    {
    }

    /// <summary>What the hosts of the scenario answer.</summary>
    internal virtual Task AnswerAsync(HttpContext context, string body) => context.Response.WriteAsync("{}");

    /// <summary>The policy.</summary>
    internal abstract void Allow(PolicyBuilder guard, ScenarioWorld world);

    /// <summary>What the model calls; it sees the answers of the calls before.</summary>
    internal abstract IReadOnlyList<Func<IReadOnlyList<string>, Step>> Script(ScenarioWorld world);

    /// <summary>What the guard has to answer: the rule of each call, or null where it is allowed; empty when any denial will do.</summary>
    internal abstract IReadOnlyList<string?> Rules { get; }

    /// <summary>Harm that is neither a changed file or row nor a text that came out.</summary>
    internal virtual IEnumerable<string> MoreHarm(ScenarioWorld world) => [];

    /// <summary>What the model says in the end.</summary>
    internal virtual string Claim => "Done.";

    /// <summary>Ends what the scenario itself has started.</summary>
    internal virtual void End()
    {
    }

    /// <summary>Connects clients without a guard; null for the hosts of the scenario.</summary>
    internal virtual EgressTransport? Connect(ScenarioWorld world) => null;

    /// <summary>Every layer and wall.</summary>
    protected static IReadOnlyList<Wall> Every => Enum.GetValues<Wall>();

    protected static Func<IReadOnlyList<string>, Step> Do(Step step) => _ => step;
}
