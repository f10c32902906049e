using System.Globalization;
using PeerChat.Node;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Output;

/// <summary>What the node answers about how long content is kept, as lines for people.</summary>
internal static class KeepingLines
{
    private static readonly (string Unit, long Seconds)[] Units = [("d", 86_400), ("h", 3_600), ("m", 60)];

    /// <summary>How long a chat is kept.</summary>
    public static string Of(NodeReply.Retention retention)
    {
        if (retention.KeepSeconds is not { } seconds)
        {
            return Words.Of("Messages of this chat are kept until you say otherwise.");
        }

        var time = Time(seconds);
        return retention.NeedsConfirmation
                ? Words.Count(
                    retention.Deletes,
                    $"That deletes {retention.Deletes} message older than {time} on this machine, for good; others keep theirs. '/retention {time} yes' does it.",
                    $"That deletes {retention.Deletes} messages older than {time} on this machine, for good; others keep theirs. '/retention {time} yes' does it."
                )
            : retention.Deletes > 0
                ? Words.Count(
                    retention.Deletes,
                    $"Messages of this chat are kept for {time} on this machine; {retention.Deletes} older one is being deleted.",
                    $"Messages of this chat are kept for {time} on this machine; {retention.Deletes} older ones are being deleted."
                )
            : Words.Of($"Messages of this chat are kept for {time} on this machine.");
    }

    /// <summary>A time as <see cref="Commands.KeepTime"/> reads it.</summary>
    public static string Time(long seconds)
    {
        foreach (var (unit, size) in Units)
        {
            if (seconds % size == 0)
            {
                return (seconds / size).ToString(CultureInfo.InvariantCulture) + unit;
            }
        }

        return seconds.ToString(CultureInfo.InvariantCulture) + "s";
    }
}
