using System.Diagnostics;
using System.Globalization;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.EndToEnd;

/// <summary>What holds for the published program alone; PEERCHAT_TEST_PROGRAM names it, and all other tests here start it then.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class PublishedProgramTests : IDisposable
{
    /// <summary>What the screen may take with one open room, and with 10,000 lines in a chat; in megabytes of 10^6 bytes.</summary>
    private const double MostWhenIdle = 60;

    private const double MostWithLines = 70;
    private const int Lines = 10_000;

    /// <summary>How long the screen is left alone before it is looked at; what a start needs for a moment is given back by then.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    private readonly TemporaryHomes _homes = new();

    /// <inheritdoc/>
    public void Dispose() => _homes.Dispose();

    [Fact]
    public void An_idle_screen_with_an_open_room_is_small()
    {
        SkipOthers();
        using var screen = TerminalSession.Start(
            _homes.Of("alice"),
            80,
            24,
            "--user",
            _homes.Name("alice"),
            "--room",
            _homes.Name("dev")
        );
        screen.WaitFor("nobody here yet");
        Settle(screen);

        ResidentMegabytes(screen).ShouldBeLessThanOrEqualTo(MostWhenIdle);
    }

    [Fact]
    public void A_screen_that_was_sent_ten_thousand_lines_is_small()
    {
        SkipOthers();
        using var alice = TerminalSession.Start(
            _homes.Of("alice"),
            80,
            24,
            "--user",
            _homes.Name("alice"),
            "--join",
            _homes.Name("bob")
        );
        using var bob = PeerChatProgram.Start(
            _homes.Of("bob"),
            string.Concat(
                Enumerable
                    .Range(1, Lines)
                    .Select(i => $"line {i} of many, as long as people write them, about sixty\n")
            ),
            ["send", "--user", _homes.Name("bob"), "--to", _homes.Name("alice"), "--lines"]
        );
        alice.WaitFor($"line {Lines} of many");
        Settle(alice);

        ResidentMegabytes(alice).ShouldBeLessThanOrEqualTo(MostWithLines);
    }

    [Fact]
    public void Beside_it_lies_what_it_needs_and_nothing_else()
    {
        SkipOthers();
        var exe = OperatingSystem.IsWindows() ? ".exe" : "";
        Directory
            .EnumerateFileSystemEntries(Path.GetDirectoryName(PeerChatProgram.Published!)!)
            .Select(path => Path.GetFileName(path))
            .Where(name => !name.Contains("e_sqlite3", StringComparison.Ordinal)) // a library, which each system names its own way
            .Order(StringComparer.Ordinal)
            .ShouldBe([
                "PeerChat.Primitives.dll",
                $"peerchat{exe}",
                $"peerchat-server{exe}",
                "peerchat-server.deps.json",
                "peerchat-server.dll",
                "peerchat-server.runtimeconfig.json",
            ]);
    }

    private static void SkipOthers() =>
        Assert.SkipWhen(
            PeerChatProgram.Published is null,
            "Holds for the published program, which PEERCHAT_TEST_PROGRAM names."
        );

    private static void Settle(TerminalSession screen)
    {
        var clock = Stopwatch.StartNew();
        screen.WaitUntil(() => clock.Elapsed > Settling, "the time");
    }

    private static double ResidentMegabytes(TerminalSession screen) =>
        double.Parse(
            File.ReadLines($"/proc/{screen.ProcessId}/status")
                .Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
            CultureInfo.InvariantCulture
        )
        * 1024
        / 1e6;
}
