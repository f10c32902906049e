using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Threading.Channels;
using PeerChat.Node.Engine;
using PeerChat.Primitives;

namespace PeerChat.Node.Transport;

/// <summary>The TCP and TLS connections to TURN servers.</summary>
/// <param name="goOn">Takes what the loop thread has to do.</param>
/// <param name="clock">The clocks.</param>
/// <param name="selection">The interfaces that may be used.</param>
/// <param name="authority">A file with certificates that count beside the system's; null for none.</param>
internal sealed class TurnStreams(
    Action<Action<NodeEngine>> goOn,
    NodeClock clock,
    InterfaceSelection selection,
    string? authority
) : IDisposable
{
    /// <summary>Messages that wait for a slow server; more are lost, as datagrams would be.</summary>
    private const int MaxWaiting = 1024;

    private const int ReadSize = 64 * 1024;

    /// <summary>As long as a request by UDP may take.</summary>
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(5);

    private readonly StreamSet<int, byte[]> _streams = new(MaxWaiting);

    /// <summary>Opens one; called on the loop thread, as all here is.</summary>
    public void Open(EngineEffect.OpenStream open) =>
        _streams.Open(open.Stream, (outgoing, cancellation) => RunAsync(open, outgoing, cancellation));

    /// <summary>Sends on one.</summary>
    public void Send(EngineEffect.SendStream send) => _streams.Send(send.Stream, send.Bytes);

    /// <summary>Closes one once all is sent: what is left to say is to give the allocation back.</summary>
    public void Close(int stream) => _streams.Close(stream);

    /// <summary>Closes all; what waits is sent if that is quick.</summary>
    public void Dispose() => _streams.Dispose();

    private async Task RunAsync(
        EngineEffect.OpenStream open,
        ChannelReader<byte[]> outgoing,
        CancellationToken cancellation
    )
    {
        var (isCertificate, problem) = (false, "");
        try
        {
            using var socket = new Socket(
                open.Address.IsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork,
                SocketType.Stream,
                ProtocolType.Tcp
            )
            {
                NoDelay = true,
            };
            Keep(socket, selection, open.Address, open.Locals);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(ConnectPatience);
            await socket.ConnectAsync(open.Address.ToIPEndPoint(), patience.Token);
            await using Stream plain = new NetworkStream(socket);
            await using var stream = open.TlsHost is { } host
                ? await SecureAsync(plain, host, patience.Token)
                : plain;
            var local = new TransportAddress((IPEndPoint)socket.LocalEndPoint!);
            goOn(engine => engine.HandleStreamOpened(open.Stream, local, clock.Now, clock.WallNow));
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var reading = ReadAsync(open.Stream, stream, over.Token);
            var writing = WriteAsync(stream, outgoing, over.Token);
            await await Task.WhenAny(reading, writing);
            await over.CancelAsync();
        }
        catch (AuthenticationException refused)
        {
            (isCertificate, problem) = (true, refused.Message);
        }
        catch (Exception failed)
            when (failed is SocketException or IOException or CryptographicException or NodeStartException)
        {
            problem = failed.Message;
        }
        catch (OperationCanceledException)
        {
            problem = cancellation.IsCancellationRequested ? "" : "no answer within 5 s";
        }

        goOn(engine =>
            engine.HandleStreamClosed(open.Stream, isCertificate, problem, clock.Now, clock.WallNow)
        );
    }

    /// <summary>Keeps a connection to the interfaces that the user named: nothing may leave by any other.</summary>
    /// <exception cref="IOException">None of them leads there.</exception>
    internal static void Keep(
        Socket socket,
        InterfaceSelection selection,
        TransportAddress to,
        IReadOnlyList<TransportAddress> locals
    )
    {
        if (!selection.IsRestricted)
        {
            return;
        }

        var own = selection
            .Enumerate()
            .SelectMany(on => on.Addresses.Select(address => (on, address.Address)))
            .FirstOrDefault(pair =>
                locals.Any(local =>
                    local.WithPort(0) == new TransportAddress(pair.Address, 0)
                    && local.IsIPv6 == to.IsIPv6
                    && local.IsLoopback == to.IsLoopback
                )
            );
        if (own.on is null)
        {
            throw new IOException("none of the interfaces in use leads there");
        }

        SocketOptions.TryPin(socket, own.on);
        socket.Bind(new IPEndPoint(own.Address, 0));
    }

    private async Task<Stream> SecureAsync(Stream plain, string host, CancellationToken cancellation)
    {
        var secured = new SslStream(plain, leaveInnerStreamOpen: false);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            CertificateChainPolicy = CertificateTrust.Of(authority),
        };
        await secured.AuthenticateAsClientAsync(options, cancellation);
        return secured;
    }

    private async Task ReadAsync(int number, Stream stream, CancellationToken cancellation)
    {
        var buffer = new byte[ReadSize];
        while (true)
        {
            var length = await stream.ReadAsync(buffer, cancellation);
            if (length == 0)
            {
                throw new IOException("the server closed the connection");
            }

            // One piece at a time: a flood waits in the system's buffers, not in ours.
            var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            goOn(engine =>
            {
                engine.HandleStreamReceived(number, buffer.AsSpan(0, length), clock.Now, clock.WallNow);
                taken.SetResult();
            });
            await taken.Task.WaitAsync(cancellation);
        }
    }

    private static async Task WriteAsync(
        Stream stream,
        ChannelReader<byte[]> outgoing,
        CancellationToken cancellation
    )
    {
        await foreach (var bytes in outgoing.ReadAllAsync(cancellation))
        {
            await stream.WriteAsync(bytes, cancellation);
        }
    }
}
