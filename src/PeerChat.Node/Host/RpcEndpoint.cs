using PeerChat.Node.Control;
using PeerChat.Node.Host;

namespace PeerChat.Node;

/// <summary>JSON-RPC over any pair of streams: what <c>peerchat rpc</c> runs over standard input and output.</summary>
public static class RpcEndpoint
{
    /// <summary>How long a client that does not read is waited for at the end.</summary>
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(1);

    /// <summary>Attaches to the process that runs the node and carries lines to and fro, or runs the node here and serves it.</summary>
    /// <param name="options">The profile and what the node is started with.</param>
    /// <param name="face">What the face calls itself until its client says <c>hello</c>, and whether it may own.</param>
    /// <param name="input">Where the client's lines come from.</param>
    /// <param name="output">Where answers and events go; nothing else may be written there.</param>
    /// <param name="cancellation">Ends it as if the client had left.</param>
    /// <returns>Why it ended.</returns>
    /// <exception cref="NodeStartException">It cannot begin; nothing was written yet.</exception>
    public static async Task<RpcEnd> RunAsync(
        NodeOptions options,
        FaceOptions face,
        Stream input,
        Stream output,
        CancellationToken cancellation = default
    )
    {
        var link = await new FaceOpening(options, face).OpenAsync(cancellation);
        await using (link)
        {
            if (link is OwnLink own)
            {
                return await ServeAsync(own.Release(), input, output, cancellation);
            }
        }

        await using var answering = await AnswerAsync(options, face, cancellation);
        var folder = ProfileChoice.Resolve(options).Folder;
        using var connection = await ControlConnector.TryConnectAsync(folder, cancellation);
        return connection is null
            ? await RpcPump.TellGoneAsync(output)
            : await new RpcPump(connection, input, output).RunAsync(cancellation);
    }

    private static async Task<RpcEnd> ServeAsync(
        NodeOwner owner,
        Stream input,
        Stream output,
        CancellationToken cancellation
    )
    {
        await using (owner)
        {
            var session = new RpcSession(input, output, owner, Environment.ProcessId);
            // On a thread of the pool: a console that is read blocks the reader.
            var served = Task.Run(() => session.RunAsync(cancellation), CancellationToken.None);
            var cancelled = Task.Delay(Timeout.Infinite, cancellation);
            if (await Task.WhenAny(served, owner.Ended, cancelled) != owner.Ended)
            {
                return RpcEnd.ClientLeft;
            }

            // The reader of a console cannot be called back, so it is left to itself; what is to be said is said first.
            var end = await owner.Ended;
            var farewell = end.NewOwner is { } process
                ? session.TellClosedAsync(
                    $"Process {process} has taken the profile over; start again to go on there."
                )
                : session.Events;
            await Task.WhenAny(farewell, Task.Delay(FarewellPatience, CancellationToken.None));
            return end.NewOwner is not null ? RpcEnd.OwnerGone
                : end.IsFailure ? RpcEnd.Failed
                : RpcEnd.Stopped;
        }
    }

    /// <summary>A second face that answers requests where the user said so; the client's own lines pass by unread.</summary>
    private static async Task<NodeFace?> AnswerAsync(
        NodeOptions options,
        FaceOptions face,
        CancellationToken cancellation
    )
    {
        if (!options.AcceptAny && options.Accept.Count == 0 && !options.ReleaseOutboxUnasked)
        {
            return null;
        }

        var answering = await NodeFace.OpenAsync(
            options,
            face with
            {
                Ownership = Ownership.Never,
                WithEvents = true,
            },
            cancellation
        );
        _ = Task.Run(
            async () =>
            {
                await foreach (var _ in answering.Events.ReadAllAsync(CancellationToken.None))
                {
                    // Read so that the next one comes; the face has answered already.
                }
            },
            CancellationToken.None
        );
        return answering;
    }
}
