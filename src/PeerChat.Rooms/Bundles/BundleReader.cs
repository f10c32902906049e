using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.Rooms.Crypto;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Sync;

namespace PeerChat.Rooms.Bundles;

/// <summary>Reads a bundle piece by piece; the caller has the bytes. Nothing throws on what is in it.</summary>
public sealed class BundleReader
{
    /// <summary>Bytes of a record at most: a frame, sealed.</summary>
    public const int MaxRecord = FrameBuilder.MaxFrameSize + Sealing.Overhead + 1;

    private readonly byte[] _key;
    private ulong _index;
    private ulong _frames;

    private BundleReader(byte[] key) => _key = key;

    /// <summary>Bytes of the first piece: after it, it is known how long the second is.</summary>
    public static int FirstSize => BundleWriter.StartSize;

    /// <summary>The room; known after the first record.</summary>
    public RoomId Room { get; private set; }

    /// <summary>Who exported it; known after the first record.</summary>
    public PeerId Exporter { get; private set; }

    /// <summary>Whether the end was reached, so that nothing was cut off.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Reads the first piece: how many bytes of wraps follow it.</summary>
    /// <param name="first">The first <see cref="FirstSize"/> bytes.</param>
    /// <param name="wraps">How many bytes follow.</param>
    /// <param name="isNewer">Whether a newer version wrote it.</param>
    public static bool TryReadFirst(ReadOnlySpan<byte> first, out int wraps, out bool isNewer)
    {
        (wraps, isNewer) = (0, false);
        if (first.Length != FirstSize || !first.StartsWith(BundleWriter.Magic))
        {
            return false;
        }

        var version = BinaryPrimitives.ReadUInt16BigEndian(first[BundleWriter.Magic.Length..]);
        var count = BinaryPrimitives.ReadUInt16BigEndian(first[^sizeof(ushort)..]);
        isNewer = version > BundleWriter.Version;
        wraps = count * BundleWriter.WrapSize;
        return version == BundleWriter.Version && count is > 0 and <= BundleWriter.MaxWraps;
    }

    /// <summary>Opens it with one of the secrets that are known here.</summary>
    /// <param name="first">The first piece.</param>
    /// <param name="wraps">The second.</param>
    /// <param name="bundleKeys">sub(K, bundle) of everybody and every room known.</param>
    /// <param name="reader">The reader; null where none of them opens it.</param>
    public static bool TryOpen(
        ReadOnlySpan<byte> first,
        ReadOnlySpan<byte> wraps,
        IEnumerable<ReadOnlyMemory<byte>> bundleKeys,
        [NotNullWhen(true)] out BundleReader? reader
    )
    {
        var salt = first.Slice(BundleWriter.Magic.Length + sizeof(ushort), BundleWriter.SaltSize).ToArray();
        foreach (var secret in bundleKeys)
        {
            var keys = BundleKeys.Of(secret.Span, salt);
            for (var at = 0; at + BundleWriter.WrapSize <= wraps.Length; at += BundleWriter.WrapSize)
            {
                var wrap = wraps.Slice(at, BundleWriter.WrapSize);
                if (
                    wrap.StartsWith(keys.Hint)
                    && Sealing.Open(keys.Key, "bundle key", salt, [], wrap[BundleKeys.HintSize..])
                        is { Length: BundleWriter.KeySize } key
                )
                {
                    reader = new BundleReader(key);
                    return true;
                }
            }
        }

        reader = null;
        return false;
    }

    /// <summary>Reads the next record; false where it is not what was written, in this place.</summary>
    /// <param name="record">The record without its length.</param>
    /// <param name="frame">The frame in it; empty at the start and at the end.</param>
    public bool TryRead(ReadOnlySpan<byte> record, out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        Span<byte> index = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(index, _index);
        if (
            IsComplete
            || record.Length > MaxRecord
            || Sealing.Open(_key, "bundle", index, [], record) is not { Length: > 0 } content
        )
        {
            return false;
        }

        var body = content.AsMemory(1);
        var isGood = content[0] switch
        {
            BundleWriter.StartKind => _index == 0 && TryTakeStart(body.Span),
            BundleWriter.FrameKind => _index > 0,
            BundleWriter.EndKind => body.Length == sizeof(ulong)
                && BinaryPrimitives.ReadUInt64BigEndian(body.Span) == _frames,
            _ => _index > 0, // of a later version: nothing of ours
        };
        _index++;
        IsComplete = isGood && content[0] == BundleWriter.EndKind;
        if (content[0] == BundleWriter.FrameKind)
        {
            _frames++;
            frame = body;
        }

        return isGood;
    }

    private bool TryTakeStart(ReadOnlySpan<byte> content)
    {
        if (content.Length != 2 * Bytes32.Size)
        {
            return false;
        }

        Room = new RoomId(new Bytes32(content[..Bytes32.Size]));
        Exporter = new PeerId(new Bytes32(content[Bytes32.Size..]));
        return true;
    }
}
