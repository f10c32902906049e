using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace PeerChat.Benchmarks.Screens;

/// <summary>As much of an XMPP server (RFC 6120, 6121) as one client needs to be online and to be talked to by one friend.</summary>
internal sealed partial class XmppServer : IScreenFeed
{
    private const string Friend = "friend@localhost";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _online = new();
    private readonly Task _serving;
    private readonly Lock _gate = new();
    private NetworkStream? _stream;
    private int _heard;

    /// <summary>Listens on loopback.</summary>
    public XmppServer()
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _serving = ServeAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <inheritdoc/>
    public Task<bool> MeetAsync(ScreenSession session)
    {
        var isThere = session.Until(() => _online.Task.IsCompleted, TimeSpan.FromSeconds(15));
        session.UntilQuiet(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5));
        session.Type($"/msg {Friend}\r");
        return Task.FromResult(isThere);
    }

    /// <inheritdoc/>
    public void Say(string text) =>
        Send(
            $"<message from='{Friend}/there' to='me@localhost/here' type='chat'><body>{text}</body></message>"
        );

    /// <inheritdoc/>
    public Task<int> HeardAsync() => Task.FromResult(Volatile.Read(ref _heard));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            using var client = await _listener.AcceptTcpClientAsync();
            client.NoDelay = true;
            await using var stream = client.GetStream();
            _stream = stream;
            var isSignedIn = false;
            var (buffer, text) = (new byte[65536], "");
            while (await stream.ReadAsync(buffer) is > 0 and var count)
            {
                text += Encoding.UTF8.GetString(buffer, 0, count);
                var taken = 0;
                foreach (Match stanza in Stanza().Matches(text))
                {
                    taken = stanza.Index + stanza.Length;
                    Answer(stanza.Value, ref isSignedIn);
                }

                text = text[taken..];
            }
        }
        catch (Exception over) when (over is IOException or SocketException or ObjectDisposedException)
        {
            // the client has ended, or never came
        }
    }

    private void Answer(string stanza, ref bool isSignedIn)
    {
        var id = Identifier().Match(stanza).Groups["id"].Value;
        if (stanza.StartsWith("<stream", StringComparison.Ordinal))
        {
            var features = isSignedIn
                ? "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session>"
                : "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms>";
            Send(
                "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
                    + $"id='s{isSignedIn}' from='localhost' version='1.0'><stream:features>{features}</stream:features>"
            );
        }
        else if (stanza.StartsWith("<auth", StringComparison.Ordinal))
        {
            isSignedIn = true;
            Send("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        }
        else if (stanza.StartsWith("<presence", StringComparison.Ordinal))
        {
            Send($"<presence from='{Friend}/there' to='me@localhost/here'/>");
            _online.TrySetResult();
        }
        else if (stanza.StartsWith("<message", StringComparison.Ordinal))
        {
            if (stanza.Contains("<body", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _heard);
            }
        }
        else if (stanza.Contains("xmpp-bind", StringComparison.Ordinal))
        {
            Send(
                $"<iq type='result' id='{id}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>me@localhost/here</jid></bind></iq>"
            );
        }
        else if (stanza.Contains("jabber:iq:roster", StringComparison.Ordinal))
        {
            Send(
                $"<iq type='result' id='{id}'><query xmlns='jabber:iq:roster'><item jid='{Friend}' subscription='both'/></query></iq>"
            );
        }
        else if (stanza.Contains("xmpp-session", StringComparison.Ordinal))
        {
            Send($"<iq type='result' id='{id}'/>");
        }
        else if (!stanza.Contains("type=\"result\"", StringComparison.Ordinal))
        {
            Send(
                $"<iq type='error' id='{id}'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
            );
        }
    }

    private void Send(string text)
    {
        var stream = _stream!;
        lock (_gate)
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
    }

    // Good enough for what this one client writes: no stanza holds another of its own kind
    [GeneratedRegex(
        """<stream:stream[^>]*>|<(?<kind>auth|iq|message|presence)\b(?:[^>]*/>|[^>]*>.*?</\k<kind>>)""",
        RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Stanza();

    [GeneratedRegex("""\bid=["'](?<id>[^"']*)["']""", RegexOptions.None, 1000)]
    private static partial Regex Identifier();
}
