using LangGuard.Http;

namespace LangGuard;

/// <content>Walls of the HTTP surface.</content>
public static partial class DefenseExtensions
{
    extension(DefenseBuilder defense)
    {
        /// <summary>Resolves host names with the host's own resolver. Every address it returns is still checked.</summary>
        public DefenseBuilder UseAddressResolver(IAddressResolver resolver)
        {
            ArgumentNullException.ThrowIfNull(defense);
            ArgumentNullException.ThrowIfNull(resolver);
            defense.Policy.Collect<EgressOptions>().Resolver = resolver;
            return defense;
        }

        /// <summary>Sends every request through one proxy, and none when the proxy is down. Names are then resolved by the
        /// proxy only, which has to deny private destinations itself.</summary>
        /// <param name="proxy">Such as <c>http://proxy.internal:3128</c>.</param>
        public DefenseBuilder RequireProxy(Uri proxy)
        {
            ArgumentNullException.ThrowIfNull(defense);
            ArgumentNullException.ThrowIfNull(proxy);
            defense.Policy.Options.DefendInDepth.RequireProxy = proxy.OriginalString;
            return defense;
        }

        /// <summary>Lets requests reach a listener of this very process: a double of a foreign server in a test or a sample.
        /// The rule still has to open its network. Never for a listener that serves this application.</summary>
        /// <param name="port">The port of the double.</param>
        public DefenseBuilder AllowUnguardedListener(int port)
        {
            ArgumentNullException.ThrowIfNull(defense);
            ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
            defense.Policy.Collect<EgressOptions>().UnguardedListeners.Add(port);
            return defense;
        }
    }
}
