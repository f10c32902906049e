using PeerChat.Node.Control;

namespace PeerChat.Node.Tests.Control;

/// <summary>A node that does nothing by itself: the test says what it answers and what happens.</summary>
internal sealed class FakeHost : IControlHost
{
    private readonly TaskCompletionSource<int> _handedOver = new();

    /// <summary>What it told.</summary>
    public EventLog Log { get; init; } = new();

    /// <summary>How it answers.</summary>
    public Func<NodeCommand, Task<NodeReply>> Answer { get; set; } =
        _ => Task.FromResult<NodeReply>(new NodeReply.Done());

    /// <summary>What it was asked, in order.</summary>
    public List<NodeCommand> Asked { get; } = [];

    /// <summary>Who asked for the profile.</summary>
    public Task<int> HandedOver => _handedOver.Task;

    /// <inheritdoc/>
    public HelloResult Introduction { get; init; } = new(1, "1.2.3", "run-1", "alice", "pc1alice", 4711, []);

    /// <inheritdoc/>
    public FaceRegistry Faces { get; } = new();

    /// <inheritdoc/>
    public Task<NodeReply> AskAsync(NodeCommand command, CancellationToken cancellation)
    {
        lock (Asked)
        {
            Asked.Add(command);
        }

        return Answer(command);
    }

    /// <inheritdoc/>
    public Task<Subscription> SubscribeAsync(Resume? resume)
    {
        var goesOn = resume is { Run: "run-1" } && Log.Holds(resume.After);
        return Task.FromResult(
            new Subscription(
                Introduction.Run,
                Log,
                goesOn ? resume!.After : Log.Last,
                goesOn ? null : [new NodeEvent.Ready("alice", "pc1alice", "short", [], 4747)],
                null,
                _ => Task.FromResult(new MissedPage([], null))
            )
        );
    }

    /// <inheritdoc/>
    public void HandOver(int processId) => _handedOver.TrySetResult(processId);

    /// <summary>Tells a numbered notice.</summary>
    public void Tell(string text, string? chat = null) =>
        Log.Append(new NodeEvent.Notice(chat, NoticeCode.Information, text));
}
