using PeerChat.Node.Control;
using PeerChat.Node.Tests.Storage;
using Xunit;

namespace PeerChat.Node.Tests.Control;

/// <summary>A real node on loopback alone, with a name that no other test's node has.</summary>
internal sealed class LoopbackNode : IAsyncDisposable
{
    /// <summary>How long to wait for something that happens at once on an idle machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly TemporaryFolder _folder = new();

    private readonly string _name = "face-" + Convert.ToHexStringLower(Guid.NewGuid().ToByteArray())[..8];

    private readonly Func<NodeOptions, NodeOptions> _change;

    public LoopbackNode(Func<NodeOptions, NodeOptions>? change = null)
    {
        _change = change ?? (options => options);
        Node = Start();
    }

    public PeerChatNode Node { get; private set; }

    public Task<NodeReply> Ask(NodeCommand command) =>
        Node.AskAsync(command, TestContext.Current.CancellationToken);

    public Task<Subscription> Subscribe(Resume? resume) =>
        Node.SubscribeAsync(resume, TestContext.Current.CancellationToken);

    /// <summary>Its only chat that can be written to at once: with somebody who is not there, so that texts wait.</summary>
    public async Task<string> JoinNobody() =>
        ((NodeReply.Opened)await Node.AskAsync(new NodeCommand.JoinPeer(_name + "-x"))).Chat.Chat;

    /// <summary>Ends the run and begins another one.</summary>
    public async Task Restart()
    {
        await Node.DisposeAsync();
        Node = Start();
    }

    /// <summary>Reads until the face is in step; everything before it, with the numbers.</summary>
    public static async Task<List<LoggedEvent>> ReadUntilInStep(Subscription subscription)
    {
        var read = new List<LoggedEvent>();
        while (read.Count == 0 || read[^1].Event is not NodeEvent.InStep)
        {
            read.AddRange(await ReadBatch(subscription));
        }

        return read;
    }

    public static async Task<IReadOnlyList<LoggedEvent>> ReadBatch(Subscription subscription)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await subscription.ReadAsync(patience.Token) switch
        {
            LogRead.Batch batch => batch.Events,
            var other => throw new InvalidOperationException($"{other} came instead of events."),
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        _folder.Dispose();
    }

    private PeerChatNode Start() =>
        PeerChatNode.Start(
            _change(
                new NodeOptions
                {
                    User = _name,
                    ProfileDirectory = _folder.In("profile"),
                    Interfaces = ["lo"],
                }
            )
        );
}
