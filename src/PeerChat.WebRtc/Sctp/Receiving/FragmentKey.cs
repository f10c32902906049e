using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp.Receiving;

/// <summary>What tells which fragments belong side by side: the TSN in DATA; message and fragment number in I-DATA.</summary>
/// <param name="Message">Stream, kind and message identifier of I-DATA as one number; zero in DATA.</param>
/// <param name="Number">The TSN of DATA, the fragment sequence number of I-DATA.</param>
internal readonly record struct FragmentKey(ulong Message, uint Number)
{
    private const int StreamShift = 33;
    private const int UnorderedShift = 32;

    /// <summary>The key of the fragment behind this one.</summary>
    public FragmentKey Next => this with { Number = new SerialNumber32(Number).Next.Value };

    /// <summary>The key of the fragment before this one.</summary>
    public FragmentKey Previous => this with { Number = new SerialNumber32(Number).Previous.Value };

    /// <summary>The key of a chunk.</summary>
    public static FragmentKey Of(in DataChunk chunk) =>
        chunk.IsInterleaved
            ? new FragmentKey(
                ((ulong)chunk.Stream.Value << StreamShift)
                    | ((chunk.IsUnordered ? 1UL : 0) << UnorderedShift)
                    | chunk.MessageNumber.Value,
                chunk.FragmentNumber
            )
            : OfTsn(chunk.Tsn);

    /// <summary>The key of a DATA chunk.</summary>
    public static FragmentKey OfTsn(Tsn tsn) => new(0, tsn.Value);

    /// <summary>The two numbers; the generated text would ask for the next key's, and so on.</summary>
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Message}/{Number}");
}
