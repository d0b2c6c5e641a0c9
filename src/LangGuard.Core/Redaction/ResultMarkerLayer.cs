using System.Runtime.InteropServices;
using LangGuard.Misuse;

namespace LangGuard.Redaction;

/// <summary>Denies an operation whose arguments hold a mark that stands for hidden or left-out text. What a file is to
/// hold is checked by the tool that writes it.</summary>
internal sealed class ResultMarkerLayer : MisuseLayer
{
    // Kept, so that no call makes it anew.
    private static readonly JsonLeaves.Look<bool> LookForMark = static (scoped ReadOnlySpan<char> text, ref bool found) =>
        !(found = ResultMarker.IsIn(text));

    public override string Name => "defense.result-marks";

    public override Objection Review(Operation operation, GuardSession session)
    {
        var holds = operation switch
        {
            FunctionOperation function => IsIn(function),
            DatabaseOperation database => ResultMarker.IsIn(database.Statement) || ResultMarker.IsIn(database.Parameters),
            HttpOperation http => ResultMarker.IsIn(http.Path) || ResultMarker.IsIn(http.Query) || ResultMarker.IsIn(http.Body.Span),
            FileOperation file => ResultMarker.IsIn(file.First.Path) || (file.HasSecond && ResultMarker.IsIn(file.Second.Path)),
            _ => true,
        };
        return holds ? Objection.Deny(ToolResultPipeline.MarkerInWrite) : Objection.None;
    }

    /// <summary>Texts are looked at as they read, however they are escaped; what is too deep for that as it is written.</summary>
    private static bool IsIn(FunctionOperation function)
    {
        var found = false;
        return !function.AllTexts(ref found, LookForMark)
            && (found || ResultMarker.IsIn(JsonMarshal.GetRawUtf8Value(function.Arguments)));
    }
}
