using PeerChat.WebRtc.Dtls;
using PeerChat.WebRtc.Dtls.Messages;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Dtls;

public sealed class FlightTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1174)]
    [InlineData(1175)]
    [InlineData(1176)]
    [InlineData(5000)]
    public void Cuts_what_does_not_fit_into_1200_bytes_and_can_be_joined_again(int size)
    {
        var flight = new Flight();
        byte[][] messages =
        [
            HandshakeMessage.Encode(new CertificateMessage(Filled(30)), 0),
            HandshakeMessage.Encode(new CertificateMessage(Filled(size)), 1),
            HandshakeMessage.Encode(default(ServerHelloDone), 2),
            HandshakeMessage.Encode(new CertificateMessage(Filled(size)), 3),
        ];
        Array.ForEach(messages, flight.Add);

        var datagrams = new BufferQueue();
        using var records = new RecordLayer();
        var reassembler = new HandshakeReassembler();
        for (var round = 0; round < 2; round++)
        {
            flight.Write(records, datagrams);
            while (datagrams.TryTake(out var datagram))
            {
                datagram.Length.ShouldBeInRange(1, Flight.MaxDatagram);
                var rest = datagram.Span;
                while (RecordHeader.TryParse(rest, out var record))
                {
                    var body = rest.Slice(RecordHeader.Size, record.Length);
                    rest = rest[(RecordHeader.Size + record.Length)..];
                    HandshakeHeader.TryParse(body, out var header).ShouldBeTrue();
                    reassembler.TryAdd(header, body[HandshakeHeader.Size..]).ShouldBeTrue();
                }

                rest.Length.ShouldBe(0);
            }
        }

        foreach (var message in messages)
        {
            reassembler.TryTakeNext(out _, out var joined).ShouldBeTrue();
            joined.ShouldBe(message);
        }
    }

    private static byte[] Filled(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)i)];
}
