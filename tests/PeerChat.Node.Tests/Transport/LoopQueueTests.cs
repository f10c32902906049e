using System.Diagnostics;
using PeerChat.Node.Transport;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Transport;

public sealed class LoopQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public void Gives_items_in_the_order_in_which_they_came()
    {
        var queue = new LoopQueue<int>(capacity: 10);
        queue.TryEnqueue(1).ShouldBeTrue();
        queue.Enqueue(2);

        queue.TryDequeue(TimeSpan.Zero, out var first).ShouldBeTrue();
        queue.TryDequeue(TimeSpan.Zero, out var second).ShouldBeTrue();
        queue.TryDequeue(TimeSpan.Zero, out _).ShouldBeFalse();
        (first, second).ShouldBe((1, 2));
    }

    [Fact]
    public void Refuses_and_counts_what_may_be_lost_when_full_and_takes_what_may_not()
    {
        var queue = new LoopQueue<int>(capacity: 2);
        queue.TryEnqueue(1).ShouldBeTrue();
        queue.TryEnqueue(2).ShouldBeTrue();
        queue.TryEnqueue(3).ShouldBeFalse();
        queue.Enqueue(4);

        queue.Refused.ShouldBe(1);
        queue.Count.ShouldBe(3);
    }

    [Fact]
    public void Comes_back_empty_after_the_time_limit_and_not_before()
    {
        var queue = new LoopQueue<int>(capacity: 2);
        var start = Stopwatch.GetTimestamp();

        queue.TryDequeue(TimeSpan.FromMilliseconds(30.2), out _).ShouldBeFalse();

        Stopwatch.GetElapsedTime(start).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(30.2));
    }

    [Fact]
    public void Loses_nothing_between_many_producers_and_one_consumer()
    {
        const int Producers = 4;
        const int Each = 10_000;
        var queue = new LoopQueue<int>(capacity: 1);
        var threads = Enumerable
            .Range(0, Producers)
            .Select(p => new Thread(() => Produce(queue, p, Each)))
            .ToList();
        threads.ForEach(thread => thread.Start());
        var next = new int[Producers];
        var batch = new List<int>();
        for (var got = 0; got < Producers * Each; )
        {
            queue.Wait(Patience);
            var count = queue.TakeWaiting(batch, max: 64);
            count.ShouldBeGreaterThan(0);
            foreach (var item in batch)
            {
                var producer = item / Each;
                (item % Each).ShouldBe(next[producer]++);
            }

            got += count;
            batch.Clear();
        }

        threads.ForEach(thread => thread.Join());

        static void Produce(LoopQueue<int> to, int producer, int count)
        {
            for (var i = 0; i < count; i++)
            {
                to.Enqueue((producer * count) + i);
            }
        }
    }

    [Fact]
    public void Who_takes_without_waiting_takes_no_wake_up_away()
    {
        var queue = new LoopQueue<int>(10);
        queue.Wake();
        queue.TakeWaiting([], max: 1).ShouldBe(0);

        var start = Stopwatch.GetTimestamp();
        queue.Wait(Patience);

        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(Patience);
    }

    [Fact]
    public void A_closed_queue_gives_back_what_nobody_took_and_takes_nothing_more()
    {
        var queue = new LoopQueue<int>(10);
        queue.Enqueue(1).ShouldBeTrue();
        queue.Enqueue(2).ShouldBeTrue();

        queue.Close().ShouldBe([1, 2]);
        queue.Enqueue(3).ShouldBeFalse();
        queue.TryEnqueue(4).ShouldBeFalse();
        queue.Count.ShouldBe(0);
    }
}
