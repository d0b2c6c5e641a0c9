using Microsoft.EntityFrameworkCore;

namespace LangGuard.Tests.Data.Mappers;

/// <summary>The model of the parts, for both providers.</summary>
public sealed class PartsContext : DbContext
{
    public PartsContext(DbContextOptions options)
        : base(options) =>

        // A savepoint by text is transaction control, which the inspector refuses.
        Database.AutoSavepointsEnabled = false;

    public DbSet<Part> Parts => Set<Part>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<Part>(part =>
        {
            part.ToTable("parts");
            foreach (var property in typeof(Part).GetProperties())
            {
                part.Property(property.Name).HasColumnName(property.Name.ToLowerInvariant());
            }
        });
}
