using System.Reflection;
using System.Runtime.CompilerServices;
using PeerChat.Primitives;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Sctp;

public sealed class RecordTextTests
{
    /// <summary>The text that the compiler makes names every property: one of the own type would never end, and take the process along.</summary>
    [Fact]
    public void No_record_asks_itself_for_its_text_without_end()
    {
        var endless =
            from assembly in new[] { typeof(PeerConnection).Assembly, typeof(Instant).Assembly }
            from type in assembly.GetTypes()
            let print = type.GetMethod(
                "PrintMembers",
                BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly
            )
            where print?.IsDefined(typeof(CompilerGeneratedAttribute)) == true
            where type.GetMethod("ToString", [])!.IsDefined(typeof(CompilerGeneratedAttribute))
            where
                type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
                    .Any(property => property.PropertyType == type)
            select type.FullName;

        endless.ShouldBeEmpty();
    }
}
