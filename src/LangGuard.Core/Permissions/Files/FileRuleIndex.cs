using LangGuard.Files;

namespace LangGuard.Permissions;

/// <summary>The rules of one root, found by the first part of a name, so that their number does not matter.</summary>
internal sealed class FileRuleIndex
{
    private static readonly bool IgnoresCase = !OperatingSystem.IsLinux();

    private readonly Dictionary<string, Rule[]>.AlternateLookup<ReadOnlySpan<char>> _allowByFirst;
    private readonly Dictionary<string, Rule[]>.AlternateLookup<ReadOnlySpan<char>> _denyByFirst;
    private readonly Rule[] _allowAny;
    private readonly Rule[] _denyAny;
    private readonly string[] _protected;
    private readonly bool _hasLeadingDenials;
    private readonly bool _portableNames;
    private readonly bool _refusesOtherMounts;
    private readonly HardLinkRule _hardLinks;
    private readonly SensitiveFileCheck? _sensitive;

    public FileRuleIndex(FileRoot root, FileRootOptions options, IEnumerable<string> protectedNames, bool knowsSensitiveFiles = true)
    {
        Anchor = root.Anchor;
        _sensitive = knowsSensitiveFiles ? new SensitiveFileCheck(options.UnguardedSensitiveFiles) : null;
        FileLimits limits = FileLimits.Default.With(options.Limits);
        _protected = [.. protectedNames.Select(NameFolding.Fold)];
        bool hidesEntries = _protected.Length > 0
            || options.Rules.Values.Any(rule => (rule.Deny & FilePermissions.List) != 0);
        List<Rule> allow = [];
        List<Rule> deny = [];
        foreach ((string pattern, FileRuleOptions rule) in options.Rules)
        {
            if (Glob.TryParse(pattern, out Glob? glob, out _))
            {
                bool coversTree = !hidesEntries && glob!.CoversSubtree && (rule.Allow & FilePermissions.List) != 0;
                allow.Add(new Rule(glob!, rule.Allow, ToGrant(rule, limits, coversTree)));
                _ = Glob.TryParse(NameFolding.IsPlain(pattern) ? pattern : FoldPattern(pattern), out Glob? folded, out _);
                deny.Add(new Rule(folded ?? glob!, rule.Deny, null));
            }
        }

        allow.RemoveAll(rule => rule.Permissions == FilePermissions.None);
        deny.RemoveAll(rule => rule.Permissions == FilePermissions.None);
        Reach = allow.Aggregate(FilePermissions.None, (reach, rule) => reach | rule.Permissions);
        StringComparer comparer = IgnoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        _allowByFirst = Group(allow, comparer);
        _denyByFirst = Group(deny, StringComparer.OrdinalIgnoreCase);
        _allowAny = Sort(allow.Where(rule => rule.Glob.Leading is null));
        _denyAny = Sort(deny.Where(rule => rule.Glob.Leading is null));
        _hasLeadingDenials = deny.Exists(rule => rule.Glob.Leading is not null);
        _portableNames = root.PortableNames;
        _refusesOtherMounts = options.RefuseOtherMounts;
        _hardLinks = options.HardLinks;
    }

    /// <summary>The verbs that any rule allows for any name.</summary>
    public FilePermissions Reach { get; }

    /// <summary>Which directory these rules are for.</summary>
    public string Anchor { get; }

    /// <summary>Whether rules allow every verb for a name; the most specific rule that allows any of them gives the grant.</summary>
    public FileGrant? Allow(ReadOnlySpan<char> name, FilePermissions needed)
    {
        FilePermissions missing = needed;
        FileGrant? grant = null;
        if (_allowByFirst.TryGetValue(FirstPart(name), out Rule[]? rules))
        {
            Collect(rules, name, ref missing, ref grant);
        }

        if (missing != FilePermissions.None)
        {
            Collect(_allowAny, name, ref missing, ref grant);
        }

        return missing == FilePermissions.None ? grant : null;
    }

    /// <summary>Why a name is denied, whatever is allowed; null when it is not.</summary>
    public Reason? Deny(string name, FilePermissions needed)
    {
        string folded = NameFolding.IsPlain(name) ? name : NameFolding.Fold(name);
        if (IsProtected(folded))
        {
            return FileReasons.Protected;
        }

        if ((_hasLeadingDenials && _denyByFirst.TryGetValue(FirstPart(folded), out Rule[]? rules) && Matches(rules, folded, needed))
            || Matches(_denyAny, folded, needed))
        {
            return FileReasons.Denied;
        }

        return _sensitive?.Refuse(name, folded, needed);
    }

    /// <summary>What this root refuses and the guard did not look for, because it holds the root by another policy that is
    /// in force too.</summary>
    public Reason? Refusal(in FileTarget target)
    {
        if (_portableNames && !(PortableName.IsPortable(target.Path) && PortableName.IsPortable(target.ResolvedPath)))
        {
            return FileReasons.UnclearName;
        }

        if (_refusesOtherMounts && target.SpansMounts)
        {
            return FileReasons.OtherMount;
        }

        return target.Links > 1 && (_hardLinks == HardLinkRule.Deny || (_hardLinks == HardLinkRule.Census && target.OtherNames is null))
            ? FileReasons.HardLink
            : null;
    }

    private static void Collect(Rule[] rules, ReadOnlySpan<char> name, ref FilePermissions missing, ref FileGrant? grant)
    {
        foreach (Rule rule in rules)
        {
            if ((rule.Permissions & missing) != 0 && rule.Glob.IsMatch(name, IgnoresCase))
            {
                grant ??= rule.Grant;
                missing &= ~rule.Permissions;
                if (missing == FilePermissions.None)
                {
                    return;
                }
            }
        }
    }

    private static bool Matches(Rule[] rules, string folded, FilePermissions needed)
    {
        foreach (Rule rule in rules)
        {
            if ((rule.Permissions & needed) != 0 && rule.Glob.IsMatch(folded, ignoreCase: true))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsProtected(string folded)
    {
        foreach (string name in _protected)
        {
            if (folded.StartsWith(name, StringComparison.OrdinalIgnoreCase)
                && (folded.Length == name.Length || folded[name.Length] == '/' || IsSideFile(folded.AsSpan(name.Length))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSideFile(ReadOnlySpan<char> rest) =>
        rest.Equals("-wal", StringComparison.OrdinalIgnoreCase)
        || rest.Equals("-shm", StringComparison.OrdinalIgnoreCase)
        || rest.Equals("-journal", StringComparison.OrdinalIgnoreCase);

    private static string FoldPattern(string pattern) => NameFolding.Fold(pattern);

    private static FileGrant ToGrant(FileRuleOptions rule, FileLimits root, bool coversTree)
    {
        FileLimits limits = root.Intersect(root.With(rule.Limits));
        IReadOnlySet<string>[] extensions = rule.WriteExtensions.Count == 0
            ? []
            : [new HashSet<string>(rule.WriteExtensions, StringComparer.OrdinalIgnoreCase)];
        return new FileGrant(rule.Allow, limits, rule.Trusted, rule.DenyContent, extensions) { CoversTree = coversTree };
    }

    private static Dictionary<string, Rule[]>.AlternateLookup<ReadOnlySpan<char>> Group(
        IEnumerable<Rule> rules, StringComparer comparer)
    {
        Dictionary<string, Rule[]> groups = new(comparer);
        foreach (IGrouping<string, Rule> group in rules.Where(rule => rule.Glob.Leading is not null)
            .GroupBy(rule => rule.Glob.Leading!, comparer))
        {
            groups.Add(group.Key, Sort(group));
        }

        return groups.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    private static Rule[] Sort(IEnumerable<Rule> rules)
    {
        Rule[] sorted = [.. rules];
        Array.Sort(sorted, (left, right) => Glob.CompareSpecificity(left.Glob, right.Glob));
        return sorted;
    }

    private static ReadOnlySpan<char> FirstPart(ReadOnlySpan<char> name)
    {
        int cut = name.IndexOf('/');
        return cut < 0 ? name : name[..cut];
    }

    private sealed record Rule(Glob Glob, FilePermissions Permissions, FileGrant? Grant);
}
