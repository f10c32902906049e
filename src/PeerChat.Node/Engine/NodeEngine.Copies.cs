using PeerChat.Rendezvous.Lan;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Engine;

/// <summary>Profiles that were copied, and copies that run at the same time.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>How long after a copy was found each face is told what it means: who looks in once a day sees it.</summary>
    private static readonly TimeSpan CopyNews = TimeSpan.FromDays(1);

    private NodeEvent.Notice? _otherCopy;

    /// <summary>What every face has to know of copies, whenever it comes.</summary>
    private IEnumerable<NodeEvent> CopyNotices()
    {
        if (_store.CopiedAt is { } at && (_wall - at).Duration() < CopyNews)
        {
            yield return new NodeEvent.Notice(
                null,
                NoticeCode.ProfileCopied,
                "This profile was restored or copied. It goes on under new author keys; members of private rooms let it in again when you "
                    + "meet. Do not run the other copy as well."
            );
        }

        if (_otherCopy is { } other)
        {
            yield return other;
        }
    }

    /// <summary>Somebody on the network announces one's own id under another instance.</summary>
    private void LookForCopies(LanPeer peer)
    {
        if (
            peer.PeerId is { } text
            && PeerIdText.TryParse(text, out var id)
            && id == _options.Self.PeerId
            && peer.InstanceId != _instance
        )
        {
            TellCopy(peer.Addresses.Count > 0 ? peer.Addresses[0].ToString() : "");
        }
    }

    /// <summary>Another node proved one's own identity, or announces it. Said once a run: it goes on as long as both run.</summary>
    private void TellCopy(string where)
    {
        if (_otherCopy is not null)
        {
            return;
        }

        _otherCopy = new NodeEvent.Notice(
            null,
            NoticeCode.ProfileCopied,
            where.Length == 0
                ? "A second PeerChat runs with your identity: a copy or a backup of this profile that you use elsewhere is the likely cause. "
                    + "End one of them; neither sees what the other one writes until somebody else brings it. If it is not yours, somebody "
                    + "has copied your keys: make a new profile and tell your contacts."
                : $"A second PeerChat runs with your identity, at {where}: a copy or a backup of this profile that you use elsewhere is the likely cause. "
                    + "End one of them; neither sees what the other one writes until somebody else brings it. If it is not yours, somebody "
                    + "has copied your keys: make a new profile and tell your contacts."
        );
        _events.Enqueue(_otherCopy);
    }
}
