using System.Net;
using System.Net.Sockets;
using System.Text;
using PeerChat.WebRtc.Dtls;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.WebRtc.Layers;

/// <summary>Our DTLS and OpenSSL's, both roles, without anything around it.</summary>
public sealed class OpenSslTests(ITestOutputHelper output, OpenSslFixture identities)
    : IClassFixture<OpenSslFixture>,
        IDisposable
{
    private const string P256 = "ec -pkeyopt ec_paramgen_curve:P-256";
    private const string P384 = "ec -pkeyopt ec_paramgen_curve:P-384";
    private const string Rsa = "rsa:2048";
    private const string Export = "-keymatexport EXPERIMENTAL-test -keymatexportlen 32";

    private DtlsPeer? _peer;
    private RunningProgram? _program;

    private DtlsPeer Peer => _peer!;

    private RunningProgram Program => _program!;

    /// <inheritdoc/>
    public void Dispose()
    {
        output.WriteLine($"our side: {_peer?.Closed}; longest datagram {_peer?.LongestSent}");
        _program?.Dispose();
        _peer?.Dispose();
    }

    [Theory]
    [InlineData("", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData("-cipher ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData("-mtu 512", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData("-mtu 300", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData("-listen", "ECDHE-ECDSA-AES128-GCM-SHA256")] // asks for a cookie
    [InlineData("-serverpref -groups P-384:P-256", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData("-use_srtp SRTP_AES128_CM_SHA1_80", "SRTP Extension negotiated")]
    public void Connects_as_client(string options, string expected)
    {
        StartServer(P256, $"{options} -no_ticket {Export}");
        Talk(expected);
    }

    [Theory]
    [InlineData("", "ECDHE-RSA-AES128-GCM-SHA256")]
    [InlineData("-sigalgs RSA+SHA256:ECDSA+SHA256", "ECDHE-RSA-AES128-GCM-SHA256")]
    [InlineData("-sigalgs RSA-PSS+SHA256:ECDSA+SHA256", "ECDHE-RSA-AES128-GCM-SHA256")]
    [InlineData("-cipher ECDHE-RSA-AES256-GCM-SHA384 -mtu 300", "ECDHE-RSA-AES256-GCM-SHA384")]
    public void Connects_as_client_to_a_server_with_an_RSA_certificate(string options, string expected)
    {
        StartServer(Rsa, $"{options} {Export}");
        Talk(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-serverpref -groups P-384:P-256")]
    [InlineData("-sigalgs ECDSA+SHA384:ECDSA+SHA256")]
    public void Connects_as_client_to_a_server_with_a_P_384_certificate(string options)
    {
        StartServer(P384, $"{options} {Export}");
        Talk("ECDHE-ECDSA-AES128-GCM-SHA256");
    }

    [Theory]
    [InlineData(P256, "", "ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData(P256, "-cipher ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData(P256, "-mtu 300", "ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData(P256, "-mtu 512", "ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData(P256, "-use_srtp SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80", "SRTP Extension negotiated")]
    [InlineData(P384, "", "ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData(Rsa, "", "ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData(Rsa, "-sigalgs RSA-PSS+SHA256:ECDSA+SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData(Rsa, "-mtu 300 -cipher ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    public void Connects_as_server(string keyAlgorithm, string options, string expected)
    {
        StartClient(keyAlgorithm, $"{options} {Export}");
        Talk(expected);
    }

    [Theory]
    [InlineData(1, true, P256, "")]
    [InlineData(2, false, P256, "")]
    [InlineData(3, true, Rsa, "-mtu 300")]
    [InlineData(4, false, Rsa, "-mtu 300")]
    [InlineData(5, true, P256, "-cipher ECDHE-ECDSA-AES256-GCM-SHA384 -mtu 300")]
    [InlineData(6, false, P384, "-cipher ECDHE-ECDSA-AES128-GCM-SHA256 -mtu 300")]
    [InlineData(7, true, P256, "-listen")]
    public void Connects_over_a_path_that_drops_delays_reorders_and_doubles(
        int seed,
        bool isClient,
        string keyAlgorithm,
        string options
    )
    {
        if (isClient)
        {
            StartServer(keyAlgorithm, $"{options} -timeout", PathQuality.Worse(seed));
        }
        else
        {
            StartClient(keyAlgorithm, $"{options} -timeout", PathQuality.Worse(seed));
        }

        Peer.RunUntil(() => Peer.IsConnected || Peer.Closed is not null);
        Peer.Closed.ShouldBeNull(Program.Errors);
        // DTLS repeats no data: what is said often enough arrives.
        var said = 0;
        Peer.RunUntil(() =>
        {
            if (said < 400 && Peer.Connection.State == DtlsState.Connected)
            {
                Peer.Connection.Send(Encoding.ASCII.GetBytes($"from here {++said}\n"));
            }

            return Program.Output.Contains("from here", StringComparison.Ordinal);
        });
        for (var i = 0; i < 20; i++)
        {
            Program.Type($"from there {i}");
        }

        Peer.RunUntil(() => Peer.Received.Count > 0);
        Peer.Received.ShouldAllBe(each =>
            Encoding.ASCII.GetString(each).StartsWith("from there", StringComparison.Ordinal)
        );
        Peer.LongestSent.ShouldBeLessThanOrEqualTo(Flight.MaxDatagram);
    }

    [Fact]
    public void Refuses_a_server_with_a_short_RSA_key()
    {
        StartServer("rsa:1024", "-cipher ALL:@SECLEVEL=0");
        ShouldRefuse(DtlsCloseReason.CertificateRefused);
    }

    [Fact]
    public void Refuses_a_server_that_asks_for_no_certificate()
    {
        StartServer(P256, "", asksForCertificate: false);
        ShouldRefuse(DtlsCloseReason.UnexpectedMessage);
    }

    [Fact]
    public void Refuses_a_client_without_a_certificate()
    {
        StartClient(P256, "", showsCertificate: false);
        ShouldRefuse(DtlsCloseReason.CertificateRefused);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Refuses_another_certificate_than_the_one_announced(bool isClient)
    {
        if (isClient)
        {
            StartServer(P256, "", announced: P384);
        }
        else
        {
            StartClient(P256, "", announced: P384);
        }

        ShouldRefuse(DtlsCloseReason.FingerprintMismatch);
    }

    [Fact]
    public void Refuses_to_renegotiate()
    {
        StartClient(P256, "");
        Peer.RunUntil(() => Peer.IsConnected);
        Program.Type("R"); // s_client's command for a renegotiation
        Peer.RunUntil(() => Peer.Connection.Counters.OutOfPlace > 0 || Peer.Closed is not null);
        Peer.Received.ShouldBeEmpty();
    }

    [Fact]
    public void Follows_no_HelloRequest()
    {
        StartServer(P256, "");
        Peer.RunUntil(() => Peer.IsConnected);
        Program.Type("r"); // s_server's command for a renegotiation
        Peer.RunUntil(() => Peer.Connection.Counters.OutOfPlace > 0);
        // The program takes no_renegotiation for the end; that is its right.
        (Peer.Closed?.Reason ?? DtlsCloseReason.PeerAlert).ShouldBe(DtlsCloseReason.PeerAlert);
        Peer.Received.ShouldBeEmpty();
    }

    [Fact]
    public void A_close_notify_of_the_program_ends_our_side()
    {
        Start(isClient: false); // s_server knows no command that sends one
        Program.Type("Q"); // s_client's command to leave
        Peer.RunUntil(() => Peer.Closed is not null);
        Peer.Closed!.Reason.ShouldBe(DtlsCloseReason.PeerClose);
        Program.WaitForExit();
    }

    [Theory]
    [InlineData(true, "DONE")]
    [InlineData(false, "closed")]
    public void Our_close_notify_ends_the_program_s_connection(bool isClient, string word)
    {
        Start(isClient);
        Peer.Connection.Close();
        Peer.RunUntil(() => Peer.Closed is not null);
        Peer.Closed!.Reason.ShouldBe(DtlsCloseReason.LocalClose);
        Peer.RunUntil(() => Program.Output.Contains(word, StringComparison.Ordinal), () => Program.Output);
    }

    private void Start(bool isClient)
    {
        if (isClient)
        {
            StartServer(P256, "");
        }
        else
        {
            StartClient(P256, "");
        }

        Peer.RunUntil(() => Peer.IsConnected);
        Program.Type("are you there");
        Peer.RunUntil(() => Peer.Received.Count > 0); // it is connected too
    }

    private void StartServer(
        string keyAlgorithm,
        string options,
        PathQuality? path = null,
        bool asksForCertificate = true,
        string? announced = null
    )
    {
        SkipUnlessAsked();
        var identity = identities.Get(keyAlgorithm);
        var port = FreePort();
        var verify = asksForCertificate ? "-Verify 1" : "";
        _program = OpenSsl.Run(
            $"s_server -dtls1_2 -accept 127.0.0.1:{port} {verify} {identity.Arguments} {options}"
        );
        Program.WaitFor("ACCEPT");
        _peer = new DtlsPeer(
            isClient: true,
            identities.Get(announced ?? keyAlgorithm).Sha256,
            path ?? PathQuality.Good,
            port
        );
    }

    private void StartClient(
        string keyAlgorithm,
        string options,
        PathQuality? path = null,
        bool showsCertificate = true,
        string? announced = null
    )
    {
        SkipUnlessAsked();
        var identity = identities.Get(keyAlgorithm);
        _peer = new DtlsPeer(
            isClient: false,
            identities.Get(announced ?? keyAlgorithm).Sha256,
            path ?? PathQuality.Good,
            port: 0
        );
        var certificate = showsCertificate ? identity.Arguments : "";
        _program = OpenSsl.Run($"s_client -dtls1_2 -connect 127.0.0.1:{Peer.Port} {certificate} {options}");
    }

    private void Talk(string expected)
    {
        Peer.RunUntil(() => Peer.IsConnected || Peer.Closed is not null);
        Peer.Closed.ShouldBeNull(Program.Errors);
        Peer.Connection.Send("hello from here\n"u8);
        Program.Type("hello from there");
        Peer.RunUntil(() =>
            Peer.Received.Count > 0 && Program.Output.Contains("hello from here", StringComparison.Ordinal)
        );
        Encoding.ASCII.GetString(Peer.Received[0]).ShouldBe("hello from there\n");
        var said = Program.Output + Program.Errors;
        said.ShouldContain(expected);
        said.ShouldContain(
            "Keying material: "
                + Convert.ToHexString(Peer.Connection.ExportKeyingMaterial("EXPERIMENTAL-test", 32))
        );
        Peer.LongestSent.ShouldBeLessThanOrEqualTo(Flight.MaxDatagram);
    }

    private void ShouldRefuse(DtlsCloseReason reason)
    {
        Peer.RunUntil(() => Peer.Closed is not null);
        Peer.Closed!.Reason.ShouldBe(reason);
        Peer.IsConnected.ShouldBeFalse();
    }

    private static void SkipUnlessAsked() =>
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PEERCHAT_INTEROP") == "1",
            "Needs openssl; .ci/run installs it and sets PEERCHAT_INTEROP=1."
        );

    // A port that was free a moment ago; the program cannot choose one and tell it.
    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
