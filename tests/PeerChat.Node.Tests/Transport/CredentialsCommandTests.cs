using PeerChat.Node.Transport;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Transport;

public sealed class CredentialsCommandTests
{
    private const string Server = "turns:turn.example.org:5349";

    private static async Task<(string Said, string Problem)> Run(string command)
    {
        var (credentials, problem) = await CredentialsCommand.Run(command, Server, DateTimeOffset.UnixEpoch);
        return (credentials is null ? "" : $"{credentials.Username} {credentials.Password}", problem);
    }

    [Fact]
    public async Task It_is_told_which_server_is_meant() =>
        (await Run("echo \"$PEERCHAT_TURN_SERVER\"; echo secret")).ShouldBe(($"{Server} secret", ""));

    [Fact]
    public async Task Nobody_can_be_asked() =>
        (await Run("read -r word || word=nobody; echo alice; echo \"$word\"")).ShouldBe(("alice nobody", ""));

    [Theory]
    [InlineData(
        "echo >&2 first; echo >&2 no such user; exit 3",
        "the command ended with code 3: no such user"
    )]
    [InlineData("exit 4", "the command ended with code 4")]
    [InlineData("printf '\\033[31mred' >&2; exit 5", "the command ended with code 5: [31mred")]
    public async Task Its_failure_is_said_in_its_words(string command, string problem) =>
        (await Run(command)).ShouldBe(("", problem));

    [Theory]
    [InlineData("exec sleep 60")]
    [InlineData("sleep 5 & echo alice; echo secret")] // it has ended, and left somebody who holds its output
    public async Task What_does_not_end_is_ended(string command)
    {
        var (credentials, problem) = await CredentialsCommand.Run(
            command,
            Server,
            DateTimeOffset.UnixEpoch,
            TimeSpan.FromSeconds(1)
        );

        credentials.ShouldBeNull();
        problem.ShouldBe("the command did not end within 1 seconds");
    }

    [Fact]
    public async Task Other_users_of_the_machine_do_not_read_what_it_is()
    {
        var (said, _) = await Run("echo alice; tr '\\0' ' ' < /proc/$$/cmdline; : north");

        said.ShouldContain("/bin/sh");
        said.ShouldNotContain("north");
    }

    [Fact]
    public async Task More_than_fits_is_read_and_left()
    {
        var (said, problem) = await Run($"yes alice | head -c {3 * CredentialsCommand.MaxOutput}");

        said.ShouldBeEmpty();
        problem.ShouldStartWith("the command printed neither");
    }
}
