using System.Text.Json;

namespace LangGuard.Redaction;

/// <summary>The one way from a result to a model: hide secrets, drop what a person can not see, disarm images that load
/// by themselves, cut to size, mark what nobody vouches for. Used for tool results only.</summary>
internal static class ToolResultPipeline
{
    internal static readonly Reason MarkerInWrite = new(
        "results.marker-in-write",
        "The content holds a mark that stands for hidden or left-out text. Writing it would replace the real content.",
        Retry.ChangeArguments);

    private static readonly JsonElement NoArguments = JsonDocument.Parse("{}").RootElement.Clone();

    /// <summary>Shapes a whole result.</summary>
    /// <param name="text">The text as the resource returned it.</param>
    /// <param name="session">The session the result goes to.</param>
    /// <param name="grant">The grant it was read under; null counts as untrusted.</param>
    /// <param name="isFile">Whether it is the content of a file, which a model may edit and write back: images stay.</param>
    internal static string Shape(string text, GuardSession session, Grant? grant, bool isFile = false)
    {
        var clean = Clean(text, session, grant, isFile);
        var options = session.Policy.Options.DefendInDepth.ToolResults;
        return grant is { Trusted: true } || options.UnguardedUnmarkedContent || clean.Length == 0
            ? clean
            : ResultMarker.Untrusted(clean);
    }

    /// <summary>The same without the marks around it, for a part of a structured result.</summary>
    internal static string Clean(string text, GuardSession session, Grant? grant, bool isFile = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(session);
        var policy = session.Policy;
        var most = Math.Clamp(policy.Options.DefendInDepth.ToolResults.MaxCharacters, 256, 10_000_000);
        var show = EndOfCharacter(text, Math.Min(text.Length, most));
        var clean = TextRedaction.Of(policy).Apply(text, show);
        if (grant is not { Trusted: true })
        {
            clean = HiddenText.Remove(clean);
            clean = isFile || grant is { Surface: Surface.Files } ? clean : ActiveContent.Disarm(clean);
        }

        return show < text.Length ? clean + ResultMarker.Shortened(text.Length - show) : clean;
    }

    /// <summary>Hides secrets only. For text of which a part will be shown: looked at in parts, a key of many lines is no
    /// longer a key, and a search would tell whether a guess at a secret is right.</summary>
    internal static string Redact(string text, GuardSession session)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(session);
        return TextRedaction.Of(session.Policy).Apply(text);
    }

    /// <summary>Whether a write must be refused because it holds a mark that we made.</summary>
    internal static bool HoldsMarker(ReadOnlySpan<char> content) => ResultMarker.IsIn(content);

    /// <summary>Counts and records the refusal of a write that holds a mark.</summary>
    /// <param name="session">The session.</param>
    /// <param name="tool">The name of the tool.</param>
    internal static Decision RefuseMarker(GuardSession session, string tool) => session.Refuse(
        new FunctionOperation(session.Principal, Effects.Write, tool, NoArguments), MarkerInWrite).Decision;

    private static int EndOfCharacter(string text, int at) =>
        at > 0 && at < text.Length && char.IsHighSurrogate(text[at - 1]) ? at - 1 : at;
}
