using PeerChat.Rooms;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Storage;

/// <summary>Contacts whose rows are lost, made anew from the chats with them (docs/decisions/0127).</summary>
internal static class ContactRecovery
{
    /// <summary>Makes contacts of all with whom there is a direct chat and no contact; returns how many.</summary>
    public static int Run(RoomStore rooms, ContactTable contacts, OwnIdentity self)
    {
        var count = 0;
        foreach (var room in rooms.ReadRoomsWithStatements(StatementKind.Profile))
        {
            foreach (var statement in rooms.ReadStatements(room, StatementKind.Profile))
            {
                if (
                    SavedProfile.OfPartner(room, self, statement.Bytes.Span) is not { } partner
                    || contacts.Find(partner.Identity.PeerId) is not null
                )
                {
                    continue;
                }

                contacts.Write(
                    new Contact(
                        partner.Identity.PeerId,
                        partner.Identity.SigningKey,
                        partner.Identity.AgreementKey,
                        partner.Name.ToString(),
                        null,
                        TrustState.Pinned,
                        false,
                        partner.Made,
                        partner.Made,
                        []
                    )
                );
                count++;
            }
        }

        return count;
    }
}
