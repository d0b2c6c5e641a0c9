using System.IO.Abstractions;
using System.Text;
using LangGuard.Redaction;

namespace LangGuard.AI.Files;

/// <summary>What the file tools share: texts of failures, and text files as a model sees them.</summary>
internal abstract class FileTool(GuardSession session, IFileSystem files, ToolDefinition definition)
    : GuardTool(session, definition)
{
    protected const string PathHint = "An absolute path such as /kb/guides/intro.md; list_files on / shows the roots.";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    protected IFileSystem Files => files;

    protected override IReadOnlyList<string>? Allowed => ReachableSurfaces.FileScopes(Session.Policy);

    protected override string? Explain(Exception exception) => exception switch
    {
        // The guard's texts hold no host path, but those of a file system beneath it may.
        FileNotFoundException => "There is no such file.",
        DirectoryNotFoundException => $"There is no such directory. An absolute path begins with {string.Join(" or ", ReachableSurfaces.Roots(Session.Policy))}.",
        PathTooLongException => "The path is too long.",
        UnauthorizedAccessException => "It is a directory, or it can not be opened this way.",
        NotSupportedException or ArgumentException => "The path or the operation is not possible here.",
        IOException => "The file operation failed: it exists already, is in use, is not empty, or is too large.",
        _ => null,
    };

    // Whether it is there, and what it is, does not change by waiting.
    protected override bool IsOfArguments(Exception exception) => exception
        is FileNotFoundException or DirectoryNotFoundException or PathTooLongException or UnauthorizedAccessException
        or NotSupportedException or ArgumentException;

    /// <summary>The text of a file, or null when it is not UTF-8 text.</summary>
    protected static string? Decode(byte[] bytes, out bool hasMark)
    {
        hasMark = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble);
        var content = hasMark ? bytes.AsSpan(3) : bytes;
        if (content.Contains((byte)0))
        {
            return null;
        }

        try
        {
            return Strict.GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    protected static byte[] Encode(string text, bool hasMark) =>
        hasMark ? [.. Encoding.UTF8.Preamble, .. Strict.GetBytes(text)] : Strict.GetBytes(text);

    protected string Shape(string text) => ToolResultPipeline.Shape(text, Session, null, isFile: true);

    /// <summary>The whole text without its secrets, before a part of it is chosen.</summary>
    protected string Redact(string text) => ToolResultPipeline.Redact(text, Session);

    /// <summary>A name is untrusted text too: whoever made the file chose it.</summary>
    protected string ShapeName(string name) => ToolResultPipeline.Clean(name, Session, null, isFile: true);
}
