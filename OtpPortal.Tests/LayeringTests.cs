using System.Text.RegularExpressions;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests;

/// <summary>The arrows of docs/design: who may know whom. An arrow that is not drawn is a defect, however handy.</summary>
public sealed partial class LayeringTests
{
    // Downwards one may look further than one floor; nothing looks up, and Web and Delivery are never looked at from below.
    private static readonly Dictionary<string, string[]> Drawn = new(StringComparer.Ordinal)
    {
        ["Components"] = ["Admin", "Accounts", "Otp", "Data", "Delivery", "Web"],
        ["Api"] = ["Admin", "Accounts", "Otp", "Data", "Delivery", "Web"],
        ["Admin"] = ["Accounts", "Otp", "Data"],
        ["Web"] = ["Accounts", "Otp", "Data"],
        ["Accounts"] = ["Otp", "Delivery", "Data"],
        ["Otp"] = ["Delivery", "Data"],
        ["Delivery"] = ["Data"],
        ["Data"] = [],
    };

    public static TheoryData<string> Folders => [.. SourceTree.Files("OtpPortal", ".cs", ".razor")
        .Where(file => file.Path.Contains(Path.DirectorySeparatorChar))
        .Select(file => file.Path.Split(Path.DirectorySeparatorChar)[0])
        .Distinct()];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_only_what_the_design_draws_an_arrow_to(string folder)
    {
        Assert.True(Drawn.ContainsKey(folder), $"The folder {folder} is not in the design.");

        var undrawn = from file in SourceTree.Files(Path.Combine("OtpPortal", folder), ".cs", ".razor")
                      from Match mention in Mention().Matches(file.Text)
                      let other = mention.Groups["folder"].Value
                      where other != folder && Drawn.ContainsKey(other) && !Drawn[folder].Contains(other, StringComparer.Ordinal)
                      select $"{folder}/{file.Path}: {mention.Value}";

        Assert.Empty(undrawn);
    }

    [Fact]
    public void The_folders_above_the_data_are_found_at_all()
    {
        // The test above would pass on an empty set: this is what it must at least have looked at.
        var found = Folders.Select(row => row.Data).ToList();
        Assert.All(["Accounts", "Components", "Data", "Delivery", "Otp", "Web"], folder => Assert.Contains(folder, found));
        Assert.Matches(Mention(), "using OtpPortal.Data;");
        Assert.Matches(Mention(), "@inject global::OtpPortal.Otp.OtpService Otp");
        Assert.DoesNotMatch(Mention(), "href=\"OtpPortal.styles.css\"");
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore.Http")]
    [InlineData("Microsoft.AspNetCore.Components")]
    [InlineData("Microsoft.AspNetCore.Identity")]
    [InlineData("System.Net.Mail")]
    [InlineData("MailKit")]
    [InlineData("MimeKit")]
    [InlineData("HttpContext")]
    public void Codes_know_no_HTTP_no_pages_no_identity_and_no_mail(string foreign)
    {
        var knowing = SourceTree.Files("OtpPortal/Otp", ".cs", ".razor").Where(file => file.Text.Contains(foreign, StringComparison.Ordinal));

        Assert.Empty(knowing.Select(file => file.Path));
    }

    [Fact]
    public void Codes_are_written_in_plain_code_files()
    {
        Assert.Empty(SourceTree.Files("OtpPortal/Otp", ".razor", ".cshtml"));
    }

    [Fact]
    public void The_program_is_a_table_of_contents()
    {
        var (_, text) = SourceTree.Files("OtpPortal", "Program.cs").Single(file => file.Path == "Program.cs");

        Assert.InRange(text.Split('\n').Length, 10, 79);
    }

    [Theory]
    [InlineData("OtpPortal")]
    [InlineData("OtpPortal.Tests")]
    [InlineData("OtpPortal.E2E")]
    public void Nothing_knows_what_a_partial_package_registry_needs(string project)
    {
        // In two parts, so that this file does not find itself.
        const string name = "Partial" + "Registry";
        var files = SourceTree.Files(project, ".cs", ".razor", ".csproj", ".json", ".js", ".css", ".props", ".targets").ToList();

        Assert.NotEmpty(files);
        Assert.Empty(files.Where(file => file.Text.Contains(name, StringComparison.Ordinal)).Select(file => file.Path));
    }

    // A using, an @using or a full name; names of files and data protection purposes begin alike, and none is the name of a folder.
    [GeneratedRegex(@"\bOtpPortal\.(?<folder>Components|Api|Admin|Web|Accounts|Otp|Delivery|Data)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Mention();
}
