using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary><c>peerchat serve</c> as administrators run it, and two people who find each other by nothing else.</summary>
[Collection(EndToEndCollection.Name)]
public sealed partial class ServeTests : IDisposable
{
    private readonly TemporaryHomes _homes = new();

    /// <inheritdoc/>
    public void Dispose() => _homes.Dispose();

    [Fact]
    public void Two_meet_by_a_link_through_our_own_server_and_again_after_it_was_killed_and_restarted()
    {
        using var first = Serve("127.0.0.1:0");
        var url = UrlOf(first);
        using var alice = PeerChatProgram.Start(
            _homes.Of("alice"),
            "daemon",
            "--user",
            _homes.Name("alice"),
            "--rungs",
            "peerserver",
            "--peerserver",
            url
        );
        alice.WaitForErrors("is online");
        var (invited, link, problem) = PeerChatProgram.Run(_homes.Of("alice"), "invite");
        invited.ShouldBe(0, problem);
        var (joined, output, errors) = PeerChatProgram.Run(
            _homes.Of("bob"),
            "join",
            link.Split('\n')[0],
            "--user",
            _homes.Name("bob"),
            "--rungs",
            "peerserver",
            "--timeout",
            "1m"
        );
        joined.ShouldBe(0, errors);
        output.ShouldContain(_homes.Name("alice"));

        first.Kill();
        first.WaitForExit();
        using var second = Serve(new Uri(url).Authority);
        UrlOf(second).ShouldBe(url);
        var (sent, _, unsent) = PeerChatProgram.Run(
            _homes.Of("bob"),
            "send",
            "--rungs",
            "peerserver",
            "--to",
            _homes.Name("alice"),
            "after the restart",
            "--wait",
            "delivered",
            "--timeout",
            "2m"
        );
        sent.ShouldBe(0, unsent);
    }

    [Fact]
    public void Ends_with_its_command_even_if_that_is_killed()
    {
        using var server = Serve("127.0.0.1:0");
        var authority = new Uri(UrlOf(server)).Authority;
        server.Kill();

        // The port is free again as soon as the server has noticed: until then another says so and ends with 2
        while (true)
        {
            using var next = PeerChatProgram.Start(_homes.Of("server"), "serve", "--listen", authority);
            next.WaitFor(
                () =>
                    next.Output.Contains("--peerserver ws", StringComparison.Ordinal)
                    || next.Errors.Length > 0,
                "a sentence"
            );
            if (next.Output.Contains("--peerserver ws", StringComparison.Ordinal))
            {
                break;
            }

            next.Errors.ShouldContain("Another program uses the port");
        }
    }

    [Fact]
    public void Sigterm_ends_it_with_a_goodbye_and_0()
    {
        using var server = Serve("127.0.0.1:0", "--json");
        server.WaitForOutput("\"listening\"");
        using var kill = System.Diagnostics.Process.Start("kill", [$"{server.Id}"]);
        server.WaitForExit().ShouldBe(0, server.Errors);
        var events = server
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToList();
        events.ShouldAllBe(one => one.GetProperty("v").GetInt32() == 1);
        events.Select(one => one.GetProperty("event").GetString()).ShouldBe(["listening", "stopped"]);
    }

    [Fact]
    public void Each_failure_is_one_sentence_and_2()
    {
        using var server = Serve("127.0.0.1:0");
        var authority = new Uri(UrlOf(server)).Authority;
        Fails("Another program uses the port", "--listen", authority);
        Fails("This machine has no address of 192.0.2.1:9", "--listen", "192.0.2.1:9");
        Fails("cannot be used", "--certificate", "/no/such/file");
        Fails("--listen takes HOST:PORT", "--listen", "9000");
        Fails("--private-key goes with --certificate", "--private-key", "key.pem");
        Fails("--max-message must be", "--max-message", "1");
    }

    [Fact]
    public void The_unit_runs_what_the_command_line_said()
    {
        var (code, unit, errors) = PeerChatProgram.Run(
            _homes.Of("server"),
            "serve",
            "--unit",
            "--listen",
            "*:443",
            "--certificate",
            "chain.pem",
            "--behind-proxy"
        );
        code.ShouldBe(0, errors);
        unit.ShouldContain(
            $" serve --listen \"*:443\" --certificate {Path.GetFullPath("chain.pem")} --behind-proxy\n"
        );
        unit.ShouldContain("CAP_NET_BIND_SERVICE");
    }

    private void Fails(string sentence, params string[] arguments)
    {
        var (code, _, errors) = PeerChatProgram.Run(_homes.Of("server"), ["serve", .. arguments]);
        errors.ShouldContain(sentence);
        errors.TrimEnd().ShouldNotContain("\n");
        code.ShouldBe(2, errors);
    }

    private PeerChatProgram Serve(string listen, params string[] more) =>
        PeerChatProgram.Start(_homes.Of("server"), ["serve", "--listen", listen, .. more]);

    private static string UrlOf(PeerChatProgram server)
    {
        server.WaitForOutput("--peerserver ws");
        return Named().Match(server.Output).Groups["url"].Value;
    }

    [GeneratedRegex(
        @"--peerserver (?<url>ws\S+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Named();
}
