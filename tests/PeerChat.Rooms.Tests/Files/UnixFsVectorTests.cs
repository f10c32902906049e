using System.Globalization;
using PeerChat.Rooms.Files;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Files;

public sealed class UnixFsVectorTests
{
    public static TheoryData<string, int, string> Vectors()
    {
        var vectors = new TheoryData<string, int, string>();
        foreach (
            var line in File.ReadLines(
                Path.Combine(AppContext.BaseDirectory, "Vectors", "unixfs-v1-2025.txt")
            )
        )
        {
            if (!line.StartsWith('#'))
            {
                var parts = line.Split(' ');
                vectors.Add(parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]);
            }
        }

        return vectors;
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Files_and_folders_have_the_cids_that_others_give_them(string kind, int number, string cid)
    {
        var bag = new BlockBag();
        var root = kind switch
        {
            "file" => FileOf(number, new FileDagBuilder(bag)),
            "tree" => FileOf(number, new FileDagBuilder(bag, 4, 3)),
            "empty" => FolderOf(bag, 0, _ => ""),
            "short" => FolderOf(bag, number, index => $"n{index}"),
            "unicode" => FolderOf(bag, number, index => $"файл 写真 {index} é"),
            _ => FolderOf(
                bag,
                2647,
                index =>
                    new string('k', index == 0 ? number - 5 : 50)
                    + index.ToString("D5", CultureInfo.InvariantCulture)
            ),
        };

        root.Target.ToString().ShouldBe(cid);
        Cid.TryParse(cid, out var parsed).ShouldBeTrue();
        parsed.ShouldBe(root.Target);

        // Whatever is made is read again, and the size that the root claims is that of its blocks as a tree
        var recorder = new TreeRecorder();
        new FileTreeReader(bag, recorder, long.MaxValue).Read(root.Target).ShouldBeNull();
        recorder.WholeFiles.ShouldBe(
            kind switch
            {
                "file" or "tree" => 1,
                "empty" => 0,
                "edge" => 2647,
                _ => number,
            }
        );
    }

    internal static byte ByteAt(long index) =>
        (byte)(((index * 31) + ((index >> 8) * 7) + ((index >> 16) * 13)) & 0xFF);

    private static DagLink FileOf(int size, FileDagBuilder builder)
    {
        // In pieces that meet the chunks nowhere
        var piece = new byte[100_003];
        for (var at = 0; at < size; at += piece.Length)
        {
            var count = Math.Min(piece.Length, size - at);
            for (var index = 0; index < count; index++)
            {
                piece[index] = ByteAt(at + index);
            }

            builder.Append(piece.AsSpan(0, count));
        }

        return builder.Complete();
    }

    private static DagLink FolderOf(BlockBag bag, int count, Func<int, string> name)
    {
        var entries = new List<DagLink>();
        for (var index = count - 1; index >= 0; index--)
        {
            byte[] content = [(byte)(index & 0xFF), (byte)(index >> 8)];
            entries.Add(new DagLink(bag.Add(CidCodec.Raw, content), name(index), (ulong)content.Length));
        }

        new FolderDag(bag).TryPut(entries, out var root).ShouldBeTrue();
        return root;
    }
}
