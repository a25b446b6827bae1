using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OtpPortal.Accounts;
using OtpPortal.Data;
using OtpPortal.Tests.Support;

namespace OtpPortal.Tests.Api.Tokens;

/// <summary>An account, and the forge for its tokens.</summary>
public sealed class ForgeHost : ApiFixture
{
    public const string Email = "forged@example.com";

    public Forge Forge { get; private set; } = null!;

    /// <summary>Another account, whose session is not the forge's.</summary>
    public string Other { get; private set; } = "";

    /// <summary>The session of that account.</summary>
    public string OthersSession { get; private set; } = "";

    /// <summary>A session of the forge's account that was ended.</summary>
    public string Ended { get; private set; } = "";

    /// <summary>The account that is no more.</summary>
    public string Deleted { get; private set; } = "";

    protected override async Task PrepareAsync()
    {
        await Api.VerifiedAsync(Email);
        await Api.VerifiedAsync("deleted@example.com");
        await Api.VerifiedAsync("other@example.com");
        await Api.LoginAsync(Email);
        var program = new SessionRequest(SessionKind.Api, TimeSpan.FromDays(1));
        Forge = await Forge.InAsync(Api.Portal, await Api.Portal.BeginAsync(Email, program));
        (Other, Deleted) = (await IdAsync("other@example.com"), await IdAsync("deleted@example.com"));
        OthersSession = (await Api.Portal.BeginAsync("other@example.com", program)).SessionId;
        Ended = (await Api.Portal.BeginAsync(Email, program)).SessionId;
        await Api.Portal.Services.GetRequiredService<Sessions>().SignOutAsync(Ended);
        await Api.Portal.Lane.RunAsync(db => db.Users.Where(user => user.Id == Deleted).ExecuteDeleteAsync(), CancellationToken.None);
    }

    private Task<string> IdAsync(string email) =>
        Api.Portal.ReadAsync(db => db.Users.Where(user => user.Email == email).Select(user => user.Id).SingleAsync());
}
