using OtpPortal.Data;
using OtpPortal.Delivery;
using OtpPortal.Otp;

namespace OtpPortal.Accounts;

/// <summary>Where the codes of an account go: to its address, or to its verified mobile number.</summary>
public sealed class AccountRecipients(TextLimits texts, ExampleAccounts examples, Channels channels)
{
    private const string NotByEmail =
        "A code for a mobile number is sent to the phone. To get it by email, send the email address instead.";

    /// <summary>How a code travels where the person chose no channel.</summary>
    public string DefaultChannel(Identifier identifier) =>
        identifier is MobileNumber ? channels.DefaultForMobile : Channels.Email;

    /// <summary>What is wrong with the channel of a request; null if nothing is.</summary>
    public FieldError? CheckChannel(CodeRequest request)
    {
        if (!channels.Offers(request.Channel ?? DefaultChannel(request.Identifier)))
        {
            return new FieldError("Channel", Channels.NotOffered);
        }

        // A mailbox's messages are counted under its address. Under a number they would be counted once more, or say whose number it is.
        return request is { Identifier: MobileNumber, Channel: Channels.Email } ? new FieldError("Channel", NotByEmail) : null;
    }

    /// <summary>
    /// A code for the owner of an identifier, or a decoy. Somebody who named a number and has not given the password has nothing mailed.
    /// </summary>
    /// <param name="db">The caller's unit of work.</param>
    /// <param name="request">What was requested.</param>
    /// <param name="isOwner">Whether the password was given before.</param>
    public async Task<SendRequest> PrepareAsync(PortalDbContext db, CodeRequest request, bool isOwner)
    {
        var channel = request.Channel ?? DefaultChannel(request.Identifier);
        var (account, isPending) = await FindAsync(db, request.Identifier);
        Identifier? address = request.Identifier is MobileNumber && !isOwner ? null
            : account is not null ? account.Email
            : isPending ? request.Identifier
            : null;

        // Only a number that its owner has proven. Without one, as without an account: the same statements, and a decoy.
        var recipient = channel == Channels.Email ? address : account?.VerifiedMobile;
        return new SendRequest(request.Identifier, request.Use.Purpose(), request.Requester)
        {
            Message = recipient is null ? MessageKind.Decoy : MessageKind.Code,
            Channel = channel,
            Recipient = recipient,
            Limits = channel == Channels.Email ? [] : texts.OfProvenNumber(isReal: recipient is not null),
        };
    }

    // One statement, whatever there is.
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
