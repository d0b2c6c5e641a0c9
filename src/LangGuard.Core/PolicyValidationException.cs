namespace LangGuard;

/// <summary>A policy has errors and was not built. Lists all of them.</summary>
public sealed class PolicyValidationException : Exception
{
    /// <summary>Creates the exception without errors.</summary>
    public PolicyValidationException()
        : this([])
    {
    }

    /// <summary>Creates the exception from a text.</summary>
    /// <param name="message">The text.</param>
    public PolicyValidationException(string message)
        : base(message) => Errors = [];

    /// <summary>Creates the exception from a text and a cause.</summary>
    /// <param name="message">The text.</param>
    /// <param name="innerException">The cause.</param>
    public PolicyValidationException(string message, Exception innerException)
        : base(message, innerException) => Errors = [];

    /// <summary>Creates the exception.</summary>
    /// <param name="errors">Every error that was found.</param>
    /// <param name="agent">The name of the agent.</param>
    public PolicyValidationException(IReadOnlyList<PolicyError> errors, string agent = PolicyBuilder.DefaultName)
        : base(Text(errors, agent)) => Errors = errors;

    /// <summary>Every error that was found.</summary>
    public IReadOnlyList<PolicyError> Errors { get; }

    private static string Text(IReadOnlyList<PolicyError> errors, string agent)
    {
        ArgumentNullException.ThrowIfNull(errors);
        return $"The LangGuard policy of agent '{agent}' has {errors.Count} error(s):{Environment.NewLine}"
            + string.Join(Environment.NewLine, errors.Select(error => $"  - {error}"));
    }
}
