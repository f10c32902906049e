using PeerChat.WebRtc.Turn;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Turn;

public sealed class TurnStreamReaderTests
{
    private static readonly byte[] Channel = [0x40, 1, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0];
    private static readonly byte[] Stun = [0, 1, 0, 4, .. new byte[20]];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Frames_come_out_whole_however_they_are_cut(int piece)
    {
        byte[] all = [.. Channel, .. Stun, .. Channel];
        var reader = new TurnStreamReader();
        var sizes = new List<int>();
        for (var at = 0; at < all.Length; at += piece)
        {
            reader.Append(all.AsSpan(at, Math.Min(piece, all.Length - at)));
            while (reader.TryTake(out var frame))
            {
                sizes.Add(frame.Length);
            }
        }

        sizes.ShouldBe([9, 24, 9]);
        reader.IsBroken.ShouldBeFalse();
    }

    [Fact]
    public void The_longest_frame_fits()
    {
        var reader = new TurnStreamReader();
        reader.Append([0x4F, 0xFF, 0xFF, 0xFF, .. new byte[65536]]);

        reader.TryTake(out var frame).ShouldBeTrue();
        frame.Length.ShouldBe(4 + 65535);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2")]
    [InlineData("\u0000\u0001\u0000\u0003 not a multiple of four")]
    [InlineData("\u0016\u0003\u0001 TLS without our asking")]
    public void What_is_no_TURN_is_said_to_be_none_and_nothing_more_is_kept(string text)
    {
        var reader = new TurnStreamReader();
        reader.Append(System.Text.Encoding.Latin1.GetBytes(text));

        reader.TryTake(out _).ShouldBeFalse();
        reader.IsBroken.ShouldBeTrue();
        reader.Append(Channel);
        reader.TryTake(out _).ShouldBeFalse();
    }
}
