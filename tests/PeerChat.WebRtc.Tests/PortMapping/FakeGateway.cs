using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PeerChat.Primitives;
using PeerChat.TestKit;
using PeerChat.WebRtc.Tests.Connection;

namespace PeerChat.WebRtc.Tests.PortMapping;

/// <summary>A mapper, and a gateway that speaks what a test lets it, in virtual time.</summary>
internal sealed partial class FakeGateway
{
    public static readonly TransportAddress Socket = Addresses.Of("192.168.1.2:27717");
    public static readonly TransportAddress Gateway = Addresses.Of("192.168.1.1:5351");
    public static readonly TransportAddress External = Addresses.Of("50.60.70.9:27717");
    public static readonly TransportAddress Web = Addresses.Of("192.168.1.1:1900");

    public Instant Now { get; set; } = Instant.Origin;
    public PortMapper Mapper { get; } = new(new SeededEntropy(5));
    public bool SpeaksPcp { get; set; }
    public bool SpeaksNatPmp { get; set; }
    public bool SpeaksUpnp { get; set; }
    public byte PcpResult { get; set; }
    public uint Epoch { get; set; } = 1000;
    public uint Lifetime { get; set; } = 7200;
    public TransportAddress From { get; set; } = Gateway;
    public string Location { get; set; } = "http://192.168.1.1:5000/desc.xml";
    public string Description { get; set; } = Describe("/ctl/IPConn");
    public int DescriptionStatus { get; set; } = 200;
    public Queue<int> AddErrors { get; } = new();
    public List<Datagram> Sent { get; } = [];
    public List<PortMappingEvent.Http> Requests { get; } = [];
    public int Changes { get; private set; }

    public IEnumerable<byte[]> Pcp =>
        Sent.Where(one => one.Remote == Gateway && one.Payload.Span[0] == 2)
            .Select(one => one.Payload.ToArray());

    public static string Describe(string control) =>
        $"""
            <?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device><deviceList><device><serviceList>
            <service><serviceType>urn:schemas-upnp-org:service:Layer3Forwarding:1</serviceType><controlURL>/no</controlURL></service>
            <service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><controlURL>{control}</controlURL></service>
            </serviceList></device></deviceList></device></root>
            """;

    public FakeGateway Begin()
    {
        Mapper.SetSockets([(Socket, Gateway)], Now);
        Pump();
        return this;
    }

    public void Run(TimeSpan span)
    {
        var end = Now + span;
        while (Mapper.NextDeadline is { } next && next <= end)
        {
            Epoch += (uint)((next > Now ? next - Now : TimeSpan.Zero).TotalSeconds);
            Now = Instant.Max(Now, next);
            Mapper.HandleDeadline(Now);
            Pump();
        }

        Epoch += (uint)(end - Now).TotalSeconds;
        Now = end;
    }

    public void Pump()
    {
        var isQuiet = false;
        while (!isQuiet)
        {
            isQuiet = true;
            while (Mapper.TryTakeTransmit(out var datagram))
            {
                isQuiet = false;
                Sent.Add(datagram with { Payload = datagram.Payload.ToArray() });
                Answer(datagram);
            }

            while (Mapper.TryTakeEvent(out var happened))
            {
                isQuiet = false;
                if (happened is PortMappingEvent.Http http)
                {
                    Requests.Add(http);
                    AnswerHttp(http);
                }
                else
                {
                    Changes++;
                }
            }
        }
    }

    public byte[] Announcement()
    {
        var bytes = new byte[24];
        (bytes[0], bytes[1]) = (2, 0x80);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), Epoch);
        return bytes;
    }

    public byte[] AnswerPcp(ReadOnlySpan<byte> request)
    {
        var bytes = request.ToArray();
        bytes[1] |= 0x80;
        bytes[3] = PcpResult;
        BinaryPrimitives.WriteUInt32BigEndian(
            bytes.AsSpan(4),
            BinaryPrimitives.ReadUInt32BigEndian(request[4..]) == 0 ? 0 : Lifetime
        );
        bytes.AsSpan(8, 16).Clear();
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), Epoch);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(42), External.Port);
        bytes.AsSpan(44, 10).Clear();
        (bytes[54], bytes[55]) = (0xFF, 0xFF);
        External.WriteAddress(bytes.AsSpan(56));
        return bytes;
    }

    private void Answer(Datagram datagram)
    {
        var request = datagram.Payload.Span;
        if (datagram.Remote == Gateway && request[0] == 2 && SpeaksPcp)
        {
            Give(AnswerPcp(request));
        }
        else if (datagram.Remote == Gateway && request[0] == 2 && SpeaksNatPmp)
        {
            Give([0, 0x81, 0, 1, 0, 0, 0, 0]);
        }
        else if (datagram.Remote == Gateway && request[0] == 0 && SpeaksNatPmp)
        {
            var bytes = new byte[request[1] == 0 ? 12 : 16];
            bytes[1] = (byte)(0x80 | request[1]);
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Epoch);
            if (request[1] == 0)
            {
                External.WriteAddress(bytes.AsSpan(8));
            }
            else
            {
                request.Slice(4, 2).CopyTo(bytes.AsSpan(8));
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(10), External.Port);
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(12), Lifetime);
            }

            Give(bytes);
        }
        else if (datagram.Remote == Web && SpeaksUpnp)
        {
            Mapper.HandleDatagram(
                Now,
                Socket,
                From.WithPort(1900),
                Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nLocation: {Location}\r\n\r\n"
                )
            );
        }
    }

    private void Give(byte[] bytes) => Mapper.HandleDatagram(Now, Socket, From, bytes);

    private void AnswerHttp(PortMappingEvent.Http http)
    {
        var (status, body) = (200, Description);
        if (http.Action is null)
        {
            status = DescriptionStatus;
        }
        else if (http.Action.EndsWith("GetExternalIPAddress\"", StringComparison.Ordinal))
        {
            body = $"<e><NewExternalIPAddress>{External.ToIPAddress()}</NewExternalIPAddress></e>";
        }
        else if (AddErrors.TryDequeue(out var error))
        {
            (status, body) = (500, $"<e><errorCode>{error}</errorCode></e>");
        }
        else
        {
            body = "<e/>";
        }

        Mapper.HandleHttp(http.Exchange, status, Encoding.UTF8.GetBytes(body), Now);
    }

    public static int PortOf(PortMappingEvent.Http http) =>
        int.Parse(ExternalPort().Match(http.Body).Groups["port"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("<NewExternalPort>(?<port>[0-9]+)<", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ExternalPort();
}
