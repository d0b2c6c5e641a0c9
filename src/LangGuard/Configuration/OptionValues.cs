using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace LangGuard.Configuration;

/// <summary>The kinds of values that a policy in configuration has.</summary>
internal static class OptionValues
{
    internal static OptionValue<string> Text { get; } = new(
        "Use a text.",
        (string text, [MaybeNullWhen(false)] out string value) => (value = text).Length > 0,
        () => new JsonObject { ["type"] = "string", ["minLength"] = 1 });

    internal static OptionValue<bool> Flag { get; } = new(
        "Use true or false.",
        (text, out value) => bool.TryParse(text, out value),
        () => new JsonObject { ["type"] = "boolean" });

    internal static OptionValue<int> Int32 { get; } = new(
        "Use a whole number from 0 to 2147483647.",
        (text, out value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value),
        () => new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = int.MaxValue });

    internal static OptionValue<long> Int64 { get; } = new(
        "Use a whole number, 0 or more.",
        (text, out value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value),
        () => new JsonObject { ["type"] = "integer", ["minimum"] = 0 });

    internal static OptionValue<double> Number { get; } = new(
        "Use a number.",
        (text, out value) => double.TryParse(
                text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value),
        () => new JsonObject { ["type"] = "number" });

    internal static OptionValue<decimal> Decimal { get; } = new(
        "Use a number.",
        (text, out value) => decimal.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value),
        () => new JsonObject { ["type"] = "number" });

    /// <summary>A number of bytes with a unit, such as <c>1 MiB</c>.</summary>
    internal static OptionValue<long> Size { get; } = new(
        "Use a number of bytes with an optional unit: B, KB, MB, GB, KiB, MiB or GiB.",
        ByteSizeText.TryParse,
        () => new JsonObject { ["type"] = new JsonArray("string", "integer"), ["pattern"] = "^[0-9]+ ?(B|[KMG]i?B)?$" });

    internal static OptionValue<TimeSpan> Duration { get; } = new(
        "Use hours:minutes:seconds, such as 00:05:00.",
        (text, out value) => TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out value)
            && value >= TimeSpan.Zero && text.Contains(':', StringComparison.Ordinal),
        () => new JsonObject { ["type"] = "string", ["pattern"] = "^([0-9]+\\.)?[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,7})?$" });

    /// <summary>One name of an enumeration; for flags also several, separated by commas.</summary>
    internal static OptionValue<TEnum> Choice<TEnum>()
        where TEnum : struct, Enum
    {
        var several = typeof(TEnum).IsDefined(typeof(FlagsAttribute), false);
        var names = Enum.GetNames<TEnum>();
        return new(
            $"Use {(several ? "one or more, separated by commas, of" : "one of")} {string.Join(", ", names)}.",
            (text, out value) => TryParseNames(text, several, out value),
            () => several
                ? new JsonObject { ["type"] = "string", ["examples"] = new JsonArray([.. names.Select(n => JsonValue.Create(n))]) }
                : new JsonObject { ["enum"] = new JsonArray([.. names.Select(n => JsonValue.Create(n))]) });
    }

    private static bool TryParseNames<TEnum>(string text, bool several, out TEnum value)
        where TEnum : struct, Enum
    {
        // Names only: a number would reach values that have no name.
        value = default;
        var names = Enum.GetNames<TEnum>();
        var parts = several ? text.Split(',', StringSplitOptions.TrimEntries) : [text.Trim()];
        return Array.TrueForAll(parts, part => names.Contains(part, StringComparer.OrdinalIgnoreCase))
            && Enum.TryParse(text, ignoreCase: true, out value);
    }
}
