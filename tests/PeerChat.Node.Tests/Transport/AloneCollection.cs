using Xunit;

namespace PeerChat.Node.Tests.Transport;

/// <summary>Nothing else of this project runs beside a test that counts what the whole process allocates.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
