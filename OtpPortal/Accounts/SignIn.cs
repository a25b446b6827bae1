using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>Signing in with a code, alone or after a password.</summary>
public sealed class SignIn(
    OtpService otp,
    AccountVerification verification,
    LoginTokens loginTokens,
    TextLimits texts,
    ExampleAccounts examples,
    WriteLane lane,
    IDbContextFactory<PortalDbContext> databases,
    Channels channels,
    IOptions<PortalSignInOptions> signIn,
    IOptions<OtpOptions> options)
{
    private const string RecipientByEmailSql = """
        SELECT Account.Id, Account.Email, CASE WHEN Account.PhoneNumberConfirmed THEN Account.PhoneNumber END,
            EXISTS (SELECT 1 FROM PendingRegistrations WHERE Email = @identifier)
        FROM (SELECT 1 AS One) AS Always LEFT JOIN AspNetUsers AS Account ON Account.NormalizedEmail = @identifier
        """;

    private const string RecipientByMobileSql = """
        SELECT Account.Id, Account.Email, Account.PhoneNumber, FALSE
        FROM (SELECT 1 AS One) AS Always LEFT JOIN AspNetUsers AS Account ON Account.PhoneNumber = @identifier AND Account.PhoneNumberConfirmed
        """;

    /// <summary>Whether a code without a password signs in.</summary>
    public bool CodeAloneSuffices => signIn.Value.SecondFactor == SecondFactor.None;

    /// <summary>Sends a code to sign in with. Addresses without an account take the same way.</summary>
    public async Task<CodeRequestOutcome> RequestCodeAsync(
        string? typedEmail, Requester requester, CancellationToken cancellationToken, string? channel = null, string? typedMobile = null)
    {
        if (!CodeAloneSuffices)
        {
            return CodeRequestOutcome.Wrong("Password", "Enter your password. The code comes after it.");
        }

        return await RequestAsync(typedEmail, typedMobile, Purpose.Login, requester, channel, cancellationToken);
    }

    /// <summary>Sends a code to sign in with again, or the second factor of a sign-in whose password was right.</summary>
    /// <param name="email">The normalised address.</param>
    /// <param name="requester">The browser that asks.</param>
    /// <param name="loginToken">What the right password yielded, where the code is a second factor.</param>
    /// <param name="channel">How it travels.</param>
    /// <returns>Null if the token is no longer good: the person begins with the password again.</returns>
    public Task<SendOutcome?> ResendAsync(
        string email, Requester requester, string? loginToken, CancellationToken cancellationToken, string channel = Channels.Email) =>
        lane.RunAsync(
            async db =>
            {
                if (CodeAloneSuffices)
                {
                    return await SendToAccountAsync(db, email, Purpose.Login, requester, channel, cancellationToken);
                }

                return await Find(db, email).SingleOrDefaultAsync(cancellationToken) is { } user
                    && await loginTokens.IsValidAsync(db, loginToken, user.Id)
                    ? await SendSecondFactorAsync(db, email, requester, loginToken!, channel, cancellationToken)
                    : null;
            },
            cancellationToken);

    /// <summary>Checks a code. A right one signs in, and makes the account of an address that was registered.</summary>
    /// <param name="email">The normalised address, or the mobile number by which the person was named.</param>
    /// <param name="typed">As typed.</param>
    /// <param name="binding">The browser in which it is entered.</param>
    /// <param name="loginToken">What the right password yielded, where the code is a second factor.</param>
    /// <param name="session">The session that begins with it.</param>
    public async Task<CodeOutcome> WithCodeAsync(
        string email, string? typed, Binding binding, string? loginToken, SessionRequest session, CancellationToken cancellationToken)
    {
        if (!CodeAloneSuffices && !await IsValidLoginTokenAsync(loginToken, email, cancellationToken))
        {
            // Not compared: without the password nobody spends the owner's guesses, or learns that somebody is signing in to an account.
            return new CodeOutcome.Refused(await otp.RefuseAsync(email, Purpose.Login, typed, cancellationToken));
        }

        var bound = CodeAloneSuffices ? binding : LoginTokens.Bind(binding, loginToken);
        var (outcome, accepted) = await otp.VerifyAsync(
            email, Purpose.Login, bound, typed, db => AcceptCodeAsync(db, email, binding, loginToken, session), cancellationToken);
        return accepted ?? new CodeOutcome.Refused(outcome);
    }

    internal async Task<CodeRequestOutcome> RequestAsync(
        string? typedEmail, string? typedMobile, Purpose purpose, Requester requester, string? chosen, CancellationToken cancellationToken)
    {
        if (PersonAddress.Parse(typedEmail, typedMobile, out var error) is not { } email)
        {
            return CodeRequestOutcome.Wrong(error!.Field, error.Message);
        }

        var channel = chosen ?? DefaultChannel(email);
        if (!channels.Offers(channel))
        {
            return CodeRequestOutcome.Wrong("Channel", Channels.NotOffered);
        }

        if (PersonAddress.IsMobile(email) && chosen == Channels.Email)
        {
            return CodeRequestOutcome.Wrong("Channel", PersonAddress.NotByEmail);
        }

        return await lane.RunAsync(
            async db => options.Value.RevealUnknownAccounts && !await IsKnownAsync(db, email, cancellationToken)
                ? new CodeRequestOutcome.Unknown(PersonAddress.IsMobile(email) ? "Mobile" : "Email")
                : CodeRequestOutcome.Of(email, await SendToAccountAsync(db, email, purpose, requester, channel, cancellationToken)),
            cancellationToken);
    }

    /// <summary>
    /// Sends a code to the owner of an identifier, or a decoy, within the caller's unit of work. Whoever named a number and has not given
    /// the password has nothing mailed.
    /// </summary>
    internal async Task<SendOutcome> SendToAccountAsync(
        PortalDbContext db, string email, Purpose purpose, Requester requester, string channel, CancellationToken cancellationToken,
            bool isOwner = false)
    {
        var (account, isPending) = await FindRecipientAsync(db, email);

        // Only a number that its owner has proven. Without one, as without an account: the same statements, and a decoy.
        var mobile = account?.VerifiedMobile;
        var address = PersonAddress.IsMobile(email) && !isOwner ? null : account?.Email ?? (isPending ? email : null);
        var recipient = channel == Channels.Email ? address : mobile;
        return await otp.SendAsync(
            db,
            new SendRequest(email, purpose, requester)
            {
                Message = recipient is null ? MessageKind.Decoy : MessageKind.Code,
                Channel = channel,
                Recipient = recipient,
                Limits = channel == Channels.Email ? [] : texts.OfProvenNumber(isReal: recipient is not null),
            },
            cancellationToken);
    }

    /// <summary>Sends the code that must follow a right password, bound to what that yielded.</summary>
    internal Task<SendOutcome> SendSecondFactorAsync(
        PortalDbContext db, string email, Requester requester, string loginToken, string? channel, CancellationToken cancellationToken) =>
        SendToAccountAsync(
            db, email, Purpose.Login, requester with { Binding = LoginTokens.Bind(requester.Binding, loginToken) },
                channel ?? DefaultChannel(email), cancellationToken,
            isOwner: true);

    /// <summary>The account that an identifier names. A mobile number that is not proven names nobody.</summary>
    internal static IQueryable<PortalUser> Find(PortalDbContext db, string address) => PersonAddress.IsMobile(address)
        ? db.Users.Where(user => user.PhoneNumber == address && user.PhoneNumberConfirmed)
        : db.Users.Where(user => user.NormalizedEmail == address);

    /// <summary>Where codes of an identifier go: one statement, whatever there is.</summary>
    private async Task<(Recipient? Account, bool IsPending)> FindRecipientAsync(PortalDbContext db, string identifier)
    {
        var sql = PersonAddress.IsMobile(identifier) ? RecipientByMobileSql : RecipientByEmailSql;
        var found = (await db.QueryAsync(
            sql,
            row => (
                Account: row.IsDBNull(0)
                    ? null
                    : new Recipient(row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2)),
                IsPending: row.GetInt64(3) == 1),
            ("identifier", identifier)))[0];
        return found.Account is { } account && !examples.MaySignIn(account.UserId) ? (null, found.IsPending) : found;
    }

    private static async Task<bool> IsKnownAsync(PortalDbContext db, string email, CancellationToken cancellationToken) =>
        await Find(db, email).AnyAsync(cancellationToken) || await PendingRegistrations.AnyAsync(db, email);

    private async Task<bool> IsValidLoginTokenAsync(string? loginToken, string email, CancellationToken cancellationToken)
    {
        if (loginToken is null)
        {
            return false;
        }

        // One statement, whether or not there is an account.
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await loginTokens.IsValidAsync(db, loginToken, Find(db, email), cancellationToken);
    }

    private string DefaultChannel(string address) => PersonAddress.IsMobile(address) ? channels.DefaultForMobile : Channels.Email;

    private async Task<CodeOutcome> AcceptCodeAsync(
        PortalDbContext db, string email, Binding binding, string? loginToken, SessionRequest session)
    {
        if (!CodeAloneSuffices
            && (await Find(db, email).SingleOrDefaultAsync() is not { } user || !await loginTokens.ConsumeAsync(db, loginToken, user.Id)))
        {
            return new CodeOutcome.Refused(new VerifyOutcome.None());
        }

        var method = CodeAloneSuffices ? Sessions.Code : Sessions.PasswordAndCode;
        return await verification.AcceptAsync(db, email, binding, Purpose.Login, session, method);
    }

    /// <summary>The account that codes of an identifier go to.</summary>
    private sealed record Recipient(string UserId, string Email, string? VerifiedMobile);
}
