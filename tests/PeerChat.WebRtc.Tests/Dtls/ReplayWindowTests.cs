using FsCheck;
using FsCheck.Fluent;
using PeerChat.WebRtc.Dtls;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Dtls;

public sealed class ReplayWindowTests
{
    [Fact]
    public void Admits_each_number_once_in_any_order_within_the_window()
    {
        var window = new ReplayWindow();
        window.Mark(5000);
        for (var number = 5000 - ReplayWindow.Size + 1; number < 5000; number++)
        {
            window.Admits((ulong)number).ShouldBeTrue();
            window.Mark((ulong)number);
            window.Admits((ulong)number).ShouldBeFalse();
        }

        window.Admits(5000).ShouldBeFalse();
        window.Admits(5001).ShouldBeTrue();
        window.Admits(0).ShouldBeFalse();
        window.Admits(5000 - (2 * ReplayWindow.Size)).ShouldBeFalse();
    }

    [Fact]
    public void Never_admits_a_number_twice_whatever_the_order() =>
        Prop.ForAll<ushort[]>(numbers =>
            {
                var window = new ReplayWindow();
                HashSet<ulong> marked = [];
                foreach (ulong number in numbers.Select(number => (ulong)number / 4))
                {
                    if (window.Admits(number))
                    {
                        marked.Add(number).ShouldBeTrue();
                        window.Mark(number);
                    }
                    else
                    {
                        (
                            marked.Contains(number) || marked.Max() >= number + ReplayWindow.Size
                        ).ShouldBeTrue();
                    }
                }
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Forgets_all_after_a_long_jump()
    {
        var window = new ReplayWindow();
        window.Mark(1);
        window.Mark((1UL << 48) - 1);
        window.Admits((1UL << 48) - 2).ShouldBeTrue();
        window.Admits(1).ShouldBeFalse();
    }
}
