using PeerChat.Node.Files;
using PeerChat.Node.Tests.Storage;
using PeerChat.Node.Transport;
using PeerChat.Primitives;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Transport;

/// <summary>The thread on which blocks are read and written.</summary>
public sealed class FileThreadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void What_comes_of_many_small_jobs_is_told_in_few_goes()
    {
        const int Jobs = 100;
        using var folder = new TemporaryFolder();
        using var store = new BlockStore(folder.In("blocks"));
        using var first = new ManualResetEventSlim();
        using var all = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        var (goes, last) = (0, new Bytes32([.. Enumerable.Repeat((byte)1, Bytes32.Size)]));
        using var thread = new FileThread(_ =>
        {
            goes++;
            first.Set();
            all.Wait(Patience); // the loop is busy while the others come
            if (goes == 3)
            {
                done.Set();
            }
        });
        var file = new Rooms.Files.FileAnnouncement(default, last, default, "a", 0, 1, false, "");
        var tell = new FileJob.Tell(1, 1, store, file, default, default);
        thread.Begin(tell);
        first.Wait(Patience, TestContext.Current.CancellationToken).ShouldBeTrue();
        for (var job = 0; job < Jobs; job++)
        {
            thread.Begin(tell);
        }

        all.Set();
        done.Wait(Patience, TestContext.Current.CancellationToken).ShouldBeTrue(); // the first; sixty-four; the rest
        thread.Dispose();
        goes.ShouldBe(3);
    }
}
