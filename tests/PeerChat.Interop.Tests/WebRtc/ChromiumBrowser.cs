using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>A headless Chromium with a profile of its own and one page that holds <c>peer.js</c>.</summary>
internal sealed partial class ChromiumBrowser : IScriptedPeer
{
    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("peerchat-chromium-");
    private readonly RunningProgram _program;
    private readonly DevToolsClient _page;

    /// <summary>Starts it.</summary>
    /// <param name="hidesAddresses">Whether candidates have names of multicast DNS, as in a browser that nobody has configured.</param>
    /// <param name="trials">Field trials to switch on, as <c>Name/Group/…</c>.</param>
    public ChromiumBrowser(bool hidesAddresses = false, string? trials = null)
    {
        List<string> command =
        [
            "chromium",
            "--headless",
            "--no-sandbox", // the sandbox refuses root, which other tests here need
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--remote-debugging-port=0",
            $"--user-data-dir={_profile.FullName}",
        ];
        if (!hidesAddresses)
        {
            command.Add("--disable-features=WebRtcHideLocalIpsWithMdns");
        }

        if (trials is not null)
        {
            command.Add($"--force-fieldtrials={trials}");
        }

        _program = new RunningProgram(
            new Dictionary<string, string>(StringComparer.Ordinal),
            null,
            [.. command]
        );
        _program.WaitUntil(text => Address().IsMatch(text), "the address of DevTools");
        _page = new DevToolsClient(new Uri(Address().Match(_program.Errors).Groups["address"].Value));
        _page.Evaluate(PeerScript.Read("peer.js") + "\nundefined");
    }

    /// <inheritdoc/>
    public JsonNode? Call(string function, params object?[] arguments) =>
        _page.Evaluate(
            $"peerTest.{function}(...{JsonSerializer.Serialize(arguments, PeerScript.WithoutNulls)})"
        );

    /// <summary>Runs an expression in the page, waits for its promise, and gives its value.</summary>
    public JsonNode? Evaluate(string expression) => _page.Evaluate(expression);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _page.CloseBrowser();
            _program.WaitForExit();
        }
        finally
        {
            _page.Dispose();
            _program.Dispose();
            _profile.Delete(recursive: true);
        }
    }

    [GeneratedRegex(
        @"DevTools listening on (?<address>ws://\S+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Address();
}
