namespace PeerChat.Interop.Tests.Nat;

/// <summary>A public network with coturn and a PeerServer, and machines on it behind NATs that nftables makes.</summary>
/// <remarks>All homes use the same private network and address, as real ones do.</remarks>
internal sealed class NatNetwork : IDisposable
{
    /// <summary>Where coturn and the PeerServer are; the second address is for the discovery of NAT behaviour (RFC 5780).</summary>
    public const string ServerAddress = "50.60.70.1";

    public const string SecondServerAddress = "50.60.70.2";
    public const string TurnUrl = "turn:alice:secret@" + ServerAddress;
    public const string PeerServerUrl = "ws://" + ServerAddress + ":9000/";

    private const string Home = "192.168.1.2";

    private readonly List<RunningProgram> _programs = [];
    private readonly Dictionary<string, string> _routers = [];
    private readonly Dictionary<string, (int Edge, string Name, string Address)> _plugs = [];
    private int _edges;
    private int _moves;

    public NatNetwork()
    {
        Hosts = TestHosts.Create();
        Net = Hosts.AddHost("net");
        Ip(Net, "link", "add", "br0", "type", "bridge");
        Ip(Net, "addr", "add", ServerAddress + "/24", "dev", "br0");
        Ip(Net, "addr", "add", SecondServerAddress + "/24", "dev", "br0");
        Ip(Net, "link", "set", "br0", "up");
        Ip(Net, "link", "add", "br1", "type", "bridge");
        Ip(Net, "link", "set", "br1", "up");
    }

    public TestHosts Hosts { get; }

    /// <summary>The public network.</summary>
    public string Net { get; }

    /// <summary>Adds a machine behind a NAT of its own.</summary>
    public string AddHost(string name, NatKind kind)
    {
        var host = AddQuiet(name);
        if (kind == NatKind.None)
        {
            Plug(host, "eth0");
            return host;
        }

        var router = _routers[host] = AddQuiet(name + "-router");
        if (kind == NatKind.Twofold)
        {
            var provider = AddQuiet(name + "-provider");
            var address = Plug(provider, "wan");
            Cable(provider, "lan", "100.64.0.1/24", router, "wan", "100.64.0.2/24");
            Ip(router, "route", "add", "default", "via", "100.64.0.1");
            Translate(provider, NatKind.PortRestricted, address, "100.64.0.2");
            Translate(router, NatKind.PortRestricted, "100.64.0.2", Home);
        }
        else
        {
            Translate(router, kind, Plug(router, "wan"), Home);
        }

        Cable(router, "lan", "192.168.1.1/24", host, "eth0", Home + "/24");
        Ip(host, "route", "add", "default", "via", "192.168.1.1");
        return host;
    }

    /// <summary>
    /// Adds two machines behind one NAT, in networks between which it passes nothing on but what is for its own public address: 41001 there is the
    /// one's port, 41002 the other's (hairpinning with the external source address, RFC 4787 section 6).
    /// </summary>
    public (string One, string Other) AddHairpin()
    {
        var (router, one, other) = (AddQuiet("router"), AddQuiet("alice"), AddQuiet("bob"));
        var address = Plug(router, "wan");
        Cable(router, "lan1", "192.168.1.1/24", one, "eth0", "192.168.1.2/24");
        Cable(router, "lan2", "192.168.2.1/24", other, "eth0", "192.168.2.2/24");
        Ip(one, "route", "add", "default", "via", "192.168.1.1");
        Ip(other, "route", "add", "default", "via", "192.168.2.1");
        Rules(
            router,
            $$"""
            table ip nat {
              chain pre {
                type nat hook prerouting priority dstnat;
                ip daddr {{address}} udp dport 41001 dnat to 192.168.1.2
                ip daddr {{address}} udp dport 41002 dnat to 192.168.2.2
              }
              chain post {
                type nat hook postrouting priority srcnat;
                oifname "wan" masquerade
                ip saddr 192.168.0.0/16 ip daddr 192.168.0.0/16 snat to {{address}}
              }
            }
            table ip filter {
              chain forward {
                type filter hook forward priority 0; policy drop;
                ct state established,related accept
                oifname "wan" accept
                ct status dnat accept
              }
            }
            """
        );
        return (one, other);
    }

    /// <summary>Has a host's router map ports for it: Debian's miniupnpd, with these protocols.</summary>
    public RunningProgram MapPorts(string host, NatMapping mapping)
    {
        var router = _routers[host];
        Rules(
            router,
            """
            table inet mapped {
              chain prerouting { type nat hook prerouting priority -100; jump prerouting_miniupnpd; }
              chain postrouting { type nat hook postrouting priority 99; jump postrouting_miniupnpd; }
              chain forward { type filter hook forward priority 1; jump miniupnpd; }
              chain miniupnpd { }
              chain prerouting_miniupnpd { }
              chain postrouting_miniupnpd { }
            }
            table ip filter {
              chain forward { ct status dnat accept; }
            }
            """
        );
        var folder = Hosts.Home("miniupnpd" + router);
        var file = Path.Combine(folder, "conf");
        File.WriteAllText(
            file,
            $"""
            ext_ifname=wan
            listening_ip=lan
            ipv6_disable=yes
            enable_natpmp={(mapping == NatMapping.Pcp ? "yes" : "no")}
            enable_upnp={(mapping == NatMapping.Upnp ? "yes" : "no")}
            upnp_table_name=mapped
            upnp_nat_table_name=mapped
            min_lifetime=120
            max_lifetime=86400
            secure_mode=yes
            system_uptime=no
            uuid=1af794d4-a08e-4fdc-acef-9e61be84ae89
            allow 1024-65535 192.168.1.0/24 1024-65535
            deny 0-65535 0.0.0.0/0 0-65535

            """
        );
        var mapper = Start(router, folder, "miniupnpd", "-d", "-f", file, "-P", Path.Combine(folder, "pid"));
        Relays.RelayNetwork.WaitFor(
            () =>
                TestHosts
                    .Run("ip", "netns", "exec", router, "ss", "-Hluntp")
                    .Contains(mapping == NatMapping.Pcp ? ":5351" : ":1900", StringComparison.Ordinal),
            () => $"miniupnpd listens: {mapper.Output} {mapper.Errors}"
        );
        return mapper;
    }

    /// <summary>Runs <c>nft</c> on a host's router.</summary>
    public void Nft(string host, params string[] arguments) =>
        TestHosts.Run(["ip", "netns", "exec", _routers[host], "nft", .. arguments]);

    /// <summary>How many ports a host's router maps.</summary>
    public int CountMappings(string host) =>
        TestHosts
            .Run(
                "ip",
                "netns",
                "exec",
                _routers[host],
                "nft",
                "list",
                "chain",
                "inet",
                "mapped",
                "prerouting_miniupnpd"
            )
            .Split("dnat")
            .Length - 1;

    /// <summary>Starts coturn, which answers STUN as well, and the PeerServer of npm's peer.</summary>
    public RunningProgram StartServers()
    {
        var folder = Hosts.Home("coturn");
        Start(
            Net,
            folder,
            "turnserver",
            "-n",
            "--log-file=/dev/null",
            "-L",
            ServerAddress,
            "-L",
            SecondServerAddress,
            "-E",
            ServerAddress,
            "--no-tls",
            "--no-dtls",
            "-a",
            "-u",
            "alice:secret",
            "-r",
            "test",
            "--no-cli",
            "--pidfile",
            Path.Combine(folder, "pid")
        );
        var server = StartPeerServer();
        Relays.RelayNetwork.WaitFor(
            () =>
                TestHosts
                    .Run("ip", "netns", "exec", Net, "ss", "-Hltun")
                    .Contains($"{ServerAddress}:3478", StringComparison.Ordinal),
            () => "coturn listens"
        );
        return server;
    }

    /// <summary>Starts the PeerServer.</summary>
    public RunningProgram StartPeerServer()
    {
        var server = Start(
            Net,
            Hosts.Home("server"),
            TestHosts.NodeFile("node_modules/.bin/peerjs"),
            "--host",
            ServerAddress,
            "--port",
            "9000"
        );
        server.WaitFor("Started PeerServer");
        return server;
    }

    /// <summary>Starts PeerChat on a host.</summary>
    public RunningProgram PeerChat(string host, string user, params string[] arguments) =>
        Start(
            host,
            Hosts.Home(user),
            ["dotnet", Path.Combine(AppContext.BaseDirectory, "peerchat.dll"), .. arguments, "--user", user]
        );

    /// <summary>Starts PeerChat on a host, with a way to type into it.</summary>
    public RunningProgram Talk(string host, string user, params string[] arguments) =>
        Begin(
            host,
            Hosts.Home(user),
            null,
            ["dotnet", Path.Combine(AppContext.BaseDirectory, "peerchat.dll"), .. arguments, "--user", user]
        );

    /// <summary>Starts a program on a host.</summary>
    public RunningProgram Start(string host, string home, params string[] command) =>
        Begin(host, home, "", command);

    private RunningProgram Begin(string host, string home, string? input, string[] command)
    {
        var program = new RunningProgram(
            new Dictionary<string, string>
            {
                ["PEERCHAT_HOME"] = home,
                ["PEERCHAT_INTERFACES"] = "",
                ["DOTNET_NOLOGO"] = "1",
            },
            input,
            ["ip", "netns", "exec", host, .. command]
        );
        lock (_programs)
        {
            _programs.Add(program);
        }

        return program;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _programs.ForEach(program => program.Dispose());
        Hosts.Dispose();
    }

    /// <summary>Has nftables follow these rules on a host.</summary>
    public void Rules(string host, string rules)
    {
        var file = Path.Combine(Hosts.Home("rules"), host + ".nft");
        File.WriteAllText(file, rules);
        TestHosts.Run("ip", "netns", "exec", host, "nft", "-f", file);
    }

    /// <summary>Gives a machine, or the router of its home, another address of the public network, the old one going first.</summary>
    public string Move(string host)
    {
        var edge = _routers.GetValueOrDefault(host, host);
        var (number, name, address) = _plugs[edge];
        var next = $"50.60.70.{100 + (++_moves % 150)}";
        Ip(edge, "addr", "del", address + "/24", "dev", name);
        Ip(edge, "addr", "add", next + "/24", "dev", name);
        _plugs[edge] = (number, name, next);
        return next;
    }

    /// <summary>Cuts a machine, or its home, off from the others and the servers, or puts it back. Those that are cut off reach each other.</summary>
    public void Cut(string host, bool isCut) =>
        Ip(
            Net,
            "link",
            "set",
            $"e{_plugs[_routers.GetValueOrDefault(host, host)].Edge}",
            "master",
            isCut ? "br1" : "br0"
        );

    /// <summary>Switches a machine's own interface off, or on again with its way out.</summary>
    public void Switch(string host, bool isOn)
    {
        Ip(host, "link", "set", "eth0", isOn ? "up" : "down");
        if (isOn && _routers.ContainsKey(host))
        {
            Ip(host, "route", "replace", "default", "via", "192.168.1.1");
        }
    }

    /// <summary>Runs <c>ip</c> in a namespace.</summary>
    public static void Ip(string host, params string[] arguments) =>
        TestHosts.Run(["ip", "-n", host, .. arguments]);

    /// <summary>Joins an interface of a host to the public network; gives its address.</summary>
    public string Plug(string host, string name)
    {
        var address = $"50.60.70.{10 + ++_edges}";
        Ip(Net, "link", "add", $"e{_edges}", "type", "veth", "peer", "name", name, "netns", host);
        Ip(Net, "link", "set", $"e{_edges}", "master", "br0", "up");
        Ip(host, "addr", "add", address + "/24", "dev", name);
        Ip(host, "link", "set", name, "up");
        _plugs[host] = (_edges, name, address);
        return address;
    }

    // Nothing but IPv4: a link-local address would be a way past what is tested.
    private string AddQuiet(string name)
    {
        var host = Hosts.AddHost(name);
        TestHosts.Run(
            "ip",
            "netns",
            "exec",
            host,
            "sysctl",
            "-qw",
            "net.ipv6.conf.all.disable_ipv6=1",
            "net.ipv6.conf.default.disable_ipv6=1",
            "net.ipv4.ip_forward=1"
        );
        return host;
    }

    private static void Cable(
        string one,
        string oneName,
        string oneAddress,
        string other,
        string otherName,
        string otherAddress
    )
    {
        Ip(one, "link", "add", oneName, "type", "veth", "peer", "name", otherName, "netns", other);
        foreach (
            var (host, name, address) in new[]
            {
                (one, oneName, oneAddress),
                (other, otherName, otherAddress),
            }
        )
        {
            Ip(host, "addr", "add", address, "dev", name);
            Ip(host, "link", "set", name, "up");
        }
    }

    // What comes unasked is dropped before it leaves a trace: a trace would take the port away from whoever is inside.
    private void Translate(string router, NatKind kind, string address, string inside)
    {
        var isCone = kind == NatKind.FullCone;
        Rules(
            router,
            $$"""
            table ip nat {
              chain pre {
                type nat hook prerouting priority dstnat;
                {{(isCone ? $"iifname \"wan\" ip daddr {address} meta l4proto udp dnat to {inside}" : "")}}
              }
              chain post {
                type nat hook postrouting priority srcnat;
                oifname "wan" masquerade {{(kind == NatKind.Symmetric ? "fully-random" : "")}}
              }
            }
            table ip filter {
              chain input {
                type filter hook input priority 0; policy accept;
                iifname "wan" ct state new drop
              }
              chain forward {
                type filter hook forward priority 0; policy drop;
                {{(kind == NatKind.UdpBlocked ? "meta l4proto udp drop" : "")}}
                ct state established,related accept
                iifname "lan" accept
                {{(isCone ? "ct status dnat accept" : "")}}
              }
            }
            """
        );
    }
}
