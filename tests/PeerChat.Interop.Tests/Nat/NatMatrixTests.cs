using Shouldly;
using Xunit;

namespace PeerChat.Interop.Tests.Nat;

/// <summary>Real processes behind every pair of NATs: whether they meet, and by which path.</summary>
public sealed class NatMatrixTests(NatRuns runs) : IClassFixture<NatRuns>
{
    public static TheoryData<string> Cells => [.. NatMatrix.OfThisRun.Select(cell => cell.Name)];

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Two_meet_and_exchange_messages_by_the_path_that_their_NATs_allow(string name)
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("PEERCHAT_INTEROP") == "1",
            "Needs root, nftables, coturn and npm's peer; .ci/run installs them and sets PEERCHAT_INTEROP=1."
        );
        var cell = NatMatrix.All.Single(one => one.Name == name);

        (await runs.PathOf(name)).ShouldBe(cell.Expected, name);
    }

    [Fact]
    public void The_document_has_the_table()
    {
        var path = TestHosts.RepositoryFile("docs/NETWORKING.md");
        var document = File.ReadAllText(path);
        const string Begin = "<!-- nat:begin -->\n";
        var from = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = document.IndexOf("<!-- nat:end -->", StringComparison.Ordinal);
        from.ShouldBeLessThanOrEqualTo(to, "the marks of the table stand in the document");
        if (Environment.GetEnvironmentVariable("PEERCHAT_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, document[..from] + NatMatrix.Table() + document[to..]);
            return;
        }

        document[from..to].ShouldBe(NatMatrix.Table(), "PEERCHAT_UPDATE_DOCS=1 writes it");
    }

    [Fact]
    public void Every_kind_and_every_way_of_ending_is_in_the_gate()
    {
        NatMatrix.Gate.ShouldAllBe(cell => NatMatrix.All.Contains(cell));
        NatMatrix
            .Gate.SelectMany(cell => new[] { cell.Alice, cell.Bob })
            .Distinct()
            .Count()
            .ShouldBe(Enum.GetValues<NatKind>().Length);
        NatMatrix
            .Gate.Select(cell => cell.Expected)
            .Distinct()
            .Count()
            .ShouldBe(Enum.GetValues<NatPath>().Length);
    }
}
