using System.Net;
using System.Text;
using PeerChat.Node.Files;
using PeerChat.Rooms.Files;
using Shouldly;
using Xunit;

namespace PeerChat.Node.Tests.Files;

/// <summary>Blocks from a gateway that keeps to the rules, and from some that do not; a file given to an IPFS node.</summary>
public sealed class GatewayTests : IDisposable
{
    private const long Most = 64 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("peerchat-gateway-");
    private readonly HttpListener _server = new();
    private readonly Dictionary<string, byte[]> _blocks = new(StringComparer.Ordinal);
    private readonly Uri _address;

    /// <summary>Starts the server on a free port of loopback.</summary>
    public GatewayTests()
    {
        using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            _address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}");
        }

        _server.Prefixes.Add(_address.ToString());
        _server.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _server.Close();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_folder_comes_whole_with_every_block_verified()
    {
        Directory.CreateDirectory(At("tree/below"));
        var great = Bytes(5_500_000);
        File.WriteAllBytes(At("tree/below/great.bin"), great);
        File.WriteAllText(At("tree/small"), "few");
        var root = Learn("tree");
        Serve(Give);
        var placed = Fetch(root);
        File.ReadAllBytes(Path.Combine(placed.Path, "below/great.bin")).ShouldBe(great);
        File.ReadAllText(Path.Combine(placed.Path, "small")).ShouldBe("few");
        FileContent.CidOf(placed.Path, false, null, CancellationToken.None).Cid.ShouldBe(root.ToString());
    }

    [Fact]
    public void A_wrong_block_leaves_nothing()
    {
        var root = Learn("file", 3_000_000);
        var last = _blocks.Keys.Last(key => key != root.ToString());
        _blocks[last][7] ^= 1;
        Serve(Give);
        var failed = Should.Throw<FileException>(() => Fetch(root));
        failed.Failure.ShouldBe(FileFailure.Damaged);
        failed.Message.ShouldContain("127.0.0.1");
        Directory.EnumerateFileSystemEntries(At("into")).ShouldBeEmpty();
    }

    [Fact]
    public void A_block_without_end_is_cut_off()
    {
        var root = Learn("file", 100);
        var written = 0L;
        Serve(context =>
        {
            var piece = new byte[1024 * 1024];
            while (written < 10_000L * piece.Length)
            {
                context.Response.OutputStream.Write(piece);
                written += piece.Length;
            }
        });
        Should.Throw<FileException>(() => Fetch(root)).Message.ShouldContain("more than a block can have");
        written.ShouldBeLessThan(100L * 1024 * 1024);
    }

    [Fact]
    public void More_than_was_allowed_is_not_fetched()
    {
        var root = Learn("file", 3_000_000);
        Serve(Give);
        Should.Throw<FileException>(() => Fetch(root, most: 2_999_999)).Message.ShouldContain("--max-size");
    }

    [Fact]
    public void A_redirect_is_followed_on_the_same_host_and_nowhere_else()
    {
        var root = Learn("file", 100);
        var elsewhere = new Uri($"http://localhost:{_address.Port}/");
        var target = _address;
        Serve(context =>
        {
            if (context.Request.Url!.AbsolutePath.StartsWith("/moved/", StringComparison.Ordinal))
            {
                Give(context);
                return;
            }

            context.Response.StatusCode = 302;
            context.Response.RedirectLocation = new Uri(
                target,
                "/moved" + context.Request.Url.PathAndQuery
            ).ToString();
        });
        File.ReadAllBytes(Fetch(root).Path).Length.ShouldBe(100);
        target = elsewhere;
        Should.Throw<FileException>(() => Fetch(root)).Message.ShouldContain("localhost, which nobody named");
    }

    [Fact]
    public void A_gateway_that_redirects_in_circles_is_given_up()
    {
        var root = Learn("file", 100);
        var asked = 0;
        Serve(context =>
        {
            asked++;
            context.Response.StatusCode = 301;
            context.Response.RedirectLocation = context.Request.Url!.ToString();
        });
        Should.Throw<FileException>(() => Fetch(root)).Failure.ShouldBe(FileFailure.Unreachable);
        asked.ShouldBe(4);
    }

    [Fact]
    public void A_gateway_that_drips_is_given_up()
    {
        var root = Learn("file", 100);
        using var over = new ManualResetEventSlim();
        Serve(context =>
        {
            context.Response.OutputStream.WriteByte(1);
            context.Response.OutputStream.Flush();
            over.Wait(Patience);
        });
        Should
            .Throw<FileException>(() => Fetch(root, patience: TimeSpan.FromMilliseconds(300)))
            .Message.ShouldContain("took longer");
        over.Set();
    }

    [Fact]
    public void One_that_is_busy_is_asked_again_and_one_that_has_nothing_is_not()
    {
        var root = Learn("file", 100);
        var asked = 0;
        Serve(context =>
        {
            if (++asked == 1)
            {
                context.Response.StatusCode = 503;
            }
            else
            {
                Give(context);
            }
        });
        File.ReadAllBytes(Fetch(root).Path).Length.ShouldBe(100);
        _blocks.Clear();
        asked = 1;
        Should.Throw<FileException>(() => Fetch(root)).Message.ShouldContain("404");
        asked.ShouldBe(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPnFj")]
    [InlineData("../../etc/passwd")]
    public void What_is_no_CID_is_asked_of_nobody(string text) =>
        Should
            .Throw<FileException>(() =>
                FileContent.Fetch(
                    _address,
                    text,
                    At("into"),
                    null,
                    Most,
                    Patience,
                    null,
                    CancellationToken.None
                )
            )
            .Message.ShouldContain("no CID that can be fetched");

    [Fact]
    public void Where_nobody_listens_it_is_said()
    {
        var root = Learn("file", 100);
        _server.Close();
        Should.Throw<FileException>(() => Fetch(root)).Failure.ShouldBe(FileFailure.Unreachable);
    }

    [Fact]
    public void What_is_pinned_comes_to_the_node_as_a_car_of_its_root()
    {
        File.WriteAllBytes(At("file"), Bytes(2_500_000));
        var root = FileContent.CidOf(At("file"), false, null, CancellationToken.None).Root;
        byte[] body = [];
        var query = "";
        Serve(context =>
        {
            using var whole = new MemoryStream();
            context.Request.InputStream.CopyTo(whole);
            (body, query) = (whole.ToArray(), context.Request.Url!.PathAndQuery);
            Answer(context, $$$"""{"Root":{"Cid":{"/":"{{{root}}}"},"PinErrorMsg":""}}""" + "\n");
        });
        FileContent.Pin(_address, At("file"), false, null, CancellationToken.None).Root.ShouldBe(root);
        query.ShouldBe("/api/v0/dag/import?pin-roots=true&allow-big-block=false");
        var head = body.AsSpan().IndexOf("\r\n\r\n"u8);
        Encoding.ASCII.GetString(body, 0, head).ShouldContain("Content-Type: application/vnd.ipld.car");
        var car = body.AsSpan(head + 4);
        car[..CarWriter.HeaderSize].ToArray().ShouldBe(CarWriter.Header(root));
        car.Length.ShouldBeGreaterThan(2_500_000);
    }

    [Theory]
    [InlineData("", "does not name the root")]
    [InlineData("no json", "not understood")]
    [InlineData(
        """{"Root":{"Cid":{"/":"bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"}}}""",
        "does not name the root"
    )]
    public void A_node_that_does_not_say_that_it_has_it_is_not_believed(string answer, string sentence)
    {
        File.WriteAllBytes(At("file"), Bytes(100));
        Serve(context =>
        {
            context.Request.InputStream.CopyTo(Stream.Null);
            Answer(context, answer);
        });
        Should
            .Throw<FileException>(() =>
                FileContent.Pin(_address, At("file"), false, null, CancellationToken.None)
            )
            .Message.ShouldContain(sentence);
    }

    [Theory]
    [InlineData(
        """{"Message":"the disk \u001b[31mis full","Code":0,"Type":"error"}""",
        "(it answered 500: the disk"
    )]
    [InlineData("""{"Message":7}""", "(it answered 500).")]
    [InlineData("no json", "(it answered 500).")]
    public void What_a_node_says_of_its_failure_is_told_without_control_characters(
        string answer,
        string sentence
    )
    {
        File.WriteAllBytes(At("file"), Bytes(100));
        Serve(context =>
        {
            context.Request.InputStream.CopyTo(Stream.Null);
            context.Response.StatusCode = 500;
            Answer(context, answer);
        });
        var message = Should
            .Throw<FileException>(() =>
                FileContent.Pin(_address, At("file"), false, null, CancellationToken.None)
            )
            .Message;
        message.ShouldContain(sentence);
        message.ShouldNotContain('\u001b');
    }

    private PlacedTree Fetch(Cid root, long most = Most, TimeSpan? patience = null) =>
        FileContent.Fetch(
            _address,
            root.ToString(),
            At("into"),
            null,
            most,
            patience ?? Patience,
            null,
            CancellationToken.None
        );

    private Cid Learn(string name, int size)
    {
        File.WriteAllBytes(At(name), Bytes(size));
        return Learn(name);
    }

    private Cid Learn(string name)
    {
        var sink = new Keeper(_blocks);
        return new PathReader(sink, false, new ProgressMeter(null, null), CancellationToken.None)
            .Read(At(name))
            .Root;
    }

    private void Give(HttpListenerContext context)
    {
        var cid = context.Request.Url!.Segments[^1];
        if (_blocks.TryGetValue(cid, out var block))
        {
            context.Response.OutputStream.Write(block);
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }

    private static void Answer(HttpListenerContext context, string text) =>
        context.Response.OutputStream.Write(Encoding.UTF8.GetBytes(text));

    private void Serve(Action<HttpListenerContext> answer) =>
        new Thread(() =>
        {
            while (_server.IsListening)
            {
                try
                {
                    var context = _server.GetContext();
                    answer(context);
                    context.Response.Close();
                }
                catch (Exception ended)
                    when (ended
                            is HttpListenerException
                                or ObjectDisposedException
                                or InvalidOperationException
                    )
                {
                    continue; // whoever asked is gone, or the test is over
                }
            }
        })
        {
            IsBackground = true,
        }.Start();

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    private sealed class Keeper(Dictionary<string, byte[]> blocks) : IBlockSink
    {
        public void Put(Cid cid, ReadOnlySpan<byte> block, IReadOnlyList<DagLink> children) =>
            blocks[cid.ToString()] = block.ToArray();
    }
}
