using LangGuard.Auditing;
using LangGuard.Misuse;
using LangGuard.Permissions;
using LangGuard.Posture;
using LangGuard.Redaction;

namespace LangGuard.Configuration;

/// <summary>Every options class that configuration can set, one table for each. A public property that has no row here
/// fails a test.</summary>
internal static class OptionTables
{
    internal static OptionTable<FileLimitOptions> FileLimits { get; } =
        new OptionTable<FileLimitOptions>("Limits of one directory or rule; a rule can only be stricter.")
            .Value("ReadBytes", "The largest file that is read, such as 64 MiB (the default).",
                OptionValues.Size, (options, value) => options.ReadBytes = value)
            .Value("WriteBytes", "The largest length that a written file may have. Default: 64 MiB.",
                OptionValues.Size, (options, value) => options.WriteBytes = value)
            .Value("SessionReadBytes", "All bytes read in one session. Default: 1 GiB.",
                OptionValues.Size, (options, value) => options.SessionReadBytes = value)
            .Value("SessionWriteBytes", "All bytes written in one session. Default: 256 MiB.",
                OptionValues.Size, (options, value) => options.SessionWriteBytes = value)
            .Value("SessionFiles", "Files and directories created in one session. Default: 1000.",
                OptionValues.Int64, (options, value) => options.SessionFiles = value)
            .Value("Entries", "Entries that one listing may visit. Default: 20000.",
                OptionValues.Int32, (options, value) => options.Entries = value)
            .Value("Depth", "Directories that one listing may descend. Default: 32.",
                OptionValues.Int32, (options, value) => options.Depth = value)
            .Value("TreeEntries", "Entries that one recursive delete or directory move may touch. Default: 1000.",
                OptionValues.Int32, (options, value) => options.TreeEntries = value)
            .Value("OpenFiles", "Streams and handles open at once. Default: 64.",
                OptionValues.Int32, (options, value) => options.OpenFiles = value)
            .Value("EventsPerSecond", "Change events a second that a watcher passes on. Default: 100.",
                OptionValues.Int32, (options, value) => options.EventsPerSecond = value);

    internal static OptionTable<FileRuleOptions> FileRule { get; } =
        new OptionTable<FileRuleOptions>("What is allowed or denied for the names that one pattern matches.")
            .Value("Allow", "The verbs that are allowed, such as List, Read.",
                OptionValues.Choice<FilePermissions>(), (options, value) => options.Allow = value)
            .Value("Deny", "The verbs that are denied, whatever other rules allow.",
                OptionValues.Choice<FilePermissions>(), (options, value) => options.Deny = value)
            .Value("Trusted", "Whether content read by this rule is deployer-trusted. Default: false.",
                OptionValues.Flag, (options, value) => options.Trusted = value)
            .List("WriteExtensions", "The only extensions that may be written, such as .md; none for any.",
                OptionValues.Text, options => options.WriteExtensions)
            .Value("DenyContent", "Kinds of content that may not be written. Default: Program.",
                OptionValues.Choice<FileContentKinds>(), (options, value) => options.DenyContent = value)
            .Section("Limits", "Limits of this rule.", options => options.Limits, FileLimits);

    internal static OptionTable<FileRootOptions> FileRoot { get; } =
        new OptionTable<FileRootOptions>("What the agent may do in one directory.")
            .Value("Root", "The directory on the host. Must exist and not be a file system root.",
                OptionValues.Text, (options, value) => options.Root = value)
            .Named("Rules", "Rules by pattern, such as drafts/**.", options => options.Rules, FileRule)
            .Section("Limits", "Limits for the whole directory.", options => options.Limits, FileLimits)
            .Map("UnguardedSensitiveFiles", "Sensitive files by exact name, with the verbs that are unlocked.",
                OptionValues.Choice<FilePermissions>(), options => options.UnguardedSensitiveFiles)
            .Value("MinimumConfinement", "The weakest confinement that is accepted.",
                OptionValues.Choice<LangGuard.Files.FileConfinement>(), (options, value) => options.MinimumConfinement = value)
            .Value("HardLinks", "What to do with files that have more than one name. Default: Census.",
                OptionValues.Choice<HardLinkRule>(), (options, value) => options.HardLinks = value)
            .Value("PortableNames", "Whether names that Windows would read differently are refused everywhere.",
                OptionValues.Flag, (options, value) => options.PortableNames = value)
            .Value("RefuseOtherMounts", "Whether what is mounted beneath the root is out of reach. Linux only.",
                OptionValues.Flag, (options, value) => options.RefuseOtherMounts = value);

    internal static OptionTable<HttpBodyOptions> HttpBody { get; } =
        new OptionTable<HttpBodyOptions>("What the body of a request must be.")
            .Value("JsonSchema", "A JSON schema, as text.", OptionValues.Text, (options, value) => options.JsonSchema = value);

    internal static OptionTable<HttpRuleOptions> HttpRule { get; } =
        new OptionTable<HttpRuleOptions>("One endpoint rule.")
            .Value("Rule", "The rule, such as GET https://api.contoso.test/v1/orders/{id}.",
                OptionValues.Text, (options, value) => options.Rule = value)
            .Section("Body", "What the body must be, where the rule does not say it.",
                options => options.Body ??= new HttpBodyOptions(), HttpBody);

    internal static OptionTable<CredentialOptions> Credential { get; } =
        new OptionTable<CredentialOptions>("A credential that the agent never sees. Holds no secret.")
            .Value("Url", "Where the secret may be sent, such as https://api.example.com/v1/**.",
                OptionValues.Text, (options, value) => options.Url = value)
            .Value("Kind", "Where in the request it goes. Default: Bearer.",
                OptionValues.Choice<CredentialKind>(), (options, value) => options.Kind = value)
            .Value("Name", "The header, the query key or the user name.",
                OptionValues.Text, (options, value) => options.Name = value)
            .Value("ReadKey", "The broker's key of the secret for GET, HEAD and OPTIONS.",
                OptionValues.Text, (options, value) => options.ReadKey = value)
            .Value("WriteKey", "The broker's key of the secret for every other method.",
                OptionValues.Text, (options, value) => options.WriteKey = value);

    internal static OptionTable<DatabaseTableOptions> DatabaseTable { get; } =
        new OptionTable<DatabaseTableOptions>("What the agent may do with one table or view.")
            .Value("Allow", "The verbs, separated by commas: Select, Insert, Update, Delete.",
                OptionValues.Choice<DatabasePermissions>(), (options, value) => options.Allow = value)
            .List("DenyColumns", "Columns that no statement may use in any position.",
                OptionValues.Text, options => options.DenyColumns)
            .List("MaskColumns", "Columns that read as NULL in every position.",
                OptionValues.Text, options => options.MaskColumns)
            .List("HashColumns", "Columns that read as a keyed hash of their value.",
                OptionValues.Text, options => options.HashColumns)
            .Map("Rows", "Columns, each with what it must equal: tenant, user, or claim:NAME.",
                OptionValues.Text, options => options.Rows);

    internal static OptionTable<DatabaseLimitOptions> DatabaseLimits { get; } =
        new OptionTable<DatabaseLimitOptions>("How much one statement may return, change and take.")
            .Value("MaxRows", "Rows that a query returns at most. Default: 1000.",
                OptionValues.Int32, (options, value) => options.MaxRows = value)
            .Value("MaxBytes", "Bytes that a query returns at most. Default: 8 MiB.",
                OptionValues.Size, (options, value) => options.MaxBytes = value)
            .Value("MaxCellBytes", "Bytes of one value that a query returns at most. Default: 1 MiB.",
                OptionValues.Size, (options, value) => options.MaxCellBytes = value)
            .Value("Timeout", "How long a statement runs at most. Default: 00:00:05.",
                OptionValues.Duration, (options, value) => options.Timeout = value)
            .Value("MaxCost", "What a statement may cost by the engine's estimate. Default: 10000000.",
                OptionValues.Number, (options, value) => options.MaxCost = value)
            .Value("MaxEstimatedRows", "Rows that a statement may return or change by the engine's estimate. Default: any.",
                OptionValues.Number, (options, value) => options.MaxEstimatedRows = value)
            .Value("SessionStatements", "Statements of one session and its children at most. Default: 10000.",
                OptionValues.Int64, (options, value) => options.SessionStatements = value)
            .Value("SessionRows", "Rows returned and changed in one session and its children at most. Default: 1000000.",
                OptionValues.Int64, (options, value) => options.SessionRows = value)
            .Value("MaxAffectedRows", "Rows that a statement changes at most. Default: 100.",
                OptionValues.Int32, (options, value) => options.MaxAffectedRows = value)
            .Value("UnguardedWithoutWhere", "Whether UPDATE and DELETE may leave out their WHERE. Default: false.",
                OptionValues.Flag, (options, value) => options.UnguardedWithoutWhere = value)
            .Value("PreviewLifetime", "How long a previewed change can be committed. Default: 00:10:00.",
                OptionValues.Duration, (options, value) => options.PreviewLifetime = value)
            .Value("MaxConnections", "Connections of one session at the same time at most. Default: 8.",
                OptionValues.Int32, (options, value) => options.MaxConnections = value);

    internal static OptionTable<DatabaseUndoOptions> DatabaseUndo { get; } =
        new OptionTable<DatabaseUndoOptions>("Whether the rows that a session changes can be brought back.")
            .Value("Keep", "Whether rows are kept as they were before a change. Default: false.",
                OptionValues.Flag, (options, value) => options.Keep = value)
            .Value("UnguardedWithoutUndo", "Whether a change that could not be undone is made all the same. Default: false.",
                OptionValues.Flag, (options, value) => options.UnguardedWithoutUndo = value)
            .Value("MaxBytes", "Bytes of rows kept for one session at most. Default: 16 MiB.",
                OptionValues.Size, (options, value) => options.MaxBytes = value);

    internal static OptionTable<DatabaseOptions> Database { get; } =
        new OptionTable<DatabaseOptions>("What the agent may do in one database.")
            .Named("Tables", "Tables and views, by their name, with or without the schema.",
                options => options.Tables, DatabaseTable)
            .List("Functions", "Functions that may be called besides the engine's own without side effects.",
                OptionValues.Text, options => options.Functions)
            .Map("Migrations", "Changes of the schema by name, each one CREATE, ALTER or DROP. A person has to approve each.",
                OptionValues.Text, options => options.Migrations)
            .List("SideEffects", "Tables that triggers and foreign keys may change besides granted ones.",
                OptionValues.Text, options => options.SideEffects)
            .Section("Limits", "How much one statement may return, change and take.",
                options => options.Limits, DatabaseLimits)
            .Section("Undo", "Whether the rows that a session changes can be brought back.",
                options => options.Undo, DatabaseUndo)
            .Value("Trusted", "Whether results are content that the deployer vouches for. Default: false.",
                OptionValues.Flag, (options, value) => options.Trusted = value);

    internal static OptionTable<ArgumentOptions> Argument { get; } =
        new OptionTable<ArgumentOptions>("What one argument has to be. It has to be there and pass everything that is set.")
            .List("EmailDomains", "E-mail addresses of these domains only; each address of a list has to match.",
                OptionValues.Text, options => options.EmailDomains)
            .List("Hosts", "Host names, or http and https URLs to these hosts, exactly.",
                OptionValues.Text, options => options.Hosts)
            .Value("Under", "An absolute path at or below this one, such as /kb/drafts.",
                OptionValues.Text, (options, value) => options.Under = value)
            .Value("Minimum", "The least number.", OptionValues.Decimal, (options, value) => options.Minimum = value)
            .Value("Maximum", "The greatest number.", OptionValues.Decimal, (options, value) => options.Maximum = value)
            .List("Values", "One of these values, exactly.", OptionValues.Text, options => options.Values)
            .Value("Pattern", "A text that matches as a whole; no look-around, no back references.",
                OptionValues.Text, (options, value) => options.Pattern = value)
            .Value("MaxLength", "The greatest length of a text, in characters.",
                OptionValues.Int32, (options, value) => options.MaxLength = value);

    internal static OptionTable<FunctionOptions> Function { get; } =
        new OptionTable<FunctionOptions>("What the agent may pass to one function, and what the function does.")
            .Value("Effects", "What the function does. Everything, when left out.",
                OptionValues.Choice<Effects>(), (options, value) => options.Effects = value)
            .Named("Arguments", "Arguments that have to be there and pass.", options => options.Arguments, Argument)
            .List("AnyArguments", "Arguments that may hold anything or be left out.",
                OptionValues.Text, options => options.AnyArguments)
            .Value("UnguardedArguments", "Whether arguments that are not listed may hold anything. Default: false.",
                OptionValues.Flag, (options, value) => options.UnguardedArguments = value)
            .Value("Trusted", "Whether results are content that the deployer vouches for. Default: false.",
                OptionValues.Flag, (options, value) => options.Trusted = value)
            .Value("Pin", "The hash of name, description and schema that the function must have.",
                OptionValues.Text, (options, value) => options.Pin = value);

    internal static OptionTable<PermissionOptions> Permissions { get; } =
        new OptionTable<PermissionOptions>("What may be touched. Everything else is denied.")
            .Named("Files", "Directories, by the name that the agent sees.", options => options.Files, FileRoot)
            .Named("Http", "Endpoints, by a name of your choice.", options => options.Http, HttpRule)
            .Named("Credentials", "Credentials that endpoint rules attach.", options => options.Credentials, Credential)
            .Named("Database", "Databases, by the name that the agent sees.", options => options.Database, Database)
            .Named("Functions", "Functions, by their name.", options => options.Functions, Function);

    internal static OptionTable<ApprovalOptions> Approval { get; } =
        new OptionTable<ApprovalOptions>("Which operations a person must approve.")
            .Value("Effects", "Effects that need approval on every surface, such as Delete.",
                OptionValues.Choice<Effects>(), (options, value) => options.Effects = value)
            .List("Functions", "Functions that need approval, by exact name.",
                OptionValues.Text, options => options.Functions)
            .Value("TimeToLive", "How long a request waits for a person, and an approval for its operation; from 1 second to 1 day. "
                + "Default: 5 minutes.", OptionValues.Duration, (options, value) => options.TimeToLive = value);

    internal static OptionTable<UsageLimitOptions> UsageLimits { get; } =
        new OptionTable<UsageLimitOptions>("What may be used up. A key that is left out sets no quota of its own.")
            .Value("Calls", "Attempts, denied ones included.", OptionValues.Int64, (options, value) => options.Calls = value)
            .Value("BytesIn", "Bytes that come back to the agent.", OptionValues.Size, (options, value) => options.BytesIn = value)
            .Value("BytesOut", "Bytes that the agent sends or writes.", OptionValues.Size, (options, value) => options.BytesOut = value)
            .Value("Rows", "Rows returned or affected.", OptionValues.Int64, (options, value) => options.Rows = value)
            .Value("Time", "Running time of all operations together.", OptionValues.Duration, (options, value) => options.Time = value)
            .Value("Concurrency", "Operations that run at the same time.",
                OptionValues.Int32, (options, value) => options.Concurrency = value)
            .Value("Period", "After this long all quotas but Concurrency begin anew.",
                OptionValues.Duration, (options, value) => options.Period = value);

    internal static OptionTable<UsageOptions> Usage { get; } =
        new OptionTable<UsageOptions>("Quotas. All of them hold.")
            .Section("Session", "Of a session and its children. Default: 100000 calls, 4 GiB in, 1 GiB out, 256 at the same time.",
                options => options.Session, UsageLimits)
            .Section("Principal", "Of one principal over all its sessions.", options => options.Principal, UsageLimits)
            .Named("Surfaces", "Of one kind of operation: Files, Http, Database or Functions.",
                options => options.Surfaces, UsageLimits)
            .Named("Functions", "Of single functions, by exact name.", options => options.Functions, UsageLimits);

    internal static OptionTable<LoopOptions> Loops { get; } =
        new OptionTable<LoopOptions>("When an agent counts as running in circles.")
            .Value("Repeats", "How often the same call may be made among the last 128, on every surface.",
                OptionValues.Int32, (options, value) => options.Repeats = value)
            .Value("Variations", "How often calls that differ only in digits may be made among the last 128.",
                OptionValues.Int32, (options, value) => options.Variations = value)
            .Value("Denials", "How often one operation may be denied before it is refused without a look. Default: 8.",
                OptionValues.Int32, (options, value) => options.Denials = value)
            .Value("Errors", "How many operations of one kind may fail in a row. Default: 100.",
                OptionValues.Int32, (options, value) => options.Errors = value)
            .Value("Pause", "How long a pause lasts. Default: 00:00:30.",
                OptionValues.Duration, (options, value) => options.Pause = value);

    internal static OptionTable<FunctionTargetOptions> FunctionTargets { get; } =
        new OptionTable<FunctionTargetOptions>("Which arguments of a function say who or what is affected.")
            .List("Arguments", "The arguments that name receivers, records or places.",
                OptionValues.Text, options => options.Arguments)
            .Value("Subject", "The argument that has to be in the user's words when no target is given.",
                OptionValues.Text, (options, value) => options.Subject = value);

    internal static OptionTable<UntrustedContentOptions> UntrustedContent { get; } =
        new OptionTable<UntrustedContentOptions>("What untrusted content changes.")
            .Value("UserWords", "Whether the user's words may name targets. Default: Trusted.",
                OptionValues.Choice<UserWords>(), (options, value) => options.UserWords = value)
            .List("TrustedValues", "Values that are trusted as targets of sending and writing.",
                OptionValues.Text, options => options.TrustedValues)
            .List("TrustedEmailDomains", "Domains whose addresses are trusted as receivers.",
                OptionValues.Text, options => options.TrustedEmailDomains)
            .Named("Functions", "Which arguments of functions are targets, by function.",
                options => options.Functions, FunctionTargets)
            .Value("LabelFile", "A file of the host that keeps what sessions with untrusted content wrote.",
                OptionValues.Text, (options, value) => options.LabelFile = value)
            .Value("Unguarded", "Turns the layer off. Default: false.",
                OptionValues.Flag, (options, value) => options.Unguarded = value);

    internal static OptionTable<SecretOptions> Secrets { get; } =
        new OptionTable<SecretOptions>("Whether secrets may leave in what is sent.")
            .Value("Unguarded", "Turns the layer off. Default: false.",
                OptionValues.Flag, (options, value) => options.Unguarded = value);

    internal static OptionTable<CanaryOptions> Canaries { get; } =
        new OptionTable<CanaryOptions>("Things that no honest work touches: reading or sending one freezes the session.")
            .List("Files", "Files by root and name, such as kb/old/passwords.txt.", OptionValues.Text, options => options.Files)
            .List("Values", "Texts that never belong in anything that is sent.", OptionValues.Text, options => options.Values);

    internal static OptionTable<MisuseOptions> Misuse { get; } =
        new OptionTable<MisuseOptions>("What is watched for.")
            .Value("UnguardedReportOnly", "Layers that report what they would have denied, without doing it. Default: None.",
                OptionValues.Choice<MisuseKinds>(), (options, value) => options.UnguardedReportOnly = value)
            .Section("RequireApproval", "Which operations a person must approve.",
                options => options.RequireApproval, Approval)
            .Section("LimitUsage", "What may be used up.", options => options.LimitUsage, Usage)
            .Section("DetectLoops", "When an agent counts as running in circles.", options => options.DetectLoops, Loops)
            .Section("TrackUntrustedContent", "What untrusted content changes.",
                options => options.TrackUntrustedContent, UntrustedContent)
            .Section("KeepSecrets", "Whether secrets may leave in what is sent.", options => options.KeepSecrets, Secrets)
            .Section("PlantCanaries", "Things that no honest work touches.", options => options.PlantCanaries, Canaries);

    internal static OptionTable<ToolResultOptions> ToolResults { get; } =
        new OptionTable<ToolResultOptions>("How results are shaped before a model sees them.")
            .Value("MaxCharacters", "The longest result, in characters; from 256 to 10 000 000. Default: 64 000.",
                OptionValues.Int32, (options, value) => options.MaxCharacters = value)
            .Value("UnguardedUnmarkedContent", "Whether content that nobody vouches for reaches the model without the marks that say so. Default: false.",
                OptionValues.Flag, (options, value) => options.UnguardedUnmarkedContent = value);

    internal static OptionTable<JournalOptions> Journal { get; } =
        new OptionTable<JournalOptions>("Where and how the journal of file changes is kept.")
            .Value("Directory", "The host's own directory of the journal, outside every root. Without it there is no journal.",
                OptionValues.Text, (options, value) => options.Directory = value)
            .Value("MaxBytes", "Bytes of pre-images kept at most. Default: 1 GiB.",
                OptionValues.Size, (options, value) => options.MaxBytes = value)
            .Value("MaxCopyBytes", "The largest pre-image that is copied. Default: 64 MiB.",
                OptionValues.Size, (options, value) => options.MaxCopyBytes = value)
            .Value("MaxAge", "How long the changes of ended sessions are kept. Default: 30 days.",
                OptionValues.Duration, (options, value) => options.MaxAge = value)
            .Value("UnguardedWithoutUndo", "Whether a change that cannot be undone is made all the same. Default: false.",
                OptionValues.Flag, (options, value) => options.UnguardedWithoutUndo = value)
            .Value("SyncToDisk", "Whether each record reaches the disk before the change. Default: false.",
                OptionValues.Flag, (options, value) => options.SyncToDisk = value);

    internal static OptionTable<AuditOptions> Audit { get; } =
        new OptionTable<AuditOptions>("Where and how decisions and outcomes are recorded.")
            .Value("Folder", "The host's own folder of the audit file, outside every root. Without it there is no file.",
                OptionValues.Text, (options, value) => options.Folder = value)
            .Value("SqlitePath", "A SQLite database of the host that records too. Needs audit.ToSqlite() in code.",
                OptionValues.Text, (options, value) => options.SqlitePath = value)
            .Value("PostgreSqlConnection", "The connection string of a PostgreSQL database that records too. Needs audit.ToPostgreSql() in code.",
                OptionValues.Text, (options, value) => options.PostgreSqlConnection = value)
            .Value("Mode", "What must be true of a record before its effect. Default: WriteAhead.",
                OptionValues.Choice<AuditMode>(), (options, value) => options.Mode = value)
            .Value("DurableFor", "Effects that are on the disk before they happen. Default: Delete, Send, Pay, Privilege.",
                OptionValues.Choice<Effects>(), (options, value) => options.DurableFor = value);

    internal static OptionTable<PostureOptions> Posture { get; } =
        new OptionTable<PostureOptions>("What the environment must give.")
            .List("Require", "Checks without which the policy is not built, such as posture.sandbox; * for all.",
                OptionValues.Text, options => options.Require);

    internal static OptionTable<DefenseOptions> Defense { get; } =
        new OptionTable<DefenseOptions>("The walls that hold if a layer above is wrong.")
            .Section("Audit", "Where and how decisions and outcomes are recorded.", options => options.Audit, Audit)
            .Section("Posture", "What the environment must give.", options => options.Posture, Posture)
            .Section("ToolResults", "How results are shaped before a model sees them.",
                options => options.ToolResults, ToolResults)
            .Value("RequireProxy", "The proxy that every HTTP request takes, such as http://proxy.internal:3128. Default: none.",
                OptionValues.Text, (options, value) => options.RequireProxy = value)
            .Section("Journal", "Where and how the journal of file changes is kept.", options => options.Journal, Journal);

    internal static OptionTable<PolicyOptions> Policy { get; } =
        new OptionTable<PolicyOptions>("The policy of one agent.")
            .Section("LimitPermissions", "What may be touched.", options => options.LimitPermissions, Permissions)
            .Section("AnticipateMisuse", "What is watched for.", options => options.AnticipateMisuse, Misuse)
            .Section("DefendInDepth", "The walls that hold if a layer above is wrong.",
                options => options.DefendInDepth, Defense);
}
