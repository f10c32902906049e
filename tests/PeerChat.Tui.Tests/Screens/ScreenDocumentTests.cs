using System.Text.RegularExpressions;
using PeerChat.Tui.Tests.Languages;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Screens;

public sealed partial class ScreenDocumentTests
{
    private static readonly string[] Projects = ["PeerChat.Tui.Tests", "PeerChat.Terminal.Tests"];

    [Fact]
    public void The_document_names_every_row_once_and_only_tests_that_there_are()
    {
        var text = File.ReadAllText(Path.Combine(SourceTexts.Repository, "docs", "SCREEN.md"));
        var rows = RowPattern()
            .Matches(text)
            .SelectMany(match => match.Groups["rows"].Value.Split(", ").Select(int.Parse));
        rows.ShouldBe(Enumerable.Range(1, 34));

        var sources = string.Concat(
            Projects
                .SelectMany(project =>
                    Directory.EnumerateFiles(
                        Path.Combine(SourceTexts.Repository, "tests", project),
                        "*.cs",
                        SearchOption.AllDirectories
                    )
                )
                .Select(File.ReadAllText)
        );
        foreach (Match named in TestPattern().Matches(text))
        {
            sources.ShouldContain(
                named.Groups["method"].Success
                    ? $" {named.Groups["method"].Value}("
                    : $"class {named.Groups["class"].Value}",
                Case.Sensitive,
                named.Value
            );
        }
    }

    [GeneratedRegex(@"^\| (?<rows>[0-9, ]+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RowPattern();

    [GeneratedRegex(
        @"`(?:EndToEnd/|Languages/)?(?<class>\w+Tests|HostileText)(?:\.(?<method>\w+))?`",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex TestPattern();
}
