using System.Globalization;
using System.Reflection;
using Shouldly;
using Xunit;

namespace PeerChat.WebRtc.Tests.Conformance;

/// <summary>Keeps <c>docs/conformance</c> true: each row names tests that exist, or says why there is none.</summary>
public sealed class ConformanceTableTests
{
    private const int EtsiPurposes = 121; // TS 102 369 V1.1.1
    private const int DcSctpScenarios = 501; // cases in the test files of libwebrtc, July 2026

    public static TheoryData<string> Tables => [.. ConformanceTable.All.Select(table => table.Name)];

    [Theory]
    [MemberData(nameof(Tables))]
    public void Every_row_names_a_test_that_exists_or_says_why_there_is_none(string table)
    {
        var wrong = ConformanceTable
            .Of(table)
            .Rows.Where(row =>
                row.Tests.Count > 0
                    ? !row.Tests.All(ConformanceTable.Exists)
                    : !row.Cells[^1].StartsWith(ConformanceTable.DoesNotApply, StringComparison.Ordinal)
                        || row.Cells[^1].Length < ConformanceTable.DoesNotApply.Length + 10
            )
            .Select(row => string.Join(" | ", row.Cells));

        wrong.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("etsi-ts-102-369.md", EtsiPurposes)]
    [InlineData("dcsctp.md", DcSctpScenarios)]
    public void No_row_is_missing_or_there_twice(string table, int count)
    {
        var names = ConformanceTable.Of(table).Rows.Select(row => row.Cells[0]).ToList();
        names.Count.ShouldBe(count);
        names.Distinct().Count().ShouldBe(count);
    }

    /// <summary>What the table says a limit is, is what the code says.</summary>
    [Fact]
    public void Every_limit_has_the_value_that_the_table_tells()
    {
        var rows = ConformanceTable.Of("limits.md").Rows;
        rows.Count.ShouldBeGreaterThan(40);
        foreach (var row in rows)
        {
            ValueOf(row.Cells[0].Trim('`')).ShouldBe(row.Cells[1], row.Cells[0]);
            row.Cells[2].ShouldNotBeEmpty(); // the reason
        }
    }

    private static string ValueOf(string limit)
    {
        var (name, member) = (limit.Split('.')[0], limit.Split('.')[1]);
        var type = typeof(PeerConnection).Assembly.GetTypes().Single(type => type.Name == name);
        var value = type.GetField(
                member,
                BindingFlags.Static
                    | BindingFlags.Public
                    | BindingFlags.NonPublic
                    | BindingFlags.FlattenHierarchy
            )
            ?.GetValue(null);
        value ??= type.GetProperty(member)?.GetValue(Activator.CreateInstance(type, nonPublic: true));
        return value switch
        {
            TimeSpan span => span.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture) + " s",
            IFormattable number => number.ToString("#,0", CultureInfo.InvariantCulture),
            _ => throw new InvalidOperationException($"{limit} is no limit."),
        };
    }
}
