using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>Decides where the codes of an account are sent: to its address, or to its verified mobile number.</summary>
internal sealed class AccountRecipients(TextLimits texts, ExampleAccounts examples, Channels channels)
{
    private const string NotByEmail =
        "A code for a mobile number is sent to the phone. To get it by email, send the email address instead.";

    /// <summary>The channel if the person chose none.</summary>
    public string DefaultChannel(Identifier identifier) =>
        identifier is MobileNumber ? channels.DefaultForMobile : Channels.Email;

    /// <summary>The error in the channel of a request, or null.</summary>
    public FieldError? CheckChannel(CodeRequest request)
    {
        if (!channels.Offers(request.Channel ?? DefaultChannel(request.Identifier)))
        {
            return new FieldError("Channel", Channels.NotOffered);
        }

        // Mail counts against the limit of its address. If it also counted under a mobile number, the mailbox would get twice the limit, or
        // the limit would reveal whose number it is.
        return request is { Identifier: MobileNumber, Channel: Channels.Email } ? new FieldError("Channel", NotByEmail) : null;
    }

    /// <summary>
    /// Prepares a code for the owner of an identifier, or a decoy. For a mobile number, nothing is mailed unless the password was entered.
    /// </summary>
    /// <param name="isOwner">Whether the correct password was entered before.</param>
    public async Task<SendRequest> PrepareAsync(PortalDbContext db, CodeRequest request, bool isOwner)
    {
        var channel = request.Channel ?? DefaultChannel(request.Identifier);
        var (account, isPending) = await FindAsync(db, request.Identifier);
        Identifier? address = request.Identifier is MobileNumber && !isOwner ? null
            : account is not null ? account.Email
            : isPending ? request.Identifier
            : null;

        // Texts go only to verified numbers. Without a verified number, as without an account, the same statements run and a decoy is sent.
        var recipient = channel == Channels.Email ? address : account?.VerifiedMobile;
        return new SendRequest(request.Identifier, request.Use.Purpose(), request.Requester)
        {
            Message = recipient is null ? MessageKind.Decoy : MessageKind.Code,
            Channel = channel,
            Recipient = recipient,
            Limits = channel == Channels.Email ? [] : texts.OfProvenNumber(isReal: recipient is not null),
        };
    }

    // A single statement in every case, so that the time of the response reveals nothing.
    private async Task<(Recipient? Account, bool IsPending)> FindAsync(PortalDbContext db, Identifier identifier)
    {
        var sql = identifier is MobileNumber ? AccountsSql.RecipientByMobile : AccountsSql.RecipientByEmail;
        var found = (await db.QueryAsync(
            sql,
            row => (
                Account: row.IsDBNull(0)
                    ? null
                    : new Recipient(
                        row.GetString(0),
                        EmailAddress.FromStored(row.GetString(1)),
                        row.IsDBNull(2) ? null : MobileNumber.FromStored(row.GetString(2))),
                IsPending: row.GetInt64(3) == 1),
            ("identifier", identifier.Value)))[0];
        return found.Account is { } account && !examples.MaySignIn(account.UserId) ? (null, found.IsPending) : found;
    }

    private sealed record Recipient(string UserId, EmailAddress Email, MobileNumber? VerifiedMobile);
}
