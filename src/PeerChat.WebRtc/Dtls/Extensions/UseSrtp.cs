using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;
using PeerChat.WebRtc.Dtls.Messages;

namespace PeerChat.WebRtc.Dtls.Extensions;

/// <summary>The use_srtp extension: profiles and a key identifier, which must be empty (RFC 5764 section 4.1.1).</summary>
/// <param name="Profiles">The profiles, best first; exactly one in an answer.</param>
/// <param name="Mki">The master key identifier.</param>
internal sealed record UseSrtp(ushort[] Profiles, byte[] Mki)
{
    /// <summary>Reads the extension's content.</summary>
    public static bool TryParse(ReadOnlySpan<byte> content, [NotNullWhen(true)] out UseSrtp? extension)
    {
        extension = null;
        var reader = new SpanReader(content);
        if (
            !reader.TryReadVector16(out var profileBytes)
            || !WireVectors.TryReadNumbers(profileBytes, out var profiles)
            || !reader.TryReadVector8(out var mki)
            || !reader.AtEnd
        )
        {
            return false;
        }

        extension = new UseSrtp(profiles, mki.ToArray());
        return true;
    }

    /// <summary>Writes the extension's content.</summary>
    public void Write(ref SpanWriter writer)
    {
        writer.WriteNumbers16(Profiles);
        writer.WriteVector8(Mki);
    }
}
