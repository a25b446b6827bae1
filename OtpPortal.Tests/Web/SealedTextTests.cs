using Microsoft.AspNetCore.DataProtection;
using OtpPortal.Web;

namespace OtpPortal.Tests.Web;

/// <summary>Text that only the portal can read.</summary>
public sealed class SealedTextTests
{
    private readonly SealedText texts = new(new EphemeralDataProtectionProvider());

    [Fact]
    public void A_sealed_text_is_opened_for_the_purpose_for_which_it_was_sealed_and_for_no_other()
    {
        var sealedText = texts.For("registration").Seal("ann@example.com\nsecret");

        Assert.Equal("ann@example.com\nsecret", texts.For("registration").Open(sealedText));
        Assert.Null(texts.Open(sealedText));
        Assert.Null(texts.For("search").Open(sealedText));
    }
}
