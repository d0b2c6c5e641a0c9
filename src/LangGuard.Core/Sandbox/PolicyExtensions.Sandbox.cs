using LangGuard.Sandbox;

namespace LangGuard;

/// <content>Puts a sandbox of the operating system around what a policy permits.</content>
public static partial class PolicyExtensions
{
    extension(Policy policy)
    {
        /// <summary>What a sandbox has to show so that work under this policy goes on, and no more: each root, read-only where no
        /// rule changes anything; the directories of file databases, audit and journal; and the smallest network.</summary>
        /// <remarks>The sandbox is a second wall: it holds when a guard does not. Whole directories are its unit; what is denied
        /// inside a root is denied by the policy alone. Posture checks say whether the process really runs in one.</remarks>
        public SandboxPlan PlanSandbox()
        {
            ArgumentNullException.ThrowIfNull(policy);
            return SandboxPlanner.Plan(policy);
        }
    }
}
