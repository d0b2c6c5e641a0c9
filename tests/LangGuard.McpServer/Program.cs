using LangGuard;
using LangGuard.Permissions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

// A server over standard input and output, for tests: "guarded ROOT" stands under a policy, "wrapped ROOT" serves guarded
// functions without filters, "open ROOT" is the same server without any guard.
var (mode, root) = (args[0], args[1]);
var builder = Host.CreateEmptyApplicationBuilder(null);
builder.Logging.AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
builder.Services.AddLangGuard("desk", guard => guard.LimitPermissions(allow => allow
    .Files("kb", root, files => files.Read("**"))
    .Function("send_mail", f => f.Require("to", ArgumentRule.EmailDomain("contoso.test")).Any("body").Does(Effects.Send)))
    // Nobody knows here what the client's model has read, so a session starts untrusted: say which targets are safe.
    .AnticipateMisuse(misuse => misuse.TrackUntrustedContent(content => content.Targets("send_mail", "to").TrustEmailDomain("contoso.test"))));
var server = builder.Services.AddMcpServer().WithStdioServerTransport();
AIFunction[] functions =
[
    AIFunctionFactory.Create(
        (string to, string? body = null) =>
        {
            File.AppendAllText(Path.Combine(root, "sent.log"), to + "\n");
            return "sent to " + to;
        },
        "send_mail", "Sends a mail."),
    AIFunctionFactory.Create(() => "everything is gone", "wipe", "Wipes everything."),
];

if (mode == "wrapped")
{
    var session = GuardSession.Create(
        Policy.Create(guard => guard.LimitPermissions(allow => allow
            .Files("kb", root, files => files.Read("**"))
            .Function("send_mail", f => f.Require("to", ArgumentRule.EmailDomain("contoso.test")).Any("body").Does(Effects.Send)))),
        new Principal("desk"));
    server.WithTools(functions.Select(session.Guard).Concat(session.GetTools()).Select(tool => McpServerTool.Create(tool)));
}
else
{
    server.WithTools(functions.Select(function => McpServerTool.Create(function)));
}

if (mode == "guarded")
{
    server.WithLangGuard("desk", options =>
    {
        options.Principal = _ => new Principal("desk");
        options.ServeSessionTools = true;
    });
}

await builder.Build().RunAsync();
