using System.Collections.Concurrent;
using System.Reflection;
using Xunit.v3;

[assembly: PeerChat.Tests.TimeLimit]

namespace PeerChat.Tests;

/// <summary>
/// Ends the test program, with the test's name, when one test takes longer than any does: a test that waits for ever would otherwise hold up
/// all of a run, and nobody would learn which it was.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class TimeLimitAttribute : BeforeAfterTestAttribute
{
    // Ten times what the longest takes; the long proofs, which are asked for one by one, have hours.
    private static readonly TimeSpan Most = Environment.GetEnvironmentVariable("PEERCHAT_LONG") is null
        ? TimeSpan.FromMinutes(5)
        : TimeSpan.FromHours(6);

    private readonly ConcurrentDictionary<string, Timer> _running = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest, IXunitTest test) =>
        _running[test.UniqueID] = new Timer(End, test.TestDisplayName, Most, Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (_running.TryRemove(test.UniqueID, out var timer))
        {
            timer.Dispose();
        }
    }

    private static void End(object? name) => Environment.FailFast($"{name} has not ended after {Most}.");
}
