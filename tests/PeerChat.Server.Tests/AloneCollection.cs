using Xunit;

namespace PeerChat.Server.Tests;

/// <summary>Nothing else of this project runs beside a test that counts what the whole process allocates.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
