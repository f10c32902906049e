using System.Text;
using PeerChat.Terminal.Host;
using Shouldly;
using Xunit;

namespace PeerChat.Terminal.Tests.Host;

public sealed class SecretLineTests
{
    [Theory]
    [InlineData("secret\r", "secret")]
    [InlineData("secrex\u007ft\n", "secret")]
    [InlineData("né\u007fa\r", "na")]
    [InlineData("wrong\u0015right\r", "right")]
    [InlineData("no end", "no end")]
    [InlineData("\u007f\r", "")]
    [InlineData("\u0004", null)]
    [InlineData("", null)]
    public void Reads_keys_up_to_enter(string typed, string? expected) => Read(typed).ShouldBe(expected);

    [Fact]
    public void Control_C_ends_the_question() =>
        Should.Throw<OperationCanceledException>(() => Read("secret\u0003"));

    [Fact]
    public void What_is_beyond_the_limit_is_dropped() =>
        Read(new string('x', SecretLine.MaxBytes + 1) + "\r").ShouldBe(new string('x', SecretLine.MaxBytes));

    private static string? Read(string typed)
    {
        var bytes = new Queue<byte>(Encoding.UTF8.GetBytes(typed));
        var line = SecretLine.Read(() => bytes.TryDequeue(out var next) ? next : -1);
        return line is null ? null : Encoding.UTF8.GetString(line);
    }
}
