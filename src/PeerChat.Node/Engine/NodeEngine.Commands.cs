using PeerChat.Node.Links;
using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Engine;

/// <summary>What the faces ask for.</summary>
internal sealed partial class NodeEngine
{
    /// <summary>What was said last gets so long to arrive when the user leaves; a dead peer must not hold them up for long.</summary>
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(2);

    /// <summary>Does what a face asks, and says how it went. The reply holds once the turn has ended.</summary>
    /// <remarks>What is refused changes nothing and is told to nobody else.</remarks>
    public NodeReply HandleCommand(NodeCommand command, Instant now, WallTime wall)
    {
        (_now, _wall) = (now, wall);
        return
            _leaveBy is not null
            && command
                is NodeCommand.JoinPeer
                    or NodeCommand.JoinRoom
                    or NodeCommand.SendText
                    or NodeCommand.SendFile
                    or NodeCommand.GetFile
                    or NodeCommand.EditMessage
                    or NodeCommand.React
                    or NodeCommand.RecallMessage
                    or NodeCommand.AnswerRequest
                    or NodeCommand.UndoAnswer
                    or NodeCommand.CreateRoom
                    or NodeCommand.Invite
                    or NodeCommand.JoinLink
                    or NodeCommand.MakeOffer
                    or NodeCommand.TakeCode
                    or NodeCommand.RemoveMember
                    or NodeCommand.PromoteMember
                    or NodeCommand.DemoteMember
                    or NodeCommand.LeaveRoom
                    or NodeCommand.SetTopic
                    or NodeCommand.SetPolicy
                    or NodeCommand.ContinueRoom
                    or NodeCommand.SetRetention
                    or NodeCommand.ImportFrames
                    or NodeCommand.ImportMessages
            ? new NodeReply.Refused(
                RefusalCode.Stopping,
                "The node is ending, so this was not done; start PeerChat again."
            )
            : Do(command);
    }

    private NodeReply Do(NodeCommand command) =>
        command switch
        {
            NodeCommand.JoinPeer join => AskBeyondLater(JoinPeer(join)),
            NodeCommand.JoinRoom join => AskBeyondLater(JoinRoom(join)),
            NodeCommand.SendText send => SendText(send),
            NodeCommand.AnswerRequest answer => AnswerRequest(answer),
            NodeCommand.UndoAnswer undo => UndoAnswer(undo),
            NodeCommand.ChoosePeer choice => ChoosePeer(choice),
            NodeCommand.ReleaseOutbox release => ReleaseOutbox(release),
            NodeCommand.LookBeyond look => LookBeyond(look),
            NodeCommand.LoadHistory load => LoadHistory(load),
            NodeCommand.FindMessage find => FindMessage(find with { Chat = NowOf(find.Chat) }),
            NodeCommand.EditMessage edit => EditMessage(edit),
            NodeCommand.React react => React(react),
            NodeCommand.RecallMessage recall => RecallMessage(recall),
            NodeCommand.MarkRead read => MarkRead(read),
            NodeCommand.SetTyping typing => SetTyping(typing),
            NodeCommand.SetChatOption option => SetChatOption(option),
            NodeCommand.SetAutoFetch set => SetAutoFetch(set),
            NodeCommand.GetChatOptions options => GetChatOptions(options.Chat),
            NodeCommand.GetRetention get => GetRetention(get.Chat),
            NodeCommand.SetRetention set => SetRetention(set),
            NodeCommand.ImportFrames import => ImportFrames(import),
            NodeCommand.ExportMessages export => ExportMessages(export),
            NodeCommand.ImportMessages import => ImportMessages(import),
            NodeCommand.SearchMessages search => SearchMessages(search),
            NodeCommand.BlockPeer block => BlockPeer(block),
            NodeCommand.UnblockPeer unblock => UnblockPeer(unblock),
            NodeCommand.VerifyPeer verify => VerifyPeer(verify),
            NodeCommand.SaveDraft draft => SaveDraft(draft),
            NodeCommand.RememberInput input => RememberInput(input),
            NodeCommand.SetAnnounceName announce => SetAnnounceName(announce),
            NodeCommand.ListChats => new NodeReply.Chats([.. ChatsInOrder().Select(Summarise)]),
            NodeCommand.ListContacts => ListContacts(),
            NodeCommand.ListRequests => ListRequests(),
            NodeCommand.CreateRoom create => CreateRoom(create),
            NodeCommand.Invite invite => Invite(invite),
            NodeCommand.ListInvitations list => ListInvitations(list),
            NodeCommand.RevokeInvitation revoke => RevokeInvitation(revoke),
            NodeCommand.JoinLink join => JoinLink(join),
            NodeCommand.MakeOffer => MakeOfferCode(),
            NodeCommand.TakeCode take => TakeCode(take.Code),
            NodeCommand.Diagnose diagnose => Diagnose(diagnose.Chat),
            NodeCommand.ListMembers list => ListMembers(list),
            NodeCommand.RemoveMember remove => ChangeMember(remove.Chat, remove.Member, MemberChange.Remove),
            NodeCommand.PromoteMember promote => ChangeMember(
                promote.Chat,
                promote.Member,
                MemberChange.Promote
            ),
            NodeCommand.DemoteMember demote => ChangeMember(demote.Chat, demote.Member, MemberChange.Demote),
            NodeCommand.LeaveRoom leave => LeaveRoom(leave),
            NodeCommand.SetTopic topic => SetTopic(topic),
            NodeCommand.SetPolicy policy => SetPolicy(policy),
            NodeCommand.ContinueRoom old => ContinueRoom(old),
            NodeCommand.SendFile send => SendFile(send),
            NodeCommand.GetFile get => GetFile(get),
            NodeCommand.CancelFile cancel => CancelFile(cancel),
            NodeCommand.ListFiles list => ListFiles(list),
            NodeCommand.ReadFile read => ReadFile(read),
            NodeCommand.GetStatus => new NodeReply.Status(Status()),
            NodeCommand.StopNode => Stop(),
            _ => throw new ArgumentException(
                $"The command {command.GetType().Name} is not known.",
                nameof(command)
            ),
        };

    // A command may be on its way while the person is met, whose chat is called otherwise from then on
    private string NowOf(string chat) =>
        !_chats.ContainsKey(chat) && _metAs.TryGetValue(chat, out var met) ? met.Chat : chat;

    private static NodeReply.Refused Bad(string sentence) => new(RefusalCode.BadValue, sentence);

    private static NodeReply.Refused NoSuchChat(string chat) =>
        new(RefusalCode.NoSuchChat, $"There is no chat {Shorten(chat)}; join it first.");

    /// <summary>What a client gave, in a sentence: not more of it than a sentence bears.</summary>
    private static string Shorten(string text)
    {
        const int Longest = 100;
        return text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "…");
    }

    private NodeReply.Done SetAnnounceName(NodeCommand.SetAnnounceName announce)
    {
        if (_announceName != announce.Announce)
        {
            _announceName = announce.Announce;
            _events.Enqueue(new NodeEvent.AnnounceAnswered(announce.Announce));
            Announce();
        }

        return new NodeReply.Done();
    }

    private NodeReply.Done Stop()
    {
        _leaveBy ??= _now + LeavePatience;
        return new NodeReply.Done();
    }

    /// <summary>Once asked to leave: goes as soon as everything said has arrived, or patience ends.</summary>
    private void LeaveWhenDone()
    {
        if (_leaveBy is not { } latest || _stopping || (_now < latest && HasUnsent()))
        {
            return;
        }

        _stopping = true;
        _leaveBy = null;
        foreach (var link in _links.All.ToList())
        {
            link.Close(LinkFailure.Local, "", _now);
        }

        _lan.Goodbye(_now);
        CloseGuests();
        CloseServices();
        ReleaseRelays();
        ReleasePorts();
    }

    private bool HasUnsent() =>
        _chats.Values.Any(chat => chat.Room is { OwesStatements: true })
        || _links.All.Any(link => link.Phase == LinkPhase.Authenticated && link.HasUnacknowledged);

    /// <summary>The faces ask no more whom of several the user means.</summary>
    private void EndChoice(Chat chat, string? chosen)
    {
        if (chat.OpenChoice is { } open)
        {
            chat.OpenChoice = null;
            _events.Enqueue(new NodeEvent.ChoiceAnswered(open.Target, chosen));
        }
    }

    private NodeReply ChoosePeer(NodeCommand.ChoosePeer choice)
    {
        var point = _board.Points.FirstOrDefault(point => point.IsBareName && point.Chat == choice.Target);
        point ??= _board.Points.FirstOrDefault(point => point.IsBareName && point.Name == choice.Target);
        if (point is null)
        {
            return new NodeReply.Refused(
                RefusalCode.NoSuchChat,
                $"Nobody named {Shorten(choice.Target)} is being looked for, so there is nothing to choose; join the name first."
            );
        }

        if (!PeerIdText.TryParse(choice.PeerId, out var id) || id.Value.IsZero)
        {
            return Bad($"{Shorten(choice.PeerId)} is no full id; take one of those that claim the name.");
        }

        point.Expected = id;
        if (_chats.GetValueOrDefault(point.Chat) is { } chat)
        {
            EndChoice(chat, choice.PeerId);
        }

        _board.Rematch(point, _wall, _now);
        foreach (var encounter in point.Encounters.Values)
        {
            encounter.DialAt ??= _now;
        }

        return new NodeReply.Done();
    }
}
