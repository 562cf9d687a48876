using System.Net;
using SubnetVpn.TestKit.Lab;

namespace SubnetVpn.Bench.Contenders;

/// <summary>tinc 1.0, C.</summary>
internal sealed class Tinc : Contender
{
    public override string Name => "tinc";

    public override IReadOnlyList<(string Command, string Package)> Needs => [("tincd", "tinc")];

    protected override async Task<IPAddress> StartAsync(Lab lab, LabMachine a, LabMachine b)
    {
        var folders = new[] { await ConfigureAsync(lab, a, "a", "10.93.0.1", ""), await ConfigureAsync(lab, b, "b", "10.93.0.2", "ConnectTo = a\n") };
        File.Copy($"{folders[0]}/hosts/a", $"{folders[1]}/hosts/a");
        File.Copy($"{folders[1]}/hosts/b", $"{folders[0]}/hosts/b");
        Start(lab, a, "tincd", "-c", folders[0], "-D", $"--pidfile={folders[0]}/pid");
        Start(lab, b, "tincd", "-c", folders[1], "-D", $"--pidfile={folders[1]}/pid");
        return IPAddress.Parse("10.93.0.2");
    }

    private async Task<string> ConfigureAsync(Lab lab, LabMachine machine, string part, string address, string connect)
    {
        var folder = Folder(lab, part);
        Directory.CreateDirectory($"{folder}/hosts");
        await File.WriteAllTextAsync($"{folder}/tinc.conf", $"Name = {part}\nInterface = tinc0\nPort = 7103\n{connect}");
        await File.WriteAllTextAsync($"{folder}/hosts/{part}", $"Address = {machine.Address} 7103\nSubnet = {address}/32\n");
        await File.WriteAllTextAsync($"{folder}/tinc-up", $"#!/bin/sh\nip address add {address}/24 dev $INTERFACE\nip link set $INTERFACE up\n");
        File.SetUnixFileMode($"{folder}/tinc-up", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (await Exec.RunAsync("tincd", "-c", folder, "-K2048")).EnsureSuccess();
        return folder;
    }
}
