using FsCheck;
using FsCheck.Fluent;
using PeerChat.Node.Profiles;
using PeerChat.WebRtc;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Profiles;

public sealed class CredentialsTextTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [Theory]
    [InlineData("alice\nsecret\n", null)]
    [InlineData("alice\r\nsecret\r\n", null)]
    [InlineData("alice\nsecret\n3600", 3600)]
    [InlineData("""{"username":"alice","password":"secret","ttl":86400,"uris":["turn:h"]}""", 86400)]
    [InlineData("""{"username":"alice","credential":"secret","urls":["turns:h"]}""", null)]
    [InlineData("""{"iceServers":[{"urls":["stun:h"]},{"username":"alice","credential":"secret"}]}""", null)]
    [InlineData("""{"ice_servers":[{"username":"alice","credential":"secret"}],"ttl":"7200"}""", 7200)]
    [InlineData("""[{"urls":"stun:h"},{"username":"alice","credential":"secret"}]""", null)]
    public void Reads_lines_and_the_JSON_of_services(string text, int? seconds)
    {
        var (credentials, problem) = CredentialsText.Read(text, Now);

        problem.ShouldBeEmpty();
        credentials.ShouldNotBeNull();
        (credentials.Username, credentials.Password).ShouldBe(("alice", "secret"));
        credentials.Lifetime.ShouldBe(seconds is { } said ? TimeSpan.FromSeconds(said) : null);
    }

    [Fact]
    public void A_user_name_may_say_when_it_ends()
    {
        CredentialsText
            .Read("1800000600:alice\nsecret", Now)
            .Credentials!.Lifetime.ShouldBe(TimeSpan.FromMinutes(10));
        CredentialsText.Read("1799999999:alice\nsecret", Now).Credentials.ShouldBeNull();
    }

    [Fact]
    public void Nothing_is_believed_for_longer_than_a_week()
    {
        CredentialsText.Read("alice\nsecret\n1e9", Now).Credentials.ShouldBeNull(); // no such number
        CredentialsText
            .Read("alice\nsecret\n99999999999", Now)
            .Credentials!.Lifetime.ShouldBe(CredentialsText.MostLifetime);
    }

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("alice\nsecret\n3600\nmore")]
    [InlineData("alice\nsecret\nsoon")]
    [InlineData("alice\nsecret\n9")]
    [InlineData("alice\n\nsecret")]
    [InlineData("al\u0007ice\nsecret")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"username":"alice"}""")]
    [InlineData("""{"username":7,"credential":"secret"}""")]
    [InlineData("""{"username":"","credential":"secret"}""")]
    [InlineData("<html>not found</html>")]
    public void What_is_no_user_name_and_password_is_said_to_be_none(string text)
    {
        var (credentials, problem) = CredentialsText.Read(text, Now);

        credentials.ShouldBeNull();
        problem.ShouldStartWith(
            text.EndsWith("\n9", StringComparison.Ordinal)
                ? "what the command printed"
                : "the command printed"
        );
    }

    [Fact]
    public void What_is_longer_than_a_server_takes_is_refused()
    {
        var most = new string('x', TurnCredentials.MaxBytes);
        CredentialsText.Read(most + "\n" + most, Now).Credentials.ShouldNotBeNull();
        CredentialsText.Read(most + "x\nsecret", Now).Credentials.ShouldBeNull();
        CredentialsText.Read("alice\n" + most + "x", Now).Credentials.ShouldBeNull();
    }

    [Fact]
    public void No_text_makes_it_throw() =>
        Prop.ForAll<string?>(text =>
            {
                var (credentials, problem) = CredentialsText.Read(text ?? "", Now);
                return (credentials is null) == (problem.Length > 0);
            })
            .QuickCheckThrowOnFailure();
}
