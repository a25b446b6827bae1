using System.Reflection;
using System.Text.RegularExpressions;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests;

/// <summary>
/// The arrows of docs/design.md: which folder may use which. An arrow that is not drawn there is a defect, however
/// handy.
/// </summary>
public sealed partial class LayeringTests
{
    // From low to high. A folder uses any below it that stands in its list, and none above.
    private static readonly Dictionary<string, string[]> Drawn = new(StringComparer.Ordinal)
    {
        ["Hosting"] = [],
        ["Data"] = ["Hosting"],
        ["Activity"] = ["Hosting", "Data"],
        ["Delivery"] = ["Hosting", "Data", "Activity"],
        ["Otp"] = ["Hosting", "Data", "Activity", "Delivery"],
        ["Accounts"] = ["Hosting", "Data", "Activity", "Delivery", "Otp"],
        ["Admin"] = ["Hosting", "Data", "Activity", "Delivery", "Otp", "Accounts"],
        ["Web"] = ["Hosting", "Data", "Activity", "Delivery", "Otp", "Accounts"],
        ["Api"] = ["Hosting", "Data", "Activity", "Delivery", "Otp", "Accounts", "Admin", "Web"],
        ["ForwardAuth"] = ["Hosting", "Delivery", "Web", "Api"],
        ["Components"] = ["Hosting", "Data", "Activity", "Delivery", "Otp", "Accounts", "Admin", "Web"],
        ["Commands"] = ["Hosting", "Data", "Activity", "Delivery", "Otp", "Accounts", "Admin"],
    };

    // The mail templates are Razor components, which Delivery renders itself.
    private static readonly Assembly Portal = typeof(PortalDbContext).Assembly;

    public static TheoryData<string> Folders => [.. SourceTree.Files("OtpPortal", ".cs", ".razor")
        .Where(file => file.Path.Contains(Path.DirectorySeparatorChar))
        .Select(file => file.Path.Split(Path.DirectorySeparatorChar)[0])
        .Distinct()];

    [Fact]
    public void The_arrows_between_the_folders_have_no_circle()
    {
        var order = Drawn.Keys.ToList();

        Assert.All(Drawn,
            folder =>
                Assert.All(
                    folder.Value, below => Assert.True(order.IndexOf(below) < order.IndexOf(folder.Key), $"{folder.Key} → {below}")));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void The_source_of_a_folder_names_only_folders_to_which_an_arrow_is_drawn(string folder)
    {
        Assert.True(Drawn.ContainsKey(folder), $"The folder {folder} is not in the design.");

        var undrawn = from file in SourceTree.Files(Path.Combine("OtpPortal", folder), ".cs", ".razor")
                      from Match mention in Mention().Matches(file.Text)
                      let other = mention.Groups["folder"].Value
                      where IsUndrawn(folder, other)
                      select $"{folder}/{file.Path}: {mention.Value}";

        Assert.Empty(undrawn);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void The_compiled_types_of_a_folder_use_only_folders_to_which_an_arrow_is_drawn(string folder)
    {
        var types = Portal.GetTypes().Where(type => FolderOf(type) == folder).ToList();
        Assert.NotEmpty(types);

        var undrawn = from type in types
                      from used in TypeReferences.Of(type)
                      where FolderOf(used) is { } other && IsUndrawn(folder, other)
                      select $"{type.FullName} uses {used.FullName}";

        Assert.Empty(undrawn.Distinct());
    }

    [Fact]
    public void The_layering_test_finds_the_folders_above_the_data()
    {
        // The tests above would pass on an empty set: this is what they must at least have looked at.
        var found = Folders.Select(row => row.Data).ToList();
        Assert.Equal(Drawn.Keys.Order(), found.Order());
        Assert.Matches(Mention(), "using OtpPortal.Data;");
        Assert.Matches(Mention(), "@inject global::OtpPortal.Otp.OtpService Otp");
        Assert.DoesNotMatch(Mention(), "href=\"OtpPortal.styles.css\"");
        Assert.Contains(typeof(PortalDbContext), TypeReferences.Of(typeof(WriteLane)));
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore.Http")]
    [InlineData("Microsoft.AspNetCore.Components")]
    [InlineData("Microsoft.AspNetCore.Identity")]
    [InlineData("System.Net.Mail")]
    [InlineData("MailKit")]
    [InlineData("MimeKit")]
    [InlineData("HttpContext")]
    public void The_Otp_folder_knows_no_HTTP_no_pages_no_identity_and_no_mail(string foreign)
    {
        var knowing = SourceTree.Files("OtpPortal/Otp", ".cs", ".razor")
            .Where(file => file.Text.Contains(foreign, StringComparison.Ordinal));

        Assert.Empty(knowing.Select(file => file.Path));
    }

    [Fact]
    public void The_Otp_folder_has_plain_code_files_only() => Assert.Empty(SourceTree.Files("OtpPortal/Otp", ".razor", ".cshtml"));

    [Fact]
    public void Program_cs_is_a_table_of_contents()
    {
        var (_, text) = SourceTree.Files("OtpPortal", "Program.cs").Single(file => file.Path == "Program.cs");

        Assert.InRange(text.Split('\n').Length, 10, 79);
    }

    [Theory]
    [InlineData("OtpPortal")]
    [InlineData("OtpPortal.Tests")]
    [InlineData("OtpPortal.E2E")]
    public void The_product_knows_nothing_of_a_partial_package_registry(string project)
    {
        // In two parts, so that this file does not find itself.
        const string name = "Partial" + "Registry";
        var files = SourceTree.Files(project, ".cs", ".razor", ".csproj", ".json", ".js", ".css", ".props", ".targets").ToList();

        Assert.NotEmpty(files);
        Assert.Empty(files.Where(file => file.Text.Contains(name, StringComparison.Ordinal)).Select(file => file.Path));
    }

    private static bool IsUndrawn(string folder, string other) =>
        other != folder && Drawn.ContainsKey(other) && !Drawn[folder].Contains(other, StringComparer.Ordinal);

    private static string? FolderOf(Type type) =>
        type.Assembly == Portal && type.Namespace?.Split('.') is ["OtpPortal", var folder, ..] ? folder : null;

    // A using, an @using or a full name; names of files and data protection purposes begin alike, and none is the name of a folder.
    [GeneratedRegex(
        @"\bOtpPortal\.(?<folder>Hosting|Data|Activity|Delivery|Otp|Accounts|Admin|Web|Api|ForwardAuth|Components|Commands)\b",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Mention();
}
