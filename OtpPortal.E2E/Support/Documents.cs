using System.Text.RegularExpressions;

namespace OtpPortal.E2E.Support;

/// <summary>What stands in the documentation, so that tests run exactly that.</summary>
public static partial class Documents
{
    /// <summary>The fenced blocks of a language in a file of <c>docs/</c>, in their order.</summary>
    public static IReadOnlyList<string> Blocks(string file, string language) =>
        [.. Fence().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", file)))
            .Where(fence => fence.Groups["language"].Value == language)
            .Select(fence => fence.Groups["text"].Value)];

    /// <summary>The lines <c>KEY=value</c> of a block.</summary>
    public static Dictionary<string, string> Settings(string block) =>
        block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2))
            .ToDictionary(line => line[0], line => line[1], StringComparer.Ordinal);

    [GeneratedRegex(
        "^```(?<language>[a-z]*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fence();
}
