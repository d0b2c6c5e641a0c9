using LangGuard.Redaction;

namespace LangGuard;

/// <content>Says what is hidden from models, logs and audit records, and how tool results are shaped.</content>
public static partial class DefenseExtensions
{
    /// <summary>Adds redactors. <see cref="Redactor.KnownSecrets"/> is always there.</summary>
    public static DefenseBuilder Redact(this DefenseBuilder defense, params ReadOnlySpan<Redactor> redactors)
    {
        ArgumentNullException.ThrowIfNull(defense);
        foreach (var redactor in redactors)
        {
            ArgumentNullException.ThrowIfNull(redactor, nameof(redactors));
            defense.Policy.Collect<RedactorSet>().Add(redactor);
        }

        return defense;
    }

    /// <summary>Hides these values, as they are and encoded: base64 at any place, hexadecimal, URL, JSON and HTML
    /// escapes, reversed, packed.</summary>
    /// <param name="defense">The builder.</param>
    /// <param name="values">The values; at least six characters each.</param>
    public static DefenseBuilder RedactValues(this DefenseBuilder defense, params ReadOnlySpan<string> values)
    {
        ArgumentNullException.ThrowIfNull(defense);
        foreach (var value in values)
        {
            ArgumentNullException.ThrowIfNull(value, nameof(values));
            if (value.Length < EncodedForms.MinLength)
            {
                defense.Policy.Errors.Add(
                    "DefendInDepth:RedactValues", null, "A value is too short to be told apart from ordinary text.",
                    $"Give values of at least {EncodedForms.MinLength} characters.");
                continue;
            }

            defense.Policy.Collect<RedactorSet>().AddValue(value);
        }

        return defense;
    }

    /// <summary>Says how long a tool result may be.</summary>
    /// <param name="defense">The builder.</param>
    /// <param name="maxCharacters">From 256 to 10 000 000.</param>
    public static DefenseBuilder LimitToolResults(this DefenseBuilder defense, int maxCharacters)
    {
        ArgumentNullException.ThrowIfNull(defense);
        defense.Options.ToolResults.MaxCharacters = maxCharacters;
        if (maxCharacters is < 256 or > 10_000_000)
        {
            defense.Policy.Errors.Add(
                "DefendInDepth:ToolResults:MaxCharacters", $"{maxCharacters}", "The limit is out of range.",
                "Give a number from 256 to 10000000.");
        }

        return defense;
    }

    /// <summary>Text for people, such as the answer of a model on a chat page: secrets are hidden; images, and links to
    /// hosts that are not listed, are removed, because their addresses can carry data out.</summary>
    /// <param name="session">The session the text comes from.</param>
    /// <param name="text">The text.</param>
    /// <param name="allowedHosts">Hosts whose links and images stay.</param>
    public static string TextForPeople(this GuardSession session, string text, params ReadOnlySpan<string> allowedHosts)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(text);
        var hosts = allowedHosts.ToArray();
        var clean = HiddenText.Remove(TextRedaction.Of(session.Policy).Apply(text));
        return ActiveContent.Disarm(clean, uri =>
            uri.Scheme is "https" or "http" && hosts.Contains(uri.IdnHost, StringComparer.OrdinalIgnoreCase));
    }
}
