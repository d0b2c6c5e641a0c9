using System.Globalization;
using System.Net;
using System.Text;
using LangGuard.Permissions;

namespace LangGuard.Http;

/// <summary>The HTTP permissions of a policy as access rules of a Squid proxy: a second wall in another process.</summary>
internal static class SquidAcl
{
    internal static string Write(Policy policy)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Access rules of the agent '{Printable(policy.Name)}', written by LangGuard. What is not listed is denied.\n");
        text.Append("acl langguard_connect method CONNECT\n");
        text.Append("acl langguard_http proto HTTP\n");
        text.Append("acl langguard_resolved dst all\n");
        WriteNetworks(text, "langguard_never", NeverNetworks());
        text.Append("http_access deny manager\n");
        text.Append("http_access deny langguard_never\n");
        var sets = new List<string>();
        foreach (var set in policy.PermissionSets)
        {
            sets.Add(WriteSet(text, set, sets.Count + 1));
        }

        if (sets.TrueForAll(set => set.Length > 0))
        {
            text.Append("http_access allow ").AppendJoin(' ', sets).Append('\n');
        }

        return text.Append("http_access deny all\n").ToString();
    }

    /// <summary>Everything outside public and openable addresses. Squid keeps IPv4 addresses as mapped ones, so that block is
    /// left to the IPv4 lines.</summary>
    private static List<IPNetwork> NeverNetworks() =>
    [
        .. SocketGate.NeverOpen,
        .. NetworkSets.Subtract(
            [IPNetwork.Parse("::/0")],
            [IPNetwork.Parse("2000::/3"), IPNetwork.Parse("::ffff:0:0/96"), .. SocketGate.OpenByName]),
    ];

    private static string WriteSet(StringBuilder text, PermissionSet set, int number)
    {
        var names = new List<string>();
        foreach (var rule in set.Layers.OfType<HttpPermissionLayer>().SelectMany(layer => layer.Rules).OrderBy(rule => !rule.IsDeny))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"langguard_{number}_{names.Count + 1}");
            if (rule.IsDeny)
            {
                SquidRule.WriteDeny(text, rule, $"{name}_deny{names.Count}_{text.Length}");
            }
            else if (SquidRule.TryWriteAllow(text, rule, name, Closed(rule)))
            {
                names.Add(name);
            }
        }

        if (names.Count == 0)
        {
            return string.Empty;
        }

        var any = string.Create(CultureInfo.InvariantCulture, $"langguard_{number}");
        text.Append("acl ").Append(any).Append(" any-of ").AppendJoin(' ', names).Append('\n');
        return any;
    }

    /// <summary>The private networks that a rule leaves closed.</summary>
    private static List<IPNetwork> Closed(HttpRule rule) =>
        NetworkSets.Subtract(SocketGate.OpenByName, [.. rule.Grant.PrivateNetworks]);

    internal static void WriteNetworks(StringBuilder text, string name, IEnumerable<IPNetwork> networks)
    {
        foreach (var network in networks)
        {
            text.Append("acl ").Append(name).Append(" dst ").Append(network).Append('\n');
        }
    }

    internal static string Printable(string text) =>
        new([.. text.Select(c => char.IsAsciiLetterOrDigit(c) || "-_./:{}*, ".Contains(c, StringComparison.Ordinal) ? c : '?')]);
}
