using System.Collections.Concurrent;
using System.Net;
using PeerChat.Node.Transport;
using PeerChat.Primitives;
using PeerChat.Rendezvous.Lan;
using PeerChat.WebRtc.Sdp;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>Our multicast DNS on one interface, with real sockets: it resolves names of neighbours, and answers for one's own.</summary>
internal sealed class NeighbourNames : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly NodeClock _clock = new();
    private readonly BlockingCollection<Action> _work = [];
    private readonly Dictionary<string, Action<TransportAddress>> _waiting = new(
        StringComparer.OrdinalIgnoreCase
    );
    private readonly LanRendezvous _lan;
    private readonly MulticastPort _port;
    private readonly Thread _thread;
    private volatile bool _isOver;

    /// <summary>Opens the sockets and starts the loop.</summary>
    public NeighbourNames(LocalInterface on)
    {
        _lan = new LanRendezvous(new SystemEntropy(), _clock.Now);
        _lan.SetAddresses(
            [
                new LanInterface(
                    on.Index,
                    on.Name,
                    on.IsLoopback,
                    [
                        .. on.Addresses.Select(own => new LanAddress(
                            new TransportAddress(own.Address, 0),
                            own.PrefixLength
                        )),
                    ]
                ),
            ],
            _clock.Now
        );
        _port = new MulticastPort(Take);
        _port.Refresh([on]);
        _thread = new Thread(Loop) { IsBackground = true, Name = "multicast DNS" };
        _thread.Start();
    }

    /// <summary>Makes names for addresses.</summary>
    public IReadOnlyDictionary<TransportAddress, string> Hide(params IPAddress[] addresses)
    {
        var names = new TaskCompletionSource<IReadOnlyDictionary<TransportAddress, string>>();
        _work.Add(() =>
            names.SetResult(
                addresses
                    .Select(address => new TransportAddress(address, 0))
                    .ToDictionary(address => address, _lan.HideBehindName)
            )
        );
        return names.Task.WaitAsync(Patience).GetAwaiter().GetResult();
    }

    /// <summary>Tells the address behind a name as soon as a neighbour does, on the loop's thread.</summary>
    /// <remarks>None may come: a browser has names for "::" as well when an interface has no IPv6 address yet.</remarks>
    public void Resolve(SdpHostNameCandidate candidate, Action<TransportAddress> tell) =>
        _work.Add(() =>
        {
            _waiting[candidate.HostName] = tell;
            _lan.TryResolve(candidate.HostName, _clock.Now);
        });

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        _work.Add(() => { });
        _thread.Join();
        _port.Dispose();
    }

    private bool Take(in ReceivedDatagram datagram)
    {
        var taken = datagram;
        _work.Add(() =>
        {
            _lan.HandleDatagram(_clock.Now, taken.InterfaceIndex, taken.Remote, taken.Payload.Span);
            taken.Release();
        });
        return true;
    }

    private void Loop()
    {
        while (!_isOver)
        {
            if (_work.TryTake(out var next, _clock.Until(_lan.NextDeadline)))
            {
                next();
            }

            _lan.HandleDeadline(_clock.Now);
            while (_lan.TryTakeEvent(out var happened))
            {
                if (
                    happened is LanEvent.HostNameResolved resolved
                    && _waiting.Remove(resolved.HostName, out var waiting)
                )
                {
                    waiting(resolved.Address);
                }
            }

            while (_lan.TryTakeTransmit(out var datagram))
            {
                _port.Send(datagram);
            }
        }
    }
}
