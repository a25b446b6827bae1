using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using OtpPortal.Components.Controls;

namespace OtpPortal.Tests.Components;

public sealed class TextFieldTests : IAsyncLifetime
{
    private readonly BunitContext page = new();

    private readonly Model model = new() { Email = "ann@example.com" };

    private readonly EditContext form;

    public TextFieldTests() => form = new EditContext(model);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => page.DisposeAsync();

    [Fact]
    public void The_label_of_a_text_field_is_tied_to_its_input()
    {
        var field = Show("email");

        Assert.Equal("Email", field.Find("label").TextContent.Trim());
        Assert.Equal(field.Find("input").Id, field.Find("label").GetAttribute("for"));
        Assert.Equal("ann@example.com", field.Find("input").GetAttribute("value"));
        Assert.Equal("username", field.Find("input").GetAttribute("autocomplete"));
        Assert.False(field.Find("input").HasAttribute("aria-invalid"));
        Assert.False(field.Find("input").HasAttribute("aria-describedby"));
    }

    [Fact]
    public void The_error_of_a_text_field_stands_beside_its_input_and_is_tied_to_it()
    {
        var messages = new ValidationMessageStore(form);
        messages.Add(form.Field(nameof(Model.Email)), "This address has no @.");

        var field = Show("email", help: "We will email a code to this address.");

        var input = field.Find("input");
        Assert.Equal("true", input.GetAttribute("aria-invalid"));
        Assert.Equal("Email-error", input.GetAttribute("aria-describedby"));
        Assert.Equal("This address has no @.", field.Find("#Email-error[role=alert] p").TextContent);
        Assert.Empty(field.FindAll("#Email-help"));
        Assert.Equal("ann@example.com", input.GetAttribute("value"));
    }

    [Fact]
    public void A_password_is_never_sent_back_to_the_page()
    {
        model.Email = "correct horse battery";

        var field = Show("password");

        Assert.False(field.Find("input").HasAttribute("value"));
        Assert.DoesNotContain("correct horse", field.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_value_of_a_text_field_is_text_and_no_markup()
    {
        model.Email = "\"><script>alert(1)</script>";

        var field = Show("text");

        Assert.Empty(field.FindAll("script"));
        Assert.Equal(model.Email, field.Find("input").GetAttribute("value"));
    }

    [Fact]
    public void An_optional_text_field_says_so()
    {
        Assert.Contains("(optional)", Show("tel", optional: true).Find("label").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("(optional)", Show("tel").Find("label").TextContent, StringComparison.Ordinal);
    }

    private IRenderedComponent<TextField> Show(string type, string? help = null, bool optional = false) =>
        page.Render<TextField>(parameters => parameters
        .AddCascadingValue(form)
        .Add(it => it.Label, "Email")
        .Add(it => it.Type, type)
        .Add(it => it.Autocomplete, "username")
        .Add(it => it.Help, help)
        .Add(it => it.Optional, optional)
        .Bind(it => it.Value, model.Email, value => model.Email = value, () => model.Email));

    private sealed class Model
    {
        public string? Email { get; set; }
    }
}
