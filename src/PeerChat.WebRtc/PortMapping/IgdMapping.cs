using PeerChat.Primitives;

namespace PeerChat.WebRtc.PortMapping;

/// <summary>One port on a gateway by UPnP: search, description, address, mapping.</summary>
internal sealed class IgdMapping
{
    private const string Ask = "GetExternalIPAddress";
    private const string Add = "AddPortMapping";
    private const string Delete = "DeletePortMapping";

    private readonly TransportAddress _local;
    private readonly TransportAddress _gateway;
    private readonly IEntropy _entropy;
    private readonly Queue<Datagram> _searches = new();
    private readonly Queue<(Uri Url, string? Action, string Body)> _requests = new();
    private IReadOnlyList<(string Type, Uri Control)> _services = [];
    private Uri? _location;
    private string? _asked;
    private int _service;
    private int _attempts;
    private int _port;
    private TimeSpan _lease = PortMappingLimits.Lifetime;
    private TransportAddress? _address;
    private Instant? _deadline;
    private bool _isSecondSearch;

    /// <summary>Begins to search.</summary>
    public IgdMapping(TransportAddress local, TransportAddress gateway, IEntropy entropy, Instant now)
    {
        (_local, _gateway, _entropy, _port) = (local, gateway, entropy, local.Port);
        Search(now);
    }

    /// <summary>The address on the outside; null without.</summary>
    public TransportAddress? External { get; private set; }

    /// <summary>Whether there is no answer, or a no.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Why, where the gateway answered; empty where it did not.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>When <see cref="HandleDeadline"/> is due.</summary>
    public Instant? NextDeadline => HasFailed ? null : _deadline;

    /// <summary>Takes what may be an answer to the search in; true where it is one.</summary>
    public bool HandleSearchAnswer(ReadOnlySpan<byte> datagram, Instant now)
    {
        if (HasFailed || _location is not null || !SsdpAnswer.IsAnswer(datagram))
        {
            return false;
        }

        if (SsdpAnswer.TryParse(datagram, _gateway, out var answer))
        {
            _location = answer.Location;
            Request(_location, null, "", now);
        }

        return true;
    }

    /// <summary>Takes the answer of an exchange by HTTP in; a status of 0 is none.</summary>
    public void HandleHttp(int status, ReadOnlySpan<byte> body, Instant now)
    {
        var asked = _asked;
        (_asked, _deadline) = (null, null);
        if (HasFailed)
        {
            return;
        }

        if (asked == "")
        {
            HandleDescription(status, body, now);
        }
        else if (!IgdAnswer.TryParse(status, body, out var answer))
        {
            Fail(status == 0 ? "" : $"answers what makes no sense (HTTP status {status})");
        }
        else if (asked == Ask)
        {
            HandleAddress(answer, now);
        }
        else
        {
            HandleMapping(answer, now);
        }
    }

    /// <summary>Searches again, renews or gives up.</summary>
    public void HandleDeadline(Instant now)
    {
        if (HasFailed || _deadline is not { } due || now < due)
        {
            return;
        }

        if (External is not null && _asked is null)
        {
            AskForAddress(now);
        }
        else if (_location is null && !_isSecondSearch)
        {
            _isSecondSearch = true;
            Search(now);
        }
        else
        {
            Fail("");
        }
    }

    /// <summary>Gives the port back.</summary>
    public void Release(Instant now)
    {
        if (External is not null)
        {
            var (type, control) = _services[_service];
            _requests.Enqueue(
                (control, IgdAnswer.ActionHeader(type, Delete), IgdAnswer.WriteDeletePortMapping(type, _port))
            );
        }

        Fail("");
        _deadline = now;
    }

    /// <summary>The next datagram of the search.</summary>
    public bool TryTakeSearch(out Datagram datagram) => _searches.TryDequeue(out datagram);

    /// <summary>The next exchange by HTTP.</summary>
    public bool TryTakeRequest(out (Uri Url, string? Action, string Body) request) =>
        _requests.TryDequeue(out request);

    private void Search(Instant now)
    {
        // To the group, as the standard says, and to the gateway, since some networks drop multicast; nobody else is listened to.
        foreach (var to in new[] { SsdpAnswer.Group, _gateway.WithPort(PortMappingLimits.SearchPort) })
        {
            _searches.Enqueue(new Datagram(_local, to, SsdpAnswer.WriteSearch()));
        }

        _deadline = now + PortMappingLimits.SearchWait;
    }

    private void HandleDescription(int status, ReadOnlySpan<byte> body, Instant now)
    {
        if (status != 200 || !IgdDescription.TryParse(body, _location!, _gateway, out var description))
        {
            Fail(
                status == 200
                    ? "describes itself in a way that makes no sense"
                    : $"does not describe itself (HTTP status {status})"
            );
            return;
        }

        _services = description.Services;
        AskForAddress(now);
    }

    private void AskForAddress(Instant now)
    {
        var type = _services[_service].Type;
        Request(_services[_service].Control, Ask, IgdAnswer.WriteGetExternalIPAddress(type), now);
    }

    private void HandleAddress(in IgdAnswer answer, Instant now)
    {
        if (answer is { Error: 0, External: { } address } && PortMapper.IsUsable(address.WithPort(1)))
        {
            _address = address;
            AddMapping(now);
        }
        else if (++_service < _services.Count)
        {
            AskForAddress(now); // one of several ways out that is not connected
        }
        else
        {
            _service = 0;
            Fail(
                answer.Error == 0
                    ? "is not connected to the outside"
                    : $"tells no external address (UPnP error {answer.Error})"
            );
        }
    }

    private void AddMapping(Instant now)
    {
        var type = _services[_service].Type;
        Request(
            _services[_service].Control,
            Add,
            IgdAnswer.WriteAddPortMapping(type, _port, _local, _lease),
            now
        );
    }

    private void HandleMapping(in IgdAnswer answer, Instant now)
    {
        switch (answer.Error)
        {
            case 0:
                External = _address!.Value.WithPort(_port);
                _deadline = now + PortMappingLimits.UpnpRenewal;
                break;
            case IgdAnswer.OnlyPermanentLeases when _lease > TimeSpan.Zero:
                _lease = TimeSpan.Zero;
                AddMapping(now);
                break;
            case IgdAnswer.Conflict when ++_attempts < PortMappingLimits.MaxPortAttempts:
                _port = 1024 + (int)(_entropy.NextUInt32() % (ushort.MaxValue - 1024));
                AddMapping(now);
                break;
            case IgdAnswer.NotAuthorized:
                Fail("does not allow ports to be mapped");
                break;
            default:
                Fail($"refuses to map a port (UPnP error {answer.Error})");
                break;
        }
    }

    private void Request(Uri url, string? action, string body, Instant now)
    {
        var header = action is null ? null : IgdAnswer.ActionHeader(_services[_service].Type, action);
        _asked = action ?? "";
        _requests.Enqueue((url, header, body));
        _deadline = now + PortMappingLimits.HttpTimeout;
    }

    private void Fail(string problem)
    {
        (HasFailed, External, Problem, _deadline) = (true, null, problem, null);
    }
}
