using Microsoft.AspNetCore.DataProtection;
using OtpPortal.Web;

namespace OtpPortal.Tests.Web;

/// <summary>Text that only the portal can read.</summary>
public sealed class ProtectedTextTests
{
    private readonly ProtectedText texts = new(new EphemeralDataProtectionProvider());

    [Fact]
    public void A_protected_text_is_read_for_its_own_purpose_and_for_no_other()
    {
        var protectedText = texts.For("registration").Protect("ann@example.com\nsecret");

        Assert.Equal("ann@example.com\nsecret", texts.For("registration").Unprotect(protectedText));
        Assert.Null(texts.Unprotect(protectedText));
        Assert.Null(texts.For("search").Unprotect(protectedText));
    }
}
