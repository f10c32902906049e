using System.Net;
using System.Net.Sockets;
using PeerChat.Node.Transport;
using PeerChat.WebRtc;
using Xunit;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>Tests with our stack on one side, over sockets of this machine, and another on the other side.</summary>
public abstract class ScriptedPeerTests(ITestOutputHelper output) : IDisposable
{
    private ConnectionHost? _host;
    private IScriptedPeer? _peer;

    /// <summary>Where figures go.</summary>
    protected ITestOutputHelper Output => output;

    /// <summary>Our side.</summary>
    private protected ConnectionHost Host => _host ?? throw new InvalidOperationException("Not connected.");

    /// <summary>The other side.</summary>
    private protected IScriptedPeer Peer => _peer ?? throw new InvalidOperationException("Not connected.");

    /// <summary>The other side's offer or answer.</summary>
    protected string TheirDescription { get; private set; } = "";

    /// <inheritdoc/>
    public void Dispose()
    {
        _host?.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static void SkipUnlessAsked(string what) =>
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PEERCHAT_LONG") == "1",
            $"Needs {what}; .ci/run --long installs it and sets PEERCHAT_LONG=1."
        );

    /// <summary>Connects the two; the other side opens a channel named "theirs".</summary>
    private protected void Connect(IScriptedPeer peer, bool weOffer, bool weStartDtls)
    {
        Prepare(peer, weOffer);
        // Who is told that the other side is active answers as passive.
        if (weOffer)
        {
            var offer = Host.Offer();
            offer = weStartDtls ? offer.Replace("actpass", "active", StringComparison.Ordinal) : offer;
            TheirDescription = (string)peer.Call("answer", "peer", offer)!;
            Host.Accept(TheirDescription);
            peer.Call("open", "peer", "theirs", new { });
        }
        else
        {
            peer.Call("open", "peer", "theirs", new { });
            TheirDescription = (string)peer.Call("offer", "peer")!;
            var offer = weStartDtls
                ? TheirDescription
                : TheirDescription.Replace("actpass", "active", StringComparison.Ordinal);
            peer.Call("accept", "peer", Host.Answer(offer));
        }

        Host.AwaitConnected();
    }

    /// <summary>Makes both sides, and leaves to the test how they learn of each other.</summary>
    private protected void Prepare(IScriptedPeer peer, bool weOffer)
    {
        _peer = peer;
        var (on, address) = OwnAddress();
        _host = new ConnectionHost(weOffer, on, address);
        peer.Call("create", "peer");
    }

    /// <summary>Opens a channel on our side.</summary>
    protected ushort Open(string label, DataChannelOptions? options = null) =>
        Host.Run(
            (connection, now) => connection.OpenChannel(label, options ?? new DataChannelOptions(), now)
        );

    /// <summary>Has the other side send a message of the pattern for each size.</summary>
    protected void TheySend(string label, params int[] sizes) => Peer.Call("send", "peer", label, sizes);

    /// <summary>Waits until the other side has so many messages, and names them all.</summary>
    protected string[] Messages(string label, int count) =>
        [.. Peer.Call("messages", "peer", label, count)!.AsArray().Select(each => (string)each!)];

    /// <summary>Says which SCTP extensions both sides announced.</summary>
    protected void PrintFeatures() => output.WriteLine(Host.Run((c, _) => c.Features.ToString()!));

    /// <summary>A description without its candidates, and these alone, as they trickle (RFC 8838).</summary>
    protected static (string Description, string[] Candidates) Split(string description)
    {
        ArgumentNullException.ThrowIfNull(description);
        var lines = description.Split("\r\n");
        bool IsCandidate(string line) => line.StartsWith("a=candidate:", StringComparison.Ordinal);
        return (
            string.Join("\r\n", lines.Where(line => !IsCandidate(line))),
            [.. lines.Where(IsCandidate).Select(line => line[2..])]
        );
    }

    // Browsers offer no loopback addresses; packets to an own address do not leave the machine either.
    private static (LocalInterface On, IPAddress Address) OwnAddress() =>
        LocalInterface
            .List()
            .Where(each => each is { IsUp: true, IsLoopback: false })
            .SelectMany(each => each.Addresses.Select(own => (each, own.Address)))
            .First(each => each.Address.AddressFamily == AddressFamily.InterNetwork);
}
