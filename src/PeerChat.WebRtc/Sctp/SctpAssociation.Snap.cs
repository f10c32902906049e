using PeerChat.Primitives;
using PeerChat.WebRtc.Sctp.Packets;

namespace PeerChat.WebRtc.Sctp;

/// <content>
/// SNAP (draft-hancke-tsvwg-snap): each side's INIT travels in its description, and both are up as soon as DTLS is. No cookie is needed, because
/// DTLS names the one peer.
/// </content>
internal sealed partial class SctpAssociation
{
    /// <summary>The longest INIT that a description may hold; known ones have 30 to 40 bytes.</summary>
    public const int MaxDescribedInit = 512;

    /// <summary>The INIT of an association with these options, which must name its tag and first TSN; without padding.</summary>
    public static byte[] DescribeInit(SctpOptions options) =>
        CreateInit(
            LocalInit(
                options,
                new VerificationTag(options.InitiateTag!.Value),
                new Tsn(options.InitialTsn!.Value)
            ),
            ChunkType.Init,
            PeerFeatures.Own(options).ToParameters()
        );

    /// <summary>Whether these bytes are an INIT that an association can begin with.</summary>
    public static bool IsAcceptableInit(ReadOnlySpan<byte> chunk) => TryReadInit(chunk, out _, out _);

    /// <summary>Is up at once, with the INIT that the peer described; the peer does the same with ours.</summary>
    /// <exception cref="ArgumentException">It is none that <see cref="IsAcceptableInit"/> takes.</exception>
    public void ConnectAsDescribed(ReadOnlySpan<byte> peersInit, Instant now)
    {
        if (!TryReadInit(peersInit, out var init, out var parameters))
        {
            throw new ArgumentException("This is no INIT to begin with.", nameof(peersInit));
        }

        if (_state is AssociationState.Closed)
        {
            Establish(now, CreatePeer(init, InitParameters.Read(parameters).Features));
        }
    }

    private static bool TryReadInit(
        ReadOnlySpan<byte> chunk,
        out InitChunk init,
        out ReadOnlySpan<byte> parameters
    )
    {
        init = default;
        parameters = default;
        return chunk.Length <= MaxDescribedInit
            && ChunkHeader.TryParse(chunk, out var header)
            && header.Type == ChunkType.Init
            && InitChunk.TryParse(chunk, out init, out parameters)
            && RefusalOf(init, InitParameters.Read(parameters)) is null;
    }
}
