using System.Diagnostics.CodeAnalysis;
using PeerChat.Primitives;

namespace PeerChat.Rendezvous.Services;

/// <summary>A service that carries sealed offers between people who are not on one network: one machine for each server.</summary>
/// <remarks>
/// It knows tags and sealed blobs, nobody's name. Text of a WebSocket comes in with the time; requests to the host and
/// events to the node come out. Nothing that a server sends makes it throw, and what it keeps is bounded.
/// </remarks>
public interface IRendezvous
{
    /// <summary>The server, as the user writes it; without secrets.</summary>
    string Endpoint { get; }

    /// <summary>How it stands with the server.</summary>
    ServiceState State { get; }

    /// <summary>What is wrong with the server, to follow its name in a sentence; empty where nothing is.</summary>
    string Problem { get; }

    /// <summary>Messages of the server that made no sense or came too fast.</summary>
    long Refused { get; }

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    Instant? NextDeadline { get; }

    /// <summary>Says where to listen from now on; with nothing to listen at and nothing to offer the server is left.</summary>
    void Listen(IReadOnlyList<ServiceMeeting> meetings, Instant now);

    /// <summary>Has the server carry an offer to whoever listens at the tag; kept for a moment while the server is being reached.</summary>
    /// <param name="tag">The tag, 40 hexadecimal digits.</param>
    /// <param name="blob">The sealed offer.</param>
    /// <param name="now">The time.</param>
    void Offer(string tag, ReadOnlyMemory<byte> blob, Instant now);

    /// <summary>The offer to this tag need not be carried any more.</summary>
    void Withdraw(string tag, Instant now);

    /// <summary>Has the server carry an answer back.</summary>
    void Answer(ServiceReturn to, ReadOnlyMemory<byte> blob, Instant now);

    /// <summary>A WebSocket that was asked for stands.</summary>
    void HandleOpened(int socket, Instant now);

    /// <summary>A text message came.</summary>
    void HandleText(int socket, string text, Instant now);

    /// <summary>A WebSocket did not come about, or is over.</summary>
    /// <param name="socket">Which.</param>
    /// <param name="reason">Why, to follow the server's name in a sentence; empty where the server closed it without a word.</param>
    /// <param name="now">The time.</param>
    void HandleClosed(int socket, string reason, Instant now);

    /// <summary>Lets time pass.</summary>
    void HandleDeadline(Instant now);

    /// <summary>Begins anew at once: the machine's network changed.</summary>
    void Retry(Instant now);

    /// <summary>Says goodbye and closes everything.</summary>
    void Close(Instant now);

    /// <summary>Takes what the host is to do next.</summary>
    bool TryTakeRequest([NotNullWhen(true)] out ServiceRequest? request);

    /// <summary>Takes what happened next.</summary>
    bool TryTakeEvent([NotNullWhen(true)] out ServiceEvent? happened);
}
