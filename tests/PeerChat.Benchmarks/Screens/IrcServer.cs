using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PeerChat.Benchmarks.Screens;

/// <summary>As much of an IRC server (RFC 2812) as one client needs to be in one channel and to be talked to.</summary>
internal sealed class IrcServer : IScreenFeed
{
    private const string Channel = "#bench";
    private const int Speakers = 20;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _joined = new();
    private readonly Task _serving;
    private readonly Lock _gate = new();
    private StreamWriter? _writer;
    private int _said;
    private int _heard;

    /// <summary>Listens on loopback.</summary>
    public IrcServer()
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
        session.Until(() => session.Shows("001-welcome"), TimeSpan.FromSeconds(10));
        session.Type($"/join {Channel}\r");
        session.Until(() => _joined.Task.IsCompleted, TimeSpan.FromSeconds(10));
        return Task.FromResult(_joined.Task.IsCompleted);
    }

    /// <inheritdoc/>
    public void Say(string text)
    {
        var writer = _writer!;
        lock (_gate)
        {
            writer.Write($":friend{_said++ % Speakers}!u@host PRIVMSG {Channel} :{text}\r\n");
            writer.Flush();
        }
    }

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
            using var reader = new StreamReader(stream, Encoding.UTF8);
            _writer = new StreamWriter(stream, new UTF8Encoding(false));
            var nick = "me";
            while (await reader.ReadLineAsync() is { } line)
            {
                var answer = Answer(line.Split(' '), ref nick);
                lock (_gate)
                {
                    _writer.Write(answer);
                    _writer.Flush();
                }
            }
        }
        catch (Exception over) when (over is IOException or SocketException or ObjectDisposedException)
        {
            // the client has ended, or never came
        }
    }

    private string Answer(string[] words, ref string nick)
    {
        switch (words[0].ToUpperInvariant())
        {
            case "NICK" when words.Length > 1:
                nick = words[1].TrimStart(':');
                return "";
            case "USER":
                return $":bench 001 {nick} :001-welcome\r\n:bench 376 {nick} :End of MOTD\r\n";
            case "PING":
                return $":bench PONG bench {string.Join(' ', words[1..])}\r\n";
            case "JOIN":
                _joined.TrySetResult();
                var names = string.Join(' ', Enumerable.Range(0, Speakers).Select(i => $"friend{i}"));
                return $":{nick}!u@host JOIN {Channel}\r\n:bench 353 {nick} = {Channel} :{nick} {names}\r\n"
                    + $":bench 366 {nick} {Channel} :End of NAMES\r\n";
            case "PRIVMSG":
                Interlocked.Increment(ref _heard);
                return "";
            default:
                return "";
        }
    }
}
