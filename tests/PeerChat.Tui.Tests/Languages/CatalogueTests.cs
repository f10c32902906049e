using System.Text.RegularExpressions;
using PeerChat.Tui.Commands;
using PeerChat.Tui.Commands.Table;
using PeerChat.Tui.Languages;
using Shouldly;
using Xunit;

namespace PeerChat.Tui.Tests.Languages;

/// <summary>The texts of all languages against the sources; a text that one of them lacks is named, with where it has to be added.</summary>
public sealed partial class CatalogueTests
{
    /// <summary>Files whose texts no user reads as sentences of PeerChat's.</summary>
    private static readonly string[] NotForUsers =
    [
        "Commands/Help/BashCompletion.cs", // shell code
        "Commands/Help/ZshCompletion.cs",
        "Commands/Help/FishCompletion.cs",
        "Commands/Help/PowerShellCompletion.cs",
        "Commands/Help/CommandReference.cs", // makes docs/SCRIPTING.md, which is English
        "Commands/Help/ManualPage.cs", // the roff around the texts
        "Commands/Help/Usage.cs", // the notation of manuals
        "Commands/ServiceUnit.cs", // a file for systemd
        "Commands/ServerUnit.cs", // another
        "Settings/SettingLookup.cs", // goes into JSON; translated where it is shown
        "Commands/ExitCode.cs", // looked up where they are shown
        "Commands/Table/",
        "Commands/Asking.cs", // says that PeerChat has a fault
        "Languages/Language.cs",
    ];

    /// <summary>No sentences, although they have blanks.</summary>
    private static readonly string[] NoSentences =
    [
        "room create", // verbs of the command line, in SlashWords
        "file list",
        "yyyy-MM-dd HH:mm",
        "Broken pipe", // what the runtime says
        "[/choose N] {0}",
        "[/choose N]",
        "control socket", // labels for keys and seals
        "contact links",
        "guests {0}",
        "service token",
        "profile folder",
        "Application Support", // a folder of macOS
        "udp {0}", // names a thread
        "terminal input", // names a thread
        "This is a name.", // never said
        "--turn {0}.",
        "--stun {0}.",
        "log=$1; shift; exec \"$@\" {0}>>\"$log\" 2>&1",
    ];

    /// <summary>What is below the program and speaks to users through it: the node, and of the libraries what gives reasons.</summary>
    private static readonly string[] Speakers =
    [
        "src/PeerChat.Node",
        "src/PeerChat.Rooms/Files/FileTreeFault.cs",
        "src/PeerChat.Rooms/Hello/HelloSession.cs",
        "src/PeerChat.Rooms/Identity/DisplayName.cs",
        "src/PeerChat.Rooms/Room.Content.cs",
        "src/PeerChat.Rooms/Room.Private.cs",
        "src/PeerChat.Rooms/Room.Recall.cs",
        "src/PeerChat.Rendezvous/Trackers/TrackerRendezvous.cs",
        "src/PeerChat.Rendezvous/PeerServer",
        "src/PeerChat.Terminal/Host/Tty.cs",
    ];

    /// <summary>Sources of theirs whose texts no user reads.</summary>
    private static readonly string[] NotForUsersOfTheirs =
    [
        "Control/RpcParams.cs", // what a program did wrong, told to that program; the protocol is English
        "Control/RpcRequest.cs",
        "Control/RpcSession.cs",
        "Control/LineTooLongException.cs",
        "Profiles/ConfigExample.cs", // makes a file, which is English as its keys are
        "Storage/DatabaseSalvage.cs", // columns
        "Storage/DamagedTable.cs",
        "Storage/SqlRow.cs",
        "Storage/StoreSeal.cs", // labels for keys
    ];

    public static TheoryData<string> Others => ["es", "fr", "de", "ja"];

    [Theory]
    [MemberData(nameof(Others))]
    public void Every_text_that_users_read_is_translated(string tag)
    {
        var texts = CatalogueOf(tag).Texts;

        var missing = Wanted()
            .Where(wanted => !texts.ContainsKey(wanted.Text))
            .DistinctBy(wanted => wanted.Text, StringComparer.Ordinal)
            .Select(wanted => $"> {wanted.Text}    ({wanted.Place})")
            .ToList();

        missing.ShouldBeEmpty(
            $"add these to src/PeerChat.Tui/Languages/{tag}.txt, each with its translation in the line below (in two, for one and "
                + "for many, where it was given to Words.Count; Japanese has one):\n"
                + string.Join('\n', missing)
        );
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void What_the_node_and_the_libraries_say_to_users_is_translated(string tag)
    {
        var texts = CatalogueOf(tag).Texts;

        Speakers
            .SelectMany(SourceTexts.Said)
            .Where(said =>
                !NotForUsersOfTheirs.Any(path => said.Path.EndsWith(path, StringComparison.Ordinal))
            )
            .Where(said => !NoSentences.Contains(said.Text, StringComparer.Ordinal))
            .Where(said => !texts.ContainsKey(said.Text))
            .Select(said => $"> {said.Text}    ({said.Place})")
            .ShouldBeEmpty($"add these to src/PeerChat.Tui/Languages/{tag}.txt");
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void What_the_doctor_looked_at_has_a_name_in_every_language(string tag)
    {
        var texts = CatalogueOf(tag).Texts;
        var subjects = SourceTexts
            .Read("src/PeerChat.Node/Engine")
            .SelectMany(source => source.Root.DescendantNodes())
            .OfType<Microsoft.CodeAnalysis.CSharp.Syntax.ObjectCreationExpressionSyntax>()
            .Where(made => made.Type.ToString() == "DiagnosisCheck")
            .Select(made => made.ArgumentList!.Arguments[1].Expression)
            .OfType<Microsoft.CodeAnalysis.CSharp.Syntax.LiteralExpressionSyntax>()
            .Select(literal => literal.Token.ValueText)
            .ToHashSet(StringComparer.Ordinal);

        subjects.Count.ShouldBeGreaterThan(5);
        subjects.Where(subject => !texts.ContainsKey(subject)).ShouldBeEmpty(tag);
    }

    [Fact]
    public void A_sentence_of_the_node_is_said_in_the_user_s_language_with_what_stands_in_it()
    {
        using var spoken = Words.Within(Language.Find("de")!);

        Words
            .FromNode(
                "The TURN server turn.example.org:3478 could not be looked up: check the spelling of turn.example.org and this machine's "
                    + "name service. No connection goes through it until that is set right; PeerChat goes on trying."
            )
            .ShouldBe(
                "Der TURN-Server turn.example.org:3478 ließ sich nicht nachschlagen: prüfen Sie die Schreibweise von turn.example.org und den "
                    + "Namensdienst dieses Rechners. Bis das behoben ist, geht keine Verbindung über ihn; PeerChat versucht es weiter."
            );
        Words
            .FromNode(
                "The keys could not be written in /home/a, because the disk is full; free some space and start PeerChat again."
            )
            .ShouldBe(
                "/home/a: Die Schlüssel ließen sich nicht schreiben, weil die Platte voll ist; schaffen Sie Platz und starten Sie PeerChat neu."
            );
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Every_translation_is_of_a_text_that_there_is(string tag)
    {
        var wanted = Wanted()
            .Select(text => text.Text)
            .Concat(FromElsewhere())
            .ToHashSet(StringComparer.Ordinal);

        CatalogueOf(tag)
            .Texts.Keys.Where(text => !wanted.Contains(text))
            .ShouldBeEmpty($"src/PeerChat.Tui/Languages/{tag}.txt translates what nobody says any more");
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Every_translation_has_the_places_and_the_forms_of_its_text(string tag)
    {
        var language = Language.Find(tag).ShouldNotBeNull();
        var counted = Wanted().Where(text => text.IsCounted).Select(text => text.Text).ToHashSet();
        foreach (var (english, forms) in CatalogueOf(tag).Texts)
        {
            forms.Length.ShouldBe(counted.Contains(english) ? language.Forms : 1, $"{tag}: {english}");
            forms.ShouldAllBe(form => !string.IsNullOrWhiteSpace(form));
            Places(forms[^1]).ShouldBe(Places(english), $"{tag}: {english}");
            foreach (var form in forms)
            {
                Places(form).Except(Places(english), StringComparer.Ordinal).ShouldBeEmpty($"{tag}: {form}");
            }
        }
    }

    [Fact]
    public void French_keeps_its_high_marks_and_quotes_from_breaking_off_the_line()
    {
        CatalogueOf("fr")
            .Texts.Values.SelectMany(forms => forms)
            .Where(form => LooseMark().IsMatch(form))
            .ShouldBeEmpty("write U+00A0 before ; : ! ? » and behind «");
    }

    [Fact]
    public void All_languages_have_the_same_texts()
    {
        var first = CatalogueOf("es").Texts.Keys.ToHashSet(StringComparer.Ordinal);
        foreach (var tag in new[] { "fr", "de", "ja" })
        {
            CatalogueOf(tag)
                .Texts.Keys.ShouldBe(first, ignoreOrder: true, $"{tag}.txt has other texts than es.txt");
        }
    }

    [Fact]
    public void No_sentence_for_users_is_outside_the_resources()
    {
        var outside = SourceTexts
            .Unspoken()
            .Where(found => !NotForUsers.Any(path => found.Path.Contains(path, StringComparison.Ordinal)))
            .Where(found => !NoSentences.Contains(found.Text, StringComparer.Ordinal))
            .Select(found => $"{found.Place}: {found.Text}")
            .ToList();

        outside.ShouldBeEmpty(
            "wrap each in Words.Of(…), or Words.Count(…) where a number stands in it, and add it to "
                + "src/PeerChat.Tui/Languages/*.txt:\n"
                + string.Join('\n', outside)
        );
    }

    [Fact]
    public void Writes_what_is_missing_where_it_is_asked_to()
    {
        var path = Environment.GetEnvironmentVariable("PEERCHAT_LIST_TEXTS");
        var listed = Wanted().DistinctBy(text => text.Text, StringComparer.Ordinal).ToList();
        if (path is not null)
        {
            File.WriteAllLines(path, listed.Select(text => (text.IsCounted ? "# " : "> ") + text.Text));
        }

        listed.Count.ShouldBeGreaterThan(200);
    }

    private static Catalogue CatalogueOf(string tag) => Catalogue.Of(Language.Find(tag).ShouldNotBeNull());

    /// <summary>All texts of the program's own: those in the sources, and those of the command table.</summary>
    private static IEnumerable<(string Text, bool IsCounted, string Place)> Wanted() =>
        SourceTexts.Spoken().Concat(FromTable().Select(text => (text, false, "the command table")));

    private static IEnumerable<string> FromTable() =>
        CommandTable
            .All.Where(row => row.IsVerb && !row.IsHidden)
            .SelectMany(row =>
                (IEnumerable<string>)
                    [
                        row.Summary,
                        .. row.Help,
                        .. row.AllParameters.Where(one => !one.IsHidden).Select(one => one.Help),
                        .. row.Examples.Select(example => example.Meaning),
                        .. row.ExitCodes.Select(ExitCode.Meaning),
                        CommandTable.Heading(row.Group),
                    ]
            )
            .Concat(CommandTable.SlashForms.Select(form => form.Help));

    /// <summary>Sentences that the node says, and the library that reads the command line.</summary>
    private static IEnumerable<string> FromElsewhere() =>
        SourceTexts
            .Read("src/PeerChat.Node")
            .Concat(SourceTexts.Read("src/PeerChat.Rooms"))
            .Concat(SourceTexts.Read("src/PeerChat.Terminal"))
            .Concat(SourceTexts.Read("src/PeerChat.Rendezvous"))
            .SelectMany(source => source.Root.DescendantNodes())
            .OfType<Microsoft.CodeAnalysis.CSharp.Syntax.ExpressionSyntax>()
            .Select(SourceTexts.Form)
            .OfType<string>()
            .Concat(NodeWords.All);

    private static string[] Places(string text) =>
        [
            .. PlacePattern()
                .Matches(text)
                .Select(match => match.Value)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    [GeneratedRegex(@"(?<=[^ \u00a0]) [;:!?»]|« ", RegexOptions.None, 1000)]
    private static partial Regex LooseMark();

    [GeneratedRegex(@"\{\d\}", RegexOptions.None, 1000)]
    private static partial Regex PlacePattern();
}
