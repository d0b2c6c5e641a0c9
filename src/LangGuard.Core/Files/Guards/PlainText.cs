using System.Text;

namespace LangGuard.Files;

/// <summary>The encoding that the platform writes when none is given: no preamble, and no replacement of ill-formed text.</summary>
internal static class PlainText
{
    public static readonly Encoding Encoding = new UTF8Encoding(false, throwOnInvalidBytes: true);
}
