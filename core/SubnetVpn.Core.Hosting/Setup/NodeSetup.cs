using System.Security.Cryptography;
using SubnetVpn.Core.Hosting.Configuration;
using SubnetVpn.Core.Hosting.Identity;

namespace SubnetVpn.Core.Hosting.Setup;

/// <summary>Writes what a new node needs: identity, network key, configuration.</summary>
public static class NodeSetup
{
    /// <summary>Writes the files. All of them or, when anything fails, none.</summary>
    /// <param name="node">The node.</param>
    /// <param name="files">Where they go. Missing folders are made.</param>
    /// <param name="secret">The network's key; empty for a new one.</param>
    /// <param name="overwrite">Whether files that are there are replaced.</param>
    /// <returns>The new node's peer id.</returns>
    /// <exception cref="VpnException">There is such a file already, it cannot be written, or the configuration would be wrong.</exception>
    public static PeerId Write(NewNode node, NodeFiles files, ReadOnlySpan<byte> secret, bool overwrite)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(files);
        SetupRules.Check(node);
        var existing = FindExisting(files);
        if (existing.Count > 0 && !overwrite)
            throw new VpnException(
                VpnErrorReason.Configuration,
                $"there is a node here already: {string.Join(", ", existing)}. Start it with: subnetvpn start{ConfigOption(files)}. For another node beside it, name another " +
                "folder: --config FOLDER/node.yaml. --force replaces these files: the node loses its identity, and the network its key, for good.");
        var made = new List<string>();
        var kept = new List<(string File, string Copy)>();
        PeerId peer;
        try
        {
            // What is replaced is lost only once all that replaces it is there.
            foreach (var file in existing)
                kept.Add((file, SetAside(file)));
            using (var identity = IdentityFile.Create(files.Identity, overwrite))
                peer = identity.Id;
            made.Add(files.Identity);
            if (secret.IsEmpty)
                NetworkKeyFile.Create(files.NetworkKey, overwrite);
            else
                NetworkKeyFile.Create(files.NetworkKey, secret, overwrite);
            made.Add(files.NetworkKey);
            WriteConfiguration(node, files, overwrite);
            made.Add(files.Configuration);
            ConfigurationLoader.Load(new ConfigurationInputs { File = files.Configuration });
        }
        catch
        {
            foreach (var file in made)
                File.Delete(file);
            foreach (var (file, copy) in kept)
                File.Move(copy, file);
            throw;
        }
        foreach (var (_, copy) in kept)
            File.Delete(copy);
        return peer;
    }

    /// <summary>Those of the files that exist.</summary>
    /// <param name="files">The files of a node.</param>
    public static IReadOnlyList<string> FindExisting(NodeFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return [.. new[] { files.Configuration, files.Identity, files.NetworkKey }.Where(Path.Exists)];
    }

    /// <summary>How commands are told of these files: nothing when they look there anyway.</summary>
    /// <param name="files">The files of a node.</param>
    public static string ConfigOption(NodeFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return files.IsDefault ? string.Empty : $" --config {files.Configuration}";
    }

    private static string SetAside(string file)
    {
        var copy = $"{file}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.old";
        try
        {
            File.Move(file, copy);
            return copy;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new VpnException(VpnErrorReason.Configuration, $"{file} cannot be replaced: {exception.Message} Choose another place with --config FILE, or run as a user who may write there.", exception);
        }
    }

    private static void WriteConfiguration(NewNode node, NodeFiles files, bool overwrite)
    {
        var temporary = $"{files.Configuration}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.tmp";
        try
        {
            File.WriteAllText(temporary, NodeTemplate.Render(node, files));
            File.Move(temporary, files.Configuration, overwrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new VpnException(
                VpnErrorReason.Configuration,
                $"the configuration {files.Configuration} cannot be written: {exception.Message} Choose another place with --config FILE, or run as a user who may write there.",
                exception);
        }
    }
}
