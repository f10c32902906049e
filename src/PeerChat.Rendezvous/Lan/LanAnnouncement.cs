using System.Buffers;
using System.Text;

namespace PeerChat.Rendezvous.Lan;

/// <summary>What this process tells its neighbours about itself.</summary>
/// <param name="InstanceId">Sixteen random bytes of this process in lower-case hexadecimal; says nothing about who it is.</param>
/// <param name="Name">The name to show, if its user wants to be seen.</param>
/// <param name="PeerId">The peer id as text, if its user wants to be recognised.</param>
/// <param name="Tags">Blinded tags under which those who know a secret recognise this process.</param>
public sealed record LanAnnouncement(
    string InstanceId,
    string? Name,
    string? PeerId,
    IReadOnlyList<byte[]> Tags
)
{
    /// <summary>Digits of an instance id: 128 bits, so that no two processes ever draw the same.</summary>
    public const int InstanceIdLength = 32;

    /// <summary>Bytes of a tag.</summary>
    public const int TagSize = SignalDatagram.TagSize;

    /// <summary>Tags in one announcement: with two days' tags for twelve rooms and contacts all else still fits.</summary>
    public const int MaxTags = 24;

    /// <summary>The longest peer id in characters: 64 hexadecimal digits, or the same in base 32 with separators.</summary>
    public const int MaxPeerIdLength = 80;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Whether a text is an instance id.</summary>
    internal static bool IsInstanceId(ReadOnlySpan<char> text) =>
        text.Length == InstanceIdLength && !text.ContainsAnyExcept(HexDigits);

    /// <summary>Whether a text can be a peer id: printable ASCII without spaces, not longer than need be.</summary>
    internal static bool IsPeerId(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxPeerIdLength && !text.ContainsAnyExceptInRange('!', '~');

    /// <summary>What of this would not fit the wire; null when all does.</summary>
    internal string? FindFault()
    {
        if (!IsInstanceId(InstanceId))
        {
            return "An instance id is 32 lower-case hexadecimal digits.";
        }

        if (Name is not null && (Name.Length == 0 || !LanName.TryRead(Encoding.UTF8.GetBytes(Name), out _)))
        {
            return "A name has 1 to 128 bytes and no control characters.";
        }

        if (PeerId is not null && !IsPeerId(PeerId))
        {
            return "A peer id is printable ASCII of at most 80 characters.";
        }

        return Tags.Count > MaxTags || Tags.Any(tag => tag.Length != TagSize)
            ? "There are at most 24 tags of 20 bytes each."
            : null;
    }
}
