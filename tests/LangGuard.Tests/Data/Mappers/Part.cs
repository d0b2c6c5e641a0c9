namespace LangGuard.Tests.Data.Mappers;

/// <summary>A row with a column of each common type.</summary>
public sealed class Part
{
    public int Id { get; set; }

    public string Name { get; set; } = string.Empty;

    public decimal Price { get; set; }

    public double? Weight { get; set; }

    public DateTime Made { get; set; }

    public DateOnly? Day { get; set; }

    public Guid Code { get; set; }

    public byte[]? Picture { get; set; }

    public bool Active { get; set; }

    public PartSize Size { get; set; }
}
