using PeerChat.Primitives;

namespace PeerChat.Rooms.Files.Transfer;

/// <summary>Somebody of whom a file is fetched.</summary>
/// <param name="link">Their link.</param>
/// <param name="now">The time.</param>
internal sealed class Holder(int link, Instant now)
{
    /// <summary>Bytes asked for at once while nothing is known about the path.</summary>
    private const int FirstWindow = 4 * 1024 * 1024;

    private const int MinWindow = 2 * 1024 * 1024;
    private const int MaxWindow = 16 * 1024 * 1024;
    private const double WindowSeconds = 0.75;

    private static readonly TimeSpan RateInterval = TimeSpan.FromMilliseconds(250);

    private long _counted;
    private Instant _countedFrom = now;

    /// <summary>Their link.</summary>
    public int Link => link;

    /// <summary>Frames to send them.</summary>
    public Queue<byte[]> Frames { get; } = new();

    /// <summary>How much they have, as they say.</summary>
    public FileStock Stock { get; set; }

    /// <summary>Which blocks below a node they have.</summary>
    public Dictionary<Bytes32, byte[]> Bits { get; } = [];

    /// <summary>Blocks that they said are missing, whatever they said before.</summary>
    public HashSet<Bytes32> Lacks { get; } = [];

    /// <summary>Nodes that they were asked about and have not answered.</summary>
    public HashSet<Bytes32> Asked { get; } = [];

    /// <summary>Nodes to ask about.</summary>
    public Queue<BlockLink> ToAsk { get; } = new();

    /// <summary>Blocks that they were asked for, in order.</summary>
    public List<WantedBlock> Wants { get; } = [];

    /// <summary>The block that is coming.</summary>
    public WantedBlock? Coming { get; set; }

    /// <summary>A block that comes and is wanted no more, as another was faster.</summary>
    public Bytes32? Passing { get; set; }

    /// <summary>Room for its bytes; empty while none comes.</summary>
    public Memory<byte> Buffer { get; set; }

    /// <summary>How many of them.</summary>
    public int Filled { get; set; }

    /// <summary>All bytes of it.</summary>
    public int Size { get; set; }

    /// <summary>When something came last, or the first want went out.</summary>
    public Instant Progress { get; set; } = now;

    /// <summary>How often wants were taken back because nothing came.</summary>
    public int Silences { get; set; }

    /// <summary>When they may be asked again what they have.</summary>
    public Instant AskAgainAt { get; set; } = now;

    /// <summary>Bytes a second, smoothed.</summary>
    public double Rate { get; private set; }

    /// <summary>Bytes that were asked for and have not come.</summary>
    public long Pending => Wants.Sum(want => (long)want.LikelySize);

    /// <summary>Bytes that may be pending.</summary>
    public long Window =>
        Silences > 0 ? 1
        : Rate == 0 ? FirstWindow
        : (long)Math.Clamp(Rate * WindowSeconds, MinWindow, MaxWindow);

    /// <summary>Whether they have a block, as far as they have said.</summary>
    public bool Has(WantedBlock want) =>
        !Lacks.Contains(want.Link.Address)
        && (
            Stock == FileStock.All
            || (
                Stock == FileStock.Part
                && (
                    want.Node is not { } node // whoever has anything has the root
                    || (
                        Bits.TryGetValue(node.Address, out var bits)
                        && want.Index / 8 < bits.Length
                        && (bits[want.Index / 8] & (0x80 >> (want.Index % 8))) != 0
                    )
                )
            )
        );

    /// <summary>So many bytes came.</summary>
    public void Count(int bytes, Instant now)
    {
        Progress = now;
        Silences = 0;
        _counted += bytes;
        if (now - _countedFrom >= RateInterval)
        {
            var rate = _counted / (now - _countedFrom).TotalSeconds;
            Rate = Rate == 0 ? rate : (Rate + rate) / 2;
            (_counted, _countedFrom) = (0, now);
        }
    }

    /// <summary>They begin to give after a pause, which is not to count.</summary>
    public void Begin(Instant now) => (_counted, _countedFrom, Progress) = (0, now, now);
}
