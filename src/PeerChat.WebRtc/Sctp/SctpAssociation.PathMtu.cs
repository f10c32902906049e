using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp;

/// <content>Probes of the path (RFC 8899 section 6.2.1, RFC 4820): a HEARTBEAT that says its size, and padding up to it.</content>
internal sealed partial class SctpAssociation
{
    private const int ProbeNonceSize = 8;
    private readonly PathMtu _path;
    private byte[] _probeNonce = [];

    /// <summary>The largest packet that the path is known to take.</summary>
    public int PacketSize => _path.Current;

    /// <summary>Whether the packet taken last must not be fragmented on its way.</summary>
    public bool IsProbe { get; private set; }

    /// <summary>Packets take another path from now on.</summary>
    /// <param name="maxDatagram">The largest datagram that may be tried on it.</param>
    /// <param name="now">The present.</param>
    public void HandlePathChanged(int maxDatagram, Instant now) => _path.HandlePathChanged(maxDatagram, now);

    /// <summary>Packets arrive again: what was not acknowledged is repeated now, whatever the wait has grown to meanwhile.</summary>
    public void HandlePathBack(TimeSpan? roundTripTime, Instant now) =>
        _outbound.HandlePathBack(roundTripTime, now);

    /// <summary>Since when data is under way without a word of the peer; null while nothing is.</summary>
    public Instant? WaitingSince => _outbound.WaitingSince;

    /// <summary>Retransmission timeouts since the last acknowledgement.</summary>
    public int TimeoutsInARow => _outbound.TimeoutsInARow;

    private bool TryWriteProbe(Instant now, Peer peer, out ReadOnlyMemory<byte> packet)
    {
        packet = default;
        if (_state is not AssociationState.Established || _path.ProbeSize(now) is not { } size)
        {
            return false;
        }

        if (_packet.Length < size)
        {
            _packet = new byte[size];
        }

        const int InfoSize = ParameterReader.HeaderSize + ProbeNonceSize + sizeof(ushort) + sizeof(ushort);
        _probeNonce = _entropy.Bytes(ProbeNonceSize);
        var writer = new SpanWriter(_packet.AsSpan(CommonHeader.Size, size - CommonHeader.Size));
        new ChunkHeader(ChunkType.Heartbeat, 0, ChunkHeader.Size + InfoSize).Write(
            writer.Advance(ChunkHeader.Size)
        );
        writer.WriteUInt16(ParameterType.HeartbeatInfo);
        writer.WriteUInt16(InfoSize);
        writer.WriteBytes(_probeNonce);
        writer.WriteUInt16((ushort)size);
        writer.WriteUInt16(0);
        new ChunkHeader(ChunkType.Padding, 0, (ushort)writer.Remaining).Write(
            writer.Advance(ChunkHeader.Size)
        );
        writer.Advance(writer.Remaining).Clear();
        new CommonHeader(_options.LocalPort, _options.RemotePort, peer.Tag).Write(
            _packet.AsSpan(0, size),
            hasChecksum: !peer.Features.ZeroChecksum
        );
        packet = _packet.AsMemory(0, size);
        _path.HandleProbeSent(now, _outbound.Timeout.Current);
        return true;
    }

    private bool TryHandleProbeAnswer(Instant now, ReadOnlySpan<byte> chunk)
    {
        var reader = new SpanReader(chunk[ChunkHeader.Size..]);
        if (
            _probeNonce.Length == 0
            || !reader.TryReadBytes(ParameterReader.HeaderSize, out _)
            || !reader.TryReadBytes(ProbeNonceSize, out var nonce)
            || !nonce.SequenceEqual(_probeNonce)
            || !reader.TryReadUInt16(out var size)
        )
        {
            return false;
        }

        _probeNonce = [];
        _path.HandleAnswer(size, now);
        return true;
    }
}
