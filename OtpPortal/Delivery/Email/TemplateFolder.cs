using System.Text;
using System.Text.Unicode;

namespace OtpPortal.Delivery.Email;

/// <summary>
/// The files of <c>Email:TemplatesPath</c>, which replace texts of the built-in templates. Each part of a mail has its own file
/// (<c>login.subject.txt</c>, <c>login.txt</c>, <c>login.html</c>), and so has the text to a phone (<c>login.phone.txt</c>). Parts without
/// a file keep the built-in text.
/// </summary>
internal sealed class TemplateFolder
{
    private const string Key = "Email:TemplatesPath";

    private static readonly UTF8Encoding Utf8WithoutMark = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);
    private readonly List<string> faults = [];

    private TemplateFolder()
    {
    }

    /// <summary>The errors, with file and line. If there are any, no file may be used.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <param name="path">Relative to <paramref name="root"/>; null or empty for no folder.</param>
    /// <param name="root">The content root.</param>
    public static TemplateFolder Read(string? path, string root)
    {
        var folder = new TemplateFolder();
        if (!string.IsNullOrWhiteSpace(path))
        {
            folder.ReadAll(path, Path.Combine(root, path));
        }

        return folder;
    }

    /// <summary>The text of a part's file with its values filled in; null without a file.</summary>
    public string? Fill(MailTemplate template, string ending, MailModel model) =>
        texts.TryGetValue(template.Name + ending, out var text) ? Placeholders.Fill(text, model, ending == Ending.Html) : null;

    private void ReadAll(string path, string full)
    {
        try
        {
            // Names that begin with a dot are ignored, because file managers and mounted volumes use them for their own files.
            foreach (var entry in Directory.EnumerateFileSystemEntries(full).Where(entry => Path.GetFileName(entry)[0] != '.')
                .Order(StringComparer.Ordinal))
            {
                ReadFile(entry);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{Key} is \"{path}\", and {full} cannot be read. Allowed: a folder that is there and that the portal may read.");
        }
    }

    private void ReadFile(string full)
    {
        var file = Path.GetFileName(full);
        var template = MailTemplate.All.FirstOrDefault(one => Ending.Of(one).Any(ending => one.Name + ending == file));
        if (template is null)
        {
            var names = string.Join(", ", MailTemplate.All.Select(one => one.Name));
            faults.Add(
                $"{Key}: {file} means nothing. Allowed: a name of {names}, with an ending of {Ending.Subject}, {Ending.Text}, "
                    + $"{Ending.Html}, or for a code {Ending.Phone}.");
            return;
        }

        try
        {
            Check(file, template, File.ReadAllBytes(full));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{Key}: {file} cannot be read. Allowed: a file that the portal may read.");
        }
    }

    private void Check(string file, MailTemplate template, byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            Fault(LineOfFirstInvalid(bytes), "there are bytes that are not UTF-8. Allowed: text in UTF-8.");
            return;
        }

        var text = Utf8WithoutMark.GetString(bytes).TrimStart('\uFEFF').ReplaceLineEndings("\n");
        if (string.IsNullOrWhiteSpace(text))
        {
            Fault(1, "it is empty. Allowed: text, or no such file.");
            return;
        }

        var isSubject = file.EndsWith(Ending.Subject, StringComparison.Ordinal);
        text = isSubject ? text.Trim() : text;
        if (isSubject && text.Any(char.IsControl))
        {
            Fault(text.Contains('\n', StringComparison.Ordinal) ? 2 : 1, "a subject is one line without control characters.");
        }

        foreach (var (line, fault) in Placeholders.Faults(text, template.Placeholders))
        {
            Fault(line, fault);
        }

        if (template.HasCode && !Placeholders.Uses(text, MailModel.CodeName))
        {
            Fault(1, "the file has no {{code}}, and nobody could enter it.");
        }

        texts[file] = text;

        void Fault(int line, string what) => faults.Add($"{Key}: {file}, line {line}: {what}");
    }

    private static int LineOfFirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var line = 1;
        foreach (var range in bytes.Split((byte)'\n'))
        {
            if (!Utf8.IsValid(bytes[range]))
            {
                return line;
            }

            line++;
        }

        return line;
    }

    /// <summary>The endings of the file names of one mail.</summary>
    internal static class Ending
    {
        public const string Subject = ".subject.txt";
        public const string Text = ".txt";
        public const string Html = ".html";

        public const string Phone = ".phone.txt";

        /// <summary>The endings that a template can have. Only mails with a code have a text to a phone.</summary>
        public static string[] Of(MailTemplate template) => template.HasCode ? [Subject, Text, Html, Phone] : [Subject, Text, Html];
    }
}
