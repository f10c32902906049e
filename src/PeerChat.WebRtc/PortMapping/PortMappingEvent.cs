using PeerChat.Primitives;

namespace PeerChat.WebRtc;

/// <summary>What <see cref="PortMapper"/> tells its owner, or wants done.</summary>
public abstract record PortMappingEvent
{
    private PortMappingEvent() { }

    /// <summary>The mapped addresses are others now.</summary>
    public sealed record Changed : PortMappingEvent;

    /// <summary>
    /// Do one exchange by HTTP, following no redirection and using no proxy, and answer with <see cref="PortMapper.HandleHttp"/>: an answer longer
    /// than <see cref="PortMapper.MaxHttpBody"/>, or later than <see cref="PortMapper.HttpTimeout"/>, is none.
    /// </summary>
    /// <param name="Exchange">Names it; never used again.</param>
    /// <param name="Local">The own address it leaves from.</param>
    /// <param name="Url">Where to; its host is the gateway's address.</param>
    /// <param name="Action">The header SOAPAction of a POST; null for a GET.</param>
    /// <param name="Body">What is posted.</param>
    public sealed record Http(int Exchange, TransportAddress Local, Uri Url, string? Action, string Body)
        : PortMappingEvent;
}
