using LangGuard;
using LangGuard.Auditing;
using Spectre.Console;

namespace Quickstart.Output;

/// <summary>Prints one line for every decision as it is made, and counts them.</summary>
internal sealed class DecisionTable : IAuditSink
{
    private readonly Lock _lock = new();

    internal int Allowed { get; private set; }

    internal int Denied { get; private set; }

    public void Write(in AuditRecord record)
    {
        if (record.Phase != AuditPhase.Decision)
        {
            return;
        }

        var (decision, operation, session) = (record.Decision, record.Operation, record.Session);
        lock (_lock)
        {
            if (decision.IsAllowed)
            {
                Allowed++;
                Print("allow", "green", operation.Resource, "", "");
            }
            else
            {
                Denied++;
                var layer = session?.Policy.Explain(operation, session).Votes
                    .FirstOrDefault(vote => vote.Reason?.Rule == decision.Reason?.Rule)?.Layer ?? "guard";
                Print(decision.Kind == DecisionKind.Ask ? "ask" : "deny", "red", operation.Resource, decision.Reason!.Rule, layer);
            }
        }
    }

    private static void Print(string decision, string color, string asked, string rule, string layer)
    {
        var text = $"{decision,-5} {Fit(asked, 62),-62} {rule,-28} {layer}".TrimEnd();
        if (Console.IsOutputRedirected)
        {
            Console.WriteLine(text);
        }
        else
        {
            // Names are hostile text: a file called [/] must not break the table.
            AnsiConsole.MarkupLine($"[{color}]{Markup.Escape(decision),-5}[/]{Markup.Escape(text[5..])}");
        }
    }

    private static string Fit(string text, int width)
    {
        var clean = new string([.. text.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format ? '?' : c)]);
        return clean.Length <= width ? clean : string.Concat(clean.AsSpan(0, width - 3), "...");
    }
}
