using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Dtls;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Dtls;

/// <summary>Both roles against the openssl program over loopback; skipped where it is not installed.</summary>
public sealed class OpenSslInteropTests
{
    private const string EcdsaKey = "ec -pkeyopt ec_paramgen_curve:P-256";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData("", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData("-cipher ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData("-mtu 512", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData("-mtu 300", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData("-listen", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData("-serverpref -groups P-384:P-256", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData("-use_srtp SRTP_AES128_CM_SHA1_80", "SRTP Extension negotiated")]
    public void Connects_as_client(string options, string expected) =>
        AsClient(EcdsaKey, $"{options} -no_ticket", expected);

    [Theory]
    [InlineData("", "ECDHE-RSA-AES128-GCM-SHA256")]
    [InlineData("-sigalgs RSA+SHA256:ECDSA+SHA256", "ECDHE-RSA-AES128-GCM-SHA256")]
    [InlineData("-sigalgs RSA-PSS+SHA256:ECDSA+SHA256", "ECDHE-RSA-AES128-GCM-SHA256")]
    [InlineData("-cipher ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384")]
    public void Connects_as_client_to_a_server_with_an_RSA_certificate(string options, string expected) =>
        AsClient("rsa:2048", options, expected);

    [Theory]
    [InlineData("")]
    [InlineData("-serverpref -groups P-384:P-256")]
    [InlineData("-sigalgs ECDSA+SHA384:ECDSA+SHA256")]
    public void Connects_as_client_to_a_server_with_a_P_384_certificate(string options) =>
        AsClient("ec -pkeyopt ec_paramgen_curve:P-384", options, "ECDHE-ECDSA-AES128-GCM-SHA256");

    [Fact]
    public void Refuses_a_server_with_a_short_RSA_key()
    {
        using var folder = new Folder("rsa:1024");
        var port = FreePort();
        using var program = folder.Run(
            $"s_server -dtls1_2 -accept 127.0.0.1:{port} -Verify 1 -cert cert.pem -key key.pem -cipher ALL:@SECLEVEL=0"
        );
        using var peer = new Peer(isClient: true, folder, port);
        peer.RunUntil(() => peer.Closed is not null);
        peer.Closed!.Reason.ShouldBe(DtlsCloseReason.CertificateRefused);
        peer.IsConnected.ShouldBeFalse();
    }

    [Fact]
    public void Connects_as_server_to_a_client_with_a_P_384_certificate() =>
        AsServer("ec -pkeyopt ec_paramgen_curve:P-384", "", "ECDHE-ECDSA-AES256-GCM-SHA384");

    [Theory]
    [InlineData("", "ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData("-cipher ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData("-mtu 300", "ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData("-mtu 512", "ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData("-use_srtp SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80", "SRTP Extension negotiated")]
    public void Connects_as_server(string options, string expected) => AsServer(EcdsaKey, options, expected);

    [Theory]
    [InlineData("")]
    [InlineData("-sigalgs RSA-PSS+SHA256:ECDSA+SHA256")]
    public void Connects_as_server_to_a_client_with_an_RSA_certificate(string options) =>
        AsServer("rsa:2048", options, "ECDHE-ECDSA-AES256-GCM-SHA384");

    [Fact]
    public void Refuses_a_server_that_asks_for_no_certificate()
    {
        using var folder = new Folder(EcdsaKey);
        var port = FreePort();
        using var program = folder.Run(
            $"s_server -dtls1_2 -accept 127.0.0.1:{port} -cert cert.pem -key key.pem"
        );
        using var peer = new Peer(isClient: true, folder, port);
        peer.RunUntil(() => peer.Closed is not null);
        peer.Closed!.Reason.ShouldBe(DtlsCloseReason.UnexpectedMessage);
        peer.IsConnected.ShouldBeFalse();
    }

    [Fact]
    public void Refuses_a_client_without_a_certificate()
    {
        using var folder = new Folder(EcdsaKey);
        using var peer = new Peer(isClient: false, folder, port: 0);
        using var program = folder.Run($"s_client -dtls1_2 -connect 127.0.0.1:{peer.Port}");
        peer.RunUntil(() => peer.Closed is not null);
        peer.Closed!.Reason.ShouldBe(DtlsCloseReason.CertificateRefused);
        peer.IsConnected.ShouldBeFalse();
    }

    [Fact]
    public void Refuses_to_renegotiate()
    {
        using var folder = new Folder(EcdsaKey);
        using var peer = new Peer(isClient: false, folder, port: 0);
        using var program = folder.Run(
            $"s_client -dtls1_2 -connect 127.0.0.1:{peer.Port} -cert cert.pem -key key.pem"
        );
        peer.RunUntil(() => peer.IsConnected);
        program.Type("R"); // s_client's command for a renegotiation
        peer.RunUntil(() => peer.Connection.Counters.OutOfPlace > 0 || peer.Closed is not null);
        peer.Received.ShouldBeEmpty();
    }

    [Fact]
    public void Follows_no_HelloRequest()
    {
        using var folder = new Folder(EcdsaKey);
        var port = FreePort();
        using var program = folder.Run(
            $"s_server -dtls1_2 -accept 127.0.0.1:{port} -Verify 1 -cert cert.pem -key key.pem"
        );
        using var peer = new Peer(isClient: true, folder, port);
        peer.RunUntil(() => peer.IsConnected);
        program.Type("r"); // s_server's command for a renegotiation
        peer.RunUntil(() => peer.Connection.Counters.OutOfPlace > 0);
        // The program takes no_renegotiation for the end; that is its right.
        (peer.Closed?.Reason ?? DtlsCloseReason.PeerAlert).ShouldBe(DtlsCloseReason.PeerAlert);
        peer.Received.ShouldBeEmpty();
    }

    [Fact]
    public void A_close_notify_of_the_program_ends_the_connection_and_ours_ends_the_program()
    {
        using var folder = new Folder(EcdsaKey);
        using var peer = new Peer(isClient: false, folder, port: 0);
        using var program = folder.Run(
            $"s_client -dtls1_2 -connect 127.0.0.1:{peer.Port} -cert cert.pem -key key.pem"
        );
        peer.RunUntil(() => peer.IsConnected);
        program.Type("Q"); // s_client's command to leave
        peer.RunUntil(() => peer.Closed is not null);
        peer.Closed!.Reason.ShouldBe(DtlsCloseReason.PeerClose);
        program.WaitForExit();
    }

    private static void AsClient(string keyAlgorithm, string options, string expected)
    {
        using var folder = new Folder(keyAlgorithm);
        var port = FreePort();
        using var program = folder.Run(
            $"s_server -dtls1_2 -accept 127.0.0.1:{port} -Verify 1 -cert cert.pem -key key.pem {options} "
                + "-keymatexport EXPERIMENTAL-test -keymatexportlen 32"
        );
        using var peer = new Peer(isClient: true, folder, port);
        Talk(peer, program, expected);
    }

    private static void AsServer(string keyAlgorithm, string options, string expected)
    {
        using var folder = new Folder(keyAlgorithm);
        using var peer = new Peer(isClient: false, folder, port: 0);
        using var program = folder.Run(
            $"s_client -dtls1_2 -connect 127.0.0.1:{peer.Port} -cert cert.pem -key key.pem {options} "
                + "-keymatexport EXPERIMENTAL-test -keymatexportlen 32"
        );
        Talk(peer, program, expected);
    }

    private static void Talk(Peer peer, Program program, string expected)
    {
        peer.RunUntil(() => peer.IsConnected || peer.Closed is not null);
        peer.Closed.ShouldBeNull(program.Output);
        peer.Connection.Send("hello from here\n"u8);
        program.Type("hello from there");
        peer.RunUntil(() =>
            peer.Received.Count > 0 && program.Output.Contains("hello from here", StringComparison.Ordinal)
        );
        Encoding.ASCII.GetString(peer.Received[0]).ShouldBe("hello from there\n");
        program.Output.ShouldContain(expected);
        program.Output.ShouldContain(
            "Keying material: "
                + Convert.ToHexString(peer.Connection.ExportKeyingMaterial("EXPERIMENTAL-test", 32))
        );
        peer.Connection.Close();
        peer.RunUntil(() => peer.Closed is not null);
    }

    /// <summary>A port that was free a moment ago; the program cannot choose one and tell it.</summary>
    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>A temporary folder with a key and a certificate made by the program.</summary>
    private sealed class Folder : IDisposable
    {
        public Folder(string keyAlgorithm)
        {
            Assert.SkipUnless(IsInstalled(), "openssl is not installed");
            Path = Directory.CreateTempSubdirectory("dtls").FullName;
            using var program = Run(
                $"req -x509 -newkey {keyAlgorithm} -nodes -keyout key.pem -out cert.pem -subj /CN=x -days 2"
            );
            program.WaitForExit();
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(
                System.IO.Path.Combine(Path, "cert.pem")
            );
            Sha256 = SHA256.HashData(certificate.RawData);
        }

        public string Path { get; }

        public byte[] Sha256 { get; }

        public Program Run(string arguments) => new(arguments, Path);

        public void Dispose() => Directory.Delete(Path, recursive: true);

        private static bool IsInstalled()
        {
            try
            {
                using var program = new Program("version", ".");
                program.WaitForExit();
                return true;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }

    /// <summary>A running openssl.</summary>
    private sealed class Program : IDisposable
    {
        private readonly Process _process;
        private readonly StringBuilder _output = new();

        public Program(string arguments, string folder)
        {
            _process = Process.Start(
                new ProcessStartInfo("openssl", arguments)
                {
                    WorkingDirectory = folder,
                    UseShellExecute = false,
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            _process.OutputDataReceived += (_, e) => Append(e.Data);
            _process.ErrorDataReceived += (_, e) => Append(e.Data);
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        public string Output
        {
            get
            {
                lock (_output)
                {
                    return _output.ToString();
                }
            }
        }

        public void Type(string line)
        {
            _process.StandardInput.Write(line + "\n");
            _process.StandardInput.Flush();
        }

        public void WaitForExit() => _process.WaitForExit(Patience).ShouldBeTrue(Output);

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill();
                _process.WaitForExit(Patience);
            }

            _process.Dispose();
        }

        private void Append(string? line)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }
        }
    }

    /// <summary>Our side on a real socket and the real clock.</summary>
    private sealed class Peer : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private readonly DtlsCertificate _certificate;
        private EndPoint? _remote;

        public Peer(bool isClient, Folder folder, int port)
        {
            var entropy = new SeededEntropy(1);
            _certificate = DtlsCertificate.Create(entropy);
            Connection = new DtlsConnection(isClient, _certificate, folder.Sha256, entropy);
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
            _remote = isClient ? new IPEndPoint(IPAddress.Loopback, port) : null;
            Connection.Start(Now, TimeSpan.FromMilliseconds(25));
            Drain();
        }

        public DtlsConnection Connection { get; }

        public int Port { get; }

        public bool IsConnected { get; private set; }

        public DtlsEvent.Closed? Closed { get; private set; }

        public List<byte[]> Received { get; } = [];

        private Instant Now => new(_clock.Elapsed.Ticks);

        public void RunUntil(Func<bool> done)
        {
            var end = Now + Patience;
            var buffer = new byte[65536];
            Drain();
            while (!done())
            {
                (Now < end).ShouldBeTrue("out of patience");
                if (_socket.Poll(TimeSpan.FromMilliseconds(10), SelectMode.SelectRead))
                {
                    Receive(buffer);
                }

                Connection.HandleDeadline(Now);
                Drain();
            }
        }

        public void Dispose()
        {
            Connection.Dispose();
            _certificate.Dispose();
            _socket.Dispose();
        }

        private void Receive(byte[] buffer)
        {
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            try
            {
                var length = _socket.ReceiveFrom(buffer, ref from);
                _remote ??= from;
                Connection.HandleDatagram(Now, buffer.AsSpan(0, length));
            }
            catch (SocketException)
            {
                // the program does not listen yet
            }
        }

        private void Drain()
        {
            while (Connection.TryTakeEvent(out var e))
            {
                IsConnected |= e is DtlsEvent.Connected;
                Closed = e as DtlsEvent.Closed ?? Closed;
            }

            while (Connection.TryTakeReceived(out var plaintext))
            {
                Received.Add(plaintext.ToArray());
            }

            while (Connection.TryTakeTransmit(out var datagram))
            {
                if (_remote is not null)
                {
                    _socket.SendTo(datagram.Span, _remote);
                }
            }
        }
    }
}
