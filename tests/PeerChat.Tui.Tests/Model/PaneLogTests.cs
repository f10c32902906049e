using PeerChat.Tui.Model;
using PeerChat.Tui.Tests.Screens;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Model;

public sealed class PaneLogTests
{
    [Fact]
    public void The_rule_is_known_until_it_is_taken_away_or_goes_with_the_oldest_lines()
    {
        var log = Of(1, 3).WithRule(Samples.Message(2, "").Id);

        log.HasRule.ShouldBeTrue();
        log.Entries.Select(entry => entry.IsRule).ShouldBe([false, true, false, false]);
        log.WithRule(Samples.Message(3, "").Id)
            .Entries.Select(entry => entry.IsRule)
            .ShouldBe([false, false, true, false]);
        log.WithoutRule().HasRule.ShouldBeFalse();
        log.WithoutRule().Entries.Count.ShouldBe(3);
        log.WithoutRule().WithoutRule().Entries.Count.ShouldBe(3);

        var full = Of(1, PaneLog.MaxLines).WithRule(Samples.Message(1, "").Id);
        full.Entries.Count.ShouldBe(PaneLog.MaxLines + 1);
        full.Trimmed().HasRule.ShouldBeFalse();
        full.Trimmed().Entries.Count.ShouldBe(PaneLog.MaxLines);
        var later = Of(1, PaneLog.MaxLines).WithRule(Samples.Message(9, "").Id);
        later.Trimmed().HasRule.ShouldBeTrue();
        later.Trimmed().WithoutRule().Entries.ShouldAllBe(entry => !entry.IsRule);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_rule_stays_one_line_whatever_comes_and_goes_around_it(int seed)
    {
        var random = new Random(seed);
        var log = Of(1, 40);
        for (var step = 0; step < 400; step++)
        {
            var id = Samples.Message(random.Next(1, 80), "").Id;
            log = random.Next(6) switch
            {
                0 => log.WithRule(id),
                1 => log.Without(id),
                2 => log.WithoutRule(),
                3 => log.Say("a word of the program's own"),
                _ => log.Put(Samples.Message(random.Next(1, 80), "put")),
            };
            log.Entries.Count(entry => entry.IsRule).ShouldBe(log.HasRule ? 1 : 0, $"step {step}");
            log.Entries.Select(entry => entry.Place).ShouldBeInOrder();
        }
    }

    private static PaneLog Of(int first, int count) =>
        Enumerable
            .Range(first, count)
            .Aggregate(PaneLog.Empty, (log, order) => log.Put(Samples.Message(order, "a line")));
}
