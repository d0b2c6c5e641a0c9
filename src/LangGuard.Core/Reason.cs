namespace LangGuard;

/// <summary>Why a layer voted as it did. Instances are made once and reused, so that a denial allocates nothing.</summary>
/// <remarks>
/// The text may be shown to a model: it holds no host path, address, secret or value of another tenant.
/// Rule ids are listed in <c>docs/rules.md</c> and are never reused.
/// </remarks>
public sealed class Reason
{
    /// <summary>Creates a reason.</summary>
    /// <param name="rule">The rule id, <c>surface.kebab-case</c>, such as <c>files.outside-root</c>.</param>
    /// <param name="message">One short sentence for the model and for people.</param>
    /// <param name="retry">What the caller can do about it.</param>
    /// <param name="setting">The policy line that would allow the operation; <c>{resource}</c> stands for the
    /// canonical resource. Null when no setting can allow it.</param>
    public Reason(string rule, string message, Retry retry = Retry.No, string? setting = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(rule);
        ArgumentException.ThrowIfNullOrWhiteSpace(message);
        Rule = rule;
        Message = message;
        Retry = retry;
        Setting = setting;
    }

    /// <summary>The stable rule id.</summary>
    public string Rule { get; }

    /// <summary>One short sentence without secrets, host paths or addresses.</summary>
    public string Message { get; }

    /// <summary>What the caller can do after the denial.</summary>
    public Retry Retry { get; }

    /// <summary>The policy line that would allow the operation, or null when none can.</summary>
    public string? Setting { get; }

    /// <inheritdoc />
    public override string ToString() => $"{Rule}: {Message}";
}
