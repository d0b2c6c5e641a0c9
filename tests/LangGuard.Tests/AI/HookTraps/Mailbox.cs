using LangGuard.Permissions;
using LangGuard.Tests.Support;
using Microsoft.Extensions.AI;

namespace LangGuard.Tests.AI.HookTraps;

/// <summary>A tool that sends mail, and a session in which it may send to one domain only.</summary>
internal sealed class Mailbox : IDisposable
{
    internal const string Friend = "ada@contoso.test";
    internal const string Enemy = "eve@evil.test";

    private readonly Lock _lock = new();
    private readonly List<string> _sent = [];

    internal Mailbox(Action<PolicyBuilder>? configure = null)
    {
        Tool = AIFunctionFactory.Create(Send, "send_mail", "Sends a mail.");
        Session = Operations.SessionOf(guard =>
        {
            guard.LimitPermissions(allow => allow.Function("send_mail", f => f.Require("to", ArgumentRule.EmailDomain("contoso.test"))))
                .AnticipateMisuse(misuse => misuse.UnguardedUntrustedContent());
            configure?.Invoke(guard);
        });
    }

    internal AIFunction Tool { get; }

    internal GuardSession Session { get; }

    internal IReadOnlyList<string> Sent
    {
        get
        {
            lock (_lock)
            {
                return [.. _sent];
            }
        }
    }

    internal static AIFunctionArguments To(string address) => new() { ["to"] = address };

    internal static FunctionCallContent Call(string id, string to, string name = "send_mail") =>
        new(id, name, new Dictionary<string, object?> { ["to"] = to });

    public void Dispose() => Session.Dispose();

    private string Send(string to)
    {
        lock (_lock)
        {
            _sent.Add(to);
        }

        return "sent";
    }
}
