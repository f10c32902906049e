using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.Relays;

/// <summary>Two real processes with nothing between them but coturn.</summary>
public sealed partial class TurnTests
{
    [Theory]
    [InlineData("turn:alice:secret@10.9.0.1", "3478", "")]
    [InlineData("turn:alice:secret@10.9.0.1?transport=tcp", "3478", "")]
    [InlineData("turn:alice:secret@[fd09::1]", "3478", "")] // IPv6 to the server, and both families on it
    [InlineData("turns:alice:secret@10.9.0.1", "5349", "")]
    [InlineData("turn:alice:secret@10.9.0.1", "3478", "--stale-nonce=1")]
    public void Two_who_give_away_no_address_chat_through_a_relay_alone(
        string url,
        string port,
        string option
    )
    {
        using var network = new RelayNetwork();
        var authority = MakeCertificate(network.Folder);
        network.StartServer([
            "--cert",
            Path.Combine(network.Folder, "cert.pem"),
            "--pkey",
            Path.Combine(network.Folder, "key.pem"),
            .. option.Length > 0 ? new[] { option } : [],
        ]);
        var capture = network.Capture(network.Alice);
        string[] common = ["--relay-only", "--turn", url, "--turn-ca", authority];

        network.Hosts.StartPeerChat(network.Bob, "bob", ["daemon", "--accept-any", .. common]);
        var relayed = network.WaitForRelay(network.Bob, "bob");
        Send(network, "through the relay", relayed, common);

        var status = network.WaitForStatus(network.Bob, "bob", _ => true, "status");
        status.GetProperty("relayOnly").GetBoolean().ShouldBeTrue();
        var packets = Packets(capture);
        packets.ShouldNotBeEmpty();
        // Nobody but the server, at its port, in either direction
        packets.ShouldAllBe(line =>
            ServerEnd().IsMatch(line) && line.Contains($".{port}", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Credentials_that_a_command_prints_are_replaced_before_they_end()
    {
        const string Secret = "north";
        using var network = new RelayNetwork();
        network.StartServerWithSecret(Secret);
        var printed = Path.Combine(network.Folder, "printed");
        // As services make them: good for 12 seconds
        var command =
            $"user=$(($(date +%s) + 12)):$PEERCHAT_TURN_SERVER; echo \"$user\" | tee -a {printed}; "
            + $"printf %s \"$user\" | openssl dgst -sha1 -hmac {Secret} -binary | base64";
        string[] common =
        [
            "--relay-only",
            "--turn",
            "turn:10.9.0.1?transport=udp",
            "--turn-command",
            command,
        ];
        network.Hosts.StartPeerChat(network.Bob, "bob", ["daemon", "--accept-any", .. common]);
        Send(network, "with the first ones", network.WaitForRelay(network.Bob, "bob"), common);

        RelayNetwork.WaitFor(() => File.ReadAllLines(printed).Length >= 4, () => "they are replaced twice");
        File.ReadAllLines(printed).ShouldAllBe(line => line.EndsWith(":turn:10.9.0.1:3478"));
        Send(network, "with others", network.WaitForRelay(network.Bob, "bob"), common);
        network
            .WaitForStatus(network.Bob, "bob", _ => true, "status")
            .GetProperty("servers")[0]
            .GetProperty("problem")
            .GetString()
            .ShouldBe("");
    }

    [Fact]
    public void A_wrong_password_is_told_in_a_sentence()
    {
        using var network = new RelayNetwork();
        network.StartServer();
        network.Hosts.StartPeerChat(
            network.Bob,
            "bob",
            "daemon",
            "--relay-only",
            "--turn",
            "turn:alice:guess@10.9.0.1"
        );

        var status = network.WaitForStatus(
            network.Bob,
            "bob",
            status => status.GetProperty("servers")[0].GetProperty("problem").GetString() != "",
            "the problem is told"
        );

        var server = status.GetProperty("servers")[0];
        server.GetProperty("problem").GetString().ShouldBe("does not take the user name or password");
        server.GetProperty("server").GetString().ShouldBe("turn:10.9.0.1:3478");
        var (_, doctor, _) = TestHosts.Finish(network.Hosts.StartPeerChat(network.Bob, "bob", "doctor"));
        doctor.ShouldContain("check the user name and password");
    }

    [Fact]
    public void A_certificate_of_nobody_known_is_not_taken()
    {
        using var network = new RelayNetwork();
        MakeCertificate(network.Folder);
        network.StartServer(
            "--cert",
            Path.Combine(network.Folder, "cert.pem"),
            "--pkey",
            Path.Combine(network.Folder, "key.pem")
        );
        network.Hosts.StartPeerChat(
            network.Bob,
            "bob",
            "daemon",
            "--relay-only",
            "--turn",
            "turns:alice:secret@10.9.0.1"
        );

        var status = network.WaitForStatus(
            network.Bob,
            "bob",
            status => status.GetProperty("servers")[0].GetProperty("problem").GetString() != "",
            "the problem is told"
        );

        status
            .GetProperty("servers")[0]
            .GetProperty("problem")
            .GetString()
            .ShouldNotBeNull()
            .ShouldContain("--turn-ca");
    }

    private static void Send(RelayNetwork network, string text, string address, string[] common)
    {
        var (code, _, errors) = TestHosts.Finish(
            network.Hosts.StartPeerChat(
                network.Alice,
                "alice",
                [
                    "send",
                    "--to",
                    "bob",
                    text,
                    "--peer",
                    address,
                    "--wait",
                    "delivered",
                    "--timeout",
                    "30s",
                    .. common,
                ]
            )
        );
        code.ShouldBe(0, errors);
    }

    private static string MakeCertificate(string folder)
    {
        TestHosts.Run(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=10.9.0.1",
            "-addext",
            "subjectAltName=IP:10.9.0.1",
            "-keyout",
            Path.Combine(folder, "key.pem"),
            "-out",
            Path.Combine(folder, "cert.pem")
        );
        TestHosts.Run("chmod", "-R", "a+rX", folder); // coturn gives its rights away
        return Path.Combine(folder, "cert.pem");
    }

    private static List<string> Packets(System.Diagnostics.Process capture)
    {
        TestHosts.Run("kill", "-INT", capture.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return [.. TestHosts.Finish(capture).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    [GeneratedRegex(
        @"IP6? (10\.9\.0\.1|fd09::1)\.|> (10\.9\.0\.1|fd09::1)\.",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex ServerEnd();
}
