using System.Net;
using PeerChat.Node.Transport;
using PeerChat.Primitives;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Transport;

public sealed class EventLoopTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TransportAddress Here = new(IPAddress.Loopback, 5);

    private readonly NodeClock _clock = new();
    private readonly Owner _owner;
    private readonly EventLoop<int> _loop;
    private readonly TaskCompletionSource<Exception?> _ended = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly Thread _thread;

    public EventLoopTests()
    {
        _owner = new Owner(_clock);
        _loop = new EventLoop<int>(_owner, _clock);
        _thread = new Thread(Run) { IsBackground = true };
    }

    public void Dispose()
    {
        _owner.Stop();
        _loop.Post(Owner.Nothing);
        if (_thread.IsAlive)
        {
            _thread.Join(Patience).ShouldBeTrue();
        }

        _owner.Dispose();
    }

    [Fact]
    public void A_datagram_is_handled_on_the_thread_that_brings_it_and_its_turn_is_over_when_it_returns()
    {
        _thread.Start();

        _loop.Deliver(Datagram(7)).ShouldBeTrue();

        _owner.Done.ShouldBe([$"datagram 7 on {Environment.CurrentManagedThreadId}", "end"]);
    }

    [Fact]
    public void A_turn_ends_after_the_last_datagram_of_those_that_follow_each_other()
    {
        _thread.Start();
        var me = Environment.CurrentManagedThreadId;

        _loop.Deliver(Datagram(1, moreFollows: true)).ShouldBeTrue();
        _loop.Deliver(Datagram(2, moreFollows: true)).ShouldBeTrue();
        _owner.Done.ShouldBe([$"datagram 1 on {me}", $"datagram 2 on {me}"]);
        _loop.Deliver(ReceivedDatagram.None(Here)).ShouldBeTrue();

        _owner.Done.ShouldBe([$"datagram 1 on {me}", $"datagram 2 on {me}", "end"]);
    }

    [Fact]
    public async Task Requests_are_handled_by_the_loop_when_nothing_comes()
    {
        _thread.Start();
        _loop.Post(1).ShouldBeTrue();

        await _owner.Handled(1).WaitAsync(Patience, TestContext.Current.CancellationToken);

        _owner.Done.ShouldContain($"request 1 on {_thread.ManagedThreadId}");
    }

    [Fact]
    public async Task A_request_waits_for_no_more_than_the_turn_that_runs_however_much_is_received()
    {
        _thread.Start();
        var inside = _owner.HoldNextDatagram();
        var receiver = Task.Run(() => _loop.Deliver(Datagram(1)), TestContext.Current.CancellationToken);
        await inside.WaitAsync(Patience, TestContext.Current.CancellationToken);
        _loop.Post(5).ShouldBeTrue();
        _owner.Release();
        (await receiver).ShouldBeTrue();

        await _owner.Handled(5).WaitAsync(Patience, TestContext.Current.CancellationToken);
        _owner.Done[1].ShouldStartWith("request 5"); // the end of the turn that ran took it along
    }

    [Fact]
    public async Task A_deadline_that_a_datagram_brings_wakes_the_loop_that_waits_for_none()
    {
        _thread.Start();
        _owner.DeadlineAfterDatagram = TimeSpan.FromMilliseconds(20);

        _loop.Deliver(Datagram(1)).ShouldBeTrue();

        await _owner.DeadlineMet.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_fault_in_a_datagrams_turn_comes_out_of_the_loop_and_nothing_is_handled_after_it()
    {
        _thread.Start();
        _owner.Fault = new InvalidDataException("broken");

        _loop.Deliver(Datagram(1)).ShouldBeTrue();

        var fault = await _ended.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        fault.ShouldBeSameAs(_owner.Fault);
        _loop.Deliver(Datagram(2)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_comes_before_the_start_waits_for_it()
    {
        var early = Task.Run(() => _loop.Deliver(Datagram(1)), TestContext.Current.CancellationToken);
        _thread.Start();

        (await early.WaitAsync(Patience, TestContext.Current.CancellationToken)).ShouldBeTrue();
    }

    [Fact]
    public async Task What_waits_for_a_start_that_never_comes_goes_away_at_the_end()
    {
        var early = Task.Run(() => _loop.Deliver(Datagram(1)), TestContext.Current.CancellationToken);
        _loop.End();

        (await early.WaitAsync(Patience, TestContext.Current.CancellationToken)).ShouldBeFalse();
        _owner.Done.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_owner_that_is_over_is_given_nothing_more()
    {
        _thread.Start();
        _owner.Stop();
        _loop.Deliver(Datagram(1)).ShouldBeFalse();
        _loop.Post(Owner.Nothing);

        (await _ended.Task.WaitAsync(Patience, TestContext.Current.CancellationToken)).ShouldBeNull();
        _owner.Done.ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_threads_at_once_have_one_turn_at_a_time_and_requests_keep_their_order()
    {
        const int Requests = 20_000;
        _thread.Start();
        using var stop = new CancellationTokenSource();
        var receivers = Enumerable.Range(0, 3).Select(_ => Task.Run(() => Flood(stop.Token))).ToArray();
        for (var i = 1; i <= Requests; i++)
        {
            _loop.Post(i).ShouldBeTrue();
        }

        await _owner.Handled(Requests).WaitAsync(Patience, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await Task.WhenAll(receivers);

        _owner.Overlaps.ShouldBe(0);
        _owner.OutOfOrder.ShouldBe(0);
        _owner.Requests.ShouldBe(Requests);
    }

    private static ReceivedDatagram Datagram(byte value, bool moreFollows = false) =>
        new([value], 1, Here, Here, interfaceIndex: 1, isMulticastDns: false, pool: null)
        {
            MoreFollows = moreFollows,
        };

    private void Flood(CancellationToken stop)
    {
        for (byte value = 0; !stop.IsCancellationRequested; value++)
        {
            _loop.Deliver(Datagram(value, moreFollows: value % 4 != 0)).ShouldBeTrue();
        }
    }

    private void Run()
    {
        try
        {
            _loop.Run();
            _ended.TrySetResult(null);
        }
        catch (InvalidDataException fault)
        {
            _ended.TrySetResult(fault);
        }
    }

    private sealed class Owner(NodeClock clock) : ILoopOwner<int>, IDisposable
    {
        public const int Nothing = 0;

        private const int MaxNotes = 100;
        private readonly List<string> _done = [];
        private readonly Dictionary<int, TaskCompletionSource> _handled = [];
        private readonly TaskCompletionSource _deadlineMet = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        private readonly ManualResetEventSlim _gate = new(initialState: true);
        private TaskCompletionSource? _inside;
        private Instant? _deadline;
        private int _last;
        private int _users;
        private volatile bool _isOver;

        public Instant? NextDeadline => _deadline;

        public bool IsOver => _isOver;

        public TimeSpan? DeadlineAfterDatagram { get; set; }

        public Exception? Fault { get; set; }

        public int Overlaps { get; private set; }

        public int OutOfOrder { get; private set; }

        public int Requests { get; private set; }

        public Task DeadlineMet => _deadlineMet.Task;

        public List<string> Done
        {
            get
            {
                lock (_done)
                {
                    return [.. _done];
                }
            }
        }

        public Task HoldNextDatagram()
        {
            _gate.Reset();
            _inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _inside.Task;
        }

        public void Release() => _gate.Set();

        public void Dispose() => _gate.Dispose();

        public void Stop() => _isOver = true;

        public Task Handled(int request) => Waiter(request).Task;

        public void HandleDatagram(in ReceivedDatagram received, Span<byte> datagram)
        {
            Enter();
            _inside?.TrySetResult();
            _gate.Wait(Patience);
            Note($"datagram {datagram[0]} on {Environment.CurrentManagedThreadId}");
            _deadline = clock.Now + DeadlineAfterDatagram;
            Leave();
            if (Fault is { } fault)
            {
                throw fault;
            }
        }

        public void HandleRequest(int request)
        {
            Enter();
            Note($"request {request} on {Environment.CurrentManagedThreadId}");
            OutOfOrder += request == _last + 1 ? 0 : 1;
            _last = request;
            Requests++;
            Leave();
            Waiter(request).TrySetResult();
        }

        public void EndTurn()
        {
            Enter();
            Note("end");
            if (_deadline <= clock.Now)
            {
                _deadline = null;
                _deadlineMet.TrySetResult();
            }

            Leave();
        }

        private TaskCompletionSource Waiter(int request)
        {
            lock (_handled)
            {
                if (!_handled.TryGetValue(request, out var waiter))
                {
                    waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    _handled.Add(request, waiter);
                }

                return waiter;
            }
        }

        private void Enter() => Overlaps += Interlocked.Increment(ref _users) == 1 ? 0 : 1;

        private void Leave() => Interlocked.Decrement(ref _users);

        private void Note(string what)
        {
            lock (_done)
            {
                if (_done.Count < MaxNotes)
                {
                    _done.Add(what);
                }
            }
        }
    }
}
