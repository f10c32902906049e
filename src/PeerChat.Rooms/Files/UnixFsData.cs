using System.Buffers;

namespace PeerChat.Rooms.Files;

/// <summary>The data of a dag-pb node that UnixFS defines.</summary>
/// <param name="Type">What the node is.</param>
internal sealed record UnixFsData(UnixFsType Type)
{
    private const int TypeField = 1;
    private const int DataField = 2;
    private const int FileSizeField = 3;
    private const int BlockSizesField = 4;
    private const int HashTypeField = 5;
    private const int FanoutField = 6;
    private const int ModeField = 7;
    private const int TimeField = 8;

    /// <summary>Bytes of the file, where a link points, or the bit field of a shard.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>The bytes of the file below this node; null where the node is none.</summary>
    public ulong? FileSize { get; init; }

    /// <summary>The bytes of the file below each link.</summary>
    public IReadOnlyList<ulong> BlockSizes { get; init; } = [];

    /// <summary>The hash function of a shard.</summary>
    public ulong? HashType { get; init; }

    /// <summary>The width of a shard.</summary>
    public ulong? Fanout { get; init; }

    /// <summary>Writes the data; mode and time are never written (profile).</summary>
    public byte[] Write()
    {
        var output = new ArrayBufferWriter<byte>(64);
        ProtoFields.WriteNumber(output, TypeField, (ulong)Type);
        if (!Data.IsEmpty)
        {
            ProtoFields.WriteBytes(output, DataField, Data.Span);
        }

        if (FileSize is { } size)
        {
            ProtoFields.WriteNumber(output, FileSizeField, size);
        }

        foreach (var part in BlockSizes)
        {
            ProtoFields.WriteNumber(output, BlockSizesField, part);
        }

        if (HashType is { } hash)
        {
            ProtoFields.WriteNumber(output, HashTypeField, hash);
        }

        if (Fanout is { } fanout)
        {
            ProtoFields.WriteNumber(output, FanoutField, fanout);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads the data; mode and time, which other programs may write, are passed over.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, out UnixFsData data)
    {
        data = new UnixFsData(UnixFsType.File);
        var source = bytes.Span;
        if (
            !ProtoFields.TryRead(ref source, out var first, out var firstType, out var kind, out _)
            || first != TypeField
            || firstType != ProtoFields.Number
            || kind > (ulong)UnixFsType.HamtShard
            || !Enum.IsDefined((UnixFsType)kind)
        )
        {
            return false;
        }

        var sizes = new List<ulong>();
        data = new UnixFsData((UnixFsType)kind) { BlockSizes = sizes };
        var last = TypeField;
        while (!source.IsEmpty)
        {
            if (
                !ProtoFields.TryRead(ref source, out var field, out var type, out var number, out var part)
                || field < last
                || (field == last && field != BlockSizesField)
                || type != (field is DataField or TimeField ? ProtoFields.Bytes : ProtoFields.Number)
            )
            {
                return false;
            }

            last = field;
            var at = bytes.Length - source.Length;
            switch (field)
            {
                case DataField:
                    data = data with { Data = bytes[(at - part.Length)..at] };
                    break;
                case FileSizeField when number <= long.MaxValue:
                    data = data with { FileSize = number };
                    break;
                case BlockSizesField when number <= long.MaxValue && sizes.Count < FileLimits.MaxLinks:
                    sizes.Add(number);
                    break;
                case HashTypeField:
                    data = data with { HashType = number };
                    break;
                case FanoutField:
                    data = data with { Fanout = number };
                    break;
                case ModeField or TimeField:
                    break;
                default:
                    return false;
            }
        }

        return true;
    }
}
