using PeerChat.Node.Links;
using PeerChat.Node.Links.Wire;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Engine;

/// <summary>First contact: strangers who ask, and what the user answers and takes back.</summary>
internal sealed partial class NodeEngine
{
    private readonly RequestBook _requests;

    /// <summary>Somebody with a proven identity asks for a direct chat.</summary>
    private void HandleStranger(PeerLink link, PublicIdentity peer, DisplayName name, bool overLink)
    {
        var id = peer.PeerId;
        var holder = _contacts.Find(name);
        var keyDiffers = holder is not null && holder.Identity.PeerId != id;
        if (IsBlocked(id))
        {
            Decline(link, overLink);
            return;
        }

        if (_contacts.Find(id) is not null)
        {
            AcceptStranger(link, peer, name, TrustState.Pinned, overLink);
            return;
        }

        // Whom the user names or looks for is welcome, whatever was answered before; "anybody" is nobody who was declined.
        var isNamed = IsNamed(id, name);
        var isWanted = IsWanted(id, name);
        var isDeclined = _requests.IsDeclined(id);
        if (!keyDiffers && (isNamed || isWanted || (_options.AcceptAny && !isDeclined)))
        {
            AcceptStranger(
                link,
                peer,
                name,
                isWanted && !isNamed ? TrustState.Seen : TrustState.Pinned,
                overLink
            );
            if (!isWanted)
            {
                _requests.AcceptUnasked(id, name, _wall);
            }

            return;
        }

        if (isDeclined)
        {
            Decline(link, overLink); // once was enough: the user is not asked again
            return;
        }

        Ask(link, peer, name, overLink, keyDiffers ? holder : null);
    }

    private bool IsNamed(PeerId id, DisplayName name)
    {
        var text = PeerIdText.Format(id);
        return _options.Accept.Any(accepted =>
            accepted == text
            || (!PeerIdText.TryParse(accepted, out _) && FoldOf(accepted) == name.Folded.ToString())
        );
    }

    private bool IsWanted(PeerId id, DisplayName name) =>
        _chats.Values.Any(chat =>
            chat is { Contact: null, Point: { IsBareName: true, IsActive: true } point }
            && (
                point.Expected is { } expected ? expected == id : FoldOf(point.Name) == name.Folded.ToString()
            )
        );

    /// <summary>Asks the user.</summary>
    private void Ask(
        PeerLink link,
        PublicIdentity peer,
        DisplayName name,
        bool overLink,
        KnownContact? sameName
    )
    {
        var id = peer.PeerId;
        foreach (var waiting in _requests.Waiting.Where(waiting => waiting.Peer.PeerId == id).ToList())
        {
            if (waiting.Link == link.Id)
            {
                return;
            }

            EndRequest(waiting); // they came back, on another connection
        }

        if (sameName is not null)
        {
            Notice(
                ChatKey(sameName.Identity.PeerId),
                NoticeCode.IdentityChanged,
                $"Somebody named {name} asks to chat with another key ({PeerIdText.ShortForm(id)}) than the {name} you know "
                    + $"({PeerIdText.ShortForm(sameName.Identity.PeerId)}). A second machine or a new installation of the same person "
                    + "is the likely cause. Compare the ids another way before you accept."
            );
        }

        if (!_requests.HasRoom)
        {
            Decline(link, overLink);
            return;
        }

        _events.Enqueue(
            Received(_requests.Begin(link.Id, peer, name, overLink, _now + PeerLink.RequestLifetime, _wall))
        );
    }

    private NodeEvent.RequestReceived Received(WaitingRequest request) =>
        new(
            request.Request,
            request.Name.ToString(),
            PeerIdText.Format(request.Peer.PeerId),
            PeerIdText.ShortForm(request.Peer.PeerId),
            _contacts.LooksLike(request.Peer.PeerId, request.Name.ToString())
        );

    private void AcceptStranger(
        PeerLink link,
        PublicIdentity peer,
        DisplayName name,
        TrustState trust,
        bool overLink
    )
    {
        Pin(peer, name, trust);
        if (overLink)
        {
            link.Send(
                new LinkFrame { ContactReply = new ContactReply { Accepted = true } },
                bulk: false,
                _now
            );
            AttachDirectRoom(link);
        }
        else
        {
            link.Accept(_now);
        }
    }

    private NodeReply AnswerRequest(NodeCommand.AnswerRequest command)
    {
        if (_requests.FindWaiting(command.Request) is not { } request)
        {
            return AnswerAgain(command);
        }

        _requests.Answer(request, command.Accept, _wall);
        _events.Enqueue(new NodeEvent.RequestEnded(request.Request, command.Accept));
        var link = _links.Find(request.Link)!; // a request ends with its link
        if (command.Accept)
        {
            AcceptStranger(link, request.Peer, request.Name, TrustState.Pinned, request.OverLink);
        }
        else
        {
            Decline(link, request.OverLink);
        }

        PumpLinks();
        return new NodeReply.Done();
    }

    /// <summary>The same answer once more is fine, so that whoever heard no reply may ask again; another one is not.</summary>
    private NodeReply AnswerAgain(NodeCommand.AnswerRequest command) =>
        _requests.FindAnswered(command.Request) is not { } answered ? NoSuchRequest(command.Request)
        : answered.Accepted == command.Accept ? new NodeReply.Done()
        : new NodeReply.Refused(
            RefusalCode.NoSuchRequest,
            answered.Accepted
                ? $"{answered.Name} was accepted already; take that back first if they are to be a contact no more."
                : $"{answered.Name} was declined and has gone; take that back first, and they can ask again."
        );

    private static NodeReply.Refused NoSuchRequest(string request) =>
        new(
            RefusalCode.NoSuchRequest,
            $"There is no request {Shorten(request)}: its sender has gone, or it was answered long ago. They can ask again."
        );

    /// <summary>Takes an answer back.</summary>
    /// <remarks>
    /// Whoever was declined may ask again: the connection of the first request ended with the answer. Whoever was accepted is no contact any
    /// more, also when there was talk since: an undo that a single "who are you?" made impossible would fail just those who need it. The
    /// history stays on disk, with texts that did not arrive yet, and comes back when they are accepted again.
    /// </remarks>
    private NodeReply UndoAnswer(NodeCommand.UndoAnswer command)
    {
        if (_requests.FindAnswered(command.Request) is not { } answered)
        {
            return _requests.FindWaiting(command.Request) is { } waiting
                ? new NodeReply.Refused(
                    RefusalCode.NoSuchRequest,
                    $"The request of {waiting.Name} is not answered yet, so there is nothing to take back."
                )
                : NoSuchRequest(command.Request);
        }

        _requests.Forget(answered);
        if (answered.Accepted)
        {
            Unpin(answered.PeerId);
        }

        return new NodeReply.Done();
    }

    /// <summary>Somebody is no contact any more: their links end, their chat goes from the list.</summary>
    private void Unpin(PeerId id)
    {
        CloseChat(id);
        _contacts.Remove(id);
        MarkAllDirty();
        Announce(); // without the tag by which the two recognised each other
    }

    private void Decline(PeerLink link, bool overLink)
    {
        if (overLink)
        {
            link.Send(
                new LinkFrame { ContactReply = new ContactReply { Accepted = false } },
                bulk: false,
                _now
            );
            link.HasAsked = false; // they may ask on the same link again once the answer is taken back
        }
        else
        {
            link.Close(LinkFailure.Local, "", _now);
        }
    }

    /// <summary>Nobody has answered, and nobody need answer any more.</summary>
    private void EndRequest(WaitingRequest request)
    {
        _requests.End(request);
        _events.Enqueue(new NodeEvent.RequestEnded(request.Request, Accepted: false));
        if (_links.Find(request.Link) is { } link)
        {
            Decline(link, request.OverLink);
        }
    }

    private void EndOldRequests()
    {
        foreach (var request in _requests.Waiting.Where(request => request.ExpiresAt <= _now).ToList())
        {
            EndRequest(request);
        }
    }
}
