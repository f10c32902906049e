using Xunit;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>Our stack and libdatachannel's (usrsctp, OpenSSL, libjuice), under Node.js.</summary>
public sealed class NodeDataChannelTests(ITestOutputHelper output, NodeDataChannelTests.Fixture fixture)
    : CounterpartTests(output),
        IClassFixture<NodeDataChannelTests.Fixture>
{
    protected override string Needs => "Node.js and the packages in node";

    protected override bool TellsKinds => false; // the wrapper says "ordered, reliable" of all that come in

    protected override bool DeliversBeforeClosing => false; // a race between two of its threads

    private protected override IScriptedPeer Counterpart => fixture.Peer;

    /// <summary>Its process.</summary>
    public sealed class Fixture : CounterpartFixture
    {
        internal override IScriptedPeer Start() => LinePeer.Node("node-datachannel.mjs");
    }
}
