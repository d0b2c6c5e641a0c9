using System.IO.Abstractions;

namespace LangGuard.Testing.Conformance;

/// <summary>Runs cases on real files, guarded and, for attacks, unguarded.</summary>
/// <param name="policy">Makes the policy for the folder of one case.</param>
internal sealed class FilesCorpus(Func<FilesWorld, Policy> policy)
{
    /// <summary>How long a case may take. One that blocks has an effect: it holds a thread of the host.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether attacks are also run unguarded, to see whether they have an effect at all.</summary>
    public bool HasControls { get; set; } = true;

    /// <summary>Why a case says nothing about a policy; null when it does.</summary>
    public Func<FilesCase, FilesWorld, Policy, string?> WhyNot { get; init; } = static (_, _, _) => null;

    /// <summary>Whether a person who is asked counts as an answer to a benign case.</summary>
    public bool MayAsk { get; init; }

    public async Task<ConformanceResult> RunAsync(FilesCase test) =>
        await JudgeAsync(test).ConfigureAwait(false) with { Technique = test.Technique, IsAttack = !test.IsAllowed };

    private async Task<ConformanceResult> JudgeAsync(FilesCase test)
    {
        if ((test.Platform == "windows" && !OperatingSystem.IsWindows()) || (test.Platform == "linux" && !OperatingSystem.IsLinux()))
        {
            return new ConformanceResult(test.Id, ConformanceOutcome.Skipped, test.Platform);
        }

        try
        {
            var guarded = await RunGuardedAsync(test).ConfigureAwait(false);
            if (guarded.Skipped is not null)
            {
                return new ConformanceResult(test.Id, ConformanceOutcome.Skipped, guarded.Skipped);
            }

            if (MayAsk && test.IsAllowed && guarded is { Asks: true, Effect: null })
            {
                return new ConformanceResult(test.Id, ConformanceOutcome.Skipped, $"a person is asked: {guarded.Rule}");
            }

            var control = HasControls ? await RunUnguardedAsync(test).ConfigureAwait(false) : null;
            return test.IsAllowed ? JudgeAllowed(test, guarded, control) : JudgeDenied(test, guarded, control);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or InvalidOperationException
            or UnauthorizedAccessException or NotSupportedException)
        {
            // One case that can not be set up must not hide what the others say.
            return new ConformanceResult(test.Id, ConformanceOutcome.Error, $"{error.GetType().Name}: {error.Message}");
        }
    }

    private static ConformanceResult JudgeDenied(FilesCase test, Run guarded, Run? control)
    {
        if (guarded.Effect is not null || guarded.Error is null)
        {
            return new ConformanceResult(test.Id, ConformanceOutcome.Bypass, guarded.Effect ?? "no effect was seen, but no denial either");
        }

        return control is { Error: not null }
            ? new ConformanceResult(test.Id, ConformanceOutcome.Inert, $"unguarded: {control.Error}")
            : new ConformanceResult(test.Id, ConformanceOutcome.Passed, guarded.Error) { Rule = guarded.Rule };
    }

    private static ConformanceResult JudgeAllowed(FilesCase test, Run guarded, Run? raw)
    {
        if (guarded.Effect is not null)
        {
            return new ConformanceResult(test.Id, ConformanceOutcome.Bypass, guarded.Effect);
        }

        if (guarded.Error is not null)
        {
            return new ConformanceResult(test.Id, ConformanceOutcome.FalseDenial, guarded.Error);
        }

        // A recursive listing without a guard walks on through links; there only the guarded names count.
        var follows = test.MustNotSee.Count > 0 || (test.IsRecursive && test.Setup.Any(step => step.Kind == "symlink"));
        return raw is not null && !follows && (!guarded.Results.SequenceEqual(raw.Results) || guarded.After != raw.After)
            ? new ConformanceResult(test.Id, ConformanceOutcome.FalseDenial, "the result differs from the unguarded one")
            : new ConformanceResult(test.Id, ConformanceOutcome.Passed, "as unguarded");
    }

    private async Task<Run> RunGuardedAsync(FilesCase test)
    {
        using var world = new FilesWorld(test);
        var built = policy(world);
        if (WhyNot(test, world, built) is { } reason)
        {
            return new Run(null, null, [], string.Empty) { Skipped = reason };
        }

        using var session = GuardSession.Create(built, new Principal("conformance"));
        return await RunAsync(world, test, session.FileSystem).ConfigureAwait(false);
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
        return await RunAsync(world, test, new FileSystem(), name => Path.Combine(world.Root, name)).ConfigureAwait(false);
    }

    private async Task<Run> RunAsync(
        FilesWorld world, FilesCase test, IFileSystem fileSystem, Func<string, string>? anchor = null)
    {
        var outside = world.Snapshot(ofRoot: false);
        var inside = world.Snapshot(ofRoot: true);
        IReadOnlyList<string> results = [];
        string? error = null;
        Decision? denial = null;

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
            results = await work.WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            error = null;
            return new Run("it did not return", null, [], string.Empty);
        }
        catch (Exception failure)
        {
            error = $"{failure.GetType().Name}: {failure.Message}";
            denial = (failure as IAccessDenied)?.Decision;
        }

        var effect = FindEffect(world, test, outside, inside, results, error);
        return new Run(effect, error, [.. results.Select(text => Strip(text, world, anchor is not null))], Relative(world), denial?.Reason?.Rule)
        {
            Asks = denial is { Kind: DecisionKind.Ask },
        };
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

    private sealed record Run(string? Effect, string? Error, IReadOnlyList<string> Results, string After, string? Rule = null)
    {
        public string? Skipped { get; init; }

        public bool Asks { get; init; }
    }
}
