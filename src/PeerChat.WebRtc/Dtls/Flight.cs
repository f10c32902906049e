using System.Diagnostics;
using PeerChat.WebRtc.Dtls.Messages;

namespace PeerChat.WebRtc.Dtls;

/// <summary>Messages that are sent, and sent again, together (RFC 6347 section 4.2.4).</summary>
internal sealed class Flight
{
    /// <summary>The largest datagram of the handshake: passes every path that WebRTC uses (RFC 8831 section 5).</summary>
    public const int MaxDatagram = 1200;

    private static readonly byte[] ChangeCipherSpec = [1];
    private readonly List<(ContentType Type, ushort Epoch, byte[] Bytes)> _items = [];

    /// <summary>Adds a whole handshake message; those after a ChangeCipherSpec belong to epoch 1.</summary>
    public void Add(byte[] message) => _items.Add((ContentType.Handshake, LastEpoch, message));

    /// <summary>Adds the switch to epoch 1.</summary>
    public void AddChangeCipherSpec()
    {
        _items.Add((ContentType.ChangeCipherSpec, 0, ChangeCipherSpec));
        LastEpoch = 1;
    }

    /// <summary>The epoch in which the flight ends.</summary>
    public ushort LastEpoch { get; private set; }

    /// <summary>Writes all messages as new records, as few datagrams as possible.</summary>
    public void Write(RecordLayer records, BufferQueue datagrams)
    {
        var buffer = datagrams.Rent(MaxDatagram);
        var used = 0;
        foreach (var (type, epoch, bytes) in _items)
        {
            var overhead = RecordLayer.OverheadOf(epoch);
            var body = type == ContentType.Handshake ? HandshakeMessage.BodyOf(bytes) : bytes;
            var prefix = bytes.Length - body.Length;
            var offset = 0;
            do
            {
                // What fits into one fresh datagram is not cut; longer messages fill what is left.
                var whole = overhead + prefix + body.Length - offset;
                var room = MaxDatagram - used - overhead - prefix;
                if (used > 0 && (whole <= MaxDatagram ? whole > MaxDatagram - used : room <= 0))
                {
                    datagrams.Enqueue(buffer, used);
                    buffer = datagrams.Rent(MaxDatagram);
                    used = 0;
                    room = MaxDatagram - overhead - prefix;
                }

                var count = Math.Min(room, body.Length - offset);
                var plaintext =
                    type == ContentType.Handshake ? Fragment(bytes, offset, count) : bytes.AsSpan();
                used += records.Write(type, epoch, plaintext, buffer.AsSpan(used));
                offset += count;
            } while (offset < body.Length);
        }

        datagrams.Enqueue(buffer, used);
    }

    private static Span<byte> Fragment(byte[] message, int offset, int count)
    {
        if (!HandshakeHeader.TryParse(message, out var header))
        {
            throw new UnreachableException("A message of ours has a header.");
        }

        var fragment = new byte[HandshakeHeader.Size + count];
        (header with { FragmentOffset = offset, FragmentLength = count }).Write(fragment);
        HandshakeMessage.BodyOf(message).Slice(offset, count).CopyTo(fragment.AsSpan(HandshakeHeader.Size));
        return fragment;
    }
}
