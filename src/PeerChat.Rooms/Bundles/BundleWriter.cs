using System.Buffers.Binary;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;

namespace PeerChat.Rooms.Bundles;

/// <summary>Writes a bundle: what one member has of a room, for another, as a file on its way by hand (docs/PROTOCOL.md, section 15).</summary>
/// <remarks>
/// <code>
/// 8   "PEERBNDL"
/// 2   version = 1
/// 16  salt
/// 2   n, wraps
/// n × 8 hint ‖ 112 Seal(sub(K, bundle), "bundle key", salt, the bundle's key 32)
/// records: u32 length ‖ Seal(the bundle's key, "bundle", u64 index, kind 1 ‖ content)
/// </code>
/// Record 0 is the start {room id 32, exporter's PeerId 32}, the last one the end {count of frames u64}; between them frames of the
/// room, as they go over a link. Nothing is in the clear but the number of secrets that open it, and its size.
/// </remarks>
public sealed class BundleWriter
{
    /// <summary>The version that is written and read.</summary>
    public const ushort Version = 1;

    /// <summary>Secrets that open a bundle at most: one of the room and one for each member.</summary>
    public const int MaxWraps = 1_025;

    internal const int SaltSize = 16;
    internal const int WrapSize = BundleKeys.HintSize + Sealing.Overhead + KeySize;
    internal const int StartSize = 8 + sizeof(ushort) + SaltSize + sizeof(ushort);
    internal const int KeySize = 32;
    internal const byte StartKind = 0;
    internal const byte FrameKind = 1;
    internal const byte EndKind = 2;

    private readonly IEntropy _entropy;
    private readonly byte[] _key;
    private ulong _index;

    /// <summary>Begins a bundle.</summary>
    /// <param name="room">The room.</param>
    /// <param name="self">Who exports it.</param>
    /// <param name="bundleKeys">sub(K, bundle) of each secret that opens it; all of 32 bytes.</param>
    /// <param name="entropy">For keys and salts.</param>
    /// <exception cref="ArgumentException">There are too few or too many secrets.</exception>
    public BundleWriter(
        RoomId room,
        PeerId self,
        IReadOnlyCollection<ReadOnlyMemory<byte>> bundleKeys,
        IEntropy entropy
    )
    {
        if (bundleKeys.Count is 0 or > MaxWraps)
        {
            throw new ArgumentException("A bundle is opened by 1 to 1,025 secrets.", nameof(bundleKeys));
        }

        _entropy = entropy;
        _key = entropy.Bytes(KeySize);
        var salt = entropy.Bytes(SaltSize);
        var start = new byte[StartSize + (bundleKeys.Count * WrapSize)];
        var writer = new SpanWriter(start);
        writer.WriteBytes(Magic);
        writer.WriteUInt16(Version);
        writer.WriteBytes(salt);
        writer.WriteUInt16((ushort)bundleKeys.Count);
        foreach (var secret in bundleKeys)
        {
            var keys = BundleKeys.Of(secret.Span, salt);
            writer.WriteBytes(keys.Hint);
            writer.WriteBytes(Sealing.Seal(entropy, keys.Key, "bundle key", salt, [], _key));
        }

        Start = (byte[])[.. start, .. Record(StartKind, [.. room.Value.ToArray(), .. self.Value.ToArray()])];
    }

    /// <summary>The first bytes of the file.</summary>
    public ReadOnlyMemory<byte> Start { get; }

    internal static ReadOnlySpan<byte> Magic => "PEERBNDL"u8;

    /// <summary>The next bytes of the file: a frame.</summary>
    public ReadOnlyMemory<byte> Frame(ReadOnlyMemory<byte> frame) => Record(FrameKind, frame.Span);

    /// <summary>The last bytes of the file; without them it counts as cut off.</summary>
    public ReadOnlyMemory<byte> End()
    {
        var count = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(count, _index - 1);
        return Record(EndKind, count);
    }

    private byte[] Record(byte kind, ReadOnlySpan<byte> content)
    {
        var index = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(index, _index++);
        var body = Sealing.Seal(_entropy, _key, "bundle", index, [], [kind, .. content]);
        var record = new byte[sizeof(uint) + body.Length];
        BinaryPrimitives.WriteUInt32BigEndian(record, (uint)body.Length);
        body.CopyTo(record, sizeof(uint));
        return record;
    }
}
