using System.Buffers.Binary;
using PeerChat.Primitives;
using PeerChat.Rooms.Bundles;
using PeerChat.Rooms.Identity;
using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Bundles;

/// <summary>The bytes of a bundle: who opens it, and what any change of it leads to.</summary>
public sealed class BundleFormatTests
{
    private static readonly ReadOnlyMemory<byte> Bob = Enumerable.Repeat((byte)1, 32).ToArray();
    private static readonly ReadOnlyMemory<byte> Carol = Enumerable.Repeat((byte)2, 32).ToArray();
    private static readonly ReadOnlyMemory<byte> Mallory = Enumerable.Repeat((byte)3, 32).ToArray();
    private static readonly RoomId Room = new(new Bytes32(Enumerable.Repeat((byte)7, 32).ToArray()));
    private static readonly PeerId Alice = new(new Bytes32(Enumerable.Repeat((byte)8, 32).ToArray()));
    private static readonly byte[][] Frames =
    [
        [1, 2, 3],
        new byte[100_000],
        [4],
    ];

    [Fact]
    public void Each_secret_opens_it_and_no_other()
    {
        var bundle = Make();
        foreach (var secret in new[] { Bob, Carol })
        {
            Read(bundle, secret).ShouldBe((true, true, Frames.Length));
        }

        Open(bundle, Mallory).ShouldBeNull();
    }

    [Fact]
    public void It_says_nothing_in_the_clear()
    {
        var bundle = Make().SelectMany(part => part).ToArray();
        bundle.AsSpan().IndexOf(Room.Value.ToArray()).ShouldBe(-1);
        bundle.AsSpan().IndexOf(Alice.Value.ToArray()).ShouldBe(-1);
        // Nor do two of them share anything but their beginning
        var other = Make(seed: 2).SelectMany(part => part).ToArray();
        bundle.Zip(other).Count(pair => pair.First == pair.Second).ShouldBeLessThan(bundle.Length / 100);
    }

    [Fact]
    public void What_was_cut_off_changed_or_swapped_is_found_out()
    {
        var bundle = Make();
        Read(bundle[..^1], Bob).IsComplete.ShouldBeFalse();
        Read([.. bundle[..2], bundle[3], bundle[2], .. bundle[4..]], Bob).IsGood.ShouldBeFalse();
        Read([.. bundle[..2], .. bundle[3..]], Bob).IsGood.ShouldBeFalse();
        for (var part = 1; part < bundle.Count; part++)
        {
            var changed = bundle.Select(one => one.ToArray()).ToList();
            changed[part][^1] ^= 1;
            Read(changed, Bob).IsGood.ShouldBeFalse();
        }
    }

    [Fact]
    public void A_newer_version_is_told_from_damage()
    {
        var first = Make()[0][..BundleReader.FirstSize];
        BinaryPrimitives.WriteUInt16BigEndian(first.AsSpan(8), BundleWriter.Version + 1);
        BundleReader.TryReadFirst(first, out _, out var isNewer).ShouldBeFalse();
        isNewer.ShouldBeTrue();
        first[0] ^= 1;
        BundleReader.TryReadFirst(first, out _, out isNewer).ShouldBeFalse();
        isNewer.ShouldBeFalse();
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(BundleWriter.MaxWraps, true)]
    [InlineData(0, false)]
    [InlineData(BundleWriter.MaxWraps + 1, false)]
    public void It_is_opened_by_1_to_1025_secrets(int count, bool isGood)
    {
        var make = () =>
            new BundleWriter(Room, Alice, [.. Enumerable.Repeat(Bob, count)], new SeededEntropy(1));
        if (isGood)
        {
            BundleReader
                .TryReadFirst(make().Start.Span[..BundleReader.FirstSize], out var wraps, out _)
                .ShouldBeTrue();
            wraps.ShouldBe(count * BundleWriter.WrapSize);
        }
        else
        {
            make.ShouldThrow<ArgumentException>();
        }
    }

    [Fact]
    public void No_input_throws()
    {
        var random = new Random(5);
        for (var i = 0; i < 2_000; i++)
        {
            var bundle = Make();
            for (var change = 0; change < 3; change++)
            {
                var part = bundle[random.Next(bundle.Count)];
                part[random.Next(Math.Min(part.Length, 200))] = (byte)random.Next(256);
            }

            Should.NotThrow(() => Read(bundle, Bob));
        }
    }

    // The beginning, the first record, and each further one
    private static List<byte[]> Make(int seed = 1)
    {
        var writer = new BundleWriter(Room, Alice, [Bob, Carol], new SeededEntropy(seed));
        var first = BundleReader.FirstSize + (2 * BundleWriter.WrapSize);
        return
        [
            writer.Start[..first].ToArray(),
            writer.Start[first..].ToArray(),
            .. Frames.Select(frame => writer.Frame(frame).ToArray()),
            writer.End().ToArray(),
        ];
    }

    private static BundleReader? Open(IReadOnlyList<byte[]> bundle, ReadOnlyMemory<byte> secret) =>
        BundleReader.TryReadFirst(bundle[0].AsSpan(0, BundleReader.FirstSize), out _, out _)
        && BundleReader.TryOpen(
            bundle[0].AsSpan(0, BundleReader.FirstSize),
            bundle[0].AsSpan(BundleReader.FirstSize),
            [secret],
            out var reader
        )
            ? reader
            : null;

    private static (bool IsGood, bool IsComplete, int Frames) Read(
        IReadOnlyList<byte[]> bundle,
        ReadOnlyMemory<byte> secret
    )
    {
        if (Open(bundle, secret) is not { } reader)
        {
            return (false, false, 0);
        }

        var frames = 0;
        foreach (var record in bundle.Skip(1))
        {
            if (!reader.TryRead(record.AsSpan(sizeof(uint)), out var frame))
            {
                return (false, reader.IsComplete, frames);
            }

            frames += frame.IsEmpty ? 0 : 1;
        }

        reader.Room.ShouldBe(Room);
        reader.Exporter.ShouldBe(Alice);
        return (true, reader.IsComplete, frames);
    }
}
