using System.Text.Json;
using PeerChat.Node;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Screens;
using QRCoder;

namespace PeerChat.Tui.Output;

/// <summary>What the node answers about private rooms, as lines for people and for programs.</summary>
internal static class RoomLines
{
    /// <summary>An invitation with its link: the text, then the same as a QR code of half blocks.</summary>
    public static IEnumerable<string> Of(NodeReply.Invited invited)
    {
        yield return invited.Link;
        foreach (var line in QrLines(invited.Link.ToUpperInvariant()))
        {
            yield return line;
        }

        yield return Of(invited.Invitation)
            + " "
            + (
                invited.Invitation.Chat is null
                    ? Words.Of(
                        $"Whoever has the link becomes your contact while your PeerChat runs; /revoke {invited.Invitation.Number} ends it."
                    )
                    : Words.Of(
                        $"Whoever has the link is let in while your PeerChat runs; /revoke {invited.Invitation.Number} ends it."
                    )
            );
    }

    /// <summary>An invitation that was given out.</summary>
    public static string Of(InvitationSummary invitation) =>
        Lifetime(invitation)
        + (
            invitation.Role == RoomRole.Member
                ? ""
                : " " + Words.Of($"Role in the room: {Words.Of(JsonLines.Word(invitation.Role))}.")
        );

    private static string Lifetime(InvitationSummary invitation) =>
        invitation.ExpiresUnixMilliseconds is { } expires
            ? Words.Of(
                $"Invitation {invitation.Number} admits {invitation.UsesLeft} more, until {ReplyLines.Time(expires)}."
            )
            : Words.Of($"Invitation {invitation.Number} admits {invitation.UsesLeft} more, without an end.");

    /// <summary>The members of a room.</summary>
    public static IEnumerable<string> Of(NodeReply.Members members)
    {
        if (members.Topic.Length > 0)
        {
            yield return PlainText.Clean(Words.Of($"Topic: {members.Topic}"));
        }

        yield return Words.Of($"Newcomers read: {members.NewcomersRead}");
        foreach (var member in members.All)
        {
            yield return PlainText.Clean(
                $"{Texts.Person(member.Name, member.ShortId)}{Texts.Alike(member.LooksLike)}  {Words.Of(JsonLines.Word(member.Role))}  "
                    + (
                        member.IsSelf ? Words.Of("yourself")
                        : member.Connected ? Words.Of("connected")
                        : Words.Of("not connected")
                    )
            );
        }
    }

    /// <summary>What to say when a command about a room was done; null for other commands.</summary>
    public static string? DoneBy(NodeCommand command) =>
        command switch
        {
            NodeCommand.RemoveMember remove => Words.Of(
                $"{PlainText.Clean(remove.Member)} was removed; nothing written from now on can they read."
            ),
            NodeCommand.PromoteMember promote => Words.Of(
                $"{PlainText.Clean(promote.Member)} is an admin now."
            ),
            NodeCommand.DemoteMember demote => Words.Of(
                $"{PlainText.Clean(demote.Member)} is a plain member now."
            ),
            NodeCommand.LeaveRoom => Words.Of("You left. Coming back needs a new invitation."),
            NodeCommand.SetTopic => Words.Of("The topic was set."),
            NodeCommand.SetPolicy => Words.Of("Who comes from now on reads as far back as that."),
            NodeCommand.RevokeInvitation => Words.Of("The invitation was ended."),
            _ => null,
        };

    /// <summary>An answer as JSON lines.</summary>
    public static IEnumerable<string> JsonOf(NodeReply reply) =>
        reply switch
        {
            NodeReply.Opened opened => [JsonLines.Of(opened.Chat)],
            NodeReply.Invited invited => [JsonOf(invited.Invitation, invited.Link)],
            NodeReply.Invitations invitations => invitations.All.Select(one => JsonOf(one, null)),
            NodeReply.Members members => members.All.Select(member =>
                JsonSerializer.Serialize(
                    new JsonRoomMember(
                        JsonLines.Version,
                        "member",
                        members.Chat,
                        member.Name,
                        member.PeerId,
                        JsonLines.Word(member.Role),
                        member.Connected,
                        member.IsSelf,
                        member.LooksLike
                    ),
                    JsonShapes.Default.JsonRoomMember
                )
            ),
            _ => [],
        };

    private static string JsonOf(InvitationSummary invitation, string? link) =>
        JsonSerializer.Serialize(
            new JsonInvitation(
                JsonLines.Version,
                "invitation",
                invitation.Chat,
                invitation.Number,
                link,
                invitation.UsesLeft,
                invitation.ExpiresUnixMilliseconds,
                JsonLines.Word(invitation.Role)
            ),
            JsonShapes.Default.JsonInvitation
        );

    // Dark modules on a light ground as readers want them, whatever the terminal's colours: light is drawn.
    internal static string[] QrLines(string text)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.L);
        using var code = new AsciiQRCode(data);
        return code.GetGraphicSmall(drawQuietZones: true, invert: false)
            .Split('\n', StringSplitOptions.TrimEntries);
    }
}
