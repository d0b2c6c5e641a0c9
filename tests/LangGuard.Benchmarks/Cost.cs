namespace LangGuard.Benchmarks;

/// <summary>What one call costs.</summary>
internal readonly record struct Cost(double Nanoseconds, double Bytes)
{
    public static readonly Cost Most = new(double.MaxValue, double.MaxValue);

    public Cost Least(Cost other) => new(Math.Min(Nanoseconds, other.Nanoseconds), Math.Min(Bytes, other.Bytes));
}
