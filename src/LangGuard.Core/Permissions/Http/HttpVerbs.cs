namespace LangGuard.Permissions;

/// <summary>The methods that a rule can grant. Every other method is refused whatever the rules say.</summary>
[Flags]
internal enum HttpVerbs
{
    None = 0,
    Get = 1,
    Head = 2,
    Options = 4,
    Post = 8,
    Put = 16,
    Patch = 32,
    Delete = 64,
    Read = Get | Head | Options,
    Write = Post | Put | Patch,
    All = Read | Write | Delete,
}
