using PeerChat.Node.Transport;
using PeerChat.Primitives;

namespace PeerChat.Node.Files;

/// <summary>Counts bytes and tells how far the work is, not oftener than anybody can read.</summary>
/// <param name="tell">Who is told; null for nobody.</param>
/// <param name="total">Bytes there are, where that is known.</param>
internal sealed class ProgressMeter(Action<FileProgress>? tell, long? total)
{
    /// <summary>The least time between two tellings.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly NodeClock _clock = new();
    private Instant _lastTold = Instant.Origin;
    private string _name = "";

    /// <summary>Bytes done.</summary>
    public long Done { get; private set; }

    /// <summary>Another file begins.</summary>
    public void Begin(string name) => _name = name;

    /// <summary>So many more bytes are done.</summary>
    public void Add(int bytes)
    {
        Done += bytes;
        if (tell is not null && _clock.Now is var now && now - _lastTold >= Interval)
        {
            _lastTold = now;
            tell(Now());
        }
    }

    /// <summary>How far it is at this moment.</summary>
    public FileProgress Now() => new(Done, total, _clock.Now - Instant.Origin, _name);
}
