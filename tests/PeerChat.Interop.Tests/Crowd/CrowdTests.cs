using System.Diagnostics;
using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.Crowd;

/// <summary>Many real processes in one open room on loopback.</summary>
[Collection(nameof(CrowdCollection))]
public sealed class CrowdTests : ProcessTests
{
    private const int Many = 20;
    private const int Few = 6;

    // HyParView's active view, and whoever is just coming or going.
    private const int MostLinks = 8 + 3;

    private static bool IsLong => Environment.GetEnvironmentVariable("PEERCHAT_LONG") == "1";

    private static int Kills => IsLong ? 200 : 15;

    [Fact]
    public void Twenty_processes_in_one_room_have_few_links_each_and_every_message()
    {
        SkipUnlessAsked();
        Assert.SkipUnless(IsLong, "Takes minutes; .ci/run --long sets PEERCHAT_LONG=1.");
        var crowd = Gather(Many);
        crowd.ForEach(one => one.WaitUntil(member => member.CountLinks() > 0, "A link"));
        for (var round = 0; round < 3; round++)
        {
            crowd.ForEach(one => one.Send());
        }

        WaitUntilAllHave(crowd);
        crowd.ForEach(one =>
            one.WaitUntil(member => member.CountLinks() <= MostLinks, "No more links than are wanted")
        );
        crowd.ForEach(one => one.Send());
        WaitUntilAllHave(crowd);
        Check(crowd);
    }

    [Fact]
    public void Kills_while_everybody_talks_lose_no_acknowledged_message_and_double_none()
    {
        SkipUnlessAsked();
        var random = new Random(1);
        var crowd = Gather(Few);
        crowd.ForEach(one => one.Send());
        for (var kill = 0; kill < Kills; kill++)
        {
            foreach (var one in crowd)
            {
                one.BeginSend();
            }

            var victim = crowd[random.Next(crowd.Count)];
            Thread.SpinWait(random.Next(2_000_000)); // somewhere between the request and its answer, or after it
            victim.KillAndReturn();
            crowd.ForEach(one => one.FinishSend());
        }

        WaitUntilAllHave(crowd);
        Check(crowd);
    }

    private List<CrowdMember> Gather(int count)
    {
        var room = NameOf("crowd");
        var crowd = new List<CrowdMember>();
        for (var i = 0; i < count; i++)
        {
            var user = NameOf($"c{i:00}");
            crowd.Add(new CrowdMember(user, room, () => PeerChat(user, null, "rpc", "--user", user)));
        }

        crowd.ForEach(one => one.Enter());
        return crowd;
    }

    private static void WaitUntilAllHave(List<CrowdMember> crowd)
    {
        var count = crowd.Sum(one => one.Acknowledged.Count);
        crowd.ForEach(one =>
            one.WaitUntil(member => member.ReadTexts().Count >= count, $"All {count} messages")
        );
    }

    private void Check(List<CrowdMember> crowd)
    {
        var order = crowd[0].ReadTexts();
        order
            .Order(StringComparer.Ordinal)
            .ShouldBe(crowd.SelectMany(one => one.Acknowledged).Order(StringComparer.Ordinal));
        foreach (var one in crowd)
        {
            one.ReadTexts().ShouldBe(order, one.Name);
            one.End();
        }

        foreach (var database in Directory.EnumerateFiles(Folder, "history.db", SearchOption.AllDirectories))
        {
            using var check = Process.Start(
                new ProcessStartInfo(
                    "python3",
                    [
                        "-c",
                        "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('PRAGMA integrity_check').fetchall())",
                        database,
                    ]
                )
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                }
            )!;
            check.StandardOutput.ReadToEnd().Trim().ShouldBe("[('ok',)]", database);
            check.WaitForExit();
        }
    }
}
