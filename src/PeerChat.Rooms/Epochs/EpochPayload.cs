using System.Diagnostics.CodeAnalysis;

namespace PeerChat.Rooms.Epochs;

/// <summary>The payload of an epoch entry: one wrap for each member, strictly ascending by author id (crypto.md section 5).</summary>
/// <param name="Wraps">The wraps.</param>
internal sealed record EpochPayload(IReadOnlyList<SecretWrap> Wraps)
{
    /// <summary>Reads a payload; refuses an empty, unsorted or repeated list and trailing bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, [NotNullWhen(true)] out EpochPayload? payload)
    {
        payload = null;
        if (source.IsEmpty || source.Length % SecretWrap.Size != 0)
        {
            return false;
        }

        var wraps = new SecretWrap[source.Length / SecretWrap.Size];
        for (var i = 0; i < wraps.Length; i++)
        {
            if (
                !SecretWrap.TryParse(source.Slice(i * SecretWrap.Size, SecretWrap.Size), out var wrap)
                || (i > 0 && wrap.Recipient.CompareTo(wraps[i - 1].Recipient) <= 0)
            )
            {
                return false;
            }

            wraps[i] = wrap;
        }

        payload = new EpochPayload(wraps);
        return true;
    }

    /// <summary>Writes the payload.</summary>
    public byte[] Write()
    {
        var bytes = new byte[Wraps.Count * SecretWrap.Size];
        for (var i = 0; i < Wraps.Count; i++)
        {
            Wraps[i].Write(bytes.AsSpan(i * SecretWrap.Size, SecretWrap.Size));
        }

        return bytes;
    }
}
