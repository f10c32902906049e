namespace PeerChat.Benchmarks.Files;

/// <summary><c>files</c>: files between daemons, beside what others make of the same bytes; memory and chat meanwhile; pictures.</summary>
internal static class FilesBenchmark
{
    /// <summary>Measures, in a network of its own, and writes the report.</summary>
    public static async Task<int> RunAsync(FilesOptions options)
    {
        using var scratch = new Scratch(options.Run.Folder);
        var report = new Report();
        if (options.Has(FilesOptions.Pair))
        {
            await PairMeasure.RunAsync(options, scratch, report);
        }

        if (options.Has(FilesOptions.Holders))
        {
            await HoldersMeasure.RunAsync(options, scratch, report);
        }

        if (options.Has(FilesOptions.Chat))
        {
            await ChatMeasure.RunAsync(options, scratch, report);
        }

        if (options.Has(FilesOptions.Small))
        {
            await SmallFilesMeasure.RunAsync(options, scratch, report);
        }

        if (options.Has(FilesOptions.Pictures))
        {
            await PictureMeasure.RunAsync(options, scratch, report);
        }

        report.Write(Console.Out, options.Run.Json);
        return 0;
    }

    /// <summary>Writes a file that nothing compresses.</summary>
    public static void Write(string path, long size)
    {
        const int Piece = 1024 * 1024;
        var random = new Random(1);
        var piece = new byte[Piece];
        using var file = File.Create(path);
        for (long at = 0; at < size; at += piece.Length)
        {
            random.NextBytes(piece);
            file.Write(piece.AsSpan(0, (int)Math.Min(piece.Length, size - at)));
        }
    }
}
