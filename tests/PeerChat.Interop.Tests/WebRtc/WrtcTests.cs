using Xunit;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>Our stack and an older libwebrtc without a browser around it (@roamhq/wrtc), under Node.js.</summary>
public sealed class WrtcTests(ITestOutputHelper output, WrtcTests.Fixture fixture)
    : CounterpartTests(output),
        IClassFixture<WrtcTests.Fixture>
{
    protected override string Needs => "Node.js and the packages in node";

    protected override bool TellsKinds => false; // it says 65535 where there is no limit

    private protected override IScriptedPeer Counterpart => fixture.Peer;

    /// <summary>Its process.</summary>
    public sealed class Fixture : CounterpartFixture
    {
        internal override IScriptedPeer Start() => LinePeer.Node("wrtc.mjs");
    }
}
