using System.Net.NetworkInformation;
using PeerChat.Node;
using PeerChat.Node.Profiles;

namespace PeerChat.Tui.Commands.Help;

/// <summary>Words that only the profile or the machine knows.</summary>
internal static class CompletionWords
{
    /// <summary>Words shown at most: more than anybody looks through.</summary>
    public const int MaxWords = 1000;

    /// <summary>The words of a kind; none for a kind that is not known. Names that would not stay one line are left out.</summary>
    /// <exception cref="NodeStartException">There is no profile to look into.</exception>
    public static IEnumerable<string> Of(string kind, NodeOptions options) =>
        Find(kind, options)
            .Where(word => !word.Any(char.IsControl))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Take(MaxWords);

    private static IEnumerable<string> Find(string kind, NodeOptions options)
    {
        switch (kind)
        {
            case "users":
                return ProfileLocation
                    .Current()
                    .List()
                    .Select(folder => folder.ReadDisplayName())
                    .OfType<string>();
            case "interfaces":
                return NetworkInterface.GetAllNetworkInterfaces().Select(one => one.Name).Append("loopback");
            case "peers" or "rooms":
                using (var reader = ProfileReader.Open(options))
                {
                    return kind == "peers" ? [.. reader.ContactNames] : [.. reader.RoomNames];
                }
            default:
                return [];
        }
    }
}
