using PeerChat.Primitives;
using PeerChat.Rooms.Identity;

namespace PeerChat.Node.Engine;

/// <summary>Slow work that the engine asks its host to do elsewhere; the answer comes back as a call.</summary>
internal abstract record EngineEffect
{
    private EngineEffect() { }

    /// <summary>Derive the keys of a pair of bare names (600,000 rounds).</summary>
    public sealed record DeriveBareName(string Name, DisplayName One, DisplayName Other) : EngineEffect;

    /// <summary>Derive the secrets of an open room (600,000 rounds).</summary>
    public sealed record DeriveOpenRoom(DisplayName Name) : EngineEffect;

    /// <summary>Look up a STUN or TURN server, and where the name of one that wants credentials is given, have them printed first.</summary>
    public sealed record ResolveServer(int Server, string Host, int Port, string? CredentialsFor)
        : EngineEffect;

    /// <summary>Connect to a TURN server, by TLS where a host is named, from one of the own addresses.</summary>
    public sealed record OpenStream(
        int Stream,
        TransportAddress Address,
        string? TlsHost,
        IReadOnlyList<TransportAddress> Locals
    ) : EngineEffect;

    /// <summary>Send to a TURN server.</summary>
    public sealed record SendStream(int Stream, byte[] Bytes) : EngineEffect;

    /// <summary>Close the connection to a TURN server once all is sent.</summary>
    public sealed record CloseStream(int Stream) : EngineEffect;

    /// <summary>Say which gateways the interfaces in use have.</summary>
    public sealed record FindGateways : EngineEffect;

    /// <summary>Do one exchange by HTTP with a gateway, from one of the own addresses.</summary>
    public sealed record AskGateway(
        int Exchange,
        TransportAddress Local,
        Uri Url,
        string? Action,
        string Body
    ) : EngineEffect;

    /// <summary>Read, write or hash files.</summary>
    public sealed record DoFileJob(Files.FileJob Job) : EngineEffect;

    /// <summary>Connect to a service by WebSocket.</summary>
    public sealed record OpenWebSocket(
        int Service,
        int Socket,
        Uri Url,
        IReadOnlyList<TransportAddress> Locals
    ) : EngineEffect;

    /// <summary>Send one text message to a service, in one frame.</summary>
    public sealed record SendWebSocket(int Service, int Socket, string Text) : EngineEffect;

    /// <summary>Close the connection to a service once all is sent.</summary>
    public sealed record CloseWebSocket(int Service, int Socket) : EngineEffect;

    /// <summary>Look up a host name for a direct dial.</summary>
    public sealed record ResolveHost(string Chat, string Host, int Port) : EngineEffect;
}
