using PeerChat.Node.Storage;
using PeerChat.Node.Transport;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Transport;

public sealed class CommandRequestTests
{
    private static readonly StorageException DiskFull = new(StorageProblem.DiskFull, "The disk is full.");

    [Fact]
    public async Task What_could_not_be_stored_is_refused()
    {
        var request = new CommandRequest(new NodeCommand.GetStatus(), _ => { });
        request.FailStorage(DiskFull);
        (await request.Reply).ShouldBe(new NodeReply.Refused(RefusalCode.Storage, "The disk is full."));
    }

    [Fact]
    public async Task A_file_beside_the_history_that_cannot_be_written_refuses_that_command_alone()
    {
        var request = new CommandRequest(new NodeCommand.SetAnnounceName(true), _ => throw DiskFull);
        request.Handle(null!, default, default); // the engine hears nothing of it
        request.Complete(null!);
        (await request.Reply).ShouldBe(new NodeReply.Refused(RefusalCode.Storage, "The disk is full."));
    }

    [Fact]
    public async Task The_first_outcome_holds()
    {
        var answered = new CommandRequest(new NodeCommand.GetStatus(), _ => { });
        answered.FailStorage(DiskFull);
        answered.Fail(new NodeGoneException("gone"));
        (await answered.Reply).ShouldBeOfType<NodeReply.Refused>();

        var gone = new CommandRequest(new NodeCommand.GetStatus(), _ => { });
        gone.Fail(new NodeGoneException("gone"));
        (await Should.ThrowAsync<NodeGoneException>(() => gone.Reply)).Message.ShouldBe("gone");
    }

    [Fact]
    public void Whoever_waits_goes_on_on_another_thread()
    {
        var request = new CommandRequest(new NodeCommand.GetStatus(), _ => { });
        using var went = new ManualResetEventSlim();
        var thread = 0;
        _ = Wait();
        request.FailStorage(DiskFull);
        went.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken).ShouldBeTrue();
        thread.ShouldNotBe(Environment.CurrentManagedThreadId);

        async Task Wait()
        {
            await request.Reply;
            thread = Environment.CurrentManagedThreadId;
            went.Set();
        }
    }
}
