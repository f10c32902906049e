using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>Our stack and Firefox's (NSS, nICEr, dcSCTP), over sockets of this machine.</summary>
public sealed class FirefoxTests(ITestOutputHelper output, FirefoxTests.Fixture fixture)
    : BrowserTests(output),
        IClassFixture<FirefoxTests.Fixture>
{
    protected override string Needs => "firefox-esr";

    private protected override IScriptedPeer Counterpart => fixture.Get(hidesAddresses: false);

    private protected override IScriptedPeer Hiding => fixture.Get(hidesAddresses: true);

    [Fact]
    public void Bulk_passes_both_ways_and_nothing_is_lost_or_swapped()
    {
        const int Count = 128;
        const int Size = 65_536;
        SkipUnlessAsked(Needs);
        Connect(Counterpart, weOffer: false, weStartDtls: true);
        var theirs = Host.AwaitChannel("theirs");
        Host.SendBulk(theirs, Count, Size);
        Messages("theirs", Count).ShouldAllBe(each => each == MessagePattern.Right(Size));
        Peer.Call("sendBulk", "peer", "theirs", Count, Size);
        Host.AwaitMessages(theirs, Count).ShouldAllBe(each => each == MessagePattern.Right(Size));
        PrintFeatures();
    }

    /// <summary>The browsers, each started when the first test asks for it.</summary>
    public sealed class Fixture : IDisposable
    {
        private readonly Dictionary<bool, FirefoxBrowser> _browsers = [];

        /// <inheritdoc/>
        public void Dispose()
        {
            foreach (var browser in _browsers.Values)
            {
                browser.Dispose();
            }
        }

        /// <summary>One that hides its addresses, or shows them.</summary>
        internal FirefoxBrowser Get(bool hidesAddresses)
        {
            if (!_browsers.TryGetValue(hidesAddresses, out var browser))
            {
                _browsers[hidesAddresses] = browser = new FirefoxBrowser(hidesAddresses);
            }

            return browser;
        }
    }
}
