using PeerChat.Rooms.Identity.Unicode;
using Shouldly;
using Xunit;

namespace PeerChat.Rooms.Tests.Identity;

public sealed class NormalizationTableTests
{
    internal const string UnicodeFolder = "/usr/share/unicode";

    [Fact]
    public void Is_what_the_generator_makes_of_the_unicode_character_database()
    {
        Assert.SkipUnless(
            File.Exists(Path.Combine(UnicodeFolder, "UnicodeData.txt")),
            "unicode-data is not installed"
        );
        var generated = NormalizationTableGenerator.Generate(UnicodeFolder);
        if (Environment.GetEnvironmentVariable("PEERCHAT_WRITE_UNICODE_TABLES") is { } path)
        {
            File.WriteAllText(path, generated);
            Assert.Skip("The tables were written; build again.");
        }

        Assert.SkipUnless(
            generated.Contains($"\"{NormalizationTables.UnicodeVersion}\"", StringComparison.Ordinal),
            "another version of unicode-data is installed"
        );
        var numbers = ReadNumbers(generated);
        numbers.ShouldBe([.. NormalizationTables.Decompositions, .. NormalizationTables.CombiningClasses]);
    }

    private static int[] ReadNumbers(string source) =>
        [
            .. source
                .Split('\n')
                .Where(line => line.TrimStart().StartsWith("0x", StringComparison.Ordinal))
                .SelectMany(line =>
                    line.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                )
                .Select(item => Convert.ToInt32(item, 16)),
        ];
}
