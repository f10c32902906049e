using PeerChat.Primitives;

namespace PeerChat.Node.Transport;

/// <summary>The state machine that an <see cref="EventLoop{TRequest}"/> turns; it is called by one thread at a time.</summary>
/// <typeparam name="TRequest">What other threads ask for.</typeparam>
internal interface ILoopOwner<in TRequest>
{
    /// <summary>When a turn is due although nothing came; null when time alone changes nothing.</summary>
    Instant? NextDeadline { get; }

    /// <summary>Whether there is nothing more to do.</summary>
    bool IsOver { get; }

    /// <summary>Takes one datagram in.</summary>
    /// <param name="received">Where it came from.</param>
    /// <param name="datagram">Its bytes, which may be changed.</param>
    void HandleDatagram(in ReceivedDatagram received, Span<byte> datagram);

    /// <summary>Does what another thread asked for.</summary>
    void HandleRequest(TRequest request);

    /// <summary>Does what is due, and sends what is to be sent.</summary>
    void EndTurn();
}
