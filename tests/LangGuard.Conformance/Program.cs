using LangGuard.Conformance;

const string Usage = """
    Usage: LangGuard.Conformance -- <surface> <file>... [--ablate <wall>,...] [--json <file>]
    Surfaces: files, functions, http, sql
    files takes --backend auto|walk|portable
    ablate [<folder of the corpora>] [--surfaces files,http,sqlite,postgres,mysql,duckdb,functions] leaves out every wall in turn and says what the others hold
    files-race <operations> [--backend auto|walk|portable] exchanges names while the guard works
    sql takes --schemas FILE [--engines sqlite,postgres,mysql,duckdb,tsql] [--controls off]; LANGGUARD_TEST_POSTGRES, LANGGUARD_TEST_MYSQL and LANGGUARD_TEST_SQLSERVER name the servers
    sql-fuzz <file> --schemas FILE [--engines sqlite,postgres,mysql,tsql,duckdb] [--seconds N] [--seed N] compares the inspector with the engines
    """;

if (args.Length < 2 && args is not ["ablate"])
{
    Console.Error.WriteLine(Usage);
    return 2;
}

return args[0] switch
{
    "files" => await FilesConformance.RunAsync(args[1..], Console.Out),
    "ablate" => await AblateAsync(new ConformanceArguments(args[1..])),
    "files-race" => FilesConformance.Race(args[1..], Console.Out),
    "functions" => await FunctionsConformance.RunAsync(args[1..], Console.Out),
    "http" => await HttpConformance.RunAsync(args[1..], Console.Out),
    "sql" => await SqlConformance.RunAsync(args[1..], Console.Out),
    "sql-fuzz" => SqlFuzz.Run(args[1..], Console.Out),
    _ => Unknown(args[0]),
};

static async Task<int> AblateAsync(ConformanceArguments options)
{
    var folder = options.Files.Count > 0 ? options.Files[0] : "tests/LangGuard.SecurityTests/Corpora";
    var surfaces = options["--surfaces"] ?? "files,http,sqlite,duckdb,functions"
        + (Environment.GetEnvironmentVariable("LANGGUARD_TEST_POSTGRES") is null ? string.Empty : ",postgres")
        + (Environment.GetEnvironmentVariable("LANGGUARD_TEST_MYSQL") is null ? string.Empty : ",mysql");
    var matrix = await AblationMatrix.RunAsync(folder, surfaces.Split(','));
    Console.Out.Write(matrix.ToMarkdown());
    return matrix.Bypasses.Any() ? 1 : 0;
}

static int Unknown(string surface)
{
    Console.Error.WriteLine($"There is no surface '{surface}'.");
    Console.Error.WriteLine(Usage);
    return 2;
}
