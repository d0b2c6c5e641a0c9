namespace LangGuard;

/// <summary>The kind of resource that an operation touches. The set is closed.</summary>
public enum Surface
{
    /// <summary>The file system, through <c>IFileSystem</c>.</summary>
    Files = 0,

    /// <summary>HTTP endpoints, through <c>HttpClient</c>.</summary>
    Http = 1,

    /// <summary>Databases, through ADO.NET.</summary>
    Database = 2,

    /// <summary>Any other tool, through an AI function.</summary>
    Functions = 3,
}
