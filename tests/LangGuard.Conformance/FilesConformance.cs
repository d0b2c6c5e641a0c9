using LangGuard.Files;
using LangGuard.Permissions;
using LangGuard.Testing;
using LangGuard.Testing.Conformance;

namespace LangGuard.Conformance;

/// <summary>The <c>files</c> surface of the runner.</summary>
internal static class FilesConformance
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var options = new ConformanceArguments(arguments);
        var corpus = Corpus(options["--backend"], options["--ablate"]);
        var results = new List<ConformanceResult>();
        foreach (var test in options.Files.SelectMany(Load))
        {
            results.Add(await corpus.RunAsync(test));
        }

        return ResultWriter.Write("files", results, options["--json"], output, "for another platform");
    }

    /// <summary>The cases of a file.</summary>
    public static IEnumerable<FilesCase> Load(string file) => File.ReadLines(file).Where(line => line.Length > 0).Select(FilesCase.Parse);

    /// <summary>Runs cases with everything granted in the root but the default catalogue of sensitive files.</summary>
    /// <param name="backend">The confinement to use: auto, walk or portable.</param>
    /// <param name="ablated">The walls that are off, or null.</param>
    public static FilesCorpus Corpus(string? backend = null, string? ablated = null)
    {
        var off = AblatedWalls.Parse(ablated);
        FileConfinement? confinement = backend switch
        {
            null or "auto" => null,
            "walk" => FileConfinement.HandleWalk,
            "portable" => FileConfinement.VerifyAfterOpen,
            _ => throw new ArgumentException($"There is no backend '{backend}'; there are auto, walk and portable.", nameof(backend)),
        };
        return new FilesCorpus(world => Policy.Create(guard =>
        {
            off.Apply(guard);
            guard.LimitPermissions(allow => allow.Files("files", world.Root, files =>
            {
                files.Read("**").Write("**").Delete("**").Trusted("**");
                files.Options.ForcedConfinement = confinement;
            }));
        }));
    }

    /// <summary>Runs the race and prints one line; exit code 1 when anything outside was reached.</summary>
    public static int Race(IReadOnlyList<string> arguments, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var options = new ConformanceArguments(arguments);
        var operations = int.Parse(options.Files[0], System.Globalization.CultureInfo.InvariantCulture);
        var result = FilesRace.Run(operations, options["--backend"] ?? "auto");
        foreach (var escape in result.Escapes)
        {
            output.WriteLine($"FAIL race bypass {escape}");
        }

        output.WriteLine(
            $"files-race: {result.Operations} operations, {result.Succeeded} completed, {result.Exchanges} exchanges, "
            + $"{result.Escapes.Count} outside effects");
        return result.Escapes.Count > 0 ? 1 : 0;
    }
}
