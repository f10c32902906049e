using PeerChat.Node;
using PeerChat.Tui.Languages;

namespace PeerChat.Tui.Commands;

/// <summary>The passphrase from a file, from standard input, or from the terminal without echo.</summary>
/// <param name="file">The file whose first line it is, <see cref="StandardInput"/>, or null to ask.</param>
/// <param name="ask">Asks a person: takes the question, gives what was typed; null where nobody is there.</param>
internal sealed class PassphraseSource(string? file, Func<string, byte[]?> ask) : IPassphrase
{
    /// <summary>The name of a file that means standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>How often a person may try; each try takes a second of computing, so this is for comfort alone.</summary>
    public const int MaxAttempts = 3;

    private byte[]? _last;
    private bool _asks = true;

    /// <summary>The file, as an absolute path; null where there is none that another process could read.</summary>
    public string? Path { get; } = file is null or StandardInput ? null : System.IO.Path.GetFullPath(file);

    /// <summary>What was given last, which opened the keys where they are open; null where a file has it or nobody was asked.</summary>
    public byte[]? Given => Path is null ? _last : null;

    /// <summary>From now on a screen has the terminal: what is known goes on to count, and nobody is asked.</summary>
    public void StopAsking() => _asks = false;

    /// <inheritdoc/>
    public byte[]? Next(int attempt)
    {
        if (attempt == 0 && _last is not null)
        {
            return _last;
        }

        if (file is not null)
        {
            return attempt == 0 ? _last = Normal(ReadFile(file), file) : null;
        }

        if (!_asks || attempt >= MaxAttempts)
        {
            return null;
        }

        var typed = Ask(attempt == 0 ? Words.Of("Passphrase:") : Words.Of("Wrong. Passphrase:"));
        return typed is null ? null : _last = ProfileKeys.Normalise(typed) ?? [.. "\uFFFD"u8];
    }

    /// <summary>A passphrase that is to count from now on: from the file, or asked twice.</summary>
    /// <exception cref="CommandFailedException">It is too short, the two differ, or there is nobody to ask.</exception>
    public byte[] New()
    {
        var first = file is not null ? ReadFile(file) : Ask(Words.Of("New passphrase:"));
        if (first is null)
        {
            throw new CommandFailedException(
                ExitCode.Usage,
                Words.Of(
                    "There is no terminal to ask for the new passphrase; name a file that holds it with --new-passphrase-file."
                )
            );
        }

        var passphrase = Normal(first, file ?? StandardInput);
        if (!ProfileKeys.IsLongEnough(passphrase))
        {
            throw new CommandFailedException(
                ExitCode.Usage,
                Words.Of(
                    $"A passphrase has at least {ProfileKeys.MinCharacters} characters; nothing was changed."
                )
            );
        }

        if (file is null)
        {
            var again = Ask(Words.Of("The same again:"));
            if (again is null || !Normal(again, StandardInput).AsSpan().SequenceEqual(passphrase))
            {
                throw new CommandFailedException(
                    ExitCode.Usage,
                    Words.Of("The two are not the same; nothing was changed.")
                );
            }
        }

        return passphrase;
    }

    private byte[]? Ask(string question) => ask(question + " ");

    private static byte[] Normal(byte[] bytes, string name) =>
        ProfileKeys.Normalise(bytes) is { Length: > 0 } passphrase
            ? passphrase
            : throw Locked(
                name == StandardInput
                    ? Words.Of("This is no passphrase: it is empty, too long or no text.")
                    : Words.Of(
                        $"The first line of {name} is no passphrase: it is empty, too long or no text."
                    )
            );

    private static byte[] ReadFile(string name)
    {
        try
        {
            using var stream =
                name == StandardInput
                    ? Console.OpenStandardInput()
                    : new FileStream(name, FileMode.Open, FileAccess.Read);
            return ReadLine(stream);
        }
        catch (Exception failed)
            when (failed is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Locked(
                Words.Of($"The passphrase could not be read from {name} ({failed.Message.TrimEnd('.')}).")
            );
        }
    }

    // Byte by byte: what follows on standard input is for somebody else
    private static byte[] ReadLine(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (line.Count <= ProfileKeys.MaxBytes && stream.Read(one) == 1 && one[0] != '\n')
        {
            line.Add(one[0]);
        }

        if (line.Count > 0 && line[^1] == '\r')
        {
            line.RemoveAt(line.Count - 1);
        }

        return [.. line];
    }

    private static NodeStartException Locked(string sentence) => new(NodeStartFailure.Locked, sentence);
}
