using System.Diagnostics.CodeAnalysis;

namespace PeerChat.Rendezvous.Trackers;

/// <summary>Where a WebTorrent tracker is: <c>wss://host[:port][/path]</c>, or ws: without TLS.</summary>
public static class TrackerAddress
{
    /// <summary>The longest address; a link has to hold it.</summary>
    public const int MaxLength = 128;

    /// <summary>Trackers that strangers run for everybody, for whoever asks for the public ones.</summary>
    public static readonly IReadOnlyList<string> Public =
    [
        "wss://tracker.openwebtorrent.com/",
        "wss://tracker.webtorrent.dev/",
        "wss://tracker.btorrent.xyz/",
    ];

    /// <summary>Reads an address.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? address)
    {
        address = null;
        if (
            text.Length > MaxLength
            || !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("ws" or "wss")
            || uri.Host.Length == 0
            || uri.UserInfo.Length > 0
            || uri.Fragment.Length > 0
        )
        {
            return false;
        }

        address = uri;
        return true;
    }
}
