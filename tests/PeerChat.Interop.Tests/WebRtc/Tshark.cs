using System.Diagnostics;
using System.Globalization;
using PeerChat.Primitives;
using Shouldly;

namespace PeerChat.Interop.Tests.WebRtc;

/// <summary>Wireshark's dissectors over a capture of one connection. It starts slowly, so all is asked at once.</summary>
internal sealed class Tshark : IDisposable
{
    private const int ErrorSeverity = 0x0080_0000; // PI_ERROR, the highest
    private const string KeyLog = "keys.txt";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peerchat-capture-");

    /// <summary>Dissects, decrypts, and dissects what was inside.</summary>
    /// <param name="capture">All datagrams of the connection, the protected ones as they were sent.</param>
    /// <param name="keyLogLine">The line of <c>PeerConnection.KeyLogLine</c>.</param>
    /// <param name="ports">Our UDP ports: what comes from others is used for decryption only.</param>
    public Tshark(Capture capture, string keyLogLine, params int[] ports)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, KeyLog), keyLogLine + "\n");
        string[] decodeAs = [.. ports.SelectMany(port => new[] { "-d", $"dtls.port=={port},data" })];
        var all = Dissect(capture, decodeAs, ["udp.srcport", "frame.protocols", "data.data"]);
        Datagrams =
        [
            .. all.Where(each => ports.Contains(int.Parse(each.Values[0], CultureInfo.InvariantCulture))),
        ];

        // It cannot be told that SCTP lies in DTLS; what was decrypted gets a capture of its own.
        var packets = new Capture(Capture.Sctp);
        foreach (var datagram in Datagrams)
        {
            foreach (var hex in datagram.Values[2].Split('|', StringSplitOptions.RemoveEmptyEntries))
            {
                packets.Add(Instant.Origin, Convert.FromHexString(hex));
            }
        }

        Packets = Dissect(packets, [], ["sctp.checksum", "frame.protocols", "sctp.chunk_type"]);
    }

    /// <summary>Our datagrams; the second value names the protocols in them.</summary>
    public IReadOnlyList<Row> Datagrams { get; }

    /// <summary>The SCTP packets that were in them.</summary>
    public IReadOnlyList<Row> Packets { get; }

    /// <summary>What Wireshark takes for an error or cannot read.</summary>
    public string[] Faults =>
        [
            .. Datagrams
                .Concat(Packets)
                .SelectMany(row => row.Faults, (row, fault) => $"{row.Values[1]}: {fault}"),
        ];

    /// <summary>Our datagrams that hold a protocol.</summary>
    public int CountOf(string protocol) =>
        Datagrams.Count(each => each.Values[1].Split(':').Contains(protocol, StringComparer.Ordinal));

    /// <summary>SCTP chunks of a type.</summary>
    public int Chunks(int type) =>
        Packets
            .SelectMany(each => each.Values[2].Split('|', StringSplitOptions.RemoveEmptyEntries))
            .Count(each => int.Parse(each, CultureInfo.InvariantCulture) == type);

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private List<Row> Dissect(Capture capture, string[] decodeAs, string[] fields)
    {
        var file = Path.Combine(_folder.FullName, "capture.pcap");
        var count = capture.Save(file);
        var start = new ProcessStartInfo(
            "tshark",
            [
                "-n",
                "-r",
                file,
                "-o",
                $"tls.keylog_file:{Path.Combine(_folder.FullName, KeyLog)}",
                "-o",
                "sctp.checksum:CRC 32c",
                .. decodeAs,
                "-T",
                "fields",
                "-E",
                "aggregator=|",
                "-e",
                "_ws.expert.severity",
                "-e",
                "_ws.expert.message",
                .. fields.SelectMany(field => new[] { "-e", field }),
            ]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, errors.GetAwaiter().GetResult());
        List<Row> rows = [.. text.Split('\n')[..^1].Select(line => Row.Of(line.Split('\t')))];
        rows.Count.ShouldBe(count);
        return rows;
    }

    /// <summary>One packet in Wireshark's eyes.</summary>
    /// <param name="Values">The fields that were asked for.</param>
    /// <param name="Faults">What is wrong with it.</param>
    internal sealed record Row(string[] Values, string[] Faults)
    {
        /// <summary>Reads severities, messages, and the fields.</summary>
        public static Row Of(string[] columns)
        {
            var severities = columns[0].Split('|', StringSplitOptions.RemoveEmptyEntries);
            var messages = columns[1].Split('|');
            var values = columns[2..];
            List<string> faults =
            [
                .. severities
                    .Zip(messages)
                    .Where(each => int.Parse(each.First, CultureInfo.InvariantCulture) >= ErrorSeverity)
                    .Select(each => each.Second),
            ];
            // Zero stands for "none" (RFC 9653), which it does not know.
            if (values[0] is "0x00000000")
            {
                faults.RemoveAll(each => each.StartsWith("Bad SCTP checksum", StringComparison.Ordinal));
            }

            if (values[1].Contains("malformed", StringComparison.Ordinal) && faults.Count == 0)
            {
                faults.Add("malformed");
            }

            return new Row(values, [.. faults]);
        }
    }
}
