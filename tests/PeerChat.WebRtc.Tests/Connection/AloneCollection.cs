using Xunit;

namespace PeerChat.WebRtc.Tests.Connection;

/// <summary>Tests that measure the memory of the whole process; nothing else runs beside them.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
