using PeerChat.Node;
using PeerChat.Terminal.Cells;

namespace PeerChat.Tui.Screens;

/// <summary>One-cell marks and the colours beside them; each mark says the same without its colour.</summary>
internal static class Marks
{
    /// <summary>Names whose colours differ can be told apart quicker; these four are legible on dark and on light.</summary>
    private static readonly Color[] NameColors = [Color.Cyan, Color.Green, Color.Magenta, Color.Yellow];

    /// <summary>Before a message of somebody else that names the user.</summary>
    public const string Mention = "!";

    /// <summary>Before a name that somebody could be taken for another by.</summary>
    public const string Alike = "!";

    /// <summary>The look of that mark.</summary>
    public static CellStyle StyleOfAlike => CellStyle.Of(Color.Red).With(CellAttributes.Bold);

    /// <summary>Where one's own message stands.</summary>
    public static string Of(DeliveryState state) =>
        state switch
        {
            DeliveryState.Queued => "…",
            DeliveryState.Sent => ">",
            DeliveryState.Delivered => "+",
            DeliveryState.Read => "*",
            DeliveryState.Imported => "i",
            _ => " ",
        };

    /// <summary>The colour of that mark.</summary>
    public static CellStyle StyleOf(DeliveryState state) =>
        state switch
        {
            DeliveryState.Queued => CellStyle.Of(Color.Yellow),
            DeliveryState.Delivered or DeliveryState.Read => CellStyle.Of(Color.Green),
            _ => default,
        };

    /// <summary>Where the connection of a chat stands.</summary>
    public static string Of(ConnectionState state) =>
        state switch
        {
            ConnectionState.Connected => "+",
            ConnectionState.Searching or ConnectionState.Connecting => "~",
            ConnectionState.Waiting => "?",
            ConnectionState.Silent => "-",
            ConnectionState.Failed => "x",
            _ => " ",
        };

    /// <summary>The colour of that mark.</summary>
    public static CellStyle StyleOf(ConnectionState state) =>
        state switch
        {
            ConnectionState.Connected => CellStyle.Of(Color.Green),
            ConnectionState.Silent => CellStyle.Of(Color.Yellow),
            ConnectionState.Failed => CellStyle.Of(Color.Red),
            _ => default,
        };

    /// <summary>The look of an author's name: one's own is bold, of others each has a colour.</summary>
    public static CellStyle OfAuthor(ChatMessage message)
    {
        if (message.IsOwn)
        {
            return CellStyle.Bold;
        }

        var sum = 0u;
        foreach (var character in message.FromId.Length > 0 ? message.FromId : message.From)
        {
            sum = unchecked((sum * 31) + character);
        }

        return CellStyle.Of(NameColors[sum % NameColors.Length]).With(CellAttributes.Bold);
    }
}
