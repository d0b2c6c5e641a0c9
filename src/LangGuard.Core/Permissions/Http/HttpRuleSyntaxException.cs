using System.Globalization;

namespace LangGuard.Permissions;

/// <summary>A rule text that does not parse: where, and what was expected. Caught by the compiler, which collects all.</summary>
#pragma warning disable CA1032, CA1064 // Internal control flow of one parser; it never leaves the compiler.
internal sealed class HttpRuleSyntaxException(int position, string expected)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"At column {position + 1}: expected {expected}."));
#pragma warning restore CA1032, CA1064
