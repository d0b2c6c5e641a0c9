namespace LangGuard.Files;

/// <summary>The platform's reading of the older search parameters.</summary>
internal static class SearchOptions
{
    private static readonly EnumerationOptions Top = new()
    {
        MatchType = MatchType.Win32, AttributesToSkip = 0, IgnoreInaccessible = false,
    };

    private static readonly EnumerationOptions All = new()
    {
        MatchType = MatchType.Win32, AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = true,
    };

    public static EnumerationOptions From(SearchOption searchOption) => searchOption switch
    {
        SearchOption.TopDirectoryOnly => Top,
        SearchOption.AllDirectories => All,
        _ => throw new ArgumentOutOfRangeException(nameof(searchOption), "Enum value was out of legal range."),
    };
}
