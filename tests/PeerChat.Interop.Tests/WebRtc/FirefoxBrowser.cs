using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>A headless Firefox with a profile of its own and one page that holds <c>peer.js</c>.</summary>
internal sealed partial class FirefoxBrowser : IScriptedPeer
{
    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("peerchat-firefox-");
    private readonly RunningProgram _program;
    private readonly BidiClient _page;

    /// <summary>Starts it.</summary>
    /// <param name="hidesAddresses">Whether candidates have names of multicast DNS, as in a browser that nobody has configured.</param>
    public FirefoxBrowser(bool hidesAddresses)
    {
        var hides = hidesAddresses ? "true" : "false";
        File.WriteAllText(
            Path.Combine(_profile.FullName, "user.js"),
            $"""
            user_pref("media.peerconnection.ice.obfuscate_host_addresses", {hides});
            user_pref("remote.active-protocols", 1);
            user_pref("app.update.enabled", false);
            user_pref("app.normandy.enabled", false);
            user_pref("datareporting.policy.dataSubmissionEnabled", false);
            user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
            user_pref("network.captive-portal-service.enabled", false);
            user_pref("network.connectivity-service.enabled", false);
            user_pref("browser.shell.checkDefaultBrowser", false);
            user_pref("browser.startup.page", 0);
            """
        );
        // A home of its own too, since it keeps things outside of the profile.
        _program = new RunningProgram(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = _profile.FullName },
            null,
            "firefox-esr",
            "--headless",
            "--no-remote",
            "--remote-debugging-port=0",
            "--profile",
            _profile.FullName,
            "about:blank"
        );
        _program.WaitUntil(text => Address().IsMatch(text), "the address of WebDriver BiDi");
        _page = new BidiClient(
            new Uri($"{Address().Match(_program.Errors + _program.Output).Groups["address"].Value}/session")
        );
        _page.Evaluate($"(() => {{ {PeerScript.Read("peer.js")} }})()");
    }

    /// <inheritdoc/>
    public JsonNode? Call(string function, params object?[] arguments) =>
        _page.Evaluate(
            $"peerTest.{function}(...{JsonSerializer.Serialize(arguments, PeerScript.WithoutNulls)})"
        );

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
        @"WebDriver BiDi listening on (?<address>ws://\S+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Address();
}
