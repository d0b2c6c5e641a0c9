using LangGuard.Permissions;

namespace LangGuard.Findings;

/// <summary>Findings about functions.</summary>
internal static class FunctionFindings
{
    private const Effects Outward = Effects.Send | Effects.Pay | Effects.Privilege | Effects.Execute;

    internal static IEnumerable<Finding> Of(PolicyOptions options)
    {
        var misuse = options.AnticipateMisuse;
        foreach (var (name, function) in options.LimitPermissions.Functions)
        {
            var place = $"LimitPermissions:Functions:{name}";
            var effects = function.Effects ?? Effects.All;
            if (function.Effects is null)
            {
                yield return new("functions.unknown-effects", FindingSeverity.Warning, place,
                    "The function does not say what it does, so it counts as doing everything.", "Say it with Does(...) or OnlyReads().");
            }

            if (function.UnguardedArguments)
            {
                yield return new("functions.any-argument", FindingSeverity.Error, place,
                    "Arguments that nobody listed reach the function.", "List the arguments.");
            }

            if ((effects & Effects.Execute) != 0 && function.Effects is not null)
            {
                yield return new("functions.executes", FindingSeverity.Error, place,
                    "The function runs code, which no policy can confine.", "Offer functions for the single tasks instead.");
            }

            var asks = misuse.RequireApproval.Functions.Contains(name) || (misuse.RequireApproval.Effects & effects) != 0;
            if ((effects & (Effects.Send | Effects.Pay)) != 0 && function.Arguments.Count == 0 && !asks)
            {
                yield return new("functions.free-receiver", FindingSeverity.Error, place,
                    "The function sends, and no argument is bound to a rule.", "Use Require(...) for the receiver, or RequireApproval.");
            }

            if ((effects & Outward) != 0 && function.Effects is not null && !misuse.TrackUntrustedContent.Functions.ContainsKey(name))
            {
                yield return new("functions.no-targets", FindingSeverity.Note, place,
                    "It is not said which argument names the receiver, so every argument counts as one.",
                    "Use TrackUntrustedContent(u => u.Targets(...)).");
            }

            if (function.Trusted && (effects & ~Effects.Read) != 0)
            {
                yield return new("functions.trusted-and-changing", FindingSeverity.Warning, place,
                    "Results of a function that changes things count as trusted.", "Trust only functions that read what the deployer wrote.");
            }

            foreach (var (argument, rule) in function.Arguments.Where(entry => entry.Value.Pattern is ".*" or ".+" or ""))
            {
                yield return new("functions.pattern-of-anything", FindingSeverity.Warning, $"{place}:Arguments:{argument}",
                    "The pattern matches everything.", $"Bind the argument to a kind of value rather than to '{rule.Pattern}'.");
            }
        }

        foreach (var (where, name) in misuse.RequireApproval.Functions.Select(name => ("RequireApproval:Functions", name))
            .Concat(misuse.LimitUsage.Functions.Keys.Select(name => ("LimitUsage:Functions", name)))
            .Concat(misuse.TrackUntrustedContent.Functions.Keys.Select(name => ("TrackUntrustedContent:Functions", name)))
            .Where(entry => options.LimitPermissions.Functions.Count > 0 && !options.LimitPermissions.Functions.ContainsKey(entry.name)))
        {
            yield return new("functions.not-granted", FindingSeverity.Warning, $"AnticipateMisuse:{where}:{name}",
                "The setting is for a function that is not granted.", "Correct the name, or remove the setting.");
        }
    }
}
