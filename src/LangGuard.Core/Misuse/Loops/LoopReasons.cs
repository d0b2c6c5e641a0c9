namespace LangGuard.Misuse;

/// <summary>The denials of the loop layer.</summary>
internal static class LoopReasons
{
    internal static readonly Reason Repeated = new(
        "loops.repeated-call", "The same call has been made again and again. Stop, and ask the user how to go on.",
        Retry.AskUser, "AnticipateMisuse(misuse => misuse.DetectLoops(l => l.Repeats(...)))");

    internal static readonly Reason Varied = new(
        "loops.varied-call", "Nearly the same call has been made again and again. Stop, and ask the user how to go on.",
        Retry.AskUser, "AnticipateMisuse(misuse => misuse.DetectLoops(l => l.Variations(...)))");

    internal static readonly Reason Denied = new(
        "loops.repeated-denial", "This operation has been denied many times. Stop trying it, and ask the user.",
        Retry.AskUser, "AnticipateMisuse(misuse => misuse.DetectLoops(l => l.Denials(...)))");

    internal static readonly Reason Failing = new(
        "loops.failing", "Operations of this kind keep failing. Wait, or ask the user.",
        Retry.Later, "AnticipateMisuse(misuse => misuse.DetectLoops(l => l.Errors(...)))");
}
