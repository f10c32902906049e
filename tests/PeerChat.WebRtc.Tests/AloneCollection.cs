using Xunit;

namespace PeerChat.WebRtc.Tests;

/// <summary>
/// Tests that measure memory: of the whole process, or of a path that takes buffers from the pool that all threads share. What runs beside
/// them would take those buffers, and new ones would be counted.
/// </summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
