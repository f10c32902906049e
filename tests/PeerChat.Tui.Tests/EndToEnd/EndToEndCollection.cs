using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>
/// Tests with real processes share the loopback network, where every user is everybody's neighbour: one at a time, so that
/// one test's bob is not another's.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class EndToEndCollection
{
    /// <summary>The collection's name.</summary>
    public const string Name = "End to end";
}
