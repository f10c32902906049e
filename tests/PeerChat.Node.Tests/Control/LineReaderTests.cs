using System.Text;
using PeerChat.Node.Control;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Control;

public sealed class LineReaderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a\nbc\n", "a|bc")]
    [InlineData("a\r\n\r\nb", "a||b")]
    [InlineData("\n", "")]
    [InlineData("no end", "no end")]
    public async Task Lines_end_with_a_line_feed_with_or_without_a_carriage_return(string text, string lines)
    {
        (await ReadAllAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), 100)).ShouldBe(lines.Split('|'));
    }

    [Fact]
    public async Task Lines_that_come_byte_by_byte_are_put_together()
    {
        using var stream = new DripStream("one\ntwo\r\nthree\n"u8.ToArray());

        (await ReadAllAsync(stream, 100)).ShouldBe(["one", "two", "three"]);
    }

    [Fact]
    public async Task The_longest_line_is_taken_and_one_byte_more_is_not()
    {
        (
            await ReadAllAsync(new MemoryStream([.. new byte[100], (byte)'\r', (byte)'\n']), 100)
        ).Count.ShouldBe(1);
        await Should.ThrowAsync<LineTooLongException>(() =>
            ReadAllAsync(new MemoryStream([.. new byte[101], (byte)'\n']), 100)
        );
        await Should.ThrowAsync<LineTooLongException>(() =>
            ReadAllAsync(new MemoryStream(new byte[101]), 100)
        );
    }

    [Fact]
    public async Task An_endless_line_costs_no_more_memory_than_the_longest_and_a_long_one_is_given_back()
    {
        const int Max = 1024 * 1024;
        var endless = new LineReader(new MemoryStream(new byte[4 * Max]), Max);
        await Should.ThrowAsync<LineTooLongException>(async () => await endless.ReadAsync(Cancellation));
        endless.BufferBytes.ShouldBeLessThan(Max + 8192);

        var reader = new LineReader(
            new MemoryStream([.. new byte[Max], (byte)'\n', .. "short\nshort\n"u8]),
            Max
        );
        while (await reader.ReadAsync(Cancellation) is not null)
        {
            // to the end
        }

        reader.BufferBytes.ShouldBeLessThan(16 * 1024);
    }

    [Fact]
    public async Task Half_a_line_at_the_end_is_told_apart()
    {
        var reader = new LineReader(new MemoryStream("whole\nhalf"u8.ToArray()), 100);

        await reader.ReadAsync(Cancellation);
        reader.IsUnfinished.ShouldBeFalse();
        await reader.ReadAsync(Cancellation);
        reader.IsUnfinished.ShouldBeTrue();
    }

    private static async Task<List<string>> ReadAllAsync(Stream stream, int max)
    {
        var reader = new LineReader(stream, max);
        var lines = new List<string>();
        while (await reader.ReadAsync(Cancellation) is { } line)
        {
            lines.Add(Encoding.UTF8.GetString(line.Span));
        }

        return lines;
    }

    private sealed class DripStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        ) => base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);
    }
}
