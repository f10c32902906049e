using PeerChat.Node.Storage;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Storage;

/// <summary>Pieces that go past the system's cache, on the disk of the temporary folder.</summary>
public sealed class UncachedFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peerchat-uncached-");

    private string FilePath => Path.Combine(_folder.FullName, "file");

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(0, 16)]
    [InlineData(0, 0)]
    [InlineData(1, 16)] // what begins elsewhere in memory is copied first
    [InlineData(16, 16)]
    [InlineData(512, 0)]
    public void Both_ways_see_the_same_bytes(int shift, int more)
    {
        File.WriteAllBytes(FilePath, new byte[10]);
        using var uncached = UncachedFile.TryOpen(FilePath, FileAccess.ReadWrite);
        if (uncached is null)
        {
            OperatingSystem
                .IsLinux()
                .ShouldBeFalse("the temporary folder lies on a disk that knows no such way");
            return;
        }

        var piece = Piece(UncachedFile.MinPiece + more, shift);
        uncached.TryWrite(piece, UncachedFile.Alignment).ShouldBeTrue();
        var all = File.ReadAllBytes(FilePath);
        all.Length.ShouldBe(UncachedFile.Alignment + (int)UncachedFile.AlignUp(piece.Length));
        all.AsSpan(UncachedFile.Alignment, piece.Length).SequenceEqual(piece.Span).ShouldBeTrue();
        all.AsSpan(UncachedFile.Alignment + piece.Length).ContainsAnyExcept((byte)0).ShouldBeFalse();

        var other = Piece(UncachedFile.MinPiece + more, shift: 3).ToArray();
        using (var file = new FileStream(FilePath, FileMode.Open))
        {
            file.Position = UncachedFile.Alignment;
            file.Write(other);
        }

        var read = Piece(other.Length, shift);
        read.Span.Clear();
        uncached.TryRead(read, UncachedFile.Alignment).ShouldBeTrue();
        read.Span.SequenceEqual(other).ShouldBeTrue();
        uncached.TryRead(read, all.Length - UncachedFile.Alignment).ShouldBeFalse(); // ends before
    }

    [Fact]
    public void What_the_disk_refuses_is_left_to_the_other_way()
    {
        File.WriteAllBytes(FilePath, []);
        using var uncached = UncachedFile.TryOpen(FilePath, FileAccess.ReadWrite);
        var piece = Piece(UncachedFile.MinPiece, shift: 0);
        (uncached?.TryWrite(piece, 1) ?? false).ShouldBeFalse(); // no multiple of any block
        (uncached?.TryWrite(piece, 0) ?? false).ShouldBeFalse(); // it is not asked again
        (uncached?.TryRead(piece, 0) ?? false).ShouldBeFalse();
    }

    [Fact]
    public void A_file_that_is_not_there_is_none() =>
        UncachedFile.TryOpen(FilePath, FileAccess.Read).ShouldBeNull();

    [Theory]
    [InlineData(0, UncachedFile.MinPiece, true)]
    [InlineData(UncachedFile.MaxCached + UncachedFile.Alignment, UncachedFile.MinPiece, true)]
    [InlineData(UncachedFile.MaxCached + 512, UncachedFile.MinPiece, false)]
    [InlineData(UncachedFile.MaxCached, UncachedFile.MinPiece - 1, false)]
    public void Only_great_pieces_at_whole_pages_go_that_way(long place, int length, bool expected) =>
        UncachedFile.IsFor(place, length).ShouldBe(expected);

    // So far behind a page of the memory
    private static Memory<byte> Piece(int length, int shift)
    {
        var array = GC.AllocateUninitializedArray<byte>(length + (2 * UncachedFile.Alignment), pinned: true);
        new Random(length + shift).NextBytes(array);
        return array.AsMemory(UncachedFile.FirstAligned(array) + shift, length);
    }
}
