using PeerChat.Node.Files;
using PeerChat.Primitives;
using PeerChat.Rooms.Files;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Files;

/// <summary>Blocks of a great file, opened before they are asked for.</summary>
public sealed class OpenedAheadTests : IDisposable
{
    private const int Chunks = 7;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peerchat-ahead-");
    private readonly byte[] _content = new byte[(Chunks * FileLimits.ChunkSize) - 5];
    private readonly List<Cid> _chunks = [];

    public OpenedAheadTests() => new Random(1).NextBytes(_content);

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void All_of_a_file_is_read_in_its_order()
    {
        using var pack = Sealed(out var file);
        using var source = new OpenedAhead(file, pack);
        source.TryGet(file.Root, out _, out _).ShouldBeTrue();
        var read = new MemoryStream();
        foreach (var cid in _chunks)
        {
            source.TryGet(cid, out var block, out _).ShouldBeTrue();
            cid.Names(block.Span).ShouldBeTrue();
            read.Write(block.Span);
        }

        read.ToArray().ShouldBe(_content);
    }

    [Fact]
    public void Who_reads_in_another_order_gets_the_same_blocks()
    {
        using var pack = Sealed(out var file);
        using var source = new OpenedAhead(file, pack);
        source.TryGet(file.Root, out _, out _).ShouldBeTrue();
        foreach (var index in (int[])[0, 3, 1, 1, 6])
        {
            source.TryGet(_chunks[index], out var block, out _).ShouldBeTrue();
            _chunks[index].Names(block.Span).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_block_that_is_not_here_ends_the_reading_there()
    {
        using var pack = Sealed(out var file, without: 3);
        using var source = new OpenedAhead(file, pack);
        source.TryGet(file.Root, out _, out _).ShouldBeTrue();
        _chunks
            .Select(cid => source.TryGet(cid, out _, out _))
            .ShouldBe([true, true, true, false, true, true, true]);
    }

    [Fact]
    public void A_reader_that_stops_in_the_middle_holds_nothing_up()
    {
        using var pack = Sealed(out var file);
        using (var source = new OpenedAhead(file, pack))
        {
            source.TryGet(file.Root, out _, out _).ShouldBeTrue();
            source.TryGet(_chunks[0], out _, out _).ShouldBeTrue();
        }

        pack.SizeOf(file.Address).ShouldNotBeNull(); // and it was the reader's thread that ended, not the pack
    }

    private BlockPack Sealed(out FileAnnouncement file, int? without = null)
    {
        var pack = BlockPack.Open(_folder.FullName, "pack");
        var key = new Bytes32([.. Enumerable.Repeat((byte)7, Bytes32.Size)]);
        var kept = 0;
        var sink = new SealingSink(
            key,
            (address, block) =>
            {
                if (kept++ != without)
                {
                    pack.Add(address, block);
                }
            }
        );
        var recorder = new ChunkRecorder(sink, _chunks.Add);
        var builder = new FileDagBuilder(recorder);
        builder.Append(_content);
        var root = builder.Complete();
        file = new FileAnnouncement(
            root.Target,
            sink.AddressOf(root.Target),
            key,
            "great",
            _content.Length,
            1,
            false,
            ""
        );
        return pack;
    }

    private sealed class ChunkRecorder(IBlockSink sink, Action<Cid> raw) : IBlockSink
    {
        public void Put(Cid cid, ReadOnlySpan<byte> block, IReadOnlyList<DagLink> children)
        {
            sink.Put(cid, block, children);
            if (cid.Codec == CidCodec.Raw)
            {
                raw(cid);
            }
        }
    }
}
