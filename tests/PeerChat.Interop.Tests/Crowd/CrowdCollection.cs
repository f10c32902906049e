using Xunit;

namespace PeerChat.Interop.Tests.Crowd;

/// <summary>So many processes take the machine to themselves: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(CrowdCollection), DisableParallelization = true)]
public sealed class CrowdCollection;
