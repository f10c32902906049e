using PeerChat.Node.Engine;

namespace PeerChat.Node.Control;

/// <summary>Reads what came to the profile while a face was away, page by page, so that only one page is ever in memory.</summary>
/// <param name="after">The arrival of the last message that the face has.</param>
/// <param name="upTo">The arrival of the last message at the time of the snapshot; later ones stand in the log.</param>
internal sealed class MissedMessages(long after, long upTo)
{
    /// <summary>Messages told to a face that comes back; whoever missed more loads the history.</summary>
    public const int MaxMessages = 10_000;

    /// <summary>Messages of one page: 2 MiB where each is as long as can be.</summary>
    public const int PageSize = 32;

    private int _told;

    /// <summary>The next page; on the loop thread.</summary>
    public MissedPage ReadPage(NodeEngine engine, long next)
    {
        if (_told >= MaxMessages)
        {
            return new MissedPage(
                [.. engine.ChatsAfter(next, upTo).Select(chat => new NodeEvent.HistoryChanged(chat))],
                null
            );
        }

        var (messages, last) = engine.MessagesAfter(
            Math.Max(after, next),
            upTo,
            Math.Min(PageSize, MaxMessages - _told)
        );
        _told += messages.Count;
        return new MissedPage([.. messages.Select(message => new NodeEvent.MessageShown(message))], last);
    }
}
