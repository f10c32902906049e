using System.Text.RegularExpressions;
using PeerChat.Tui.Tests.Languages;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Screens;

public sealed partial class ScreenDocumentTests
{
    [Fact]
    public void The_document_names_every_row_once_and_only_tests_that_there_are()
    {
        var text = File.ReadAllText(Path.Combine(SourceTexts.Repository, "docs", "SCREEN.md"));
        var rows = RowPattern()
            .Matches(text)
            .SelectMany(match => match.Groups[1].Value.Split(", ").Select(int.Parse));
        rows.ShouldBe(Enumerable.Range(1, 34));

        var sources = string.Concat(
            new[] { "PeerChat.Tui.Tests", "PeerChat.Terminal.Tests" }
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
                named.Groups[2].Success ? $" {named.Groups[2].Value}(" : $"class {named.Groups[1].Value}",
                Case.Sensitive,
                named.Value
            );
        }
    }

    [GeneratedRegex(@"^\| ([0-9, ]+) \|", RegexOptions.Multiline, 1000)]
    private static partial Regex RowPattern();

    [GeneratedRegex(
        @"`(?:EndToEnd/|Languages/)?(\w+Tests|HostileText)(?:\.(\w+))?`",
        RegexOptions.None,
        1000
    )]
    private static partial Regex TestPattern();
}
