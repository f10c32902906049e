using System.Text.Json;
using PeerChat.Node.Control;

namespace PeerChat.Node.Profiles;

/// <summary>What <c>profile.json</c> says: the display name as its user chose it.</summary>
internal sealed record ProfileName(string? Name)
{
    /// <summary>Reads the name; null where the bytes are something else.</summary>
    public static string? Parse(ReadOnlySpan<byte> json)
    {
        // Not by the serializer, whose start costs a command that only attaches more than all else it does
        var name = JsonText.At(json, "name");
        return string.IsNullOrWhiteSpace(name) ? null : name;
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
