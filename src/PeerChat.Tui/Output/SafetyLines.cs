using PeerChat.Node;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Output;

/// <summary>The safety number of oneself and somebody else, as lines for people.</summary>
internal static class SafetyLines
{
    private const int GroupsOnALine = 4;

    /// <summary>What it is, the number, and what to do with it.</summary>
    public static IEnumerable<string> Of(NodeReply.Safety safety)
    {
        var name = PlainText.Clean(safety.Name);
        yield return Words.Of($"Safety number of you and {name}:");
        foreach (var line in safety.Number.Split(' ').Chunk(GroupsOnALine))
        {
            yield return "  " + PlainText.Clean(string.Join(' ', line));
        }

        yield return safety.Trust == TrustState.Verified
            ? Words.Of(
                $"You have compared it: {name} is verified. The same command with undo behind it takes that back."
            )
            : Words.Of(
                $"Have {name} give the same command, and tell you their number in another way than this chat: side by side, or by a voice you know. "
                    + "Give it once more with their number behind it; where it is the same, nobody sits between you."
            );
    }
}
