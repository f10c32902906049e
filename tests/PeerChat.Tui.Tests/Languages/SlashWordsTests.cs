using System.Text.RegularExpressions;
using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Languages;

public sealed partial class SlashWordsTests
{
    /// <summary>What has no form in a chat: ids are shown by the line alone, and whole keys by nothing else.</summary>
    private static readonly string[] OfTheLineAlone = ["history --json"];

    [Fact]
    public void Every_verb_that_the_node_names_in_an_answer_has_a_form_in_a_chat()
    {
        var named = SourceTexts
            .Read("src/PeerChat.Node/Engine")
            .SelectMany(source => Verb().Matches(source.Root.ToFullString()))
            .Select(match => match.Groups["verb"].Value)
            .Distinct()
            .ToArray();

        named.ShouldNotBeEmpty();
        named.Except(OfTheLineAlone, StringComparer.Ordinal).ShouldBeSubsetOf(SlashWords.Forms.Keys);
    }

    [Fact]
    public void Each_form_is_one_of_the_table() =>
        SlashWords.Forms.Values.ShouldBeSubsetOf(CommandTable.SlashForms.Select(form => form.Name));

    public static TheoryData<string> Tags => new(Language.All.Select(language => language.Tag));

    [Theory]
    [MemberData(nameof(Tags))]
    public void A_sentence_names_the_command_of_the_chat_in_every_language(string tag)
    {
        using var spoken = Words.Within(Language.Find(tag)!);
        (string Sentence, string Form)[] said =
        [
            ("dev is no private room; 'peerchat room create' makes one.", "/create"),
            ("7 is no file of bob; 'peerchat file list' shows them.", "/files"),
            ("bob is blocked; 'peerchat unblock' takes that back.", "/unblock"),
            (
                "zed is none of your contacts; 'peerchat contacts' lists them, a full id works for anybody.",
                "/contacts"
            ),
        ];
        foreach (var (sentence, form) in said)
        {
            var shown = SlashWords.Of(Words.FromNode(sentence));

            shown.ShouldContain(form);
            shown.ShouldNotContain("peerchat");
        }
    }

    [Fact]
    public void What_only_the_command_line_has_stays() =>
        SlashWords
            .Of(
                "7 is no message of bob: 1 is the newest that counts, and 'peerchat history --json' shows the ids."
            )
            .ShouldBe(
                "7 is no message of bob: 1 is the newest that counts, and 'peerchat history --json' shows the ids."
            );

    [GeneratedRegex("'peerchat (?<verb>[a-z][a-z -]*[a-z])'", RegexOptions.None, 1000)]
    private static partial Regex Verb();
}
