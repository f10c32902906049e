using PeerChat.Node;
using PeerChat.Tui.Commands;
using PeerChat.Tui.Commands.Help;
using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;
using PeerChat.Tui.Model;
using PeerChat.Tui.Screens;
using PeerChat.Tui.Tests.Screens;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Languages;

public sealed class LanguageTests
{
    [Theory]
    [InlineData("de_AT.UTF-8", null, null, null, "de")]
    [InlineData("C.UTF-8", "fr_FR", "ja_JP.UTF-8", "es", "en")]
    [InlineData("", "fr_FR", "ja_JP.UTF-8", null, "fr")]
    [InlineData(null, null, "ja_JP.UTF-8", null, "ja")]
    [InlineData(null, null, "es_MX@dollar", null, "es")]
    [InlineData(null, null, "nl_NL.UTF-8", null, "en")]
    [InlineData(null, null, "nl_NL.UTF-8", "nl:de:fr", "de")]
    [InlineData(null, null, "POSIX", "de", "en")]
    [InlineData(null, null, null, "de", "en")]
    public void The_locale_chooses_as_POSIX_says(
        string? all,
        string? messages,
        string? lang,
        string? preferred,
        string expected
    )
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["LC_ALL"] = all,
            ["LC_MESSAGES"] = messages,
            ["LANG"] = lang,
            ["LANGUAGE"] = preferred,
        };

        Language.OfLocale(environment.GetValueOrDefault).Tag.ShouldBe(expected);
    }

    [Theory]
    [InlineData(new[] { "--lang", "ja", "send" }, "es", "fr", "ja")]
    [InlineData(new[] { "send", "--lang=es" }, "de", "fr", "es")]
    [InlineData(new[] { "send", "--", "--lang", "es" }, "de", "fr", "de")]
    [InlineData(new string[0], null, "fr", "fr")]
    [InlineData(new string[0], null, null, "de")]
    [InlineData(new[] { "--lang", "nl" }, null, null, "de")]
    public void The_command_line_wins_over_variable_file_and_locale(
        string[] arguments,
        string? variable,
        string? configured,
        string expected
    ) =>
        LanguageChoice
            .Find(
                arguments,
                name =>
                    name switch
                    {
                        "PEERCHAT_LANG" => variable,
                        "LANG" => "de_DE",
                        _ => null,
                    },
                key => key == "lang" ? configured : null
            )
            .Tag.ShouldBe(expected);

    [Fact]
    public void Plural_forms_are_those_of_the_language()
    {
        Told("en", 1).ShouldStartWith("1 message is");
        Told("en", 0).ShouldStartWith("0 messages are");
        Told("fr", 0).ShouldStartWith("0 message est");
        Told("fr", 2).ShouldStartWith("2 messages sont");
        Told("de", 1).ShouldStartWith("1 Nachricht wartet");
        Told("es", 3).ShouldStartWith("3 mensajes siguen");
        Told("ja", 1).ShouldStartWith("1 件のメッセージ");

        static string Told(string tag, int count)
        {
            using var spoken = Words.Within(Language.Find(tag)!);
            return Words.Count(
                count,
                $"{count} message is still queued and goes out when you and its reader are both online.",
                $"{count} messages are still queued and go out when you and their readers are both online."
            );
        }
    }

    [Theory]
    [InlineData("es", "No existe el comando x.")]
    [InlineData("fr", "La commande x n'existe pas.")]
    [InlineData("de", "Den Befehl x gibt es nicht.")]
    [InlineData("ja", "コマンド x はありません。")]
    public void What_stands_in_a_sentence_is_put_where_the_language_has_it(string tag, string expected)
    {
        using var spoken = Words.Within(Language.Find(tag)!);

        var command = "x";
        Words.Of($"There is no command {command}.").ShouldBe(expected);
    }

    [Fact]
    public void Numbers_are_written_as_the_language_does()
    {
        using (Words.Within(Language.Find("de")!))
        {
            Words
                .Of($"The expression has {5000:N0} characters; {1000:N0} can be at most.")
                .ShouldContain("5.000");
            Texts.PasteAsks(30, 3_200).ShouldContain("3,1 KB");
        }

        Texts.PasteAsks(30, 3_200).ShouldContain("3.1 KB");
    }

    [Fact]
    public void What_the_node_says_is_known_again_by_its_form()
    {
        using var spoken = Words.Within(Language.Find("es")!);

        Words.FromNode("dave did not accept the request.").ShouldBe("dave no aceptó la solicitud.");
        Words.FromNode("direct, 10.0.0.2:27717").ShouldBe("directo, 10.0.0.2:27717");
        Words
            .FromNode("Somebody asked to connect but did not prove who they are. The other side is gone.")
            .ShouldBe("Alguien quiso conectarse pero no demostró quién es. La otra parte se fue.");
        Words.FromNode("Nobody has translated this.").ShouldBe("Nobody has translated this.");
        Words.FromNode("").ShouldBe("");
    }

    [Theory]
    [InlineData("{0} in {1}")]
    [InlineData("did not accept the request. did not accept the request.")]
    [InlineData(" did not accept the request.")]
    [InlineData("{9} did not accept the request.")]
    public void No_text_of_a_peers_upsets_that(string hostile)
    {
        using var spoken = Words.Within(Language.Find("ja")!);

        Words.FromNode(hostile).ShouldNotBeNull();
        Words.FromNode($"{hostile} did not accept the request.").ShouldContain("承認");
        Words.Of($"Usage: {hostile}").ShouldBe("使い方: " + hostile);
    }

    [Fact]
    public void Slash_lang_speaks_another_language_at_once_and_keeps_it()
    {
        using var spoken = Words.Within(Language.English);
        var screen = Samples.WithBob();

        screen.Type("/lang es\r").Text.ShouldContain("A partir de ahora PeerChat habla español.");
        screen.Effects.OfType<AppEffect.Remember>().ShouldBe([new AppEffect.Remember("lang", "es")]);
        screen.Text.ShouldContain("directo, 10.0.0.2:27717");
        screen.Type("/lang\r").Text.ShouldContain("/lang CÓDIGO");
        screen.Type("/lang xx\r").Text.ShouldContain("ja 日本語");
        screen.Effects.OfType<AppEffect.Remember>().Count().ShouldBe(1);
    }

    [Fact]
    public void Help_fits_the_width_in_every_language()
    {
        foreach (var language in Language.All)
        {
            using var spoken = Words.Within(language);
            foreach (var row in CommandTable.Verbs.Append(CommandTable.Root).Where(row => !row.IsHidden))
            {
                HelpPage
                    .Of(row, 80)
                    .Split('\n')
                    .Except(row.Examples.Select(example => "  " + example.Line))
                    .ShouldAllBe(line => PeerChat.Terminal.Text.TextWidth.Of(line) <= 80, language.Tag);
            }
        }
    }

    [Fact]
    public void What_programs_read_is_the_same_in_every_language()
    {
        var english = Lines();
        foreach (var language in Language.All)
        {
            using var spoken = Words.Within(language);
            Lines().ShouldBe(english, language.Tag);
            CommandReference
                .Markdown()
                .ShouldContain("Send a message, and end when it is sent or delivered.");
        }

        static string[] Lines()
        {
            using var output = new StringWriter();
            var writer = new PeerChat.Tui.Output.JsonWriter(output);
            writer.Message(Samples.Message(1, "hello"));
            writer.Notice(
                new NodeEvent.Notice(null, NoticeCode.Information, "dave did not accept the request.")
            );
            return output.ToString().Split('\n');
        }
    }
}
