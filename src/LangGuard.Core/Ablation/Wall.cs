namespace LangGuard.Ablation;

/// <summary>Every layer and wall that a test can leave out.</summary>
internal enum Wall
{
    /// <summary>The rules of files: every verb on every name of every root is granted.</summary>
    FilePermissions,

    /// <summary>The rules of requests: every endpoint, query and header is granted.</summary>
    HttpPermissions,

    /// <summary>The rules of databases: every table, column and function is granted.</summary>
    DatabasePermissions,

    /// <summary>The rules of a database, asked again where the statement runs.</summary>
    DatabaseScope,

    /// <summary>The rules of functions: every function with every argument is granted.</summary>
    FunctionPermissions,

    /// <summary>The rules of arguments: every argument of a granted function is granted.</summary>
    FunctionArguments,

    /// <summary>The freeze switch.</summary>
    Freeze,

    /// <summary>The check that nobody writes our own marks.</summary>
    ResultMarks,

    /// <summary>Quotas.</summary>
    Usage,

    /// <summary>The detection of loops.</summary>
    Loops,

    /// <summary>Operations that a person has to approve.</summary>
    Approval,

    /// <summary>The approval of schema changes.</summary>
    Migrations,

    /// <summary>Tracking of untrusted content.</summary>
    UntrustedContent,

    /// <summary>The check of outgoing secrets.</summary>
    Secrets,

    /// <summary>Canaries.</summary>
    Canaries,

    /// <summary>The parser of names: a name goes to the file system as it was written, only a root's own prefix is cut off.</summary>
    FileNames,

    /// <summary>The kernel's own confinement (<c>openat2</c>); the walk by handles takes its place.</summary>
    FileKernel,

    /// <summary>Handles: names are opened, and looked at after that.</summary>
    FileHandles,

    /// <summary>Every confinement on the disk: the file system's own names are trusted.</summary>
    FileConfinement,

    /// <summary>The catalogue of sensitive files in the rules.</summary>
    SensitiveFiles,

    /// <summary>The same catalogue, asked by the guard.</summary>
    SensitiveNames,

    /// <summary>The layer that denies what a guard found unfit.</summary>
    Obstacles,

    /// <summary>The count of a file's names by the guard.</summary>
    HardLinks,

    /// <summary>The refusal of pipes, sockets and devices when a file is acquired.</summary>
    SpecialFiles,

    /// <summary>The identities of files that LangGuard relies on.</summary>
    ProtectedFiles,

    /// <summary>The refusal to leave the mount of a root.</summary>
    Mounts,

    /// <summary>The canonical form: a URL counts as the platform reads it.</summary>
    UrlForm,

    /// <summary>The check of addresses at connect.</summary>
    Addresses,

    /// <summary>The second opinion on addresses, just before a socket connects.</summary>
    SocketGate,

    /// <summary>The look at a URL just before it leaves.</summary>
    WireUrl,

    /// <summary>The rule that granted a request, asked again just before it leaves.</summary>
    WireRules,

    /// <summary>The check that a connection does not lead to a listener of this process.</summary>
    OwnListeners,

    /// <summary>The decision on each hop of a redirect.</summary>
    Redirects,

    /// <summary>The refusal of headers that no rule can allow.</summary>
    RequestHeaders,

    /// <summary>The search for brokered secrets in requests.</summary>
    CredentialLeaks,

    /// <summary>The removal of brokered secrets from responses.</summary>
    CredentialScrub,

    /// <summary>The statement inspector: the text counts as one that uses nothing.</summary>
    SqlInspector,

    /// <summary>The check of the result's columns against what was inspected.</summary>
    SqlResultShape,

    /// <summary>SQLite's authorizer.</summary>
    SqliteAuthorizer,

    /// <summary>SQLite's own opinion on whether a text is one statement that reads.</summary>
    SqliteOneStatement,

    /// <summary>The file opened for reading alone, and <c>query_only</c>.</summary>
    SqliteReadOnly,

    /// <summary>PostgreSQL's read-only transaction.</summary>
    PostgreSqlReadOnly,

    /// <summary>The cursor that only a query can be declared as.</summary>
    PostgreSqlCursor,

    /// <summary>The second look at the words of a statement, with the server's own names.</summary>
    SqlWords,

    /// <summary>MySQL's read-only transaction and session.</summary>
    MySqlReadOnly,

    /// <summary>The proof by MySQL's own grammar that a text is one query.</summary>
    MySqlProof,

    /// <summary>DuckDB's file opened for reading alone, and its read-only transactions.</summary>
    DuckDbReadOnly,

    /// <summary>DuckDB's locked settings: no files, no network, no extensions.</summary>
    DuckDbSettings,

    /// <summary>What DuckDB's own parser and planner say of a statement.</summary>
    DuckDbSecondOpinion,

    /// <summary>Every sink of the audit.</summary>
    Audit,

    /// <summary>The hiding of secrets in tool results.</summary>
    Redaction,
}
