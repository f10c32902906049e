using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Gathering;

public sealed class IceServerTests
{
    [Theory]
    [InlineData("turn:a:b@h", IceServerTransport.Udp, "h", 3478, "turn:h:3478")]
    [InlineData("turn:a:b@h:99", IceServerTransport.Udp, "h", 99, "turn:h:99")]
    [InlineData("turn:a:b@h?transport=udp", IceServerTransport.Udp, "h", 3478, "turn:h:3478")]
    [InlineData("TURN:a:b@h?transport=TCP", IceServerTransport.Tcp, "h", 3478, "turn:h:3478?transport=tcp")]
    [InlineData("turns:a:b@h", IceServerTransport.Tls, "h", 5349, "turns:h:5349")]
    [InlineData("turns:a:b@h:443?transport=tcp", IceServerTransport.Tls, "h", 443, "turns:h:443")]
    [InlineData("turn:a:b@[2001:db8::1]:5", IceServerTransport.Udp, "2001:db8::1", 5, "turn:[2001:db8::1]:5")]
    public void Reads_TURN_servers(
        string text,
        IceServerTransport transport,
        string host,
        int port,
        string label
    )
    {
        IceServer.TryParseTurn(text, out var server, out _).ShouldBeTrue();

        (server.Transport, server.Host, server.Port).ShouldBe((transport, host, port));
        (server.Username, server.Password).ShouldBe(("a", "b"));
        server.Label.ShouldBe(label);
    }

    [Fact]
    public void Credentials_may_hold_any_character_and_are_never_shown()
    {
        IceServer.TryParseTurn("turn:1700000000%3Abob:p%40ss:word@h", out var server, out _).ShouldBeTrue();

        server.Username.ShouldBe("1700000000:bob");
        server.Password.ShouldBe("p@ss:word");
        server.ToString().ShouldNotContain("word");
    }

    [Theory]
    [InlineData("h")]
    [InlineData("turn:a@h")]
    [InlineData("turn::b@h")]
    [InlineData("turn:a:@h")]
    [InlineData("turn:a:b@")]
    [InlineData("turn:a:b@h:0")]
    [InlineData("turn:a:b@h:65536")]
    [InlineData("turn:a:b@h:1x")]
    [InlineData("turn:a:b@h/path")]
    [InlineData("turn:a:b@[h]")]
    [InlineData("turn:a:b@h?transport=sctp")]
    [InlineData("turns:a:b@h?transport=udp")]
    [InlineData("turn:a%00:b@h")]
    public void Says_why_it_is_no_TURN_server(string text)
    {
        IceServer.TryParseTurn(text, out _, out var problem).ShouldBeFalse();

        problem.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("turn:h", "turn:h:3478")]
    [InlineData("turns:h:99", "turns:h:99")]
    public void A_relay_may_be_named_without_what_is_asked_for_later(string text, string label)
    {
        IceServer.TryParseTurn(text, out var server, out _).ShouldBeTrue();

        server.NeedsCredentials.ShouldBeTrue();
        server.Label.ShouldBe(label);
    }

    [Theory]
    [InlineData("stun.example.org", "stun.example.org", 3478)]
    [InlineData("stun:192.0.2.1:19302", "192.0.2.1", 19302)]
    [InlineData("[2001:db8::1]", "2001:db8::1", 3478)]
    public void Reads_STUN_servers(string text, string host, int port)
    {
        IceServer.TryParseStun(text, out var server, out _).ShouldBeTrue();

        (server.Host, server.Port, server.IsTurn).ShouldBe((host, port, false));
    }
}
