using System.Net;
using System.Net.Sockets;
using PeerChat.Node.Transport;
using PeerChat.WebRtc;
using Xunit;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>Tests with our stack on one side, over sockets of this machine, and another on the other side.</summary>
public abstract class ScriptedPeerTests(ITestOutputHelper output) : IDisposable
{
    private readonly Dictionary<string, ushort> _opened = new(StringComparer.Ordinal);
    private ConnectionHost? _host;
    private IScriptedPeer? _peer;

    /// <summary>What our side's datagrams are to be written to; null: nowhere.</summary>
    private protected Capture? Recording { get; set; }

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
        if (_host?.Events.OfType<PeerConnectionEvent.Closed>().FirstOrDefault() is { } closed)
        {
            output.WriteLine($"our side: {closed}"); // what a failure at the other side does not tell
        }

        _host?.Dispose();
        GC.SuppressFinalize(this);
    }

    // A counterpart that is asked for and not installed is a failure: starting it throws.
    protected static void SkipUnlessAsked(string what)
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PEERCHAT_INTEROP") == "1",
            $"Needs {what}; .ci/run installs it and sets PEERCHAT_INTEROP=1."
        );
    }

    /// <summary>Connects the two; the other side opens a channel named "theirs".</summary>
    /// <param name="peer">The other side.</param>
    /// <param name="weOffer">Whether our side offers.</param>
    /// <param name="weStartDtls">Whether our side is the DTLS client.</param>
    /// <param name="relay">What all datagrams pass through; null: they go directly.</param>
    private protected void Connect(IScriptedPeer peer, bool weOffer, bool weStartDtls, Relay? relay = null)
    {
        Prepare(peer, weOffer, mustBePassive: weOffer && weStartDtls);
        string ToThem(string description) => relay is null ? description : relay.FromUs(description);
        string ToUs(string description) =>
            Complete(relay is null ? description : relay.FromThem(description));

        // Who is told that the other side is active answers as passive.
        if (weOffer)
        {
            var offer = ToThem(Host.Offer());
            offer = weStartDtls ? offer.Replace("actpass", "active", StringComparison.Ordinal) : offer;
            TheirDescription = ToUs((string)peer.Call("answer", "peer", offer)!);
            Host.Accept(TheirDescription);
            peer.Call("open", "peer", "theirs", new { });
        }
        else
        {
            peer.Call("open", "peer", "theirs", new { });
            TheirDescription = ToUs((string)peer.Call("offer", "peer")!);
            var offer = weStartDtls
                ? TheirDescription
                : TheirDescription.Replace("actpass", "active", StringComparison.Ordinal);
            peer.Call("accept", "peer", ToThem(Host.Answer(offer)));
        }

        Host.AwaitConnected();
    }

    /// <summary>Makes both sides, and leaves to the test how they learn of each other.</summary>
    private protected void Prepare(IScriptedPeer peer, bool weOffer, bool mustBePassive = false)
    {
        _peer = peer;
        var (on, address) = OwnAddress();
        _host = new ConnectionHost(weOffer, on, address);
        if (Recording is { } recording)
        {
            _host.CaptureTo(recording);
        }

        peer.Call("create", "peer", new { passive = mustBePassive }); // for stacks that do not see it from the offer
    }

    /// <summary>Their description with what the stack could say and does not.</summary>
    protected virtual string Complete(string description) => description;

    /// <summary>Opens a channel on our side.</summary>
    protected ushort Open(string label, DataChannelOptions? options = null) =>
        _opened[label] = Host.Run(
            (connection, now) => connection.OpenChannel(label, options ?? new DataChannelOptions(), now)
        );

    /// <summary>Whether the other side says of a channel that we open that it is open before it takes messages.</summary>
    protected virtual bool OpensEarly => false;

    /// <summary>Has the other side send a message of the pattern for each size.</summary>
    protected void TheySend(string label, params int[] sizes) => TheySend(label, [.. sizes.Cast<object>()]);

    /// <inheritdoc cref="TheySend(string, int[])"/>
    /// <param name="label">The channel.</param>
    /// <param name="messages">Sizes and texts.</param>
    protected void TheySend(string label, object[] messages)
    {
        if (OpensEarly && _opened.TryGetValue(label, out var channel))
        {
            Host.AwaitConfirmed(channel);
        }

        Peer.Call("send", "peer", label, messages);
    }

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
    protected static IPAddress OwnHost() => OwnAddress().Address;

    private protected static (LocalInterface On, IPAddress Address) OwnAddress() =>
        LocalInterface
            .List()
            .Where(each => each is { IsUp: true, IsLoopback: false })
            .SelectMany(each => each.Addresses.Select(own => (each, own.Address)))
            .First(each => each.Address.AddressFamily == AddressFamily.InterNetwork);
}
