using System.Text.Json;
using PeerChat.Node;
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

        yield return $"{Of(invited.Invitation)} Whoever has the link is let in while your PeerChat runs; /revoke {invited.Invitation.Number} ends it.";
    }

    /// <summary>An invitation that was given out.</summary>
    public static string Of(InvitationSummary invitation) =>
        $"Invitation {invitation.Number} admits {invitation.UsesLeft} more, "
        + (
            invitation.ExpiresUnixMilliseconds is { } expires
                ? $"until {DateTimeOffset.FromUnixTimeMilliseconds(expires).ToLocalTime():yyyy-MM-dd HH:mm}."
                : "without an end."
        );

    /// <summary>The members of a room.</summary>
    public static IEnumerable<string> Of(NodeReply.Members members)
    {
        if (members.Topic.Length > 0)
        {
            yield return PlainText.Clean($"Topic: {members.Topic}");
        }

        yield return $"Newcomers read: {members.NewcomersRead}";
        foreach (var member in members.All)
        {
            yield return PlainText.Clean(
                $"{Texts.Person(member.Name, member.ShortId)}  {JsonLines.Word(member.Role)}  "
                    + (
                        member.IsSelf ? "yourself"
                        : member.Connected ? "connected"
                        : "not connected"
                    )
            );
        }
    }

    /// <summary>What to say when a command about a room was done; null for other commands.</summary>
    public static string? DoneBy(NodeCommand command) =>
        command switch
        {
            NodeCommand.RemoveMember remove =>
                $"{PlainText.Clean(remove.Member)} was removed; nothing written from now on can they read.",
            NodeCommand.PromoteMember promote => $"{PlainText.Clean(promote.Member)} is an admin now.",
            NodeCommand.DemoteMember demote => $"{PlainText.Clean(demote.Member)} is a plain member now.",
            NodeCommand.LeaveRoom => "You left. Coming back needs a new invitation.",
            NodeCommand.SetTopic => "The topic was set.",
            NodeCommand.SetPolicy => "Who comes from now on reads as far back as that.",
            NodeCommand.RevokeInvitation => "The invitation was ended.",
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
                        member.IsSelf
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
                invitation.ExpiresUnixMilliseconds
            ),
            JsonShapes.Default.JsonInvitation
        );

    // Dark modules on a light ground as readers want them, whatever the terminal's colours: light is drawn.
    private static string[] QrLines(string text)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.L);
        using var code = new AsciiQRCode(data);
        return code.GetGraphicSmall(drawQuietZones: true, invert: false)
            .Split('\n', StringSplitOptions.TrimEntries);
    }
}
