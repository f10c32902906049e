using PeerChat.Primitives;
using PeerChat.WebRtc.Turn;

namespace PeerChat.WebRtc;

/// <summary>What <see cref="IceGatherer"/> tells its owner, or wants done.</summary>
public abstract record GatheringEvent
{
    private GatheringEvent() { }

    /// <summary>
    /// Look a server's name up, and answer with <see cref="IceGatherer.HandleResolved"/>; where it needs credentials, with
    /// <see cref="IceGatherer.HandleCredentials"/> or <see cref="IceGatherer.HandleNoCredentials"/> before.
    /// </summary>
    /// <param name="Server">Its place in the list.</param>
    /// <param name="Host">Its name.</param>
    /// <param name="Port">Its port.</param>
    /// <param name="NeedsCredentials">Whether it was named without a user name, and new credentials are wanted.</param>
    public sealed record Resolve(int Server, string Host, int Port, bool NeedsCredentials) : GatheringEvent;

    /// <summary>Connect to a server, and answer with <see cref="IceGatherer.HandleStreamOpened"/> or <see cref="IceGatherer.HandleStreamClosed"/>.</summary>
    /// <param name="Stream">Names the stream; never used again.</param>
    /// <param name="Address">Where to.</param>
    /// <param name="TlsHost">Whom the certificate has to name; null without TLS.</param>
    public sealed record OpenStream(int Stream, TransportAddress Address, string? TlsHost) : GatheringEvent;

    /// <summary>Send these bytes.</summary>
    /// <param name="Stream">On which stream.</param>
    /// <param name="Bytes">They belong to the receiver.</param>
    public sealed record SendStream(int Stream, byte[] Bytes) : GatheringEvent;

    /// <summary>Close a stream once all is sent; nothing is to be told of it any more.</summary>
    /// <param name="Stream">Which.</param>
    public sealed record CloseStream(int Stream) : GatheringEvent;

    /// <summary>Candidates came or went.</summary>
    public sealed record CandidatesChanged : GatheringEvent;

    /// <summary>A server gives no address; it is asked again later. Comes once until it does.</summary>
    /// <param name="Server">Which.</param>
    /// <param name="Failure">Why.</param>
    /// <param name="Detail">More of it, in English; empty where there is no more.</param>
    public sealed record ServerFailed(int Server, TurnFailure Failure, string Detail) : GatheringEvent;
}
