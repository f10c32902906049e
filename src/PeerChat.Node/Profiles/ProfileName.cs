using System.Text.Json;

namespace PeerChat.Node.Profiles;

/// <summary>What <c>profile.json</c> says: the display name as its user chose it.</summary>
internal sealed record ProfileName(string? Name)
{
    /// <summary>Reads the name; null where the bytes are something else.</summary>
    public static string? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var name = JsonSerializer.Deserialize(json, ProfileNameJson.Default.ProfileName)?.Name;
            return string.IsNullOrWhiteSpace(name) ? null : name;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the file's content.</summary>
    public static byte[] Write(string name) =>
        [
            .. JsonSerializer.SerializeToUtf8Bytes(
                new ProfileName(name),
                ProfileNameJson.Default.ProfileName
            ),
            (byte)'\n',
        ];
}
