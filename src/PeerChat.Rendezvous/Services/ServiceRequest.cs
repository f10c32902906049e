namespace PeerChat.Rendezvous.Services;

/// <summary>What a service wants of its host.</summary>
public abstract record ServiceRequest
{
    private ServiceRequest() { }

    /// <summary>Open a WebSocket.</summary>
    /// <param name="Socket">The number it goes by, from 1 on and never used again.</param>
    /// <param name="Url">Where to.</param>
    public sealed record Open(int Socket, Uri Url) : ServiceRequest;

    /// <summary>Send one text message, in one frame.</summary>
    public sealed record Send(int Socket, string Text) : ServiceRequest;

    /// <summary>Close it once all is sent.</summary>
    public sealed record Close(int Socket) : ServiceRequest;
}
