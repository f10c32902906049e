using FsCheck;
using FsCheck.Fluent;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;
using PeerChat.Rooms.Log;
using PeerChat.Rooms.Messages;
using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Log;

public class PaddingTests
{
    [Theory]
    [InlineData(0, 64)]
    [InlineData(60, 64)]
    [InlineData(61, 128)]
    [InlineData(1020, 1024)]
    [InlineData(1021, 1088)] // Padmé: E = 10, S = 4, so to 64
    [InlineData(2044, 2048)]
    [InlineData(2045, 2176)] // E = 11, S = 4, so to 128
    [InlineData(60_000, 61_440)] // E = 15, S = 4, so to 2,048
    [InlineData(65_536, 67_504)] // the cap, where Padmé would say 67,584
    public void Pads_to_64_bytes_and_above_1_KiB_by_Padme(int content, int padded) =>
        Padding.Pad(new byte[content]).Length.ShouldBe(padded);

    [Fact]
    public void The_longest_text_fits_a_content_payload()
    {
        // 65,536 bytes of text, their tag and length, and those of the body around them.
        (Room.MaxTextBytes + 4 + 4).ShouldBeLessThanOrEqualTo(Padding.MaxContent);
        (Padding.MaxPadded + PeerChat.Rooms.Crypto.Sealing.Overhead).ShouldBe(EntryHeader.MaxContentPayload);
        Should.Throw<ArgumentException>(() => Padding.Pad(new byte[Padding.MaxContent + 1]));
    }

    [Fact]
    public void Comes_off_again_and_nothing_else_does() =>
        Prop.ForAll<byte[], int>(
                (content, at) =>
                {
                    var padded = Padding.Pad(content);
                    Padding.TryUnpad(padded, out var back).ShouldBeTrue();
                    back.ToArray().ShouldBe(content);
                    Padding.TryUnpad([.. padded, .. new byte[64]], out _).ShouldBeFalse();
                    if (padded.Length > content.Length + 4)
                    {
                        padded[^1] = 1;
                        Padding.TryUnpad(padded, out _).ShouldBeFalse();
                    }

                    _ = Padding.TryUnpad(content, out _);
                    return true;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_sealed_content_opens_only_under_the_header_it_was_sealed_for()
    {
        var entropy = new SeededEntropy(1);
        var secret = entropy.Bytes(32);
        var prefix = new EntryPrefix(
            EntryKind.Content,
            new RoomId(new Bytes32(entropy.Bytes(32))),
            new AuthorId(new Bytes32(entropy.Bytes(32))),
            2,
            new EntryId(new Bytes32(entropy.Bytes(32))),
            77,
            new Bytes32(entropy.Bytes(32)),
            0,
            [],
            default
        );
        var payload = ContentSealing.Seal(entropy, secret, prefix, "hello"u8);

        Open(prefix).ShouldBe("hello"u8.ToArray());
        Open(prefix with { Clock = 78 }).ShouldBeNull();
        Open(prefix with { Seq = 3 }).ShouldBeNull();
        Open(prefix with { Generation = 1 }).ShouldBeNull();
        Open(prefix with { Heads = [new EntryId(new Bytes32(entropy.Bytes(32)))] }).ShouldBeNull();
        Open(prefix with { Author = new AuthorId(new Bytes32(entropy.Bytes(32))) }).ShouldBeNull();

        byte[]? Open(EntryPrefix with)
        {
            EntryHeader.TryParse(with.Complete(payload), out var header).ShouldBeTrue();
            return ContentSealing.Open(secret, header, payload);
        }
    }
}
