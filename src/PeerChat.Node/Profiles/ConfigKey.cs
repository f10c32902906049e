using System.Globalization;

namespace PeerChat.Node.Profiles;

/// <summary>One key that the configuration file may hold.</summary>
/// <param name="Name">As it is written in the file.</param>
/// <param name="Allowed">What a value may be, to complete the sentence "… must be".</param>
/// <param name="Comment">What a file that gets the key says about it.</param>
/// <param name="Accepts">Whether a value is one of the allowed.</param>
internal sealed record ConfigKey(string Name, string Allowed, string Comment, Func<string, bool> Accepts)
{
    /// <summary>Whether one's name is announced on the local network.</summary>
    public static readonly ConfigKey AnnounceName = new(
        "announce-name",
        "yes or no",
        "Whether others on the local network may see your name: yes or no. Without this line PeerChat asks once.",
        value => ParseYesNo(value) is not null
    );

    /// <summary>The UDP port that offers may be sent to.</summary>
    public static readonly ConfigKey Port = new(
        "port",
        "a number from 1 to 65535",
        "The UDP port to use, 1 to 65535. Without this line PeerChat takes any free one.",
        value => ParsePort(value) is not null
    );

    /// <summary>All keys.</summary>
    public static readonly IReadOnlyList<ConfigKey> All = [AnnounceName, Port];

    // A typing mistake or two; more than that is another word.
    private const int MaxHintDistance = 3;

    /// <summary>The key of that name, or null.</summary>
    public static ConfigKey? Find(string name) =>
        All.FirstOrDefault(key => key.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The key that was probably meant, or null where nothing is near.</summary>
    public static ConfigKey? Nearest(string name) =>
        All.Select(key => (Key: key, Distance: EditDistance(key.Name, name.ToLowerInvariant())))
            .Where(pair => pair.Distance <= Math.Min(MaxHintDistance, pair.Key.Name.Length / 2))
            .OrderBy(pair => pair.Distance)
            .FirstOrDefault()
            .Key;

    /// <summary>Reads yes or no.</summary>
    public static bool? ParseYesNo(string value) =>
        value.ToLowerInvariant() switch
        {
            "yes" or "true" or "on" => true,
            "no" or "false" or "off" => false,
            _ => null,
        };

    /// <summary>Reads a port.</summary>
    public static int? ParsePort(string value) =>
        ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? port
            : null;

    // Levenshtein's distance, one row at a time.
    private static int EditDistance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                var substituted = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                row[j] = Math.Min(substituted, Math.Min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }

        return row[right.Length];
    }
}
