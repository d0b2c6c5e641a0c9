using System.Text.Json;

namespace LangGuard.Misuse;

/// <summary>The rule for functions: every target is named by the user or trusted, and every link that goes out is the user's.</summary>
internal sealed partial class UntrustedContentLayer
{
    private const Effects Grave = Effects.Delete | Effects.Pay | Effects.Privilege | Effects.Execute;

    // Kept, so that no call makes them anew.
    private static readonly JsonLeaves.Look<TargetCheck> LookAtTarget = TargetCheck.Look;
    private static readonly JsonLeaves.Look<LinkCheck> LookForLinks = LinkCheck.Look;

    private Objection ReviewFunction(FunctionOperation function, Provenance provenance)
    {
        _functions.TryGetValue(function.Function, out var declared);
        var isGrave = (function.Effects & Grave) != 0;
        var sends = (function.Effects & Effects.Send) != 0;
        if (!isGrave && !sends && ((function.Effects & Effects.Write) == 0 || declared is null))
        {
            return Objection.None;
        }

        var check = new TargetCheck(provenance, _trusted, isGrave);
        foreach (var argument in function.Arguments.EnumerateObject())
        {
            var target = declared is null ? argument.Name : TargetOf(argument, declared);
            if (target is not null)
            {
                check.Noun = NounOf(target, function.Function);
                if (!JsonLeaves.All(argument.Value, ref check, LookAtTarget))
                {
                    return Objection.Ask(UntrustedContentReasons.Target);
                }
            }

            // Naming who is paid is not naming how much.
            if (target is null && (function.Effects & Effects.Pay) != 0 && !AreAmountsOfUser(argument.Value, provenance))
            {
                return Objection.Ask(UntrustedContentReasons.Amount);
            }

            if (target is null || declared is null)
            {
                var links = new LinkCheck(provenance, _trusted);
                if (!JsonLeaves.All(argument.Value, ref links, LookForLinks))
                {
                    return Objection.Ask(UntrustedContentReasons.Link);
                }
            }
        }

        if (check.Count == 0)
        {
            return IsSubjectOfUser(function, declared, provenance) ? Objection.None : Objection.Ask(UntrustedContentReasons.Target);
        }

        // An id that a function returned says which record, not that the user wants something sent there.
        return sends && check.Minted == check.Count ? Objection.Ask(UntrustedContentReasons.Target) : Objection.None;
    }

    private static bool AreAmountsOfUser(JsonElement value, Provenance provenance) => value.ValueKind switch
    {
        JsonValueKind.Number => provenance.IsAmountOfUser(value.GetRawText()),
        JsonValueKind.String => AmountText.In(value.GetString()) is not { } amount || provenance.IsAmountOfUser(amount),
        JsonValueKind.Array => value.EnumerateArray().All(item => AreAmountsOfUser(item, provenance)),
        JsonValueKind.Object => value.EnumerateObject().All(property => AreAmountsOfUser(property.Value, provenance)),
        _ => true,
    };

    private static string? TargetOf(JsonProperty argument, FunctionTargets declared)
    {
        foreach (var name in declared.Arguments)
        {
            if (argument.NameEquals(name))
            {
                return name;
            }
        }

        return null;
    }

    private static bool IsSubjectOfUser(FunctionOperation function, FunctionTargets? declared, Provenance provenance) =>
        declared?.Subject is { } subject
        && function.Arguments.TryGetProperty(subject, out var value)
        && value.ValueKind == JsonValueKind.String
        && provenance.IsPhraseOfUser(value.GetString());

    /// <summary>What <c>file_id</c> is an id of; for a bare <c>id</c> the last word of the function.</summary>
    private static ReadOnlySpan<char> NounOf(ReadOnlySpan<char> argument, ReadOnlySpan<char> function)
    {
        foreach (var ending in (ReadOnlySpan<string>)["_ids", "_id", "Ids", "Id", "ID", "_number", "_no"])
        {
            if (argument.EndsWith(ending, StringComparison.Ordinal) && argument.Length > ending.Length)
            {
                return LastWord(argument[..^ending.Length]);
            }
        }

        return argument.Equals("id", StringComparison.OrdinalIgnoreCase) || argument.Equals("ids", StringComparison.OrdinalIgnoreCase)
            ? LastWord(function)
            : LastWord(argument);
    }

    private static ReadOnlySpan<char> LastWord(ReadOnlySpan<char> name)
    {
        var start = name.Length;
        while (start > 0 && char.IsAsciiLetter(name[start - 1]))
        {
            start--;
            if (char.IsAsciiLetterUpper(name[start]))
            {
                break;
            }
        }

        return name[start..];
    }

    private readonly ref struct LinkCheck(Provenance provenance, KnownValues trusted)
    {
        internal static bool Look(scoped ReadOnlySpan<char> text, ref LinkCheck check) => check.IsFine(text);

        private bool IsFine(scoped ReadOnlySpan<char> text) => !OutgoingLinks.HoldsUnknown(text, provenance, trusted);
    }
}
