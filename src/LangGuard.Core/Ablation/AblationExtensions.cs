using LangGuard.Permissions;

namespace LangGuard.Ablation;

/// <summary>Builds policies without some of their layers.</summary>
internal static class AblationExtensions
{
    extension(PolicyBuilder builder)
    {
        /// <summary>Leaves out layers and walls of the policy.</summary>
        /// <param name="walls">Which ones.</param>
        internal PolicyBuilder SwitchOff(params ReadOnlySpan<Wall> walls)
        {
            foreach (var wall in walls)
            {
                builder.Collect<WallsOff>().Add(wall);
            }

            return builder;
        }
    }

    /// <summary>Leaves out whole layers.</summary>
    internal static void Apply(this WallsOff off, List<PermissionLayer> permissions, List<MisuseLayer> misuse)
    {
        if (!off.Any)
        {
            return;
        }

        misuse.RemoveAll(layer => NameOf(layer.Name) is { } wall && off.Has(wall));
        for (var i = 0; i < permissions.Count; i++)
        {
            permissions[i] = permissions[i] switch
            {
                FilePermissionLayer files when off.Has(Wall.FilePermissions) => new GrantingLayer(files),
                HttpPermissionLayer http when off.Has(Wall.HttpPermissions) => new GrantingLayer(http),
                DatabasePermissionLayer database when off.Has(Wall.DatabasePermissions) => new GrantingLayer(database),
                FunctionPermissionLayer functions when off.Has(Wall.FunctionPermissions) => new GrantingLayer(functions),
                var layer => layer,
            };
        }
    }

    private static Wall? NameOf(string layer) => layer switch
    {
        "misuse.freeze" => Wall.Freeze,
        "defense.result-marks" => Wall.ResultMarks,
        "misuse.obstacles" => Wall.Obstacles,
        "misuse.usage" => Wall.Usage,
        "misuse.loops" => Wall.Loops,
        "misuse.approval" => Wall.Approval,
        "misuse.migrations" => Wall.Migrations,
        "misuse.untrusted-content" => Wall.UntrustedContent,
        "misuse.secrets" => Wall.Secrets,
        "misuse.canaries" => Wall.Canaries,
        _ => null,
    };
}
