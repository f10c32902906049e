using System.Net;
using PeerChat.Primitives;

namespace PeerChat.WebRtc.Tests.Connection;

/// <summary>Addresses as text, for tests.</summary>
internal static class Addresses
{
    public static TransportAddress Of(string endpoint) => new(IPEndPoint.Parse(endpoint));

    public static TransportAddress[] All(params string[] endpoints) => [.. endpoints.Select(Of)];
}
