using PeerChat.Node.Files;
using PeerChat.Tui.Output;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Output;

public sealed class ProgressLineTests : IDisposable
{
    private readonly StringWriter _output = new();

    /// <inheritdoc/>
    public void Dispose() => _output.Dispose();

    [Theory]
    [InlineData(0L, "0 B")]
    [InlineData(999L, "999 B")]
    [InlineData(1000L, "1.0 kB")]
    [InlineData(999_949L, "999.9 kB")]
    [InlineData(999_950L, "1.0 MB")]
    [InlineData(long.MaxValue, "9.2 EB")]
    public void Bytes_are_told_in_powers_of_a_thousand(long bytes, string text) =>
        ProgressLine.Bytes(bytes).ShouldBe(text);

    [Fact]
    public void A_line_tells_share_bytes_rate_and_time_left() =>
        ProgressLine
            .Format(new FileProgress(250_000_000, 1_000_000_000, TimeSpan.FromSeconds(10), "f"))
            .ShouldBe("25 %  250.0 MB of 1.0 GB  25.0 MB/s  30 s left");

    [Fact]
    public void What_is_not_done_is_never_at_100_percent() =>
        ProgressLine
            .Format(new FileProgress(1000, 1000, TimeSpan.FromSeconds(1), "f"))
            .ShouldStartWith("99 %");

    [Fact]
    public void On_a_terminal_the_line_stays_in_place_and_goes_away()
    {
        using (var line = new ProgressLine(_output, isLog: false))
        {
            line.Show(new FileProgress(1, 2, TimeSpan.FromMilliseconds(100), "f")); // over before anybody could read
            _output.ToString().ShouldBeEmpty();
            line.Show(new FileProgress(1, 2, TimeSpan.FromSeconds(1), "f"));
        }

        _output.ToString().ShouldStartWith("\r50 %");
        _output.ToString().ShouldEndWith(" \r");
        _output.ToString().ShouldNotContain("\n");
    }

    [Fact]
    public void In_a_log_there_is_a_line_every_ten_seconds()
    {
        using var line = new ProgressLine(_output, isLog: true);
        for (var second = 1; second <= 25; second++)
        {
            line.Show(new FileProgress(second, 100, TimeSpan.FromSeconds(second), "f"));
        }

        _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
    }
}
