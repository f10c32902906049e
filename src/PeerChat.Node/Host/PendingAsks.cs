using PeerChat.Node.Control;

namespace PeerChat.Node.Host;

/// <summary>The commands of a face that wait for an answer. When the node goes away they are asked of the next one, each once, in order.</summary>
/// <remarks>
/// Thread-safe. Asking twice does no harm: a text has a reference by which the node knows it again, and everything else comes to the same when
/// done twice.
/// </remarks>
internal sealed class PendingAsks
{
    private readonly Lock _gate = new();
    private readonly LinkedList<PendingAsk> _waiting = [];
    private IFaceLink? _link;
    private NodeGoneException? _over;

    /// <summary>Asks the node, or the next one while there is none.</summary>
    /// <exception cref="NodeGoneException">No node comes any more.</exception>
    public async Task<NodeReply> AskAsync(NodeCommand command, CancellationToken cancellation)
    {
        var ask = new PendingAsk(command);
        lock (_gate)
        {
            if (_over is not null)
            {
                ask.Fail(_over);
            }
            else
            {
                _waiting.AddLast(ask);
                if (_link is { } link)
                {
                    Ask(ask, link);
                }
            }
        }

        try
        {
            return await ask.Answer.WaitAsync(cancellation);
        }
        finally
        {
            lock (_gate)
            {
                _waiting.Remove(ask);
            }
        }
    }

    /// <summary>There is a node; what waits is asked of it.</summary>
    /// <param name="link">The way to it.</param>
    /// <param name="first">What is asked before, to bring it where the last one was; nobody waits for the answers.</param>
    public void Use(IFaceLink link, IEnumerable<NodeCommand> first)
    {
        lock (_gate)
        {
            _link = link;
            foreach (var command in first)
            {
                _ = FinishAsync(new PendingAsk(command), link.AskAsync(command));
            }

            foreach (var ask in _waiting)
            {
                Ask(ask, link);
            }
        }
    }

    /// <summary>The node is gone; what is asked now waits for the next one.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            _link = null;
        }
    }

    /// <summary>Ends when what was asked so far is answered.</summary>
    public Task AllAnsweredAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll(_waiting.Select(ask => ask.Answer));
        }
    }

    /// <summary>No node comes any more.</summary>
    public void End(NodeGoneException why)
    {
        lock (_gate)
        {
            _link = null;
            _over = why;
            foreach (var ask in _waiting)
            {
                ask.Fail(why);
            }
        }
    }

    private static void Ask(PendingAsk ask, IFaceLink link)
    {
        _ = FinishAsync(ask, link.AskAsync(ask.Command));
    }

    private static async Task FinishAsync(PendingAsk ask, Task<NodeReply> asked)
    {
        try
        {
            // A node that is ending has not done it; the next one will.
            if (await asked is var reply and not NodeReply.Refused { Code: RefusalCode.Stopping })
            {
                ask.Finish(reply);
            }
        }
        catch (NodeGoneException)
        {
            // It stays with those that wait.
        }
        catch (RpcErrorException fault)
        {
            ask.Finish(new NodeReply.Refused(RefusalCode.BadValue, fault.Message));
        }
    }
}
