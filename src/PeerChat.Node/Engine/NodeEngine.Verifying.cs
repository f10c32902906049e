using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Engine;

/// <summary>Comparing keys by their safety number (crypto.md section 1).</summary>
internal sealed partial class NodeEngine
{
    private NodeReply VerifyPeer(NodeCommand.VerifyPeer verify)
    {
        // What the user has open is a direct chat, whose name is the full id
        var who = verify.Peer.StartsWith('@') ? verify.Peer[1..] : verify.Peer;
        if (FindPerson(who) is not { } id)
        {
            return NoSuchPeer(verify.Peer);
        }

        if (id == _options.Self.PeerId)
        {
            return Bad("That is yourself.");
        }

        if (_contacts.Find(id) is not { } contact)
        {
            return NoSuchPeer(verify.Peer);
        }

        var number = SafetyNumber.Format(_options.Self.PeerId, id);
        if (verify.Undo)
        {
            SetTrust(contact, TrustState.Pinned);
        }
        else if (verify.Number is { } given)
        {
            switch (SafetyNumber.Compare(number, given))
            {
                case SafetyComparison.NotANumber:
                    return Bad(
                        $"A safety number has {SafetyNumber.Digits} digits, in {SafetyNumber.Groups} groups; copy the whole of it."
                    );
                case SafetyComparison.Other:
                    return new NodeReply.Refused(
                        RefusalCode.WrongNumber,
                        $"That is another number than yours with {contact.Name}. If it was copied whole, somebody sits between you, or one of you has met another key: trust nothing here until you know. Nothing was changed."
                    );
                default:
                    SetTrust(contact, TrustState.Verified);
                    break;
            }
        }

        return new NodeReply.Safety(
            PeerIdText.Format(id),
            contact.Name,
            number,
            _contacts.Find(id)!.Record.Trust
        );
    }

    private void SetTrust(KnownContact contact, TrustState trust)
    {
        var before = contact.Record.Trust;
        if (before != trust && (trust == TrustState.Verified || before == TrustState.Verified))
        {
            _contacts.SetTrust(contact.Identity.PeerId, trust);
            MarkAllDirty();
        }
    }
}
