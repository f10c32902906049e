using System.Diagnostics;
using PeerChat.TestKit;

namespace PeerChat.WebRtc.Tests.Mutation;

/// <summary>Any number of mutated inputs for all targets, and what they cost.</summary>
internal sealed class MutationRun : IDisposable
{
    /// <summary>Datagrams that one input may bring about: answers, and what its news let go out of a queue.</summary>
    public const int MaxSentPerInput = 512;

    private readonly List<IMutationTarget> _targets;
    private readonly List<IMutationTarget> _lots = [];
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly ParserTargets _parsers = new();
    private readonly Mutator _mutator;
    private readonly int _seed;

    /// <summary>Prepares a run; the same seed makes the same choices.</summary>
    public MutationRun(int seed)
    {
        _seed = seed;
        _mutator = new Mutator(seed);
        var captures = Captures.Make();
        _targets =
        [
            .. _parsers.Of(captures),
            new TurnTarget(captures),
            new AssociationTarget(captures),
            new HandshakeTarget(captures),
            new ConnectionTarget(captures),
        ];
        _targets.ForEach(target => _lots.AddRange(Enumerable.Repeat(target, target.Share)));
    }

    /// <summary>Inputs so far, by target.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>Inputs so far.</summary>
    public long Count => _counts.Values.Sum();

    /// <summary>The longest that one input took.</summary>
    public (string Target, TimeSpan Time) Slowest { get; private set; } = ("", TimeSpan.Zero);

    /// <summary>All that the inputs took, without preparing the targets.</summary>
    public TimeSpan Time { get; private set; }

    /// <summary>The most datagrams that one input brought about.</summary>
    public int MostSent { get; private set; }

    /// <summary>How often each target made sense of its input.</summary>
    public IReadOnlyDictionary<string, long> Understood =>
        _targets.ToDictionary(target => target.Name, target => target.Understood, StringComparer.Ordinal);

    /// <summary>How often each parser made sense of its input.</summary>
    public IReadOnlyDictionary<Type, long> UnderstoodByParser => _parsers.UnderstoodBy;

    /// <inheritdoc/>
    public void Dispose() => _targets.OfType<IDisposable>().ToList().ForEach(target => target.Dispose());

    /// <summary>Runs so many inputs more.</summary>
    /// <exception cref="InvalidOperationException">Something threw; the message has the seed, the target and the input.</exception>
    public void Run(long count)
    {
        for (var i = 0L; i < count; i++)
        {
            var target = _lots[_mutator.Below(_lots.Count)];
            try
            {
                target.Prepare(_mutator);
                var start = Stopwatch.GetTimestamp();
                MostSent = Math.Max(MostSent, target.Take(_mutator));
                var time = Stopwatch.GetElapsedTime(start);
                Time += time;
                Slowest = time > Slowest.Time ? (target.Name, time) : Slowest;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(
                    $"{target.Name}, seed {_seed}, input {Count}: {Convert.ToHexString(_mutator.Latest)}",
                    e
                );
            }

            _counts[target.Name] = _counts.GetValueOrDefault(target.Name) + 1;
        }
    }
}
