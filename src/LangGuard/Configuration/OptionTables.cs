using LangGuard.Misuse;
using LangGuard.Permissions;
using LangGuard.Redaction;

namespace LangGuard.Configuration;

/// <summary>Every options class that configuration can set, one table for each. A public property that has no row here
/// fails a test.</summary>
internal static class OptionTables
{
    internal static OptionTable<FileRootOptions> FileRoot { get; } =
        new OptionTable<FileRootOptions>("What the agent may do in one directory.")
            .Value("Root", "The directory on the host. Must exist and not be a file system root.",
                OptionValues.Text, (options, value) => options.Root = value);

    internal static OptionTable<HttpRuleOptions> HttpRule { get; } =
        new OptionTable<HttpRuleOptions>("One endpoint rule.")
            .Value("Rule", "The rule, such as GET https://api.contoso.test/v1/orders/{id}.",
                OptionValues.Text, (options, value) => options.Rule = value);

    internal static OptionTable<DatabaseOptions> Database { get; } =
        new("What the agent may do in one database.");

    internal static OptionTable<FunctionOptions> Function { get; } =
        new("Which arguments the agent may pass to one function.");

    internal static OptionTable<PermissionOptions> Permissions { get; } =
        new OptionTable<PermissionOptions>("What may be touched. Everything else is denied.")
            .Named("Files", "Directories, by the name that the agent sees.", options => options.Files, FileRoot)
            .Named("Http", "Endpoints, by a name of your choice.", options => options.Http, HttpRule)
            .Named("Database", "Databases, by the name that the agent sees.", options => options.Database, Database)
            .Named("Functions", "Functions, by their name.", options => options.Functions, Function);

    internal static OptionTable<ApprovalOptions> Approval { get; } =
        new OptionTable<ApprovalOptions>("Which operations a person must approve.")
            .Value("Effects", "Effects that need approval on every surface, such as Delete.",
                OptionValues.Choice<Effects>(), (options, value) => options.Effects = value)
            .List("Functions", "Functions that need approval, by exact name.",
                OptionValues.Text, options => options.Functions);

    internal static OptionTable<MisuseOptions> Misuse { get; } =
        new OptionTable<MisuseOptions>("What is watched for.")
            .Section("RequireApproval", "Which operations a person must approve.",
                options => options.RequireApproval, Approval);

    internal static OptionTable<ToolResultOptions> ToolResults { get; } =
        new OptionTable<ToolResultOptions>("How results are shaped before a model sees them.")
            .Value("MaxCharacters", "The longest result, in characters; from 256 to 10 000 000. Default: 64 000.",
                OptionValues.Int32, (options, value) => options.MaxCharacters = value)
            .Value("MarkUntrusted", "Whether content that nobody vouches for stands between marks that say so. Default: true.",
                OptionValues.Flag, (options, value) => options.MarkUntrusted = value);

    internal static OptionTable<DefenseOptions> Defense { get; } =
        new OptionTable<DefenseOptions>("The walls that hold if a layer above is wrong.")
            .Section("ToolResults", "How results are shaped before a model sees them.",
                options => options.ToolResults, ToolResults);

    internal static OptionTable<PolicyOptions> Policy { get; } =
        new OptionTable<PolicyOptions>("The policy of one agent.")
            .Section("LimitPermissions", "What may be touched.", options => options.LimitPermissions, Permissions)
            .Section("AnticipateMisuse", "What is watched for.", options => options.AnticipateMisuse, Misuse)
            .Section("DefendInDepth", "The walls that hold if a layer above is wrong.",
                options => options.DefendInDepth, Defense);
}
