using System.Reflection;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests;

/// <summary>How the code and its texts are written: the field's terms for names, short lines, no sentence that was replaced.</summary>
public sealed class WordsTests
{
    private const int MaxLine = 140;

    // Names that were replaced, each where it stood. Elsewhere the same word may be the right one.
    private static readonly (string Namespace, string[] Names)[] ReplacedTypes =
    [
        ("OtpPortal",
            ["Asker", "Sought", "OfDomains", "Mimicry", "DatabaseProof", "SmtpWords", "TwilioWords", "ActivityWords", "Trace", "Origin",
            "ActivityKind", "AccountProof", "PasswordBudget", "ActivityCount", "ActivityMark", "Alarms", "StartException", "StartLock",
                "Start",
            "ApiEdge", "Refusal", "RouteText", "Members", "SealedText", "Statement", "MomentField", "TimeForm", "Entry", "ShownToken",
            "Continued", "TakenPlaces"]),
        ("OtpPortal.Tests", ["OtpWords", "ApiWords", "Dice", "Chance", "Recount", "SomeStatistics", "NobodyElseTests"]),
    ];

    private static readonly string[] ReplacedMembers =
    [
        "AskedFrom", "Asker", "SentNowhere", "InWords", "Told", "NoteAsync", "PayAsync", "EnoughToTell", "TakenUntil", "PutOff",
            "PutOffAsync",
        "BrokenOff", "Places", "IsLasting", "IsPassing", "Asks", "Enters", "DescribedBy", "Unreadable", "Seal", "CodeOf", "OneMomentAsync",
        "OpenToCompareAsync", "WhyNotUsableAsync", "BeginAlone", "Gone",
    ];

    private static readonly string[] ReplacedParameters = ["cancel", "breakOff", "asker", "askedFrom"];

    private static readonly string[] ReplacedSentences =
    [
        "do not belong together", "Name and password", "Some fields are not right", "It is unknown, over, or was used before",
        "Nobody deletes the own account", "as many were sent as an hour may have", "Nothing waits for a code", "Administrator no more",
        "sent this by itself", "Nobody reads answers to it", "Type it again", "makes one of an account", "has people already",
        "Who is signed in gets through", "Who is not is sent", "programs had better read the JSON", "The way there",
        "Go to the first page", "Inbox of Development", "Look into the spam folder",
    ];

    // Raw strings that are longer: tables, SQL, examples of RFCs, texts in Markdown. Nothing is added here; whoever breaks one lowers its
    // number.
    private static readonly Dictionary<string, int> LongLines = new(StringComparer.Ordinal)
    {
        ["OtpPortal.E2E/ActivityPageTests.cs"] = 1,
        ["OtpPortal.E2E/CrossOriginTests.cs"] = 1,
        ["OtpPortal.Tests/Admin/ActivityPageTests.cs"] = 1,
        ["OtpPortal.Tests/Admin/LargeActivity.cs"] = 3,
        ["OtpPortal.Tests/Admin/PeopleBenchmarks.cs"] = 7,
        ["OtpPortal.Tests/Admin/StatisticsBenchmarks.cs"] = 1,
        ["OtpPortal.Tests/Api/ConformanceTests.cs"] = 2,
        ["OtpPortal.Tests/Api/Fuzz/FuzzRoute.cs"] = 1,
        ["OtpPortal.Tests/Api/Fuzz/Hostile.cs"] = 1,
        ["OtpPortal.Tests/Api/Tokens/Forgeries.cs"] = 3,
        ["OtpPortal.Tests/Api/Tokens/HeaderForgeries.cs"] = 2,
        ["OtpPortal.Tests/Api/Tokens/KeyCacheTests.cs"] = 1,
        ["OtpPortal.Tests/Api/Tokens/Rfc7515Tests.cs"] = 4,
        ["OtpPortal.Tests/Api/Tokens/Rfc7517Tests.cs"] = 2,
        ["OtpPortal.Tests/Components/ActivityExportTests.cs"] = 1,
        ["OtpPortal.Tests/Delivery/DeliveryBenchmarks.cs"] = 1,
        ["OtpPortal.Tests/Delivery/SnapshotTests.cs"] = 1,
        ["OtpPortal.Tests/Support/FakeTwilio.cs"] = 1,
        ["OtpPortal/Delivery/Twilio/CallingCodes.cs"] = 12,
    };

    private static readonly Assembly[] Assemblies = [typeof(PortalDbContext).Assembly, typeof(WordsTests).Assembly];

    private static IEnumerable<Type> Types => Assemblies.SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.Namespace?.StartsWith("OtpPortal", StringComparison.Ordinal) == true);

    [Fact]
    public void No_type_has_a_name_that_was_replaced() => Assert.Empty(
        from type in Types
        from replaced in ReplacedTypes
        where type.Namespace!.StartsWith(replaced.Namespace, StringComparison.Ordinal)
            && replaced.Names.Contains(type.Name, StringComparer.Ordinal)
        select type.FullName);

    // One of the two mail transports is compiled, depending on the package registry; the other one is read here.
    [Fact]
    public void No_source_file_names_a_type_that_was_replaced_even_if_it_is_not_compiled_here()
    {
        string[] replaced =
        [
            "Asker", "OfDomains", "DatabaseProof", "SmtpWords", "TwilioWords", "ActivityWords", "PasswordBudget", "ActivityMark",
            "StartException", "StartLock", "ApiEdge", "RouteText", "SealedText", "MailToSend", "TextToSend", "TakenUntil",
        ];
        var files = SourceTree.Files("OtpPortal", ".cs", ".razor").Concat(SourceTree.Files("build", ".cs")).ToList();

        Assert.Contains(files, file => file.Text.Contains("using MailKit;", StringComparison.Ordinal));
        Assert.Empty(
            from file in files
            from word in file.Text.Split([.. file.Text.Where(letter => !char.IsAsciiLetterOrDigit(letter)).Distinct()])
            where replaced.Contains(word, StringComparer.Ordinal)
            select $"{file.Path}: {word}");
    }

    [Fact]
    public void No_request_or_response_of_the_API_has_the_old_suffix() => Assert.Empty(
        Types.Where(type => type.Namespace == "OtpPortal.Api"
            && (type.Name.EndsWith("Body", StringComparison.Ordinal) || type.Name.EndsWith("Answer", StringComparison.Ordinal)))
            .Select(type => type.FullName));

    [Fact]
    public void No_member_has_a_name_that_was_replaced() => Assert.Empty(
        from type in Types
        from member in type.GetMembers(
            BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        where ReplacedMembers.Contains(member.Name, StringComparer.Ordinal)
        select $"{type.FullName}.{member.Name}");

    [Fact]
    public void No_parameter_has_a_name_that_was_replaced() => Assert.Empty(
        from type in Types
        from method in type.GetMethods(
            BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        from parameter in method.GetParameters()
        where ReplacedParameters.Contains(parameter.Name, StringComparer.Ordinal)
        select $"{type.FullName}.{method.Name}({parameter.Name})");

    [Fact]
    public void No_text_has_a_sentence_that_was_replaced()
    {
        var texts = SourceTree.Files("OtpPortal", ".cs", ".razor", ".js").Concat(SourceTree.Files("docs", ".md"))
            .Concat(new[] { "README.md", "CONTRIBUTING.md" }.Select(name => (Path: name, Text: File.ReadAllText(
                Path.Combine(SourceTree.Root, name))))).ToList();

        Assert.Contains(texts, text => text.Text.Contains("Wrong email or password", StringComparison.Ordinal));
        Assert.Empty(
            from text in texts
            from sentence in ReplacedSentences
            where text.Text.Contains(sentence, StringComparison.OrdinalIgnoreCase)
            select $"{text.Path}: {sentence}");
    }

    [Theory]
    [InlineData("OtpPortal")]
    [InlineData("OtpPortal.Tests")]
    [InlineData("OtpPortal.E2E")]
    public void No_line_is_longer_than_140_characters(string project)
    {
        var files = SourceTree.Files(project, ".cs", ".razor").Where(file => !file.Path.Contains("Migrations", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(files);
        Assert.Empty(
            from file in files
            let longLines = file.Text.Split('\n').Count(line => line.Length > MaxLine)
            where longLines != LongLines.GetValueOrDefault($"{project}/{file.Path}")
            select $"{project}/{file.Path} has {longLines} lines of more than {MaxLine} characters, "
                + $"and {LongLines.GetValueOrDefault($"{project}/{file.Path}")} are known");
    }

    [Fact]
    public void Every_file_that_may_have_long_lines_exists() =>
        Assert.All(LongLines.Keys, path => Assert.True(File.Exists(Path.Combine(SourceTree.Root, path)), path));
}
