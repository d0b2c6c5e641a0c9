using System.Collections;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LangGuard.Tests.AI.HookTraps;

/// <summary>Guards as they are often written. Each falls into one trap; that it does shows that the trap is one.</summary>
internal static class NaiveGuards
{
    private static void Deny() => throw new UnauthorizedAccessException("denied");

    private static bool IsForeign(object? value) => value is string text && !text.EndsWith("@contoso.test", StringComparison.Ordinal);

    /// <summary>Derives from the platform's class, which leads to what it wraps.</summary>
    internal sealed class Delegating(AIFunction inner) : DelegatingAIFunction(inner)
    {
        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
        {
            if (IsForeign(arguments["to"]))
            {
                Deny();
            }

            return base.InvokeCoreAsync(arguments, cancellationToken);
        }
    }

    /// <summary>Derives from the root class and forwards nothing, so that the mark of the inner function is lost.</summary>
    internal sealed class Opaque(AIFunction inner) : AIFunction
    {
        public override string Name => inner.Name;

        public override JsonElement JsonSchema => inner.JsonSchema;

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
            inner.InvokeAsync(arguments, cancellationToken);
    }

    /// <summary>Looks for texts only, and finds none where arguments come as JSON.</summary>
    internal sealed class TextOnly(AIFunction inner) : DelegatingAIFunction(inner)
    {
        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
        {
            if (arguments.Values.Any(IsForeign))
            {
                Deny();
            }

            return base.InvokeCoreAsync(arguments, cancellationToken);
        }
    }

    /// <summary>Reads arguments through an interface that they do not have.</summary>
    internal sealed class OldDictionary(AIFunction inner) : DelegatingAIFunction(inner)
    {
        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
        {
            if ((object)arguments is IDictionary values && IsForeign(values["to"]))
            {
                Deny();
            }

            return base.InvokeCoreAsync(arguments, cancellationToken);
        }
    }

    /// <summary>Puts rules and arguments into one bag, in which an argument may stand in for a rule.</summary>
    internal sealed class OneBag(AIFunction inner) : DelegatingAIFunction(inner)
    {
        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
        {
            var facts = new Dictionary<string, object?>(arguments);
            facts.TryAdd("allowed_domain", "contoso.test");
            if (!((string)facts["to"]!).EndsWith("@" + facts["allowed_domain"], StringComparison.Ordinal))
            {
                Deny();
            }

            return base.InvokeCoreAsync(arguments, cancellationToken);
        }
    }
}
