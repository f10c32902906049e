using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PeerChat.Benchmarks.Link;

/// <summary>A TCP flow with CUBIC, one process at each end: what a browser's or a backup's transfer is to the link.</summary>
internal static class TcpFlow
{
    /// <summary>The word with which this program takes one.</summary>
    public const string SinkVerb = "tcp-sink";

    /// <summary>The word with which this program sends one.</summary>
    public const string SourceVerb = "tcp-source";

    private const int Port = 5999;
    private const int Tcp = 6; // IPPROTO_TCP
    private const int TcpCongestion = 13; // <linux/tcp.h>

    /// <summary>Takes what comes, and says how much it was whenever it is asked for the <c>count</c>.</summary>
    public static int Sink(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), Port);
        listener.Start();
        var received = 0L;
        new Thread(() =>
        {
            using var socket = listener.AcceptSocket();
            var buffer = new byte[1 << 16];
            try
            {
                for (int length; (length = socket.Receive(buffer)) > 0; )
                {
                    Interlocked.Add(ref received, length);
                }
            }
            catch (SocketException)
            {
                // the source was ended in the middle of something
            }
        })
        {
            IsBackground = true,
        }.Start();
        Console.Out.WriteLine("ready");
        while (Console.In.ReadLine() is { })
        {
            Console.Out.WriteLine($"count {Interlocked.Read(ref received)}");
        }

        return 0;
    }

    /// <summary>Sends until its input ends.</summary>
    public static int Source(string address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetRawSocketOption(Tcp, TcpCongestion, Encoding.ASCII.GetBytes("cubic"));
        socket.Connect(IPAddress.Parse(address), Port);
        new Thread(() =>
        {
            var buffer = new byte[1 << 16];
            try
            {
                while (true)
                {
                    socket.Send(buffer);
                }
            }
            catch (SocketException)
            {
                // the other side has gone
            }
        })
        {
            IsBackground = true,
        }.Start();
        Console.Out.WriteLine("ready");
        while (Console.In.ReadLine() is { })
        {
            // until the end of the input
        }

        return 0;
    }
}
