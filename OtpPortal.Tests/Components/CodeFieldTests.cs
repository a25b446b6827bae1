using Bunit;
using OtpPortal.Components.Controls;
using OtpPortal.Otp;

namespace OtpPortal.Tests.Components;

public sealed class CodeFieldTests : IAsyncLifetime
{
    private readonly BunitContext page = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => page.DisposeAsync();

    [Fact]
    public void The_code_field_is_one_input_that_phones_fill_in()
    {
        var field = Show(Alphabet.Digits);

        var input = Assert.Single(field.FindAll("input"));
        Assert.Equal("one-time-code", input.GetAttribute("autocomplete"));
        Assert.Equal("numeric", input.GetAttribute("inputmode"));
        Assert.Equal("Input.Code", input.GetAttribute("name"));
        Assert.Equal(input.Id, field.Find("label").GetAttribute("for"));
        Assert.Equal("Code", field.Find("label").TextContent);
    }

    [Theory]
    [InlineData("maxlength")]
    [InlineData("pattern")]
    [InlineData("value")]
    public void The_code_field_takes_a_pasted_code_with_spaces(string attribute) =>
        Assert.False(Show(Alphabet.Digits).Find("input").HasAttribute(attribute));

    [Fact]
    public void The_code_field_asks_for_the_whole_keyboard_where_codes_have_letters() =>
        Assert.Equal("text", Show(Alphabet.DigitsAndLetters).Find("input").GetAttribute("inputmode"));

    [Fact]
    public void The_code_field_is_described_by_its_help_text_while_there_is_no_problem()
    {
        var field = Show(Alphabet.Digits);

        Assert.Equal("Code-help", field.Find("input").GetAttribute("aria-describedby"));
        Assert.False(field.Find("input").HasAttribute("aria-invalid"));
        Assert.Equal("Check your spam folder.", field.Find("#Code-help").TextContent);
        Assert.Empty(field.FindAll("[role=alert]"));
    }

    [Fact]
    public void A_problem_of_the_code_field_is_tied_to_the_input_and_announced()
    {
        var field = Show(Alphabet.Digits, "Wrong code.");

        Assert.Equal("true", field.Find("input").GetAttribute("aria-invalid"));
        Assert.Equal("Code-error Code-help", field.Find("input").GetAttribute("aria-describedby"));
        Assert.Equal("Wrong code.", field.Find("#Code-error[role=alert]").TextContent);
    }

    private IRenderedComponent<CodeField> Show(Alphabet alphabet, string? problem = null) => page.Render<CodeField>(parameters =>
    {
        parameters.Add(it => it.Name, "Input.Code").Add(it => it.Alphabet, alphabet).Add(it => it.Help, "Check your spam folder.");
        if (problem is not null)
        {
            parameters.Add(it => it.Problem, problem);
        }
    });
}
