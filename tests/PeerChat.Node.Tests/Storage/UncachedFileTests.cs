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

    [Fact]
    public void Both_ways_see_the_same_bytes()
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

        var piece = Piece(UncachedFile.MinPiece + 16);
        uncached.TryWrite(piece, UncachedFile.Alignment).ShouldBeTrue();
        var all = File.ReadAllBytes(FilePath);
        all.Length.ShouldBe(UncachedFile.Alignment + (int)UncachedFile.AlignUp(piece.Length));
        all.AsSpan(UncachedFile.Alignment, piece.Length).SequenceEqual(piece).ShouldBeTrue();
        all.AsSpan(UncachedFile.Alignment + piece.Length).ContainsAnyExcept((byte)0).ShouldBeFalse();

        var other = Piece(UncachedFile.MinPiece);
        using (var file = new FileStream(FilePath, FileMode.Open))
        {
            file.Position = UncachedFile.Alignment;
            file.Write(other);
        }

        var read = new byte[other.Length];
        uncached.TryRead(read, UncachedFile.Alignment).ShouldBeTrue();
        read.ShouldBe(other);
        uncached.TryRead(read, all.Length - UncachedFile.Alignment).ShouldBeFalse(); // ends before
    }

    [Fact]
    public void What_the_disk_refuses_is_left_to_the_other_way()
    {
        File.WriteAllBytes(FilePath, []);
        using var uncached = UncachedFile.TryOpen(FilePath, FileAccess.ReadWrite);
        var piece = Piece(UncachedFile.MinPiece);
        (uncached?.TryWrite(piece, 1) ?? false).ShouldBeFalse(); // no multiple of any block
        (uncached?.TryWrite(piece, 0) ?? false).ShouldBeFalse(); // it is not asked again
        (uncached?.TryRead(piece, 0) ?? false).ShouldBeFalse();
    }

    [Fact]
    public void A_file_that_is_not_there_is_none() =>
        UncachedFile.TryOpen(FilePath, FileAccess.Read).ShouldBeNull();

    [Theory]
    [InlineData(UncachedFile.CachedBytes, UncachedFile.MinPiece, true)]
    [InlineData(UncachedFile.CachedBytes - UncachedFile.Alignment, UncachedFile.MinPiece, false)]
    [InlineData(UncachedFile.CachedBytes + 512, UncachedFile.MinPiece, false)]
    [InlineData(UncachedFile.CachedBytes, UncachedFile.MinPiece - 1, false)]
    public void Only_great_pieces_of_a_great_file_go_that_way(long place, int length, bool expected) =>
        UncachedFile.IsFor(place, length).ShouldBe(expected);

    private static byte[] Piece(int length)
    {
        var piece = new byte[length];
        new Random(length).NextBytes(piece);
        return piece;
    }
}
