using System.Net.Sockets;
using System.Text;
using PeerChat.Node.Host;
using PeerChat.Node.Tests.Storage;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Control;

/// <summary>One text through a node that runs, on loopback.</summary>
public sealed class ExpressSendTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly NodeOptions _options;

    public ExpressSendTests() =>
        _options = new NodeOptions
        {
            User = "express-" + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray())[..8],
            ProfileDirectory = _folder.Profile.FullPath,
            Interfaces = ["lo"],
        };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_text_is_kept_once_however_often_it_is_sent_and_a_face_finds_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a face does it there");
        const string Text = "\"quoted\" \\ and\nmore: 日本語";
        await using var owner = await NodeFace.OpenAsync(_options, new FaceOptions("owner"), Cancellation);

        Send(Text, DeliveryState.Queued).ShouldBeTrue();
        Send(Text, DeliveryState.Queued).ShouldBeTrue();

        var history = (
            await owner.AskAsync(new NodeCommand.LoadHistory("#express", 10), Cancellation)
        ).ShouldBeOfType<NodeReply.History>();
        history.Messages.Select(message => message.Text).ShouldBe([Text]);
    }

    [Fact]
    public async Task What_is_not_plain_is_left_to_a_face()
    {
        Send("nobody runs the node", DeliveryState.Queued).ShouldBeFalse();
        await using var owner = await NodeFace.OpenAsync(_options, new FaceOptions("owner"), Cancellation);

        Send("nobody is in the room", DeliveryState.Sent).ShouldBeFalse();
        Send("a node with other interfaces", DeliveryState.Queued, _options with { Interfaces = ["eth7"] })
            .ShouldBeFalse();
        Send("a node with another port", DeliveryState.Queued, _options with { Port = 1 }).ShouldBeFalse();
        ExpressSend
            .TrySend(
                _options,
                new NodeCommand.JoinRoom(""),
                "a refusal",
                "refused",
                DeliveryState.Queued,
                Cancellation
            )
            .ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense\n")]
    [InlineData("{}\n")]
    [InlineData("""{"jsonrpc":"2.0","id":"1","result":{}}""" + "\n")]
    [InlineData("""{"jsonrpc":"2.0","id":"1","error":{"code":-32001,"message":"another version"}}""" + "\n")]
    public async Task Answers_that_are_not_expected_end_it(string answers)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix domain sockets");
        (await Converse(Encoding.UTF8.GetBytes(answers))).ShouldBeFalse();
    }

    [Fact]
    public async Task A_line_longer_than_the_limit_ends_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix domain sockets");
        (await Converse(new byte[ExpressConversation.MaxLineBytes + 1])).ShouldBeFalse();
    }

    [Fact]
    public async Task More_lines_than_the_limit_end_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix domain sockets");
        const string InStep =
            """{"jsonrpc":"2.0","method":"event","params":{"event":{"event":"in-step"}}}""" + "\n";
        var lines = string.Concat(Enumerable.Repeat(InStep, ExpressConversation.MaxLines));
        (await Converse(Encoding.UTF8.GetBytes(lines), closes: false)).ShouldBeFalse();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private bool Send(string text, DeliveryState wanted, NodeOptions? options = null) =>
        ExpressSend.TrySend(
            options ?? _options,
            new NodeCommand.JoinRoom("express"),
            text,
            "reference of " + text.Length,
            wanted,
            Cancellation
        );

    private async Task<bool> Converse(byte[] answers, bool closes = true)
    {
        var path = new UnixDomainSocketEndPoint(_folder.In("s"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(path);
        listener.Listen();
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(path);
        using var server = await listener.AcceptAsync(Cancellation);
        var conversing = Task.Run(
            () =>
                new ExpressConversation(client).Send(
                    _options,
                    new NodeCommand.JoinRoom("express"),
                    "text",
                    "reference",
                    DeliveryState.Queued
                ),
            Cancellation
        );
        await server.ReceiveAsync(new byte[4096], Cancellation);
        try
        {
            await server.SendAsync(answers, Cancellation);
            if (closes)
            {
                server.Shutdown(SocketShutdown.Both);
            }
        }
        catch (SocketException)
        {
            // It has seen enough.
        }

        return await conversing.WaitAsync(LoopbackNode.Patience, Cancellation);
    }
}
