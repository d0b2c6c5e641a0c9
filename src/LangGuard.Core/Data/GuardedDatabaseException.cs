using System.Data.Common;

namespace LangGuard.Data;

/// <summary>The engine failed to run an allowed statement. The text is fixed, so that an error tells nothing about rows that
/// the agent may not see.</summary>
public sealed class GuardedDatabaseException : DbException
{
    /// <summary>Creates the exception.</summary>
    public GuardedDatabaseException()
        : base("The database could not run the statement.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">One of the fixed texts.</param>
    public GuardedDatabaseException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">One of the fixed texts.</param>
    /// <param name="innerException">Never the driver's own exception, which could hold values of rows.</param>
    public GuardedDatabaseException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc />
    public override bool IsTransient => false;
}
