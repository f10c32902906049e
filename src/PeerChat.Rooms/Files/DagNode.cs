using System.Buffers;
using System.Text;

namespace PeerChat.Rooms.Files;

/// <summary>A dag-pb node: links, then data, in the one form that the codec's specification allows.</summary>
/// <param name="Links">Its links, by name in the order of their bytes; those of equal names as they came.</param>
/// <param name="Data">What UnixFS says about it.</param>
internal sealed record DagNode(IReadOnlyList<DagLink> Links, ReadOnlyMemory<byte> Data)
{
    /// <summary>The greatest node that is read: what other implementations pass on at most.</summary>
    public const int MaxSize = FileLimits.MaxBlock;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>How many bytes a link adds to a node.</summary>
    public static int SizeOf(in DagLink link)
    {
        var size = InnerSizeOf(link);
        return 1 + Varint.SizeOf((ulong)size) + size;
    }

    /// <summary>Writes the node.</summary>
    public byte[] Write()
    {
        var output = new ArrayBufferWriter<byte>(256);
        var inner = new ArrayBufferWriter<byte>(128);
        Span<byte> target = stackalloc byte[Cid.Size];
        foreach (var link in Links)
        {
            inner.ResetWrittenCount();
            link.Target.CopyTo(target);
            ProtoFields.WriteBytes(inner, 1, target);
            ProtoFields.WriteBytes(inner, 2, Utf8.GetBytes(link.Name));
            ProtoFields.WriteNumber(inner, 3, link.TotalSize);
            ProtoFields.WriteBytes(output, 2, inner.WrittenSpan);
        }

        ProtoFields.WriteBytes(output, 1, Data.Span);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads a node; false for anything that <see cref="Write"/> would write otherwise.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> block, out DagNode node)
    {
        node = new DagNode([], default);
        var source = block.Span;
        if (source.Length > MaxSize)
        {
            return false;
        }

        var links = new List<DagLink>();
        ReadOnlyMemory<byte>? data = null;
        while (!source.IsEmpty)
        {
            if (
                data is not null // nothing stands behind the data
                || !ProtoFields.TryRead(ref source, out var field, out var type, out _, out var bytes)
                || type != ProtoFields.Bytes
            )
            {
                return false;
            }

            if (field == 1)
            {
                data = block[(block.Length - source.Length - bytes.Length)..(block.Length - source.Length)];
            }
            else if (field == 2 && links.Count < FileLimits.MaxLinks && TryParseLink(bytes, out var link))
            {
                links.Add(link);
            }
            else
            {
                return false;
            }
        }

        if (data is null)
        {
            return false;
        }

        node = new DagNode(links, data.Value);
        return true;
    }

    /// <summary>Compares names as their bytes stand, which for UTF-8 is the order of code points.</summary>
    public static int CompareNames(string left, string right) =>
        Utf8.GetBytes(left).AsSpan().SequenceCompareTo(Utf8.GetBytes(right));

    private static int InnerSizeOf(in DagLink link)
    {
        var name = Utf8.GetByteCount(link.Name);
        return 2 + Cid.Size + 1 + Varint.SizeOf((ulong)name) + name + 1 + Varint.SizeOf(link.TotalSize);
    }

    private static bool TryParseLink(ReadOnlySpan<byte> source, out DagLink link)
    {
        link = default;
        if (
            !TryReadField(ref source, 1, ProtoFields.Bytes, out _, out var hash)
            || !Cid.TryParse(hash, out var target)
            || !TryReadField(ref source, 2, ProtoFields.Bytes, out _, out var name)
            || name.Length > FileLimits.MaxNameBytes + HamtShard.PrefixLength
            || !TryReadField(ref source, 3, ProtoFields.Number, out var size, out _)
            || size > long.MaxValue
            || !source.IsEmpty
            || !System.Text.Unicode.Utf8.IsValid(name)
        )
        {
            return false;
        }

        link = new DagLink(target, Utf8.GetString(name), size);
        return true;
    }

    private static bool TryReadField(
        ref ReadOnlySpan<byte> source,
        int wanted,
        int wantedType,
        out ulong number,
        out ReadOnlySpan<byte> bytes
    ) =>
        ProtoFields.TryRead(ref source, out var field, out var type, out number, out bytes)
        && field == wanted
        && type == wantedType;
}
