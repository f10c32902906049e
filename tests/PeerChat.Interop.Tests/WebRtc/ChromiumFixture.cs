namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>The browsers of one test class; each kind starts once, when the first test asks for it.</summary>
public sealed class ChromiumFixture : IDisposable
{
    private readonly Dictionary<(bool, string?), ChromiumBrowser> _browsers = [];

    /// <summary>A browser of a kind.</summary>
    internal ChromiumBrowser Get(bool hidesAddresses, string? trials)
    {
        var kind = (hidesAddresses, trials);
        if (!_browsers.TryGetValue(kind, out var browser))
        {
            _browsers[kind] = browser = new ChromiumBrowser(hidesAddresses, trials);
        }

        return browser;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var browser in _browsers.Values)
        {
            browser.Dispose();
        }
    }
}
