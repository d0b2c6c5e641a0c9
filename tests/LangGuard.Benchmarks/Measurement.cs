namespace LangGuard.Benchmarks;

/// <summary>The two sides of a comparison; some have no unguarded side.</summary>
internal readonly record struct Measurement(Cost? Unguarded, Cost Guarded)
{
    public double Ratio => Unguarded is { } plain ? Guarded.Nanoseconds / plain.Nanoseconds : double.NaN;

    public double More => Guarded.Nanoseconds - (Unguarded?.Nanoseconds ?? 0);

    public double MoreBytes => Guarded.Bytes - (Unguarded?.Bytes ?? 0);
}
