using FsCheck;
using FsCheck.Fluent;
using OtpPortal.Data;

namespace OtpPortal.Tests.Data;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("ann@example.com", "ann@example.com")]
    [InlineData("  ann@example.com\t", "ann@example.com")]
    [InlineData("Ann.Other@Example.COM", "ann.other@example.com")]
    [InlineData("ann+portal@example.com", "ann+portal@example.com")]
    [InlineData("o'neill@example.ie", "o'neill@example.ie")]
    [InlineData("a@b.co", "a@b.co")]
    [InlineData("1@2.example", "1@2.example")]
    [InlineData("!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com")]
    [InlineData("ann@mail-1.sub.example.museum", "ann@mail-1.sub.example.museum")]
    [InlineData("root@localhost", "root@localhost")]
    [InlineData("ann@bücher.example", "ann@xn--bcher-kva.example")]
    [InlineData("ANN@BÜCHER.EXAMPLE", "ann@xn--bcher-kva.example")]
    [InlineData("ann@straße.example", "ann@xn--strae-oqa.example")]
    [InlineData("ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example")]
    [InlineData("ann@XN--BCHER-KVA.example", "ann@xn--bcher-kva.example")]
    [InlineData("用户@例子.广告", "用户@xn--fsqu00a.xn--4rr70v")]
    [InlineData("jose\u0301@example.com", "josé@example.com")]
    [InlineData("\uff41\uff4e\uff4e@example.com", "ann@example.com")]
    public void An_address_is_accepted_in_its_normalised_form(string typed, string stored)
    {
        var address = EmailAddress.Parse(typed, out var error);

        Assert.Null(error);
        Assert.Equal(stored, address?.Value);
    }

    [Theory]
    [InlineData(null, "Enter your email address")]
    [InlineData("", "Enter your email address")]
    [InlineData(" \t ", "Enter your email address")]
    [InlineData("ann", "no @")]
    [InlineData("ann\uff20example.com", "no @")]
    [InlineData("ann\ufe6bexample.com", "no @")]
    [InlineData("@example.com", "missing before or after")]
    [InlineData("ann@", "missing before or after")]
    [InlineData("ann@b@example.com", "more than one @")]
    [InlineData("ann\uff20b@example.com", "more than one @")]
    [InlineData("ann@example\uff0ecom", "unusual characters")]
    [InlineData("ann@\uff45xample.com", "unusual characters")]
    [InlineData("ann@exam\ufb01le.com", "unusual characters")]
    [InlineData("ann@bu\u0308cher.example", "unusual characters")]
    [InlineData("ann@\u2460.example", "unusual characters")]
    [InlineData("\"ann\"@example.com", "before the @")]
    [InlineData("an n@example.com", "before the @")]
    [InlineData("<ann@example.com>", "before the @")]
    [InlineData("Ann <ann@example.com>", "before the @")]
    [InlineData("ann(home)@example.com", "before the @")]
    [InlineData("ann\n@example.com", "before the @")]
    [InlineData("ann\0@example.com", "before the @")]
    [InlineData("ann\r\nBcc: x@example.com", "before the @")]
    [InlineData("ann\u200b@example.com", "before the @")]
    [InlineData("\u202eann@example.com", "before the @")]
    [InlineData("ann;bob@example.com", "before the @")]
    [InlineData("ann,bob@example.com", "before the @")]
    [InlineData(".ann@example.com", "before the @")]
    [InlineData("ann.@example.com", "before the @")]
    [InlineData("a..nn@example.com", "before the @")]
    [InlineData("ann@example..com", "mail domain")]
    [InlineData("ann@.example.com", "mail domain")]
    [InlineData("ann@example.com.", "mail domain")]
    [InlineData("ann@-example.com", "mail domain")]
    [InlineData("ann@exa_mple.com", "mail domain")]
    [InlineData("ann@exa mple.com", "mail domain")]
    [InlineData("ann@example.com\0", "mail domain")]
    [InlineData("ann@example.com>", "mail domain")]
    [InlineData("ann@127.0.0.1", "mail domain")]
    [InlineData("ann@[127.0.0.1]", "mail domain")]
    [InlineData("ann@12345", "mail domain")]
    public void Text_that_is_no_email_address_is_refused_with_a_reason(string? typed, string reason)
    {
        Assert.Null(EmailAddress.Parse(typed, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ann@exa\u00admple.com")]
    [InlineData("ann@exa\u200bmple.com")]
    [InlineData("ann@exa\u2060mple.com")]
    [InlineData("ann@exa\ufe0fmple.com")]
    [InlineData("ann@example\u3002com")]
    public void The_domain_of_an_address_has_one_spelling(string typed)
    {
        // The mapping of IDNA drops or replaces these: each would be another address with limits of its own for the same mailbox.
        Assert.Null(EmailAddress.Parse(typed, out var error));
        Assert.NotNull(error);
    }

    [Theory]
    [InlineData("ann@example.com", true)]
    [InlineData("ann@bücher.example", true)]
    [InlineData("a.nn@localhost", false)]
    [InlineData("ann@bücher", false)]
    public void A_domain_without_a_dot_is_recognised(string typed, bool hasDot) =>
        Assert.Equal(hasDot, EmailAddress.Parse(typed, out _)!.HasDottedDomain);

    [Fact]
    public void An_address_that_is_too_long_as_it_is_stored_is_refused()
    {
        // Eight labels of forty umlauts: short enough as typed, too long as the DNS writes them.
        var domain = string.Join('.', Enumerable.Repeat(new string('ü', 29), 7)) + ".example";

        Assert.InRange(domain.Length, 200, 249);
        Assert.Null(EmailAddress.Parse("ann@" + domain, out var error));
        Assert.Contains("mail domain", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_with_half_a_surrogate_pair_is_refused()
    {
        // Not a row above: an attribute cannot hold it.
        Assert.Null(EmailAddress.Parse("ann\ud800@example.com", out var error));
        Assert.Contains("that are not allowed", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_address_has_254_characters()
    {
        var start = $"{new string('a', 64)}@{new string('b', 63)}.{new string('c', 63)}.";

        Assert.Equal(254, EmailAddress.Parse(start + new string('d', 254 - start.Length), out _)?.Value.Length);
        Assert.Null(EmailAddress.Parse(start + new string('d', 255 - start.Length), out var error));
        Assert.Contains("254", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_local_part_of_an_address_has_at_most_64_characters()
    {
        Assert.NotNull(EmailAddress.Parse(new string('a', 64) + "@example.com", out _));
        Assert.Null(EmailAddress.Parse(new string('a', 65) + "@example.com", out _));

        // Eighteen characters each under NFKC: what counts is what is stored.
        Assert.Null(EmailAddress.Parse("\ufdfa\ufdfa\ufdfa\ufdfa@example.com", out _));
    }

    [Fact]
    public void A_stored_address_reads_as_itself_whatever_was_typed()
    {
        // No address may change when it comes by a second time: it would be another account's.
        var typed = from local in ArbMap.Default.GeneratorFor<NonNull<string>>()
                    from domain in ArbMap.Default.GeneratorFor<NonNull<string>>()
                    from whole in Gen.Elements("ann@example.com", "ann@bücher.example")
                    from at in Gen.Choose(0, whole.Length)
                    from mode in Gen.Choose(0, 2)
                    select mode switch { 0 => local.Get + "@example.com", 1 => "ann@" + domain.Get, _ => whole.Insert(at, local.Get) };

        Prop.ForAll(typed.ToArbitrary(), text =>
        {
            var address = EmailAddress.Parse(text, out var error);
            Assert.Equal(address is null, error is not null);
            Assert.Equal(address, EmailAddress.Parse(address?.Value, out _));
            Assert.DoesNotContain(address?.Value ?? "", char.IsControl);
        }).QuickCheckThrowOnFailure();
    }
}
