using Shouldly;

namespace PeerChat.WebRtc.Tests.Connection;

/// <summary>Two connections on one virtual network.</summary>
internal sealed class ConnectionPair
{
    public ConnectionPair(
        VirtualNetwork? network = null,
        ConnectionNode? offerer = null,
        ConnectionNode? answerer = null
    )
    {
        Network = network ?? new VirtualNetwork();
        Offerer = offerer ?? new ConnectionNode(true, 1, "10.0.0.1:1000");
        Answerer = answerer ?? new ConnectionNode(false, 2, "10.0.0.2:2000");
        Network.Attach(Offerer);
        Network.Attach(Answerer);
    }

    public VirtualNetwork Network { get; }
    public ConnectionNode Offerer { get; }
    public ConnectionNode Answerer { get; }

    /// <summary>Exchanges the descriptions without delay; either may be changed on its way.</summary>
    public ConnectionPair Meet(
        Func<SessionDescription, SessionDescription>? offerIs = null,
        Func<SessionDescription, SessionDescription>? answerIs = null
    )
    {
        var offer = Offerer.Connection.LocalDescription;
        Answerer.Connection.SetRemoteDescription(offerIs?.Invoke(offer) ?? offer, Network.Now);
        var answer = Answerer.Connection.LocalDescription;
        Offerer.Connection.SetRemoteDescription(answerIs?.Invoke(answer) ?? answer, Network.Now);
        return this;
    }

    /// <summary>Exchanges the descriptions, and connects.</summary>
    public ConnectionPair Connect(TimeSpan? limit = null)
    {
        Meet();
        Network
            .RunUntil(() => Offerer.IsConnected && Answerer.IsConnected, limit ?? TimeSpan.FromSeconds(20))
            .ShouldBeTrue();
        return this;
    }

    /// <summary>The same description with some fields replaced.</summary>
    public static SessionDescription With(
        SessionDescription description,
        string? ufrag = null,
        string? password = null,
        byte[]? fingerprint = null,
        DtlsSetup? setup = null,
        IReadOnlyList<IceCandidate>? candidates = null,
        int? maxMessageSize = null
    )
    {
        SessionDescription
            .TryCreate(
                ufrag ?? description.Ufrag,
                password ?? description.Password,
                fingerprint ?? description.FingerprintSha256,
                setup ?? description.Setup,
                candidates ?? description.Candidates,
                maxMessageSize ?? description.MaxMessageSize,
                out var changed,
                out var reason
            )
            .ShouldBeTrue(reason);
        return changed! with { SctpPort = description.SctpPort, SctpInit = description.SctpInit };
    }
}
