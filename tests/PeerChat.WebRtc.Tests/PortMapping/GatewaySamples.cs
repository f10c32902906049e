using System.Text;
using PeerChat.WebRtc.PortMapping;

namespace PeerChat.WebRtc.Tests.PortMapping;

/// <summary>What gateways say, as the raw material of mutation.</summary>
internal static class GatewaySamples
{
    /// <summary>The nonce of the sample of PCP.</summary>
    public static byte[] Nonce { get; } = new byte[PcpMap.NonceSize];

    /// <summary>Where the sample of a description was.</summary>
    public static Uri Location { get; } = new("http://192.168.1.1:5000/desc.xml");

    /// <summary>One of each kind.</summary>
    public static IReadOnlyList<byte[]> All { get; } =
    [
        new FakeGateway().AnswerPcp(
            PcpMap.WriteRequest(Nonce, FakeGateway.Socket, null, TimeSpan.FromSeconds(7200))
        ),
        new FakeGateway().Announcement(),
        [0, 128, 0, 0, 0, 0, 1, 0, 50, 60, 70, 9],
        [0, 129, 0, 0, 0, 0, 1, 0, 0x6C, 0x45, 0x6C, 0x45, 0, 0, 0x1C, 0x20],
        Encoding.ASCII.GetBytes(
            "HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nLOCATION: http://192.168.1.1:5000/desc.xml\r\n\r\n"
        ),
        Encoding.UTF8.GetBytes(FakeGateway.Describe("/ctl/IPConn")),
        Encoding.UTF8.GetBytes(
            "<s:Envelope xmlns:s=\"a\"><s:Body><detail><errorCode>718</errorCode></detail></s:Body></s:Envelope>"
        ),
        Encoding.UTF8.GetBytes(
            "<s:Envelope xmlns:s=\"a\"><NewExternalIPAddress>50.60.70.9</NewExternalIPAddress></s:Envelope>"
        ),
    ];
}
