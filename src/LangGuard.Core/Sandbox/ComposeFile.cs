using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LangGuard.Sandbox;

/// <summary>Writes a plan in the form of the Compose specification.</summary>
internal static class ComposeFile
{
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    internal static string Write(SandboxPlan plan, string image, string user)
    {
        var text = new StringBuilder();
        text.Append("# The sandbox of an agent, written by LangGuard from its policy. Write it anew when the policy changes.\n");
        text.Append("services:\n");
        text.Append("  agent:\n");
        text.Append(CultureInfo.InvariantCulture, $"    labels: {{ langguard.policy: {Quoted(plan.Name)} }}\n");
        text.Append(CultureInfo.InvariantCulture, $"    image: {Quoted(image)}\n");
        text.Append(CultureInfo.InvariantCulture, $"    user: {Quoted(user)}\n");
        text.Append("    read_only: true\n");
        text.Append("    cap_drop: [ALL]\n");
        text.Append("    security_opt: [\"no-new-privileges:true\"]\n");
        text.Append("    pids_limit: 256\n");
        text.Append("    mem_limit: 1g\n");
        text.Append("    tmpfs: [\"/tmp:size=64m,noexec,nosuid,nodev\"]\n");
        text.Append(plan.Network switch
        {
            SandboxNetwork.None => "    network_mode: none\n",
            SandboxNetwork.Internal => "    networks: [inside]\n",
            _ => "    # Requests leave without a proxy: the network is not limited here. Require one proxy for all requests.\n",
        });
        WriteMounts(text, plan.Mounts);
        if (plan.Network == SandboxNetwork.Internal)
        {
            text.Append("networks:\n  # The proxy and the database servers join it; nothing else is reached from it.\n  inside:\n    internal: true\n");
        }

        return text.ToString();
    }

    private static void WriteMounts(StringBuilder text, IReadOnlyList<SandboxMount> mounts)
    {
        if (mounts.Count > 0)
        {
            text.Append("    volumes:\n");
        }

        foreach (var mount in mounts)
        {
            var path = Quoted(mount.Path);
            text.Append(CultureInfo.InvariantCulture, $"      - type: bind\n        source: {path}\n        target: {path}\n");
            text.Append(CultureInfo.InvariantCulture, $"        read_only: {(mount.IsReadOnly ? "true" : "false")}\n");

            // A missing directory is an error and not an empty one that belongs to root.
            text.Append("        bind: { create_host_path: false }\n");
        }
    }

    /// <summary>A double-quoted YAML text. Compose replaces what follows a dollar sign, unless that is doubled.</summary>
    private static string Quoted(string text) =>
        "\"" + JsonEncodedText.Encode(text.Replace("$", "$$", StringComparison.Ordinal), Encoder).Value + "\"";
}
