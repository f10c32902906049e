using System.Reflection;
using PeerChat.TestKit;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Mutation;

/// <summary>A bounded number of mutated inputs in each run of the tests; <see cref="MutateCommand"/> runs more.</summary>
public sealed class MutationTests
{
    private const int Inputs = 10_000;
    private const long MaxGrowth = 32 * 1024 * 1024; // two windows of 4 MiB and queues of two associations fit many times

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void No_mutated_input_makes_anything_throw_grow_or_answer_without_end(int seed)
    {
        using var run = new MutationRun(seed);
        run.Run(Inputs / 10);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        run.Run(Inputs);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(MaxGrowth);
        run.Count.ShouldBe(Inputs + (Inputs / 10));
        run.Counts.Count.ShouldBe(10);
        run.Understood.Where(target => target.Value == 0).ShouldBeEmpty(); // not all of it is noise
        run.MostSent.ShouldBeInRange(1, MutationRun.MaxSentPerInput);
        (run.Time / run.Count).ShouldBeLessThan(TimeSpan.FromMilliseconds(5)); // hundredfold: machines are busy
        run.Slowest.Time.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Every_parser_of_the_stack_is_given_mutated_input_and_understands_some_of_it()
    {
        var parsers = typeof(PeerConnection)
            .Assembly.GetTypes()
            .Where(type =>
                type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly)
                    .Any(method =>
                        method.Name is "TryParse" or "TryParseFirst" or "TryLoad" or "TryReadStunUfrag"
                        || (
                            method.Name == "Read"
                            && method.DeclaringType == typeof(WebRtc.Sctp.InitParameters)
                        )
                    )
            )
            .OrderBy(type => type.Name, StringComparer.Ordinal);
        using var run = new MutationRun(seed: 4);
        run.Run(Inputs);
        parsers.Where(parser => run.UnderstoodByParser.GetValueOrDefault(parser) == 0).ShouldBeEmpty();
    }

    [Fact]
    public void The_same_seed_mutates_alike()
    {
        List<byte[]> samples =
        [
            [1, 2, 3, 4, 5, 6, 7, 8],
            [9, 9, 9, 9],
        ];
        var (one, other) = (new Mutator(5), new Mutator(5));
        for (var i = 0; i < 1000; i++)
        {
            one.Mutate(samples).ShouldBe(other.Mutate(samples));
        }

        samples.ShouldBe([
            [1, 2, 3, 4, 5, 6, 7, 8],
            [9, 9, 9, 9],
        ]);
    }

    [Fact]
    public void What_lies_before_the_given_offset_stays()
    {
        var mutator = new Mutator(1);
        for (var i = 0; i < 1000; i++)
        {
            mutator
                .Mutate(
                    [
                        [1, 2, 3, 4, 5, 6],
                    ],
                    from: 4
                )[..4]
                .ShouldBe([1, 2, 3, 4]);
        }
    }
}
