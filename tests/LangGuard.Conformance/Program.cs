using LangGuard.Conformance;

const string Usage = """
    Usage: LangGuard.Conformance -- <surface> <file>... [--ablate <layer>] [--json <file>]
    Surfaces: files, functions, http, sql
    files takes --backend auto|walk|portable and --ablate sensitive|hard-links|confinement
    files-race <operations> [--backend auto|walk|portable] exchanges names while the guard works
    sql takes --schemas FILE [--engines sqlite,postgres]; LANGGUARD_TEST_POSTGRES names the server
    sql-fuzz <file> --schemas FILE [--engines sqlite,postgres] [--seconds N] [--seed N] compares the inspector with the engines
    """;

if (args.Length < 2)
{
    Console.Error.WriteLine(Usage);
    return 2;
}

return args[0] switch
{
    "files" => await FilesConformance.RunAsync(args[1..], Console.Out),
    "files-race" => FilesConformance.Race(args[1..], Console.Out),
    "functions" => await FunctionsConformance.RunAsync(args[1..], Console.Out),
    "http" => await HttpConformance.RunAsync(args[1..], Console.Out),
    "sql" => await SqlConformance.RunAsync(args[1..], Console.Out),
    "sql-fuzz" => SqlFuzz.Run(args[1..], Console.Out),
    _ => Unknown(args[0]),
};

static int Unknown(string surface)
{
    Console.Error.WriteLine($"There is no surface '{surface}'.");
    Console.Error.WriteLine(Usage);
    return 2;
}
