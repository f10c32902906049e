using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace PeerChat.Rendezvous.PeerServer;

/// <summary>Where a PeerServer is: scheme, host, port and path as users write them, with the key that the server wants.</summary>
/// <remarks>
/// <c>wss://host[:port][/path/][?key=KEY]</c>, or ws: for a server without TLS; http: and https: mean the same, since that is what
/// the PeerJS pages show.
/// </remarks>
public sealed class PeerServerAddress
{
    /// <summary>The longest address; a link has to hold it.</summary>
    public const int MaxLength = 128;

    /// <summary>The server of the PeerJS project, for whoever asks for the public one.</summary>
    public const string Public = "wss://0.peerjs.com/";

    private const string UsualKey = "peerjs";
    private readonly Uri _base;
    private readonly string _key;

    private PeerServerAddress(Uri root, string key) => (_base, _key) = (root, key);

    /// <summary>Reads an address.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PeerServerAddress? address)
    {
        address = null;
        if (
            text.Length > MaxLength
            || !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Host.Length == 0
            || uri.UserInfo.Length > 0
            || uri.Fragment.Length > 0
        )
        {
            return false;
        }

        var scheme = uri.Scheme switch
        {
            "wss" or "https" => "wss",
            "ws" or "http" => "ws",
            _ => null,
        };
        var key = UsualKey;
        if (uri.Query.Length > 1)
        {
            const string KeyField = "?key=";
            key = uri.Query.StartsWith(KeyField, StringComparison.Ordinal)
                ? uri.Query[KeyField.Length..]
                : "";
        }

        if (scheme is null || key.Length == 0 || key.Contains('&', StringComparison.Ordinal))
        {
            return false;
        }

        var path = uri.AbsolutePath.EndsWith('/') ? uri.AbsolutePath : uri.AbsolutePath + "/";
        var port = uri.IsDefaultPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{uri.Port}");
        address = new PeerServerAddress(new Uri($"{scheme}://{uri.Host}{port}{path}"), key);
        return true;
    }

    /// <summary>The WebSocket of an id.</summary>
    /// <param name="id">The id; letters and digits.</param>
    /// <param name="token">The proof that the id is held by the same as before.</param>
    public Uri SocketOf(string id, string token) =>
        new(_base, $"peerjs?key={_key}&id={id}&token={token}&version=1.5.5");

    /// <inheritdoc/>
    public override string ToString() =>
        _key == UsualKey ? _base.AbsoluteUri : $"{_base.AbsoluteUri}?key={_key}";
}
