using System.Diagnostics;
using System.Globalization;
using PeerChat.Interop.Tests.Crowd;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.Nat;

/// <summary>Five processes in one room, on a network on which nothing lasts.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Healing = TimeSpan.FromMinutes(10);

    private static readonly NatKind[] Kinds =
    [
        NatKind.None,
        NatKind.None,
        NatKind.PortRestricted,
        NatKind.PortRestricted,
        NatKind.Symmetric,
    ];

    /// <summary>How long it goes on.</summary>
    private static TimeSpan Length =>
        TimeSpan.FromMinutes(
            double.Parse(
                Environment.GetEnvironmentVariable("PEERCHAT_CHAOS_MINUTES") ?? "30",
                CultureInfo.InvariantCulture
            )
        );

    [Theory]
    [InlineData(1)]
    public void Through_changes_of_address_dead_services_partitions_and_kills_every_message_arrives_once(
        int seed
    )
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PEERCHAT_LONG") == "1",
            "Takes half an hour; .ci/run --long sets PEERCHAT_LONG=1."
        );
        using var network = new NatNetwork();
        var server = network.StartServers();
        var hosts = Kinds.Select((kind, i) => network.AddHost($"h{i}", kind)).ToList();
        var crowd = hosts
            .Select(
                (host, i) =>
                    new CrowdMember(
                        $"c{i}",
                        "storm",
                        () =>
                            network.Talk(
                                host,
                                $"c{i}",
                                "rpc",
                                "--public",
                                "--peerserver",
                                NatNetwork.PeerServerUrl,
                                "--stun",
                                NatNetwork.ServerAddress
                            )
                    )
            )
            .ToList();
        crowd.ForEach(one => one.Enter());

        var random = new Random(seed);
        var undo = new List<Action>();
        var isDown = false;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Length)
        {
            crowd.ForEach(one => one.BeginSend());
            var at = random.Next(hosts.Count);
            var action = random.Next(6);
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed:mm\\:ss} {action} at {at}")
            );
            switch (action)
            {
                case 0:
                    network.Move(hosts[at]);
                    break;
                case 1:
                    network.Switch(hosts[at], isOn: false);
                    undo.Add(() => network.Switch(hosts[at], isOn: true));
                    break;
                case 2:
                    foreach (var host in hosts.Take(at))
                    {
                        network.Cut(host, isCut: true);
                        undo.Add(() => network.Cut(host, isCut: false));
                    }

                    break;
                case 3 when !isDown:
                    server.Kill();
                    isDown = true;
                    undo.Add(() => (server, isDown) = (network.StartPeerServer(), false));
                    break;
                case 4:
                    crowd[at].KillAndReturn();
                    break;
                default:
                    undo.ForEach(heal => heal());
                    undo.Clear();
                    break;
            }

            if (undo.Count > hosts.Count)
            {
                undo.ForEach(heal => heal());
                undo.Clear();
            }

            crowd.ForEach(one => one.FinishSend());
            Pause(Pace);
        }

        undo.ForEach(heal => heal());
        var expected = crowd.SelectMany(one => one.Acknowledged).Order(StringComparer.Ordinal).ToList();
        clock.Restart();
        while (crowd.Exists(one => one.ReadTexts().Count < expected.Count) && clock.Elapsed < Healing)
        {
            Pause(TimeSpan.FromSeconds(2));
        }

        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{expected.Count} messages, all everywhere {clock.Elapsed.TotalSeconds:0} s after the last change"
            )
        );
        foreach (var one in crowd)
        {
            one.ReadTexts().Order(StringComparer.Ordinal).ToList().ShouldBe(expected, one.Name);
        }
    }

    // The weather changes at its own pace; there is no event to wait for.
    private static void Pause(TimeSpan time)
    {
        using var never = new ManualResetEventSlim();
        never.Wait(time);
    }
}
