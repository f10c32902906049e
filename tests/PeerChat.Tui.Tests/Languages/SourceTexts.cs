using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Shouldly;

namespace PeerChat.Tui.Tests.Languages;

/// <summary>What the sources say to users: every text that goes through <c>Words</c>, and every sentence that does not.</summary>
internal static class SourceTexts
{
    private const string Folder = "src/PeerChat.Tui";

    /// <summary>All sources of a folder of the repository.</summary>
    public static IEnumerable<(string Path, SyntaxNode Root)> Read(string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(Repository, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path =>
                (
                    Path.GetRelativePath(Repository, path),
                    CSharpSyntaxTree
                        .ParseText(File.ReadAllText(path), cancellationToken: CancellationToken.None)
                        .GetRoot(CancellationToken.None)
                )
            );

    /// <summary>The folder of the repository.</summary>
    public static string Repository
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "PeerChat.Tui.sln")))
            {
                folder = Path.GetDirectoryName(folder).ShouldNotBeNull();
            }

            return folder;
        }
    }

    /// <summary>The English form of each text that is given to <c>Words.Of</c>, and whether it goes with a number.</summary>
    public static IEnumerable<(string Text, bool IsCounted, string Place)> Spoken() =>
        from source in Read(Folder)
        from call in source.Root.DescendantNodes().OfType<InvocationExpressionSyntax>()
        let name = call.Expression.ToString()
        where name is "Words.Of" or "Words.Count"
        let form = Form(call.ArgumentList.Arguments[^1].Expression)
        where form is not null
        select (form, name == "Words.Count", PlaceOf(source.Path, call));

    /// <summary>Sentences in the sources that do not go through <c>Words</c>.</summary>
    public static IEnumerable<(string Text, string Path, string Place)> Unspoken() =>
        from source in Read(Folder)
        from literal in source.Root.DescendantNodes().OfType<ExpressionSyntax>()
        where literal is LiteralExpressionSyntax or InterpolatedStringExpressionSyntax
        let form = Form(literal)
        where form is not null && IsSentence(form) && !IsSpoken(literal)
        select (form, source.Path, PlaceOf(source.Path, literal));

    /// <summary>The sentences of a folder's sources, or of one source, in the form in which they are known again where they are shown.</summary>
    public static IEnumerable<(string Text, string Path, string Place)> Said(string path) =>
        from source in Read(
            path.EndsWith(".cs", StringComparison.Ordinal) ? Path.GetDirectoryName(path)! : path
        )
        where !path.EndsWith(".cs", StringComparison.Ordinal) || source.Path == path
        from literal in source.Root.DescendantNodes().OfType<ExpressionSyntax>()
        where
            literal is LiteralExpressionSyntax or InterpolatedStringExpressionSyntax or BinaryExpressionSyntax
        where
            literal.Parent is not BinaryExpressionSyntax
            && !literal.Ancestors().OfType<AttributeSyntax>().Any()
            && !TellsOfAFault(literal)
        let form = Form(literal)
        where form is not null && IsSentence(form) && !IsSql(form)
        select (form, source.Path, PlaceOf(source.Path, literal));

    /// <summary>A text with its places numbered; null for what is no text.</summary>
    public static string? Form(ExpressionSyntax expression)
    {
        var places = 0;
        return Form(expression, ref places);
    }

    private static string? Form(ExpressionSyntax expression, ref int places)
    {
        switch (expression)
        {
            case LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.StringLiteralExpression):
                return literal.Token.ValueText;
            case InterpolatedStringExpressionSyntax interpolated:
                var text = "";
                foreach (var part in interpolated.Contents)
                {
                    text += part is InterpolatedStringTextSyntax plain
                        ? plain.TextToken.ValueText.Replace("{{", "{", StringComparison.Ordinal)
                        : $"{{{places++}}}";
                }

                return text;
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum:
                return Form(sum.Left, ref places) is { } left && Form(sum.Right, ref places) is { } right
                    ? left + right
                    : null;
            default:
                return null;
        }
    }

    // Two words beside each other, as no key, option or control sequence has them
    private static bool IsSentence(string text) =>
        System.Text.RegularExpressions.Regex.IsMatch(
            text,
            "[A-Za-z]{2,}[,;:.]? +[A-Za-z({]",
            System.Text.RegularExpressions.RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );

    // Inside an argument of Words, as far as the sentence reaches
    private static bool IsSpoken(ExpressionSyntax literal) =>
        literal
            .Ancestors()
            .OfType<InvocationExpressionSyntax>()
            .Any(call => call.Expression.ToString() is "Words.Of" or "Words.Count" or "Words.FromNode")
        || literal.Ancestors().OfType<AttributeSyntax>().Any()
        || TellsOfAFault(literal);

    // A mistake of the program's own, which ends it: nobody is to read that but who mends it
    private static bool TellsOfAFault(ExpressionSyntax literal) =>
        literal
            .Ancestors()
            .OfType<ObjectCreationExpressionSyntax>()
            .Any(made =>
                made.Type.ToString().Split('.')[^1]
                    is nameof(InvalidOperationException)
                        or nameof(ArgumentException)
                        or nameof(ArgumentOutOfRangeException)
                        or nameof(System.Diagnostics.UnreachableException)
            );

    private static bool IsSql(string text) =>
        System.Text.RegularExpressions.Regex.IsMatch(
            text,
            @"\b(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE (TABLE|INDEX)|PRAGMA|BEGIN IMMEDIATE|WHERE|VALUES|ORDER BY)\b",
            System.Text.RegularExpressions.RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)
        );

    private static string PlaceOf(string path, SyntaxNode node) =>
        $"{path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";
}
