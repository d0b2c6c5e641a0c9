using System.IO.Abstractions;
using LangGuard.Files;
using LangGuard.Permissions;

namespace LangGuard.Conformance;

/// <summary>Runs cases on real files, guarded and, for attacks, unguarded.</summary>
public sealed class FilesCorpus
{
    private readonly FileConfinement? _backend;
    private readonly AblatedWalls _ablated;

    /// <param name="backend">The confinement to use: auto, walk or portable.</param>
    /// <param name="ablated">The walls that are off, or null.</param>
    public FilesCorpus(string? backend = null, string? ablated = null)
    {
        _ablated = AblatedWalls.Parse(ablated);
        _backend = backend switch
        {
            null or "auto" => null,
            "walk" => FileConfinement.HandleWalk,
            "portable" => FileConfinement.VerifyAfterOpen,
            _ => throw new ArgumentException($"There is no backend '{backend}'; there are auto, walk and portable.", nameof(backend)),
        };
    }

    /// <summary>How long a case may take. One that blocks has an effect: it holds a thread of the host.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether attacks are also run unguarded, to see whether they have an effect at all.</summary>
    public bool HasControls { get; init; } = true;

    public async Task<CaseResult> RunAsync(FilesCase test)
    {
        ArgumentNullException.ThrowIfNull(test);
        if ((test.Platform == "windows" && !OperatingSystem.IsWindows()) || (test.Platform == "linux" && !OperatingSystem.IsLinux()))
        {
            return new CaseResult(test.Id, CaseOutcome.Skipped, test.Platform);
        }

        try
        {
            var guarded = await RunGuardedAsync(test);
            var control = HasControls ? await RunUnguardedAsync(test) : null;
            return test.IsAllowed ? JudgeAllowed(test, guarded, control) : JudgeDenied(test, guarded, control);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or InvalidOperationException)
        {
            return new CaseResult(test.Id, CaseOutcome.Error, $"{error.GetType().Name}: {error.Message}");
        }
    }

    private static CaseResult JudgeDenied(FilesCase test, Run guarded, Run? control)
    {
        if (guarded.Effect is not null || guarded.Error is null)
        {
            return new CaseResult(test.Id, CaseOutcome.Bypass, guarded.Effect ?? "no effect was seen, but no denial either");
        }

        return control is { Error: not null }
            ? new CaseResult(test.Id, CaseOutcome.Inert, $"unguarded: {control.Error}")
            : new CaseResult(test.Id, CaseOutcome.Passed, guarded.Error) { Rule = guarded.Rule };
    }

    private static CaseResult JudgeAllowed(FilesCase test, Run guarded, Run? raw)
    {
        if (guarded.Effect is not null)
        {
            return new CaseResult(test.Id, CaseOutcome.Bypass, guarded.Effect);
        }

        if (guarded.Error is not null)
        {
            return new CaseResult(test.Id, CaseOutcome.FalseDenial, guarded.Error);
        }

        // A recursive listing without a guard walks out through links; there only the guarded names count.
        return raw is not null && test.MustNotSee.Count == 0 && (!guarded.Results.SequenceEqual(raw.Results) || guarded.After != raw.After)
            ? new CaseResult(test.Id, CaseOutcome.FalseDenial, "the result differs from the unguarded one")
            : new CaseResult(test.Id, CaseOutcome.Passed, "as unguarded");
    }

    private async Task<Run> RunGuardedAsync(FilesCase test)
    {
        using var world = new FilesWorld(test);
        var policy = Policy.Create(guard =>
        {
            _ablated.Apply(guard);
            guard.LimitPermissions(allow => allow.Files("files", world.Root, files =>
            {
                files.Read("**").Write("**").Delete("**").Trusted("**");
                files.Options.ForcedConfinement = _backend;
            }));
        });
        using var session = GuardSession.Create(policy, new Principal("conformance"));
        return await RunAsync(world, test, session.FileSystem);
    }

    /// <summary>The same without a guard, where that stays in the case's own folder; otherwise null.</summary>
    private async Task<Run?> RunUnguardedAsync(FilesCase test)
    {
        using var world = new FilesWorld(test);
        if (!FilesOperation.CanRunUnguarded(test, world))
        {
            return null;
        }

        // The corpus says that a plain name is relative to the root.
        return await RunAsync(world, test, new FileSystem(), name => Path.Combine(world.Root, name));
    }

    private async Task<Run> RunAsync(
        FilesWorld world, FilesCase test, IFileSystem fileSystem, Func<string, string>? anchor = null)
    {
        var outside = world.Snapshot(ofRoot: false);
        var inside = world.Snapshot(ofRoot: true);
        IReadOnlyList<string> results = [];
        string? error = null, rule = null;
        // A thread of its own: one that blocks must not keep the others waiting.
        var work = Task.Factory.StartNew(
            () => FilesOperation.Run(
                fileSystem,
                test,
                world,
                name => anchor is null || name.Length == 0 ? world.Substitute(name) : anchor(world.Substitute(name))),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            results = await work.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            error = null;
            return new Run("it did not return", null, [], string.Empty);
        }
        catch (Exception failure)
        {
            error = $"{failure.GetType().Name}: {failure.Message}";
            rule = (failure as IAccessDenied)?.Decision.Reason?.Rule;
        }

        var effect = FindEffect(world, test, outside, inside, results, error);
        return new Run(effect, error, [.. results.Select(text => Strip(text, world, anchor is not null))], Relative(world), rule);
    }

    private static string? FindEffect(
        FilesWorld world, FilesCase test, string outside, string inside, IReadOnlyList<string> results, string? error)
    {
        if (world.Snapshot(ofRoot: false) != outside)
        {
            return "something outside the root changed";
        }

        if (test.IsAllowed)
        {
            var seen = test.MustNotSee.FirstOrDefault(name => results.Any(result => result.EndsWith(name, StringComparison.Ordinal)));
            return seen is null ? null : $"the listing shows {seen}";
        }

        if (error is null)
        {
            return results.Count > 0 ? $"it returned {results[0].Length} characters: {results[0]}" : "it took effect";
        }

        return world.Snapshot(ofRoot: true) != inside
            ? "it was denied, but something inside changed"
            : error.Contains("SECRET", StringComparison.Ordinal) ? "the error holds content" : null;
    }

    // Both runs have a world of their own: names are compared from the root on, times not at all.
    private static string Strip(string text, FilesWorld world, bool isRaw) =>
        isRaw && text.StartsWith(world.Root, StringComparison.Ordinal) ? Clean(text[world.Root.Length..])
        : Clean(text.Replace(world.Root, string.Empty, StringComparison.Ordinal));

    private static string Clean(string text) =>
        text.StartsWith("/./", StringComparison.Ordinal) ? text[3..] : text.TrimStart('/') is var rest && rest.StartsWith("./", StringComparison.Ordinal) ? rest[2..] : rest;

    private static string Relative(FilesWorld world) => string.Join(
        '\n', world.Snapshot(ofRoot: true).Split('\n')
            .Select(line => line.LastIndexOf(' ') is var cut && cut > 0 && !line.Contains(" -> ", StringComparison.Ordinal) ? line[..cut] : line)
            .Select(line => line.Replace(world.Root, string.Empty, StringComparison.Ordinal).Replace(world.Outside, "outside", StringComparison.Ordinal)));

    private sealed record Run(string? Effect, string? Error, IReadOnlyList<string> Results, string After, string? Rule = null);
}
