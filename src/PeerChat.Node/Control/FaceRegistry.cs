namespace PeerChat.Node.Control;

/// <summary>Who is attached to the node at the moment.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class FaceRegistry
{
    private readonly Lock _gate = new();
    private readonly List<FaceSummary> _faces = [];

    /// <summary>What a client of the protocol is called that did not say what it is.</summary>
    public const string UnknownKind = "rpc";

    /// <summary>
    /// Everybody, oldest first. <c>peerchat rpc</c> may have two connections, one for its client and one that answers requests: it is
    /// listed once, by what its client calls itself.
    /// </summary>
    public FaceSummary[] List()
    {
        lock (_gate)
        {
            return [.. _faces.Where((face, index) => !IsSecond(face, index))];
        }
    }

    /// <summary>Adds a face until the returned object is disposed of.</summary>
    public IDisposable Add(FaceSummary face)
    {
        lock (_gate)
        {
            _faces.Add(face);
        }

        return new Attached(this, face);
    }

    private bool IsSecond(FaceSummary face, int index) =>
        face is { Kind: UnknownKind, ProcessId: not 0 }
        && _faces
            .Where(
                (other, at) => other.ProcessId == face.ProcessId && (other.Kind != UnknownKind || at < index)
            )
            .Any();

    private void Remove(FaceSummary face)
    {
        lock (_gate)
        {
            // Two faces can look alike; it is this very one that leaves.
            _faces.RemoveAt(_faces.FindIndex(other => ReferenceEquals(other, face)));
        }
    }

    private sealed class Attached(FaceRegistry registry, FaceSummary face) : IDisposable
    {
        private int _isGone;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGone, 1) == 0)
            {
                registry.Remove(face);
            }
        }
    }
}
