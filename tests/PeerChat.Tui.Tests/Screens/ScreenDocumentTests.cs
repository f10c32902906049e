using System.Text.RegularExpressions;
using PeerChat.Tui.Tests.Languages;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Screens;

public sealed partial class ScreenDocumentTests
{
    private static readonly string[] Projects =
    [
        "PeerChat.Tui.Tests",
        "PeerChat.Terminal.Tests",
        "PeerChat.Node.Tests",
        "PeerChat.Interop.Tests",
    ];

    [Fact]
    public void The_document_names_every_row_once_and_only_tests_that_there_are()
    {
        var text = File.ReadAllText(Path.Combine(SourceTexts.Repository, "docs", "SCREEN.md"));
        var rows = RowPattern()
            .Matches(text)
            .SelectMany(match => match.Groups["rows"].Value.Split(", ").Select(int.Parse));
        rows.ShouldBe(Enumerable.Range(1, 34));

        var sources = Projects
            .SelectMany(project =>
                Directory.EnumerateFiles(
                    Path.Combine(SourceTexts.Repository, "tests", project),
                    "*.cs",
                    SearchOption.AllDirectories
                )
            )
            .Select(File.ReadAllText)
            .ToArray();
        var names = TestPattern().Matches(text);
        names.Count.ShouldBeGreaterThan(60, "or the pattern finds nothing");
        foreach (Match named in names)
        {
            sources.ShouldContain(
                source =>
                    source.Contains($"class {named.Groups["class"].Value}", StringComparison.Ordinal)
                    && (
                        !named.Groups["method"].Success
                        || source.Contains($" {named.Groups["method"].Value}(", StringComparison.Ordinal)
                    ),
                named.Value
            );
        }
    }

    [GeneratedRegex(@"^\| (?<rows>[0-9, ]+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RowPattern();

    [GeneratedRegex(
        @"`(?:[\w.]+/)*(?<class>\w+Tests)(?:\.(?<method>\w+))?`",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex TestPattern();
}
